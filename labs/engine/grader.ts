/**
 * The grader: runs a lab's suite on a file in a child process, with a watchdog, and gives a verdict.
 *
 * G1  whatever the file does, there is a verdict within seconds: a loop is stopped, a dead child replaced
 * G2  a test that had to be stopped by force fails; the tests after it run in a new child
 * G3  a child that is ready beforehand (`warm`) makes the verdict fast; it never sees two files
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { follow } from './children.ts'
import type { LabText, Surroundings } from './lab.ts'
import { type ChildReport, type RunOrder, silenceMsMax } from './protocol.ts'
import { type FailureKind, outcomeOf, type TestResult, type Trouble, type Verdict } from './verdict.ts'
import { fill, words } from './words.ts'

export interface CheckOptions {
  readonly lab: LabText
  /** Absolute path of the implementation. */
  readonly file: string
  readonly seed: number
  readonly surroundings: Surroundings
  readonly onResult?: (result: TestResult) => void
}

const outputCharsMax = 20_000
/** After so many children that had to be stopped, the remaining tests are not tried any more. */
const forcedStopsMax = 3

/** A child that has loaded the suite and waits for a file. */
export interface WarmChild {
  readonly process: ChildProcess
  readonly reports: ReportQueue
  stop(): void
}

export function warm(lab: LabText, surroundings: Surroundings): WarmChild {
  const flags = ['--conditions=source', '--experimental-transform-types', '--max-old-space-size=512']
  const quiet = ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning']
  const script = fileURLToPath(new URL('./child.ts', import.meta.url))
  const child = follow(
    spawn(process.execPath, [...flags, ...quiet, script, lab.id, JSON.stringify(surroundings)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
    }),
  )
  const reports = new ReportQueue(child)
  return { process: child, reports, stop: () => void child.kill('SIGKILL') }
}

/** Judges one file. `ready` is a warm child for this lab, if there is one; it is used up. */
export async function check(options: CheckOptions, ready?: WarmChild): Promise<Verdict> {
  const { lab, file, seed } = options
  const startedAt = performance.now()
  const results = new Map<string, TestResult>()
  const crashed = new Set<string>()
  let open = Object.keys(lab.tests)
  let trouble: Trouble | undefined
  let output = ''
  let child: WarmChild | undefined = ready
  for (let stops = 0; open.length > 0 && trouble === undefined; stops++) {
    if (stops >= forcedStopsMax) {
      for (const id of open) results.set(id, stopped(id, 'not-run'))
      break
    }
    const run = await runInChild(child ?? warm(lab, options.surroundings), options, open)
    child = undefined
    for (const result of run.results) {
      // Memory that one test wasted may kill the process in the next one: who died gets a second chance.
      if (result.kind === 'crash' && !crashed.has(result.id)) crashed.add(result.id)
      else results.set(result.id, result)
    }
    output += run.output
    trouble = run.trouble
    open = open.filter((id) => !results.has(id))
  }
  const tests = Object.keys(lab.tests).flatMap((id) => results.get(id) ?? [])
  const explained = tests.find((test) => test.status === 'failed')?.id
  return {
    lab: lab.id,
    file,
    seed,
    outcome: outcomeOf(tests, lab, trouble),
    tests,
    ...(trouble === undefined ? {} : { trouble }),
    ...(explained === undefined ? {} : { explained }),
    output: output.slice(0, outputCharsMax),
    ms: Math.round(performance.now() - startedAt),
  }
}

interface ChildRun {
  readonly results: TestResult[]
  readonly trouble: Trouble | undefined
  readonly output: string
}

