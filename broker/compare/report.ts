/**
 * The results of a comparison, as JSON for the site: for each API the number of scenarios, the versions, and the
 * differences.
 */
import type { ApiName } from './apis.ts'
import type { Compared, Outcome } from './run.ts'

export interface CompareReport {
  readonly date: string
  readonly beside: string
  readonly scenarios: readonly {
    readonly name: string
    readonly standsFor: string
    readonly unexplained: number
    readonly explained: number
  }[]
  /** By API: the scenarios that used it, and the versions. */
  readonly apis: Readonly<
    Record<string, { readonly scenarios: number; readonly versions: readonly number[] }>
  >
}

export function reportOf({ compared }: Outcome, beside: string): string {
  const report: CompareReport = {
    date: new Date().toISOString().slice(0, 10),
    beside,
    scenarios: compared.map(({ scenario, unexplained, explained }) => ({
      name: scenario.name,
      standsFor: scenario.standsFor,
      unexplained: unexplained.length,
      explained: explained.length,
    })),
    apis: byApi(compared),
  }
  return `${JSON.stringify(report, null, 2).replace(/\[[\d,\s]+\]/g, (list) => list.replaceAll(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'))}\n`
}

function byApi(compared: readonly Compared[]): CompareReport['apis'] {
  const apis = new Map<string, { scenarios: number; versions: Set<number> }>()
  for (const { asked } of compared) {
    const seen = new Set<string>()
    for (const [name, version] of asked.map((each) => each.split(' v') as [ApiName, string])) {
      const api = apis.get(name) ?? { scenarios: 0, versions: new Set<number>() }
      apis.set(name, api)
      api.versions.add(Number(version))
      if (!seen.has(name)) api.scenarios++
      seen.add(name)
    }
  }
  const sorted = [...apis].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(
    sorted.map(([name, { scenarios, versions }]) => [
      name,
      { scenarios, versions: [...versions].sort((a, b) => a - b) },
    ]),
  )
}
