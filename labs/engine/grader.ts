/**
 * The grader: hands a file to a judge and gives a verdict. One engine under `npm run lab`, vitest and
 * `npm run labs:check`.
 *
 *   grader (this process)  --orders-->   judge: suite, dice, broker  --calls-->   worker: the learner's file
 *                          <--reports--  judge/judge.ts              <--answers-- subject/worker.ts
 *
 * - a judge that is ready beforehand (`warm`) makes the verdict fast; it never sees two files
 *
 * GRADER-1  whatever the file does, there is a verdict: loops are stopped, dead threads and judges replaced
 * GRADER-3  only reports that carry the judge's nonce count
 * GRADER-4  `signal` ends a check at once, with all that runs for it
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { follow as followChild } from './children.ts'
import { kindOf, notRun } from './judge/failures.ts'
import type { Opening, Report, RunOrder } from './judge/reports.ts'
import type { LabText, Surroundings } from './lab.ts'
import type { HandedPlace } from './subject/handed.ts'
import { outcomeOf, type TestResult, type Trouble, type Verdict } from './verdict.ts'
import { fill, words } from './words.ts'

export interface CheckOptions {
  readonly lab: LabText
  /** Absolute path of the implementation. */
  readonly file: string
  readonly seed: number
  readonly surroundings: Surroundings
  /** Only these tests; all when left out. The verdict is then inconclusive at best. */
  readonly only?: readonly string[]
  /** As soon as a test has ended. A result may be told again, when a passed one has turned into a failed one. */
  readonly onResult?: (result: TestResult) => void
  /** Aborted: the judge is killed, and the promise rejects. */
  readonly signal?: AbortSignal
  /** The judge that was given will be used again: it is not ended, unless it died. */
  readonly keep?: boolean
  /** The run ends with the first failure: the other tests are not in the verdict. */
  readonly untilFailure?: boolean
  /** Whether known wrong programs are run on the same inputs, to tell a belief; true when left out. */
  readonly beliefs?: boolean
  /** How long one call may take, ms, instead of what the lab's page says: for checks of the grader itself. */
  readonly callMs?: number
  /** Gets what the suite handed over, when the run is done. */
  readonly onHanded?: (places: readonly HandedPlace[]) => void
}

/** A judge that has loaded the suite and waits for a file. */
export interface WarmChild {
  readonly process: ChildProcess
  readonly reports: Reports
  /** It has said that it waits for a file. */
  isReady: boolean
  stop(): void
}

const startMsMax = 60_000
/** The longest silence between two reports of a run, beside a check's patience: stopped loops included, ms. */
const silenceMsMax = 60_000
const judgesMax = 3

export function warm(lab: LabText, surroundings: Surroundings): WarmChild {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const script = fileURLToPath(new URL('./judge/judge.ts', import.meta.url))
  // tsx runs the judge's TypeScript the same way on every Node that the project supports; the learner's: subject/bundle.ts.
  const flags = ['--import', tsx, '--conditions=source']
  const { NODE_OPTIONS: _options, ...env } = process.env
  const child = followChild(
    spawn(process.execPath, [...flags, script], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: { ...env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
    }),
  )
  const nonce = randomUUID()
  const opening: Opening = { nonce, lab: lab.id, surroundings }
  child.stdin?.on('error', () => {})
  child.stdin?.write(`${JSON.stringify(opening)}\n`)
  return {
    process: child,
    reports: new Reports(child, nonce),
    isReady: false,
    stop: () => void child.kill('SIGKILL'),
  }
}

