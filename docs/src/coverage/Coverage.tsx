import Link from '@docusaurus/Link'
import data from '@generated/coverage/default/coverage.json'
import type { ReactNode } from 'react'
import Rich from '../components/Rich'
import { type Text, useSay } from '../i18n/locale'
import styles from './Coverage.module.css'

/** An entry of coverage.yaml in the page's language, its places resolved by plugins/coverage.ts. */
interface Row {
  id: string
  kind: 'concept' | 'tool'
  name: string
  taught: Place[]
  practised: (Place & { command?: string })[]
  /** The part of the course that will teach more of it. */
  planned?: string
  outside?: string
}

interface Place {
  text: string
  to: string
}

const words = {
  what: { en: 'What', ru: 'Что' },
  taught: { en: 'Taught', ru: 'Где объясняется' },
  practised: { en: 'Practised', ru: 'Где отрабатывается' },
  planned: { en: 'planned:', ru: 'планируется:' },
  more: { en: 'more planned:', ru: 'будет продолжение:' },
  outside: { en: 'no subject of this course.', ru: 'в курс не входит.' },
  count: { en: 'Taught and practised', ru: 'Объясняется и отрабатывается' },
} satisfies Record<string, Text>

/** By the keys of sidebars.ts. */
const PARTS: Readonly<Record<string, Text>> = {
  producers: { en: 'Producers', ru: 'Продюсеры' },
  consumers: { en: 'Consumers', ru: 'Консюмеры' },
  delivery: { en: 'Delivery', ru: 'Доставка' },
  storage: { en: 'Storage', ru: 'Хранение' },
  cluster: { en: 'Cluster', ru: 'Кластер' },
  operations: { en: 'Operations', ru: 'Эксплуатация' },
  around: { en: 'Around Kafka', ru: 'Вокруг Kafka' },
}

/** Everything that the notes mention, of one kind: where it is taught and where it is practised. */
export default function Coverage({ kind }: { kind: Row['kind'] }): ReactNode {
  const say = useSay()
  const rows = (data as Row[]).filter((row) => row.kind === kind)
  const done = rows.filter(({ taught, practised }) => taught.length > 0 && practised.length > 0)
  return (
    <>
      <p>
        {say(words.count)}: {done.length} / {rows.length}.
      </p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{say(words.what)}</th>
            <th scope="col">{say(words.taught)}</th>
            <th scope="col">{say(words.practised)}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} id={row.id}>
              <th scope="row">
                <Rich text={row.name} />
              </th>
              {row.outside === undefined ? (
                <Places row={row} />
              ) : (
                <td colSpan={2}>
                  <em>{say(words.outside)}</em> {row.outside}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Places({ row: { taught, practised, planned } }: { row: Row }): ReactNode {
  const say = useSay()
  const part = planned === undefined ? undefined : say(PARTS[planned] ?? { en: planned, ru: planned })
  const later = part !== undefined && (
    <p className={styles.planned}>
      {say(taught.length > 0 ? words.more : words.planned)} {part}
    </p>
  )
  return (
    <>
      <td>
        {taught.map((place) => (
          <p key={place.to}>
            <Link to={place.to}>{place.text}</Link>
          </p>
        ))}
        {later}
      </td>
      <td>
        {practised.map(({ to, text, command }) => (
          <p key={command ?? to}>
            {command === undefined ? (
              <Link to={to}>{text}</Link>
            ) : (
              <Link to={to}>
                <code>{command}</code>
              </Link>
            )}
          </p>
        ))}
        {practised.length === 0 && part !== undefined && (
          <p className={styles.planned}>
            {say(words.planned)} {part}
          </p>
        )}
      </td>
    </>
  )
}
