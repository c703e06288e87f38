/**
 * What the grader and its child say to each other, over Node's IPC channel.
 *
 *   child  -> ready                        suite loaded, broker up: waiting for a file
 *   parent -> run { file, seed, only }
 *   child  -> loaded | begin | result …    a beat every 100 ms, so that a busy loop is noticed
 *   child  -> done                         or trouble: the tests could not run
 */
import type { TestResult, Trouble } from './verdict.ts'

export interface RunOrder {
  readonly type: 'run'
  readonly file: string
  readonly seed: number
  readonly only?: readonly string[]
}

export type ChildReport =
  | { readonly type: 'ready' }
  | { readonly type: 'beat' }
  | { readonly type: 'loaded' }
  | { readonly type: 'begin'; readonly test: string }
  | { readonly type: 'result'; readonly result: TestResult }
  | { readonly type: 'trouble'; readonly trouble: Trouble }
  | { readonly type: 'done' }

export const beatMs = 100
/** No beat for so long: the child's processor is in somebody's loop. Generous, for machines are slow at times. */
export const silenceMsMax = 5_000
