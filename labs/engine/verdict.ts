/**
 * What a check gives: plain data, the same for the terminal, `--json`, vitest and the kill matrix.
 *
 * - inconclusive: nothing failed, but some test could not show what it is there to show
 *
 * VERDICT-1  passed: every test of the lab ran, asserted something, and held
 * VERDICT-2  failed: something of the learner's did not hold (wrong, slow, endless, ended the process, …)
 * VERDICT-4  environment: no verdict on the code, for the broker or our own machinery was not there
 */
import type { LabText } from './lab.ts'
import type { Picture } from './picture.ts'
import type { Text } from './text.ts'

export type Outcome = 'passed' | 'failed' | 'inconclusive' | 'environment'

/** Process exit codes of `npm run lab -- check`; usage errors count as 3. */
export const exitCodes: Readonly<Record<Outcome, number>> = {
  passed: 0,
  failed: 1,
  inconclusive: 2,
  environment: 3,
}

/**
 * How a check failed. The first group is about what the code gave, the second about how it behaved while it
 * was called, the third about what is not there or was not run. Each kind has words of its own (words.ts).
 */
export type FailureKind =
  | 'wrong-value'
  | 'wrong-order'
  | 'wrong-type'
  | 'missing-return'
  | 'argument-changed'
  | 'answer-changed'
  | 'argument-returned'
  | 'answer-differs'
  | 'left-timer'
  | 'answer-shared'
  | 'left-open'
  | 'printed'
  | 'not-repeatable'
  | 'threw'
  | 'timeout'
  | 'endless-loop'
  | 'exit'
  | 'unhandled'
  | 'crash'
  | 'missing-export'
  | 'not-implemented'
  | 'not-run'

/** A wrong program that was run on the same inputs and gave the same outputs: what its author believed. */
export interface Belief {
  /** From the repository's root. */
  readonly file: string
  readonly misconception: string
  readonly text: Text
}

export interface TestResult {
  readonly id: string
  readonly status: 'passed' | 'failed' | 'inconclusive'
  readonly kind?: FailureKind | undefined
  /** The case of the lab's text that was reported, if it was one. */
  readonly case?: string | undefined
  /** What happened; why Kafka does otherwise; what to try. Each is true of this failure, or not there. */
  readonly says?: Text | undefined
  readonly why?: Text | undefined
  readonly try?: Text | undefined
  readonly picture?: Picture | undefined
  /** The call during which it happened: `readAll(kafka, 'orders-x1')`. */
  readonly call?: string | undefined
  /** Where in the learner's file, `file.ts:12:3`. */
  readonly where?: string | undefined
  /** The learner's frames of the stack, innermost first: `readAll (/path/file.ts:12:3)`. */
  readonly frames?: readonly string[] | undefined
  /** What the client asked of the broker, in the protocol's words, from the trace. */
  readonly did?: Text | undefined
  readonly belief?: Belief | undefined
  /** What the learner's code printed during this check, and how many characters more were left out. */
  readonly output?: string | undefined
  readonly outputCut?: number | undefined
  /** Failing checks that this one depends on. */
  readonly needs?: readonly string[] | undefined
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
  /** The most specific of the failing checks: the one to show in full. */
  readonly explained?: string
  /** What the learner's code printed outside of any check, capped; what a check printed is in its result. */
  readonly output: string
  readonly outputCut?: number
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
