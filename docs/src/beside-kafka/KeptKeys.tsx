import data from '@generated/kafka-data/default/kept-keys.json'
import type { ReactNode } from 'react'
import Rich from '../components/Rich'
import { type Text, useSay } from '../i18n/locale'
import styles from './KeptKeys.module.css'

/** A setting as broker/src/config/keys/kept-keys.ts describes it, in the page's language. */
interface KeptKey {
  name: string
  scope: string
  type: string
  default: string | null
  reason: string
}

const words = {
  missing: { en: 'No setting is listed.', ru: 'Список пуст.' },
  none: { en: 'not set', ru: 'не задана' },
  usual: { en: 'default', ru: 'по умолчанию' },
} satisfies Record<string, Text>

const SCOPES: Readonly<Record<string, Text>> = {
  broker: { en: 'Broker', ru: 'Брокер' },
  topic: { en: 'Topic', ru: 'Топик' },
  group: { en: 'Group', ru: 'Группа' },
  'client metrics': { en: 'Client metrics', ru: 'Метрики клиентов' },
}

/** The settings that are kept and shown, and change nothing here: by reason, then by name. */
export default function KeptKeys(): ReactNode {
  const say = useSay()
  const { known, keys } = data as { known: number; keys: KeptKey[] }
  if (keys.length === 0) return <p className="oz-empty">{say(words.missing)}</p>
  const reasons = [...new Set(keys.map(({ reason }) => reason))]
  return (
    <>
      <p>
        {say({
          en: `${keys.length} of ${known} settings, by reason:`,
          ru: `Таких настроек ${keys.length} из ${known}; сгруппированы по причинам:`,
        })}
      </p>
      {reasons.map((reason) => (
        <section key={reason} className={styles.reason}>
          <p>
            <strong>
              <Rich text={reason} />
            </strong>
          </p>
          <ul>
            {keys
              .filter((key) => key.reason === reason)
              .map(({ name, scope, type, default: usual }) => (
                <li key={`${scope} ${name}`}>
                  <code>{name}</code>{' '}
                  <span className={styles.facts}>
                    {say(SCOPES[scope] ?? { en: scope, ru: scope })}, {type}, {say(words.usual)}:{' '}
                    {usual === null || usual === '' ? say(words.none) : usual}
                  </span>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  )
}
