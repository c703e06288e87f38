/**
 * Runs a suite against one implementation, in the process that the implementation lives in.
 *
 * Code that is being judged does what it likes: throws later, from a timer; rejects a promise that nobody
 * awaits; calls process.exit. Each test runs in an async context of its own, so that whatever escapes is
 * laid at the door of the test it came from.
 *
 * R1  every test of the suite gets exactly one result
 * R2  a result may turn from passed to failed until the run is over (an error that escaped late), never back
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { Dice } from './dice.ts'
import type { CaseText, LabText, Suite, TestText, Text } from './lab.ts'
import type { Picture } from './picture.ts'
import { EnvironmentTrouble, type Facts, Failure, Inconclusive, show, Trial } from './trial.ts'
import type { FailureKind, TestResult } from './verdict.ts'
import { fill, words } from './words.ts'

export interface RunOptions {
  readonly seed: number
  readonly patienceMs: number
  /** Where the implementation's file lies, as it appears in stack traces; to point at a line. */
  readonly subjectUrl?: string
  /** Only these tests; all when left out. */
  readonly only?: readonly string[] | undefined
  readonly onBegin?: (test: string) => void
  readonly onResult?: (result: TestResult) => void
}

/** Which test the running code belongs to. */
export const currentTest = new AsyncLocalStorage<string>()

interface Verdictlet {
  kind: FailureKind
  says: Text
  case?: string
  picture?: Picture
  where?: string
  why?: Text
  try?: Text
}

/** Runs the tests and gives their results in the suite's order. `bench` is what `suite.open` gave. */
export async function runSuite<Subject, Bench>(
  suite: Suite<Subject, Bench>,
  subject: Subject,
  bench: Bench,
  options: RunOptions,
): Promise<TestResult[]> {
  const ids = Object.keys(suite.tests).filter((id) => options.only?.includes(id) ?? true)
  const results = new Map<string, TestResult>()
  const escaped = listenForEscapes((id, failure) => {
    const targets = id === undefined ? [...running] : [id]
    for (const target of targets) {
      const before = results.get(target)
      if (before?.status === 'failed') continue
      const result = {
        assertions: before?.assertions ?? 0,
        ms: before?.ms ?? 0,
        id: target,
        status: 'failed',
        ...failure,
      } as const
      results.set(target, result)
      options.onResult?.(result)
    }
  }, options.subjectUrl)
  const running = new Set<string>()

  const runOne = async (id: string) => {
    running.add(id)
    options.onBegin?.(id)
    const result = await currentTest.run(id, () => runTest(suite, id, subject, bench, options))
    running.delete(id)
    if (results.get(id)?.status === 'failed') return
    results.set(id, result)
    options.onResult?.(result)
  }
  try {
    if (suite.parallel) await Promise.all(ids.map(runOne))
    else for (const id of ids) await runOne(id)
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
  } finally {
    escaped.stop()
  }
  return ids.flatMap((id) => results.get(id) ?? [])
}

async function runTest<Subject, Bench>(
  suite: Suite<Subject, Bench>,
  id: string,
  subject: Subject,
  bench: Bench,
  options: RunOptions,
): Promise<TestResult> {
  const trial = new Trial<string>(new Dice(options.seed, id, suite.lab.examples))
  const test = suite.tests[id]
  if (test === undefined) throw new Error(`run-suite: no test ${id}`)
  const startedAt = performance.now()
  const finish = (rest: Omit<TestResult, 'id' | 'assertions' | 'ms'>): TestResult => ({
    id,
    ...rest,
    assertions: trial.assertions,
    ms: Math.round(performance.now() - startedAt),
  })
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<'timeout'>((resolve) => {
    const arm = () => {
      timer = setTimeout(() => (trial.isQueued ? arm() : resolve('timeout')), options.patienceMs)
    }
    arm()
  })
  try {
    const ended = await Promise.race([Promise.resolve(test(trial, subject, bench)), timeout])
    if (ended === 'timeout')
      return finish({ status: 'failed', ...timeoutOf(suite.lab, id, options.patienceMs) })
    if (trial.assertions === 0) return finish({ status: 'inconclusive', says: words.noAssertion })
    return finish({ status: 'passed' })
  } catch (error) {
    if (error instanceof EnvironmentTrouble) throw error
    if (error instanceof Inconclusive) return finish({ status: 'inconclusive', says: error.reason })
    return finish({ status: 'failed', ...failureOf(error, suite.lab, id, options.subjectUrl) })
  } finally {
    clearTimeout(timer)
  }
}