/** Judges one file. `ready` is a warm judge for this lab, if there is one; it is used up. */
export async function check(options: CheckOptions, ready?: WarmChild): Promise<Verdict> {
  const { lab, file, seed } = options
  const startedAt = performance.now()
  const results = new Map<string, TestResult>()
  const crashed = new Set<string>()
  let open = Object.keys(lab.tests).filter((id) => options.only?.includes(id) ?? true)
  let trouble: Trouble | undefined
  let explained: string | undefined
  let [output, outputCut] = ['', 0]
  let child: WarmChild | undefined = ready
  for (let judges = 0; open.length > 0 && trouble === undefined; judges++) {
    if (judges >= judgesMax) {
      for (const id of open)
        results.set(id, { id, status: 'failed', ...notRun([...crashed], lab), assertions: 0, ms: 0 })
      break
    }
    if (options.untilFailure === true && judges > 0) break
    const run = await runInJudge(child ?? warm(lab, options.surroundings), options, open)
    child = undefined
    for (const result of run.results) {
      // Who was running when the judge died gets a second chance: another check's waste may have killed it.
      if (run.died.has(result.id) && !crashed.has(result.id)) crashed.add(result.id)
      else results.set(result.id, result)
    }
    output += run.output
    outputCut += run.outputCut
    trouble = run.trouble
    explained ??= run.explained
    open = open.filter((id) => !results.has(id))
  }
  const tests = Object.keys(lab.tests).flatMap((id) => results.get(id) ?? [])
  const toShow = explained ?? tests.find(({ status }) => status !== 'passed')?.id
  return {
    lab: lab.id,
    file,
    seed,
    outcome: outcomeOf(tests, lab, trouble),
    tests: withNeeds(tests, lab),
    ...(toShow === undefined ? {} : { explained: toShow }),
    ...(trouble === undefined ? {} : { trouble }),
    output,
    ...(outputCut === 0 ? {} : { outputCut }),
    ms: Math.round(performance.now() - startedAt),
  }
}

/** Each failing test with the failing ones that it depends on. */
function withNeeds(tests: readonly TestResult[], lab: LabText): TestResult[] {
  const failed = new Set(tests.filter(({ status }) => status === 'failed').map(({ id }) => id))
  return tests.map((test) => {
    const needs = (lab.tests[test.id]?.needs ?? []).filter((id) => failed.has(id))
    return test.status === 'failed' && needs.length > 0 ? { ...test, needs } : test
  })
}

/** A judge for many files, one after the other, for checks of the grader itself. Beliefs are searched for on request only. */
export class Session {
  readonly #lab: LabText
  readonly #surroundings: Surroundings
  #judge: WarmChild | undefined

  constructor(lab: LabText, surroundings: Surroundings) {
    this.#lab = lab
    this.#surroundings = surroundings
  }

