/**
 * What somebody believes who writes such code: a known wrong program of the lab that was run on the same inputs
 * and gave the same outputs. Nothing less counts: failing in the same tests does not make two programs alike.
 *
 * Only the check that is explained is compared first, so other functions may be unwritten; when several wrong
 * programs are alike there, the other failing checks decide. Programs that cannot be told apart by any failing
 * check (Math.abs before or after the remainder) are both true; the nearest is told.
 */
import { inRepository } from '../catalog.ts'
import { Dice } from '../dice.ts'
import { killedBy, type WrongRow } from '../kill-matrix.ts'
import type { Suite } from '../lab.ts'
import { CallLog } from '../subject/call-log.ts'
import { membrane } from '../subject/membrane.ts'
import type { SubjectWorker } from '../subject/subject-worker.ts'
import { Trial } from '../trial.ts'
import type { Belief, TestResult } from '../verdict.ts'
import { explain } from './failures.ts'
import { loadInto } from './load.ts'
import type { RunOptions, SuiteRun } from './run-suite.ts'
import { Threads } from './threads.ts'

/** Kinds in which the outputs say nothing, or the same for very different mistakes. */
const silentKinds = new Set([
  'timeout',
  'endless-loop',
  'exit',
  'crash',
  'not-run',
  'not-implemented',
  'missing-export',
])
/** A verdict does not wait longer for a belief, ms. */
const searchMsMax = { value: 2_000, promise: 3_000 }

export async function beliefBehind(
  suite: Suite<unknown, unknown>,
  bench: unknown,
  run: SuiteRun,
  explained: string,
  options: Pick<RunOptions, 'seed' | 'patienceMs' | 'pool'>,
): Promise<Belief | undefined> {
  const result = run.results.find(({ id }) => id === explained)
  if (result === undefined || silentKinds.has(result.kind ?? '')) return undefined
  const search = new Search(suite, bench, run, options)
  const ms = searchMsMax[suite.calls.wants]
  const until = performance.now() + ms
  const alike: WrongRow[] = []
  const candidates = nearestFirst(killedBy(suite.lab, explained), run)
  if (suite.parallel) {
    const found = await Promise.all(candidates.map((row) => search.isAlike(row, result, until)))
    alike.push(...candidates.filter((_, i) => found[i] === true))
  } else for (const row of candidates) if (await search.isAlike(row, result, until)) alike.push(row)
  let left = alike
  for (const other of run.results) {
    if (new Set(left.map((row) => row.id)).size <= 1) break
    if (other.id === explained || other.status !== 'failed' || silentKinds.has(other.kind ?? '')) continue
    const still: WrongRow[] = []
    for (const row of left)
      if (row.killedBy.includes(other.id) && (await search.isAlike(row, other, until + ms))) still.push(row)
    left = still
  }
  const [first] = left
  if (first === undefined || performance.now() > until + ms) return undefined
  return { file: first.file, misconception: first.id, text: first.misconception }
}

/** How a failure looks: what was in the topic, for one. Names of topics differ from run to run by their ends. */
function looksOf({ says, picture }: Pick<TestResult, 'says' | 'picture'>): string {
  return JSON.stringify([says?.en, picture]).replace(/-[a-z0-9]{6}-\d+/g, '')
}

/** Programs that fail in the same tests come first: there is not always time for all. */
function nearestFirst(rows: readonly WrongRow[], run: SuiteRun): WrongRow[] {
  const written = run.results.filter(({ kind }) => kind !== 'not-implemented' && kind !== 'missing-export')
  const failed = new Set(written.filter(({ status }) => status === 'failed').map(({ id }) => id))
  const passed = new Set(written.filter(({ status }) => status === 'passed').map(({ id }) => id))
  const far = (row: WrongRow) =>
    row.killedBy.filter((id) => passed.has(id)).length * 2 +
    [...failed].filter((id) => !row.killedBy.includes(id)).length
  return [...rows].sort((a, b) => far(a) - far(b))
}

class Search {
  readonly #suite: Suite<unknown, unknown>
  readonly #bench: unknown
  readonly #run: SuiteRun
  readonly #options: Pick<RunOptions, 'seed' | 'patienceMs' | 'pool'>
  #worker: Promise<SubjectWorker> | undefined
  readonly #slots = new Map<string, Promise<number | undefined>>()

  constructor(
    suite: Suite<unknown, unknown>,
    bench: unknown,
    run: SuiteRun,
    options: Pick<RunOptions, 'seed' | 'patienceMs' | 'pool'>,
  ) {
    this.#suite = suite
    this.#bench = bench
    this.#run = run
    this.#options = options
  }

  /** Runs one check with a wrong program, on the same dice, and compares all that it answered and how it failed. */
  async isAlike(row: WrongRow, result: TestResult, until: number): Promise<boolean> {
    const seen = this.#run.seen.get(result.id)
    const test = this.#suite.tests[result.id]
    if (seen === undefined || test === undefined || performance.now() > until) return false
    const worker = await this.#work()
    const slot = await this.#slotOf(worker, row.file)
    if (slot === undefined || worker.gone !== undefined) return false
    const { calls, lab } = this.#suite
    const check = `${result.id} of ${row.file}`
    const log = new CallLog()
    const view = { exports: calls.gives, wants: calls.wants }
    const threads = new Threads({
      take: () => this.#options.pool.take(),
      load: (own) => loadInto(own, 0, inRepository(row.file), lab),
    })
    const thread = () => threads.start(view, check, log)
    const { subject, tools } = membrane({ ...view, worker, slot, thread }, check, log)
    const limitMs = lab.callMs ?? this.#options.patienceMs
    const trial = new Trial<string>(new Dice(this.#options.seed, result.id, lab.examples), tools, limitMs)
    const fault = new Promise<{ error: unknown }>((resolve) => {
      log.onFault = trial.onFault = (error) => resolve({ error })
    })
    log.onNews = () => trial.look()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), Math.max(1, until - performance.now()))
    })
    try {
      const ended = await Promise.race([
        Promise.resolve()
          .then(() => test(trial, subject as never, this.#bench as never))
          .then(
            () => undefined,
            (error: unknown) => ({ error }),
          ),
        fault,
        late,
      ])
      if (ended === undefined || ended === 'late') return false
      const context = {
        lab,
        id: result.id,
        log,
        file: inRepository(row.file),
        patienceMs: this.#options.patienceMs,
      }
      const failed = explain(ended.error, context)
      return (
        failed.kind === result.kind &&
        failed.case === result.case &&
        log.digest() === seen.log.digest() &&
        looksOf(failed) === looksOf(result)
      )
    } catch {
      return false
    } finally {
      clearTimeout(timer)
      trial.end()
      threads.end()
    }
  }

  #work(): Promise<SubjectWorker> {
    this.#worker ??= this.#options.pool.take()
    return this.#worker
  }

  #slotOf(worker: SubjectWorker, file: string): Promise<number | undefined> {
    const known = this.#slots.get(file)
    if (known !== undefined) return known
    const slot = this.#slots.size
    const loading = loadInto(worker, slot, inRepository(file), this.#suite.lab).then((trouble) =>
      trouble === undefined ? slot : undefined,
    )
    this.#slots.set(file, loading)
    return loading
  }
}
