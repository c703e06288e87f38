import data from '@generated/kafka-data/default/compare.json'
import type { ReactNode } from 'react'
import { type Text, useSay } from '../i18n/locale'
import styles from './ComparedApis.module.css'

/** The report that broker/compare/report.ts writes. */
interface CompareReport {
  date: string
  beside: string
  scenarios: { name: string; standsFor: string; unexplained: number; explained: number }[]
  apis: Record<string, { scenarios: number; versions: number[] }>
}

const words = {
  missing: {
    en: 'The counts are written by npm run compare -- --json broker/compare/results/latest.json.',
    ru: 'Числа появятся после npm run compare -- --json broker/compare/results/latest.json.',
  },
  api: { en: 'API', ru: 'API' },
  versions: { en: 'Versions compared', ru: 'Проверенные версии' },
  scenarios: { en: 'Scenarios', ru: 'Сценариев' },
} satisfies Record<string, Text>

/** What the last comparison asked, by API. */
export default function ComparedApis(): ReactNode {
  const say = useSay()
  const report = data as CompareReport | null
  if (report === null) return <p className="oz-empty">{say(words.missing)}</p>
  const { scenarios, apis, date, beside } = report
  const differing = scenarios.filter(({ unexplained }) => unexplained > 0).length
  return (
    <>
      <p>
        {say({
          en: `On ${date}, beside ${beside}: ${scenarios.length} scenarios, ${Object.keys(apis).length} APIs; scenarios with an unexplained difference: ${differing}.`,
          ru: `${date}, рядом с ${beside}. Сценариев: ${scenarios.length}, API: ${Object.keys(apis).length}; сценариев с необъяснённым отличием: ${differing}.`,
        })}
      </p>
      <table className={styles.apis}>
        <thead>
          <tr>
            <th scope="col">{say(words.api)}</th>
            <th scope="col">{say(words.versions)}</th>
            <th scope="col">{say(words.scenarios)}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(apis).map(([name, { scenarios: count, versions }]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{ranges(versions)}</td>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

/** [0, 1, 2, 5] as `0–2, 5`. */
function ranges(numbers: readonly number[]): string {
  const runs: [from: number, to: number][] = []
  for (const each of numbers) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] === each - 1) last[1] = each
    else runs.push([each, each])
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}
