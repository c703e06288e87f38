/**
 * Runs a suite against one file. The suite runs here, in the judge; the file lies behind the membrane.
 *
 * Code that is being judged does what it likes: loops, ends its thread, throws later from a timer. Each check
 * gets its own view of the membrane, and what escapes is laid at the door of the check it came from.
 *
 * - a result may turn from passed to failed until the run is over (an error that escaped late), never back
 * - checks that meet no network, and in which dice were rolled or a clock was read, run twice on one seed: who passes
 *   once and fails once is not repeatable. Without dice and clock the second run would be the first.
 * - the clock of a call runs while that call is open: what the check does meanwhile, or its queue, does not count
 *
 * RUN-1  every test of the suite gets exactly one result
 * RUN-3  a check that runs alone and kills its worker fails by that; checks that ran beside it are run again,
 *        one by one, each in a living worker
 */
import { Dice } from '../dice.ts'
import type { Finding } from '../findings.ts'
import type { Suite } from '../lab.ts'
import { CallLog } from '../subject/call-log.ts'
import type { Handed } from '../subject/handed.ts'
import { lookAgain, membrane } from '../subject/membrane.ts'
import { type Gone, SubjectGone, type SubjectWorker } from '../subject/subject-worker.ts'
import type { ErrorReport } from '../subject/values.ts'
import type { Text } from '../text.ts'
import { EnvironmentTrouble, Inconclusive, Trial } from '../trial.ts'
import type { TestResult, Trouble } from '../verdict.ts'
import { fill, words } from '../words.ts'
import {
  type Explained,
  escapedIn,
  explain,
  type FailureContext,
  goneIn,
  kindOf,
  notRun,
  tooLate,
} from './failures.ts'
import { loadInto } from './load.ts'
import { Threads } from './threads.ts'
import type { WorkerPool } from './worker-pool.ts'

export interface RunOptions {
  readonly file: string
  readonly seed: number
  readonly patienceMs: number
  /** How long one call may take, ms, instead of what the lab's page says. */
  readonly callMs?: number | undefined
  readonly pool: WorkerPool
  /** Only these tests; all when left out. */
  readonly only?: readonly string[] | undefined
  /** The run ends with the first failure. */
  readonly untilFailure?: boolean | undefined
  /** Notes what is handed over, if somebody wants to know. */
  readonly handed?: Handed | undefined
  readonly onLoaded?: () => void
  readonly onBegin?: (test: string) => void
  readonly onResult?: (result: TestResult) => void
}

/** Two sentences, or the one that is there. */
function both(first: Text | undefined, second: Text | undefined): Text | undefined {
  if (first === undefined || second === undefined) return first ?? second
  return { en: `${first.en} ${second.en}`, ru: `${first.ru} ${second.ru}` }
}

/** What was seen of one check, beside its result. */
export interface Seen {
  readonly log: CallLog
  readonly trial: Trial<string>
}

export interface SuiteRun {
  readonly results: TestResult[]
  readonly seen: ReadonlyMap<string, Seen>
  readonly trouble?: Trouble
  /** What was printed outside of any check. */
  readonly output: string
  readonly outputCut: number
}

const outputCharsMax = 20_000
/** A check as a whole may take so many times what one call may: its own work, and calls one after the other. */
const checkLimits = 20
/** After so many workers that had to be stopped or ran out of memory, the remaining tests are not tried any more. */
const deathsMax = 3

export async function runSuite(
  suite: Suite<unknown, unknown>,
  bench: unknown,
  options: RunOptions,
): Promise<SuiteRun> {
  return new Run(suite, bench, options).run()
}

