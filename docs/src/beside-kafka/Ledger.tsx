import data from '@generated/kafka-data/default/ledger.json'
import type { ReactNode } from 'react'
import { type Text, useSay } from '../i18n/locale'
import styles from './Ledger.module.css'

interface LedgerEntry {
  scenario: string
  field: string
  ours?: unknown
  kafka?: unknown
}

interface LedgerGroup {
  reason: string
  entries: LedgerEntry[]
}

const words = {
  ours: { en: 'ours', ru: 'у нас' },
  kafka: { en: 'Kafka', ru: 'Kafka' },
  none: { en: 'The list is empty: no difference is known.', ru: 'Список пуст: известных отличий нет.' },
} satisfies Record<string, Text>

/** Every known difference with its reason; inside, the fields where it shows. */
export default function Ledger(): ReactNode {
  const say = useSay()
  const groups = data as LedgerGroup[]
  if (groups.length === 0) return <p>{say(words.none)}</p>
  return (
    <div className={styles.ledger}>
      {groups.map(({ reason, entries }) => (
        <details key={reason}>
          <summary>
            {reason} <span className={styles.count}>{entries.length}</span>
          </summary>
          {scenariosOf(entries).map(([scenario, fields]) => (
            <div key={scenario} className={styles.scenario}>
              <p lang="en">{scenario}</p>
              <ul>
                {fields.map((entry) => (
                  <Field key={entry.field} entry={entry} />
                ))}
              </ul>
            </div>
          ))}
        </details>
      ))}
    </div>
  )
}

function Field({ entry }: { entry: LedgerEntry }): ReactNode {
  const say = useSay()
  return (
    <li>
      <code>{entry.field}</code>
      {('ours' in entry || 'kafka' in entry) && (
        <span className={styles.values}>
          {' '}
          {say(words.ours)} <code>{shown(entry.ours)}</code>, {say(words.kafka)}{' '}
          <code>{shown(entry.kafka)}</code>
        </span>
      )}
    </li>
  )
}

function scenariosOf(entries: readonly LedgerEntry[]): [scenario: string, entries: LedgerEntry[]][] {
  const scenarios = new Map<string, LedgerEntry[]>()
  for (const entry of entries)
    scenarios.set(entry.scenario, [...(scenarios.get(entry.scenario) ?? []), entry])
  return [...scenarios]
}

function shown(value: unknown): string {
  if (value === undefined) return '–'
  const text = JSON.stringify(value)
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}