  async check(file: string, seed: number, more: Partial<CheckOptions> = {}): Promise<Verdict> {
    if (this.#judge?.process.exitCode !== null || this.#judge.process.signalCode !== null)
      this.#judge = warm(this.#lab, this.#surroundings)
    const base = { lab: this.#lab, surroundings: this.#surroundings, keep: true, beliefs: false }
    return check({ ...base, file, seed, ...more }, this.#judge)
  }

  /** Whether any test fails; the run ends as soon as one has. */
  async isNoticed(file: string, seed: number): Promise<boolean> {
    const verdict = await this.check(file, seed, { untilFailure: true })
    return verdict.outcome === 'failed'
  }

  stop(): void {
    this.#judge?.stop()
  }
}

interface JudgeRun {
  readonly results: readonly TestResult[]
  /** Tests that were running when the judge died. */
  readonly died: ReadonlySet<string>
  readonly explained?: string | undefined
  readonly trouble?: Trouble | undefined
  readonly output: string
  readonly outputCut: number
}

/** Follows one judge to its end. */
async function runInJudge(
  child: WarmChild,
  options: CheckOptions,
  only: readonly string[],
): Promise<JudgeRun> {
  const { signal } = options
  const abort = () => child.stop()
  signal?.addEventListener('abort', abort)
  try {
    return await follow(child, options, only)
  } finally {
    signal?.removeEventListener('abort', abort)
    if (options.keep !== true) child.stop()
  }
}

async function follow(child: WarmChild, options: CheckOptions, only: readonly string[]): Promise<JudgeRun> {
  const { reports } = child
  const results = new Map<string, TestResult>()
  const running = new Set<string>()
  let isLoaded = false
  const giveFile = () => {
    const order: RunOrder = {
      file: options.file,
      seed: options.seed,
      only,
      keep: options.keep === true,
      untilFailure: options.untilFailure === true,
      beliefs: options.beliefs !== false && options.untilFailure !== true,
      census: options.onHanded !== undefined,
      callMs: options.callMs,
    }
    child.process.stdin?.write(`${JSON.stringify(order)}\n`)
  }
  if (child.isReady) giveFile()
  for (;;) {
    const patienceMs = options.lab.callMs ?? options.surroundings.patienceMs
    const silenceMs = child.isReady ? silenceMsMax + patienceMs : startMsMax
    const report = await reports.next(silenceMs)
    options.signal?.throwIfAborted()
    if (report.type === 'silent' || report.type === 'ended') {
      // Whatever it has to say later belongs to this file: a kept judge must not tell it about the next one.
      child.stop()
      const base = { output: '', outputCut: 0 }
      if (child.isReady && !isLoaded && report.type === 'ended') {
        const says = fill(words.crashWhileLoading, { message: report.reason })
        return { ...base, results: [], died: new Set(), trouble: { kind: 'crash', says } }
      }
      if (running.size === 0 && results.size === 0)
        return { ...base, results: [], died: new Set(), trouble: machinery(report.type, reports.noise) }
      const reason = report.type === 'ended' ? report.reason : 'silence'
      for (const id of running) {
        const isMemory = /out of memory|Allocation failed|invalid (?:table|array) (?:size|length)/i.test(
          reports.noise,
        )
        const died = kindOf('crash', {
          call: words.thisCheck,
          message: isMemory ? words.outOfMemory : reason,
        })
        results.set(id, { id, status: 'failed', ...died, assertions: 0, ms: 0 })
      }
      return { ...base, results: [...results.values()], died: running }
    }
    if (report.type === 'ready') {
      child.isReady = true
      giveFile()
    } else if (report.type === 'loaded') isLoaded = true
    else if (report.type === 'begin') running.add(report.test)
    else if (report.type === 'result') {
      running.delete(report.result.id)
      results.set(report.result.id, report.result)
      options.onResult?.(report.result)
    } else if (report.type === 'trouble') {
      const { trouble, output, outputCut } = report
      return { results: [], died: new Set(), trouble, output, outputCut }
    } else if (report.type === 'done') {
      const { explained, output, outputCut, handed } = report
      if (handed !== undefined) options.onHanded?.(handed)
      return { results: report.results, died: new Set(), explained, output, outputCut }
    }
  }
}

function machinery(what: 'silent' | 'ended', noise: string): Trouble {
  const message = `${what === 'silent' ? 'no answer' : 'the judge ended'} ${noise.slice(-600)}`.trim()
  return { kind: 'environment', says: fill(words.machinery, { message }) }
}

interface Ended {
  readonly type: 'ended'
  readonly reason: string
}
interface Silent {
  readonly type: 'silent'
}

/** What the judge reported, in order. */
export class Reports {
  /** What the judge's process printed itself: for a message when the machinery breaks, never the learner's. */
  noise = ''
  readonly #waiting: (Report | Ended)[] = []
  #wake: () => void = () => {}

  constructor(child: ChildProcess, nonce: string) {
    const pipe = child.stdio[3] as Readable
    pipe.on('error', () => {})
    const lines = createInterface({ input: pipe })
    lines.on('line', (line) => {
      const report = parsed(line)
      if (report?.nonce === nonce) this.#push(report)
    })
    // The exit may be noticed before the last lines are read: the end of the pipe comes after them.
    let reason: string | undefined
    let isClosed = false
    const end = () => {
      if (isClosed && reason !== undefined) this.#push({ type: 'ended', reason })
    }
    lines.on('close', () => {
      isClosed = true
      end()
    })
    child.on('exit', (code, signal) => {
      reason = signal ?? `exit ${code}`
      end()
    })
    child.on('error', (error) => this.#push({ type: 'ended', reason: error.message }))
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.noise = `${this.noise}${text}`.slice(-4_000)
      })
    }
  }

  /** The next report; `silent` when none came for `silenceMs`. */
  async next(silenceMs: number): Promise<Report | Ended | Silent> {
    const askedAt = performance.now()
    for (;;) {
      const report = this.#waiting.shift()
      if (report !== undefined) return report
      const leftMs = silenceMs - (performance.now() - askedAt)
      if (leftMs <= 0) return { type: 'silent' }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  #push(report: Report | Ended): void {
    this.#waiting.push(report)
    this.#wake()
  }
}

function parsed(line: string): (Report & { nonce?: unknown }) | undefined {
  try {
    const value = JSON.parse(line) as unknown
    return typeof value === 'object' && value !== null ? (value as Report & { nonce?: unknown }) : undefined
  } catch {
    return undefined
  }
}