function timeoutOf(lab: LabText, id: string, patienceMs: number): Verdictlet {
  const own = lab.tests[id]?.says.timeout
  return { kind: 'timeout', says: fill(own ?? words.timeout, { seconds: Math.round(patienceMs / 1000) }) }
}

/** Puts whatever was thrown into a learner's words. */
export function failureOf(error: unknown, lab: LabText, id: string, subjectUrl?: string): Verdictlet {
  if (error instanceof Failure) {
    const text: CaseText = lab.tests[id]?.says[error.says] ?? { en: error.says, ru: error.says }
    const picture = error.picture === undefined ? {} : { picture: error.picture }
    return {
      kind: 'wrong-value',
      case: error.says,
      says: fill(text, error.facts),
      ...adviceOf(text, lab.tests[id], error.facts),
      ...picture,
    }
  }
  if (error instanceof MissingExport) return { kind: 'missing-export', says: error.says }
  if (error instanceof ExitCalled) return { kind: 'exit', says: words.exit }
  const message = error instanceof Error ? error.message : show(error)
  const place = placeOf(error, subjectUrl)
  const where = place === undefined ? {} : { where: place }
  const stub = /^not implemented\b:?\s*(\w*)/i.exec(message)
  if (stub !== null)
    return { kind: 'not-implemented', says: fill(words.notImplemented, { name: stub[1] || '?' }), ...where }
  const name = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : ''
  return { kind: 'threw', says: fill(words.threw, { message: name + message }), ...where }
}

/** A case's own why and try, if it has either; else those of its test, which are true of all cases without their own. */
function adviceOf(own: CaseText, test: TestText | undefined, facts: Facts): { why?: Text; try?: Text } {
  const from = own.why === undefined && own.try === undefined ? test : own
  return {
    ...(from?.why === undefined ? {} : { why: fill(from.why, facts) }),
    ...(from?.try === undefined ? {} : { try: fill(from.try, facts) }),
  }
}

/** `partitioner.ts:12:3`: the topmost frame of the stack that lies in the implementation's file. */
export function placeOf(error: unknown, subjectUrl: string | undefined): string | undefined {
  if (!(error instanceof Error) || subjectUrl === undefined) return undefined
  const name = subjectUrl.split('/').at(-1) ?? subjectUrl
  const at = (error.stack ?? '')
    .split('\n')
    .find((line) => line.trim().startsWith('at ') && line.includes(`${name}:`))
  const position = at === undefined ? null : /:(\d+):(\d+)\)?$/.exec(at)
  return position === null ? undefined : `${name}:${position[1]}:${position[2]}`
}

/** Thrown on reading an export that is not there, so that only the tests that need it fail. */
export class MissingExport extends Error {
  readonly says: Text
  constructor(says: Text) {
    super(says.en)
    this.says = says
  }
}

export class ExitCalled extends Error {}

/** Catches what would end the process; gives each to `blame` with the test that it came from, if known. */
function listenForEscapes(
  blame: (test: string | undefined, failure: Verdictlet) => void,
  subjectUrl?: string,
) {
  const onError = (error: unknown) => {
    if (error instanceof ExitCalled) return
    const message = error instanceof Error ? error.message : show(error)
    const place = placeOf(error, subjectUrl)
    blame(currentTest.getStore(), {
      kind: 'unhandled',
      says: fill(words.unhandled, { message }),
      ...(place === undefined ? {} : { where: place }),
    })
  }
  const exit = process.exit
  const exitInstead = () => {
    blame(currentTest.getStore(), { kind: 'exit', says: words.exit })
    throw new ExitCalled('process.exit was called')
  }
  process.exit = exitInstead as typeof process.exit
  process.on('uncaughtException', onError)
  process.on('unhandledRejection', onError)
  return {
    stop() {
      process.exit = exit
      process.off('uncaughtException', onError)
      process.off('unhandledRejection', onError)
    },
  }
}
