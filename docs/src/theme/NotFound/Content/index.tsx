import Link from '@docusaurus/Link'
import Heading from '@theme/Heading'
import type { ReactNode } from 'react'
import { useSay } from '../../../i18n/locale'

const words = {
  title: { en: 'No such page', ru: 'Такой страницы нет' },
  why: {
    en: 'A broker would answer OFFSET_OUT_OF_RANGE. The address may be mistyped, or the page has moved.',
    ru: 'Брокер ответил бы OFFSET_OUT_OF_RANGE. Возможно, в адресе опечатка или страницу перенесли.',
  },
  where: { en: 'Where to go from here:', ru: 'Куда отсюда пойти:' },
  start: { en: 'start at offset 0', ru: 'начать со смещения 0' },
  labs: { en: 'the labs', ru: 'лабораторные' },
  glossary: { en: 'the glossary', ru: 'глоссарий' },
  search: { en: 'search', ru: 'поиск' },
}

/** What stands where no page is. The theme's own words send the reader to the owner of another site. */
export default function NotFoundContent(): ReactNode {
  const say = useSay()
  return (
    <main className="container margin-vert--xl">
      <Heading as="h1">{say(words.title)}</Heading>
      <p>{say(words.why)}</p>
      <p>{say(words.where)}</p>
      <ul>
        <li>
          <Link to="/start/">{say(words.start)}</Link>
        </li>
        <li>
          <Link to="/labs/">{say(words.labs)}</Link>
        </li>
        <li>
          <Link to="/glossary/">{say(words.glossary)}</Link>
        </li>
        <li>
          <Link to="/search/">{say(words.search)}</Link>
        </li>
      </ul>
    </main>
  )
}
