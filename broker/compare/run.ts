/**
 * The comparison: each scenario is told to both brokers at once, and the answers are laid side by side.
 */
import { type Difference, differences, explains, matches } from './differences.ts'
import { LEDGER } from './ledger/all.ts'
import type { LedgerEntry } from './ledger/entry.ts'
import { normalise } from './normalise.ts'
import { type Answer, type Scenario, tellTo } from './scenario.ts'

/** What must be set alike on both before they are compared. */
export const COMMON_CONFIG = { 'group.initial.rebalance.delay.ms': '0' } as const

export interface Outcome {
  readonly unexplained: readonly Difference[]
  readonly explained: readonly Difference[]
  /** Entries of the ledger about what was told, that explained nothing. */
  readonly stale: readonly LedgerEntry[]
}

/** Tells the scenarios to `ours` and `kafka` (host:port); `told` hears of each with its differences. */
export async function compare(
  ours: string,
  kafka: string,
  scenarios: readonly Scenario[],
  told: (scenario: Scenario, unexplained: readonly Difference[]) => void = () => {},
): Promise<Outcome> {
  const run = `compare-${Date.now().toString(36)}`
  const unexplained: Difference[] = []
  const explained: Difference[] = []
  const used = new Set<LedgerEntry>()
  for (const each of scenarios) {
    const [mine, theirs] = await Promise.all([tellTo(ours, run, each), tellTo(kafka, run, each)])
    const fresh: Difference[] = []
    for (const difference of between(each.name, mine, theirs)) {
      const entries = LEDGER.filter((entry) => explains(entry, difference))
      for (const entry of entries) used.add(entry)
      if (entries.length === 0) fresh.push(difference)
      else explained.push(difference)
    }
    unexplained.push(...fresh)
    told(each, fresh)
  }
  const about = (entry: LedgerEntry) => scenarios.some(({ name }) => matches(entry.scenario, name))
  return { unexplained, explained, stale: LEDGER.filter((entry) => about(entry) && !used.has(entry)) }
}

function between(scenario: string, ours: readonly Answer[], kafka: readonly Answer[]): Difference[] {
  const [mine, theirs] = [ours, kafka].map((answers) => normalise(answers.map(({ response }) => response)))
  return Array.from({ length: Math.max(ours.length, kafka.length) }, (_, index) => {
    const to = ours[index]?.to ?? kafka[index]?.to
    return differences(scenario, `${index + 1} ${to}: `, mine![index], theirs![index])
  }).flat()
}