/** Follows one child to its end; stops it when it falls silent. */
async function runInChild(
  child: WarmChild,
  options: CheckOptions,
  only: readonly string[],
): Promise<ChildRun> {
  const { reports } = child
  const results = new Map<string, TestResult>()
  const running = new Set<string>()
  const give = (result: TestResult) => {
    running.delete(result.id)
    results.set(result.id, result)
    options.onResult?.(result)
  }
  const end = (trouble?: Trouble): ChildRun => {
    child.stop()
    return { results: [...results.values()], trouble, output: reports.output }
  }
  let phase: 'starting' | 'loading' | 'running' = 'starting'
  for (;;) {
    const report = await reports.next(
      phase === 'starting' ? 30_000 : silenceMsMax,
      options.surroundings.patienceMs,
    )
    if (report.type === 'silent' || report.type === 'ended') {
      if (phase === 'starting') return end(environmentTrouble(report.type, reports.output))
      if (phase === 'loading') return end(loadTrouble(report))
      if (running.size === 0) return end(environmentTrouble(report.type, reports.output))
      const kind: FailureKind =
        report.type === 'silent' ? 'endless-loop' : report.code === 0 ? 'exit' : 'crash'
      for (const id of running) give(stopped(id, kind, report.type === 'ended' ? report.reason : ''))
      return end()
    }
    if (report.type === 'ready') {
      phase = 'loading'
      const order: RunOrder = { type: 'run', file: options.file, seed: options.seed, only }
      child.process.send(order)
    } else if (report.type === 'loaded') phase = 'running'
    else if (report.type === 'begin') running.add(report.test)
    else if (report.type === 'result') give(report.result)
    else if (report.type === 'trouble') return end(report.trouble)
    else if (report.type === 'done') return end()
  }
}

function stopped(id: string, kind: FailureKind, message = ''): TestResult {
  const text =
    kind === 'endless-loop'
      ? words.endlessLoop
      : kind === 'exit'
        ? words.exit
        : kind === 'crash'
          ? words.crash
          : words.notRun
  const says = fill(text, { seconds: silenceMsMax / 1000, message })
  return { id, status: 'failed', kind, says, assertions: 0, ms: silenceMsMax }
}

function loadTrouble(report: Ended | Silent): Trouble {
  if (report.type === 'silent') {
    return { kind: 'endless-loop', says: fill(words.loadLoop, { seconds: silenceMsMax / 1000 }) }
  }
  if (report.code === 0) return { kind: 'exit', says: words.exit }
  return { kind: 'crash', says: fill(words.crash, { message: report.reason }) }
}

function environmentTrouble(what: 'silent' | 'ended', output: string): Trouble {
  const message = `${what === 'silent' ? 'no answer' : 'the child ended'} ${output.slice(-600)}`.trim()
  return { kind: 'environment', says: fill(words.machinery, { message }) }
}

interface Ended {
  readonly type: 'ended'
  readonly code: number | null
  readonly reason: string
}
interface Silent {
  readonly type: 'silent'
}

/** What the child reported, in order, with a clock on its silence. Beats are swallowed: they only keep it alive. */
class ReportQueue {
  output = ''
  readonly #waiting: (Exclude<ChildReport, { type: 'beat' }> | Ended)[] = []
  #wake: () => void = () => {}
  #heardAt = performance.now()

  constructor(child: ChildProcess) {
    child.on('message', (message) => {
      const report = message as ChildReport
      this.#heardAt = performance.now()
      if (report.type !== 'beat') this.#push(report)
    })
    // The exit may be noticed before the last messages are read: the channel's end comes after them.
    child.on('exit', (code, signal) => {
      const ended = once(() => this.#push({ type: 'ended', code, reason: signal ?? `exit ${code}` }))
      if (!child.connected) setImmediate(ended)
      child.once('disconnect', ended)
      setTimeout(ended, 500).unref()
    })
    child.on('error', (error) => this.#push({ type: 'ended', code: -1, reason: error.message }))
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        if (this.output.length < outputCharsMax) this.output += text
      })
    }
  }

  /** The next report; `silent` when nothing, not even a beat, was heard for `silenceMs`. */
  async next(
    silenceMs: number,
    patienceMs: number,
  ): Promise<Exclude<ChildReport, { type: 'beat' }> | Ended | Silent> {
    this.#heardAt = performance.now()
    const askedAt = this.#heardAt
    for (;;) {
      const report = this.#waiting.shift()
      if (report !== undefined) return report
      const now = performance.now()
      if (now - this.#heardAt > silenceMs) return { type: 'silent' }
      // Beats without an end: a load that awaits for ever. The child's own patience covers the tests.
      if (now - askedAt > Math.max(silenceMs, patienceMs + 2_000)) return { type: 'silent' }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  #push(report: Exclude<ChildReport, { type: 'beat' }> | Ended): void {
    this.#waiting.push(report)
    this.#wake()
  }
}

function once(run: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) run()
    isDone = true
  }
}
