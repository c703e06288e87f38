import Link from '@docusaurus/Link'
import useBrokenLinks from '@docusaurus/useBrokenLinks'
import type { ReactNode } from 'react'
import { useSay } from '../i18n/locale'
import { useCourseData } from './courseData'
import Rich from './Rich'

const words = {
  also: { en: 'Also called', ru: 'Говорят и так' },
  see: { en: 'See', ru: 'См.' },
}

/** Every term of docs/glossary.yaml, in the alphabet of the page's language, each with an anchor. */
export default function Glossary(): ReactNode {
  const say = useSay()
  const { terms } = useCourseData().glossary
  const links = useBrokenLinks()
  for (const entry of terms) links.collectAnchor(entry.id)
  const sorted = [...terms].sort((a, b) => a.term.localeCompare(b.term, say({ en: 'en', ru: 'ru' })))
  const nameOf = (id: string) => terms.find((entry) => entry.id === id)?.term ?? id
  return (
    <dl className="oz-glossary">
      {sorted.map((entry) => (
        <div key={entry.id} id={entry.id}>
          <dt>{entry.term}</dt>
          <dd>
            <Rich text={entry.definition} />
            {entry.see !== undefined && (
              <>
                {' '}
                {say(words.see)}{' '}
                {entry.see.map((id, place) => (
                  <span key={id}>
                    {place > 0 && ', '}
                    <Link to={`#${id}`}>{nameOf(id)}</Link>
                  </span>
                ))}
                .
              </>
            )}
            {entry.variants !== undefined && entry.variants.length > 0 && (
              <p className="oz-variants">
                {say(words.also)}: {entry.variants.join(', ')}
              </p>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
