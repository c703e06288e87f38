/**
 * What the grader and its judge say to each other: lines of JSON, orders over standard input, reports over a
 * pipe of their own.
 *
 *   grader -> { nonce, lab, surroundings }    the first line, before anything of the learner's is loaded
 *   judge  -> ready                           suite loaded, broker up, workers warm: waiting for a file
 *   grader -> { file, seed, only?, keep? }
 *   judge  -> loaded | begin | result …
 *   judge  -> done                            or trouble: the tests could not run
 *
 * REPORTS-1  each report carries the nonce. A learner's thread shares the process and may write to the pipe,
 *            but it does not know the nonce: it came and was read before the thread was started.
 */
import type { Surroundings } from '../lab.ts'
import type { HandedPlace } from '../subject/handed.ts'
import type { TestResult, Trouble } from '../verdict.ts'

export interface Opening {
  readonly nonce: string
  readonly lab: string
  readonly surroundings: Surroundings
}

export interface RunOrder {
  readonly file: string
  readonly seed: number
  readonly only?: readonly string[]
  /** More files will come: the bench stays open. */
  readonly keep?: boolean
  /** The run ends with the first failure: enough to know that a mutant was noticed. */
  readonly untilFailure?: boolean
  /** Known wrong programs are run too, to find out whose belief is behind the failure (beliefs.ts). */
  readonly beliefs?: boolean
  /** What the suite hands over is reported (subject/handed.ts). */
  readonly census?: boolean
  /** How long one call may take, ms, instead of what the lab's page says. */
  readonly callMs?: number | undefined
}

export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'loaded' }
  | { readonly type: 'begin'; readonly test: string }
  | { readonly type: 'result'; readonly result: TestResult }
  | {
      readonly type: 'trouble'
      readonly trouble: Trouble
      readonly output: string
      readonly outputCut: number
    }
  | {
      readonly type: 'done'
      readonly results: readonly TestResult[]
      readonly explained?: string
      readonly output: string
      readonly outputCut: number
      readonly handed?: readonly HandedPlace[]
    }

/** The pipe of the reports. */
export const reportsFd = 3
