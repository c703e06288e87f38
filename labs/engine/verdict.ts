/**
 * What a check gives: plain data, the same for the terminal, `--json`, vitest and the kill matrix.
 *
 * V1  passed: every test of the lab ran, asserted something, and held
 * V2  failed: something of the learner's did not hold (wrong, slow, endless, ended the process, …)
 * V3  inconclusive: nothing failed, but some test could not show what it is there to show
 * V4  environment: no verdict on the code, for the broker or our own machinery was not there
 */
import type { LabText, Text } from './lab.ts'
import type { Picture } from './picture.ts'

export type Outcome = 'passed' | 'failed' | 'inconclusive' | 'environment'

/** Process exit codes of `npm run lab -- check`; usage errors count as 3. */
export const exitCodes: Readonly<Record<Outcome, number>> = {
  passed: 0,
  failed: 1,
  inconclusive: 2,
  environment: 3,
}

export type FailureKind =
  | 'assertion'
  | 'not-implemented'
  | 'missing-export'
  | 'threw'
  | 'timeout'
  | 'endless-loop'
  | 'exit'
  | 'unhandled'
  | 'crash'
  | 'not-run'

export interface TestResult {
  readonly id: string
  readonly status: 'passed' | 'failed' | 'inconclusive'
  readonly kind?: FailureKind | undefined
  /** The case of the lab's text that was reported, for an assertion. */
  readonly case?: string | undefined
  readonly says?: Text | undefined
  readonly picture?: Picture | undefined
  /** Where in the learner's file, `file.ts:12:3`. */
  readonly where?: string | undefined
  readonly assertions: number
  readonly ms: number
}

/** Something that kept the tests from running at all. */
export interface Trouble {
  readonly kind: 'missing-file' | 'syntax' | 'load' | 'endless-loop' | 'exit' | 'crash' | 'environment'
  readonly says: Text
  readonly where?: string | undefined
  /** Lines of the learner's source around the place, with a caret. */
  readonly excerpt?: string
}

export interface Verdict {
  readonly lab: string
  readonly file: string
  readonly seed: number
  readonly outcome: Outcome
  readonly tests: readonly TestResult[]
  readonly trouble?: Trouble
  /** What the learner's code printed, capped. */
  readonly output: string
  readonly ms: number
}

export function outcomeOf(tests: readonly TestResult[], lab: LabText, trouble: Trouble | undefined): Outcome {
  if (trouble !== undefined) return trouble.kind === 'environment' ? 'environment' : 'failed'
  if (tests.some((test) => test.status === 'failed')) return 'failed'
  const complete = tests.length === Object.keys(lab.tests).length
  if (!complete || tests.some((test) => test.status === 'inconclusive' || test.assertions === 0))
    return 'inconclusive'
  return 'passed'
}
