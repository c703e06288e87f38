/**
 * Runs each scenario on both brokers at once, and compares the responses.
 *
 * COMPARE-RUN-1  a few scenarios run at the same time, because they mostly wait; those that need a new cluster run before
 *     the others, those that must run alone after them
 * COMPARE-RUN-2  results are in the order of the scenarios, whichever ended first
 * COMPARE-RUN-3  a scenario that throws, on either side or on both, counts as an unexplained difference
 * COMPARE-RUN-4  a scenario with an unexplained difference is repeated at the end, alone, up to twice: a difference that
 *     does not occur again was caused by the machine's load, and is reported as unsteady; this fails if the scenario was
 *     unsteady recently (unsteady.ts)
 */
import { type Difference, differences, explains, matches } from './differences.ts'
import { LEDGER } from './ledger/all.ts'
import { ELSEWHERE } from './ledger/elsewhere.ts'
import type { LedgerEntry } from './ledger/entry.ts'
import { SEVERAL_BROKERS } from './ledger/several.ts'
import { normalise } from './normalise.ts'
import { asked, playOn, type Recording, type Scenario } from './scenario.ts'

/** Settings that both brokers must have for the comparison. */
export const COMMON_CONFIG = { 'group.initial.rebalance.delay.ms': '0' } as const

const AT_ONCE = 4
const TURNS_MORE = 2

/** Uses up the first producer id of a new cluster: it is 0, which means "none" in other fields. */
const PRELUDE: Scenario = {
  name: 'prelude',
  standsFor: 'every scenario',
  play: async ({ quietly }) => {
    await quietly('InitProducerId', 4, { transactionalId: null, transactionTimeoutMs: 60_000 })
  },
}

/** The result of one scenario. */
export interface Compared {
  readonly scenario: Scenario
  /** The requests: `Fetch v12`. */
  readonly asked: readonly string[]
  readonly unexplained: readonly Difference[]
  readonly explained: readonly Difference[]
  /** Differences that occurred in the first run only (COMPARE-RUN-4). */
  readonly unsteady: readonly Difference[]
  readonly ms: number
}

export interface Outcome {
  readonly compared: readonly Compared[]
  readonly unexplained: readonly Difference[]
  readonly explained: readonly Difference[]
  /** Ledger entries for these scenarios that explained nothing. */
  readonly stale: readonly LedgerEntry[]
}

export interface CompareOptions {
  /** Called with the result of each scenario. */
  readonly onCompared?: (compared: Compared) => void
  readonly atOnce?: number
  /** The other side was not started by us: expected differences are allowed, and no entry is stale. */
  readonly elsewhere?: boolean
}

/** Runs the scenarios on `ours` and `kafka` (host:port, or several with commas). */
export async function compare(
  ours: string,
  kafka: string,
  scenarios: readonly Scenario[],
  { onCompared = () => {}, atOnce = AT_ONCE, elsewhere = false }: CompareOptions = {},
): Promise<Outcome> {
  const run = `compare-${Date.now().toString(36)}`
  const several = isSeveral(kafka) ? SEVERAL_BROKERS : []
  const ledger = elsewhere ? [...LEDGER, ...ELSEWHERE, ...several] : LEDGER
  const used = new Set<LedgerEntry>()
  const done = new Map<Scenario, Compared>()
  await Promise.all([ours, kafka].map((bootstrap) => playOn(bootstrap, run, PRELUDE)))
  const again: Compared[] = []
  const finish = (compared: Compared) => {
    done.set(compared.scenario, compared)
    onCompared(compared)
  }
  const play = async (scenario: Scenario) => {
    const compared = await compareOne(ours, kafka, run, scenario, ledger, used)
    if (compared.unexplained.length === 0) finish(compared)
    else again.push(compared)
  }
  await together(
    scenarios.filter(({ first }) => first),
    1,
    play,
  )
  await together(
    scenarios.filter(({ alone, first }) => !alone && !first),
    atOnce,
    play,
  )
  await together(
    scenarios.filter(({ alone }) => alone),
    1,
    play,
  )
  for (const first of again) {
    let last = first
    for (let turn = 1; turn <= TURNS_MORE && last.unexplained.length > 0; turn++)
      last = await compareOne(ours, kafka, `${run}-again-${turn}`, first.scenario, ledger, used)
    finish(last.unexplained.length > 0 ? last : { ...last, unsteady: first.unexplained })
  }
  const compared = scenarios.map((each) => done.get(each)!)
  const about = (entry: LedgerEntry) => scenarios.some(({ name }) => matches(entry.scenario, name))
  return {
    compared,
    unexplained: compared.flatMap((each) => each.unexplained),
    explained: compared.flatMap((each) => each.explained),
    stale: elsewhere ? [] : LEDGER.filter((entry) => about(entry) && !used.has(entry)),
  }
}

function isSeveral(bootstrap: string): boolean {
  return bootstrap.includes(',')
}

/** Works on all items, at most `atOnce` at a time. */
async function together<T>(
  all: readonly T[],
  atOnce: number,
  work: (each: T) => Promise<void>,
): Promise<void> {
  const waiting = [...all]
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

async function compareOne(
  ours: string,
  kafka: string,
  run: string,
  scenario: Scenario,
  ledger: readonly LedgerEntry[],
  used: Set<LedgerEntry>,
): Promise<Compared> {
  const began = performance.now()
  const [mine, theirs] = await Promise.all([playOn(ours, run, scenario), playOn(kafka, run, scenario)])
  const unexplained: Difference[] = []
  const explained: Difference[] = []
  for (const difference of between(scenario.name, mine, theirs, isSeveral(kafka))) {
    const entries = ledger.filter((entry) => explains(entry, difference))
    for (const entry of entries) used.add(entry)
    if (entries.length === 0) unexplained.push(difference)
    else explained.push(difference)
  }
  if (mine.brokeOff !== undefined || theirs.brokeOff !== undefined) {
    const [left, right] = [mine, theirs].map(({ brokeOff }) => brokeOff ?? 'ran to its end')
    unexplained.push({
      scenario: scenario.name,
      path: 'the scenario threw an error',
      ours: left,
      kafka: right,
    })
  }
  const ms = Math.round(performance.now() - began)
  return { scenario, asked: asked(mine), unexplained, explained, unsteady: [], ms }
}

/** The differences, response by response; if one side threw, up to that point. */
function between(scenario: string, ours: Recording, kafka: Recording, several: boolean): Difference[] {
  const [mine, theirs] = [ours, kafka].map(({ answers }) =>
    normalise(
      answers.map(({ response }) => response),
      several,
    ),
  )
  const broken = ours.brokeOff !== undefined || kafka.brokeOff !== undefined
  const length = (broken ? Math.min : Math.max)(ours.answers.length, kafka.answers.length)
  return Array.from({ length }, (_, index) => {
    const to = ours.answers[index]?.to ?? kafka.answers[index]?.to
    return differences(scenario, `${index + 1} ${to}: `, mine![index], theirs![index])
  }).flat()
}