class Run {
  readonly #suite: Suite<unknown, unknown>
  readonly #bench: unknown
  readonly #options: RunOptions
  readonly #results = new Map<string, TestResult>()
  readonly #seen = new Map<string, Seen>()
  readonly #printed = new Map<string | undefined, { text: string; cut: number }>()
  readonly #escapes = new Map<string, ErrorReport>()
  readonly #dice = new Map<string, Set<string>>()
  readonly #findings: { id: string; finding: Finding }[] = []
  readonly #running = new Set<string>()
  #worker: SubjectWorker | undefined
  #deaths = 0
  /** The checks in which the worker had to be stopped, or ran out of memory. */
  readonly #stopped: string[] = []
  /** Settled when a failure is all that was to be known. */
  #haveEnough: () => void = () => {}
  #isEnough = false
  readonly #enough = new Promise<void>((resolve) => {
    this.#haveEnough = resolve
  })

  constructor(suite: Suite<unknown, unknown>, bench: unknown, options: RunOptions) {
    this.#suite = suite
    this.#bench = bench
    this.#options = options
  }

  /** How long one call may take, ms: what the lab's page says, or what was given. */
  get #limitMs(): number {
    return this.#options.callMs ?? this.#suite.lab.callMs ?? this.#options.patienceMs
  }

  async run(): Promise<SuiteRun> {
    const ids = Object.keys(this.#suite.tests).filter((id) => this.#options.only?.includes(id) ?? true)
    const trouble = await this.#load()
    if (trouble !== undefined) return this.#end([], trouble)
    this.#options.onLoaded?.()
    if (this.#suite.parallel) await Promise.race([this.#together(ids), this.#enough])
    for (const id of ids) if (!this.#results.has(id) && !this.#isEnough) await this.#alone(id)
    if (!this.#isEnough) await this.#again(ids)
    await this.#lateEscapes()
    this.#blameFindings()
    return this.#end(ids)
  }

  #end(ids: readonly string[], trouble?: Trouble): SuiteRun {
    const outside = this.#printed.get(undefined)
    return {
      results: ids.flatMap((id) => this.#results.get(id) ?? []).map((result) => this.#withOutput(result)),
      seen: this.#seen,
      ...(trouble === undefined ? {} : { trouble }),
      output: outside?.text ?? '',
      outputCut: outside?.cut ?? 0,
    }
  }

  /** A worker with the file in it: the one at hand, or a new one. */
  async #load(): Promise<Trouble | undefined> {
    if (this.#worker !== undefined && this.#worker.gone === undefined) return undefined
    const worker = await this.#options.pool.take()
    this.#listen(worker)
    this.#worker = worker
    return loadInto(worker, 0, this.#options.file, this.#suite.lab)
  }

  /** What is heard from a worker belongs to the check that it names. */
  #listen(worker: SubjectWorker): void {
    worker.hearing = {
      printed: (text, check) => this.#hearPrinted(text, check),
      escaped: (error, check) => this.#hearEscaped(error, check),
      dice: (source, check) => {
        if (check === undefined) return
        const known = this.#dice.get(check) ?? new Set()
        this.#dice.set(check, known.add(source))
      },
      timer: (ms, check) => {
        if (check !== undefined) this.#seen.get(check)?.trial.heardTimer(ms)
      },
    }
  }

  /** The threads that a check may start beside the one that all share. */
  #threads(): Threads {
    return new Threads({
      take: async () => {
        const worker = await this.#options.pool.take()
        this.#listen(worker)
        return worker
      },
      load: (worker) => loadInto(worker, 0, this.#options.file, this.#suite.lab),
    })
  }

  async #together(ids: readonly string[]): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        const result = await this.#test(id)
        if (result !== undefined) this.#give(result)
      }),
    )
  }

  /** One check, in a worker that lives; one that dies under it is the check's fault. */
  async #alone(id: string): Promise<void> {
    for (let tries = 0; ; tries++) {
      if (this.#deaths >= deathsMax) {
        this.#give({ id, status: 'failed', assertions: 0, ms: 0, ...notRun(this.#stopped, this.#suite.lab) })
        return
      }
      const trouble = await this.#load()
      if (trouble !== undefined) {
        this.#give({ id, status: 'failed', kind: 'crash', says: trouble.says, assertions: 0, ms: 0 })
        return
      }
      const result = await this.#test(id, true)
      const gone = this.#worker?.gone
      if (gone !== undefined && gone.kind !== 'exit') {
        this.#deaths++
        if (!this.#stopped.includes(id)) this.#stopped.push(id)
      }
      // Memory that an earlier check wasted may kill the worker in this one: a second chance, once.
      if (result?.kind === 'crash' && tries === 0) continue
      if (result !== undefined) this.#give(result)
      return
    }
  }

  /**
   * Runs one test. Undefined when the worker died while others ran beside it: then nobody knows yet whose
   * fault it was.
   */
  async #test(id: string, isAlone = false): Promise<TestResult | undefined> {
    const worker = this.#worker as SubjectWorker
    const { calls, lab } = this.#suite
    const { seed, file } = this.#options
    const patienceMs = this.#limitMs
    const log = new CallLog()
    const { handed } = this.#options
    const view = { exports: calls.gives, wants: calls.wants, handed, pure: calls.pure }
    const threads = this.#threads()
    const thread = () => threads.start(view, id, log)
    const { subject, tools } = membrane({ ...view, worker, slot: 0, thread }, id, log)
    const trial = new Trial<string>(new Dice(seed, id, lab.examples), tools, patienceMs)
    this.#seen.set(id, { log, trial })
    this.#running.add(id)
    this.#options.onBegin?.(id)
    const context: FailureContext = { lab, id, log, file, patienceMs }
    const startedAt = performance.now()
    const finish = (rest: Omit<TestResult, 'id' | 'assertions' | 'ms'>): TestResult => ({
      id,
      ...rest,
      assertions: trial.assertions,
      ms: Math.round(performance.now() - startedAt),
    })
    const failed = (explained: Explained) => {
      const did = both(trial.did(log.lastClients()), log.callsBackInWords())
      return finish({ status: 'failed', ...explained, ...(did === undefined ? {} : { did }) })
    }
    const ended = await this.#race(id, trial, subject, log)
    this.#running.delete(id)
    await threads.lookAgain(id, log)
    threads.end()
    if (worker.gone !== undefined) {
      if (!isAlone) return undefined
      return failed(goneIn(await worker.reason(), context))
    }
    if (ended === 'timeout') return failed(tooLate(context))
    try {
      await lookAgain(worker, calls.wants, id, log)
    } catch (error) {
      if (error instanceof SubjectGone)
        return isAlone ? failed(goneIn(await worker.reason(), context)) : undefined
      throw error
    }
    this.#findings.push(...log.findings.map((finding) => ({ id, finding })))
    if (ended === undefined) {
      const late = this.#escapes.get(id)
      if (late !== undefined) return failed(escapedIn(late, context))
      if (trial.assertions === 0) return finish({ status: 'inconclusive', says: words.noAssertion })
      return finish({ status: 'passed' })
    }
    if (ended.error instanceof EnvironmentTrouble) throw ended.error
    if (ended.error instanceof Inconclusive)
      return finish({ status: 'inconclusive', says: ended.error.reason })
    return failed(explain(ended.error, context))
  }

  /** The test, its clock, and the death of the worker: whichever comes first. */
  async #race(
    id: string,
    trial: Trial<string>,
    subject: unknown,
    log: CallLog,
  ): Promise<{ error: unknown } | 'timeout' | undefined> {
    const test = this.#suite.tests[id]
    if (test === undefined) throw new Error(`run-suite: no test ${id}`)
    let timer: NodeJS.Timeout | undefined
    const clock = new Promise<'timeout'>((resolve) => {
      const tickMs = 50
      let leftMs = this.#limitMs * checkLimits
      const tick = () => {
        if (!trial.isQueued) leftMs -= tickMs
        if (leftMs <= 0 || log.pass(tickMs) > this.#limitMs + 10 * tickMs) resolve('timeout')
        else timer = setTimeout(tick, tickMs)
      }
      timer = setTimeout(tick, tickMs)
    })
    const death = new Promise<{ error: unknown }>((resolve) =>
      this.#worker?.onGone((gone: Gone) => resolve({ error: new SubjectGone(gone) })),
    )
    const fault = new Promise<{ error: unknown }>((resolve) => {
      log.onFault = trial.onFault = (error) => resolve({ error })
    })
    log.onNews = () => trial.look()
    const run = async () => {
      try {
        await test(trial, subject as never, this.#bench as never)
        return undefined
      } catch (error) {
        return { error }
      }
    }
    try {
      const ended = await Promise.race([run(), clock, death, fault])
      if (ended !== undefined) await trial.settled()
      return ended
    } finally {
      clearTimeout(timer)
      trial.end(log.lastClients())
    }
  }

  /** The second run of the checks that met no network, on the same seed, in a worker of its own. */
  async #again(ids: readonly string[]): Promise<void> {
    const { calls } = this.#suite
    if (calls.wants !== 'value' || this.#worker?.gone !== undefined || this.#deaths > 0) return
    const again = ids.filter((id) => !calls.onBench.includes(id))
    const first = new Map(again.map((id) => [id, this.#results.get(id)]))
    const unwritten = (id: string) =>
      ['not-implemented', 'missing-export'].includes(first.get(id)?.kind ?? '')
    const second = new Run(this.#suite, this.#bench, {
      file: this.#options.file,
      seed: this.#options.seed,
      patienceMs: this.#options.patienceMs,
      callMs: this.#options.callMs,
      pool: this.#options.pool,
      only: again.filter((id) => !unwritten(id) && this.#dice.has(id)),
    })
    for (const result of await second.once()) {
      const before = first.get(result.id)
      if (before === undefined || before.status === result.status) continue
      if (before.status === 'inconclusive' || result.status === 'inconclusive') continue
      const failed = before.status === 'failed' ? before : result
      const sources = [...(this.#dice.get(result.id) ?? [])].join(', ')
      const used: Text = sources === '' ? { en: '', ru: '' } : fill(words.usedDice, { sources })
      this.#give({ ...failed, ...kindOf('not-repeatable', { sources: used }) }, true)
    }
  }

  /** The tests one by one, without a second run; for `#again`. */
  async once(): Promise<TestResult[]> {
    const ids = [...(this.#options.only ?? [])]
    if (ids.length === 0 || (await this.#load()) !== undefined) return []
    for (const id of ids) await this.#alone(id)
    return ids.flatMap((id) => this.#results.get(id) ?? [])
  }

  /** Errors that are on their way when the last test has ended. */
  async #lateEscapes(): Promise<void> {
    const worker = this.#worker
    if (worker === undefined || worker.gone !== undefined) return
    for (let turn = 0; turn < 2; turn++) await worker.ask({ op: 'ping' }).catch(() => {})
  }

  #hearPrinted(text: string, check: string | undefined): void {
    const known = this.#printed.get(check) ?? { text: '', cut: 0 }
    const room = outputCharsMax - known.text.length
    known.text += text.slice(0, room)
    known.cut += Math.max(0, text.length - room)
    this.#printed.set(check, known)
  }

  #hearEscaped(error: ErrorReport, check: string | undefined): void {
    for (const id of check === undefined ? this.#running : [check]) {
      if (!this.#seen.has(id) || this.#escapes.has(id)) continue
      this.#escapes.set(id, error)
      const before = this.#results.get(id)
      const seen = this.#seen.get(id)
      if (before?.status !== 'passed' || seen === undefined) continue
      const { file } = this.#options
      const patienceMs = this.#limitMs
      const context: FailureContext = { lab: this.#suite.lab, id, log: seen.log, file, patienceMs }
      this.#give({ ...before, status: 'failed', ...escapedIn(error, context) })
    }
  }

  /** What was noticed around the calls turns the test that promises it from passed to failed. */
  #blameFindings(): void {
    const printed = [...this.#printed].flatMap(([id]): { finding: Finding }[] => {
      const call = id === undefined ? undefined : this.#seen.get(id)?.log.lastCall()
      return call === undefined ? [] : [{ finding: { kind: 'printed', call } }]
    })
    for (const { finding } of [...this.#findings, ...printed]) {
      const id = this.#suite.calls.blames[finding.kind]
      const before = id === undefined ? undefined : this.#results.get(id)
      if (before?.status !== 'passed') continue
      const path = finding.path === undefined || finding.path === '' ? '' : `, \`${finding.path}\``
      const facts = {
        call: finding.call,
        argument: finding.argument ?? '',
        path,
        count: finding.count ?? 0,
      }
      this.#give({ ...before, status: 'failed', ...kindOf(finding.kind, facts) })
    }
  }

  #give(result: TestResult, isFinal = false): void {
    const before = this.#results.get(result.id)
    if (before?.status === 'failed' && !isFinal) return
    this.#results.set(result.id, result)
    if (result.status === 'failed' && this.#options.untilFailure === true) {
      this.#isEnough = true
      this.#haveEnough()
    }
    this.#options.onResult?.(this.#withOutput(result))
  }

  #withOutput(result: TestResult): TestResult {
    const printed = this.#printed.get(result.id)
    if (printed === undefined) return result
    return {
      ...result,
      output: printed.text,
      ...(printed.cut === 0 ? {} : { outputCut: printed.cut }),
    }
  }
}
