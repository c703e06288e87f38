/**
 * What the judge and the worker that holds the learner's code say to each other, over a port that only these
 * two have. The worker answers calls; it has no message for "passed", so a forged one is only a wrong answer.
 *
 *   judge  -> load | call | each | get …   each with a sequence number
 *   worker -> answer                       with that number
 *   worker -> printed | escaped | exiting | timer     when it happens, with the check it belongs to
 *   worker -> callback                     the learner's code calls a function of the suite's
 *   judge  -> called-back                  what came of it
 *
 * After each message the worker adds 1 to a shared counter, on which the judge sleeps (Atomics.wait) when a
 * call is synchronous. Where the learner's code calls a function that answers at once, it is the worker that sleeps, on a
 * counter of its own, until the answer has come over a second port.
 */
import type { Exported } from '../exports.ts'
import type { ErrorReport, Wire } from './values.ts'

/** What is called: an export of the file, something it handed out, or a method of that. */
export type Target =
  | readonly ['export', string]
  | readonly ['handle', number]
  | readonly ['method', number, string]

export interface ClientSpec {
  readonly id: number
  /** Bootstrap servers as the client believes; connections go to the proxy on `proxyPort`. */
  readonly brokers: readonly string[]
  readonly proxyPort: number
  readonly config: Readonly<Record<string, unknown>>
  /** A seed: metadata lists partitions in another order than by number, as brokers may. */
  readonly shuffle?: number
  /** The id of a broker that is not there, listed as the first replica of every other partition, as after a failure. */
  readonly absentBroker?: number
  /** createTopics waits until the cluster knows the topic, for clusters that are not ours. */
  readonly isPatient: boolean
}

export type ToWorker =
  | { readonly op: 'load'; readonly seq: number; readonly slot: number; readonly url: string }
  | {
      readonly op: 'call'
      readonly seq: number
      readonly slot: number
      readonly check: string
      readonly target: Target
      readonly args: readonly Wire[]
      /** A value is wanted, or whatever the promise that is given comes to. */
      readonly wants: 'value' | 'promise'
    }
  | {
      readonly op: 'each'
      readonly seq: number
      readonly slot: number
      readonly check: string
      /** Called in turn: one function, or several. */
      readonly targets: readonly Target[]
      /** Lists of arguments, each once. */
      readonly list: readonly (readonly Wire[])[]
      /** For each call the place of its arguments in `list`. */
      readonly order: Uint32Array
    }
  | {
      readonly op: 'get'
      readonly seq: number
      readonly check: string
      readonly handle: number
      readonly name: string
    }
  /** Looks again at the answers of a check: which calls' answers have changed since? Then lets go of them. */
  | { readonly op: 'look-again'; readonly seq: number; readonly check: string }
  /** Writes over the bytes and lists that a call has answered, as a caller may. */
  | { readonly op: 'overwrite'; readonly seq: number; readonly call: number; readonly fill: number }
  /** A value that the caller keeps and hands over again: made, or changed in place. */
  | { readonly op: 'kept'; readonly seq: number; readonly kept: number; readonly value: Wire }
  | { readonly op: 'kept-now'; readonly seq: number; readonly kept: number }
  | { readonly op: 'memory'; readonly seq: number; readonly memory: number; readonly size: number }
  | {
      readonly op: 'write'
      readonly seq: number
      readonly memory: number
      readonly at: number
      readonly bytes: Uint8Array
    }
  | { readonly op: 'ping'; readonly seq: number }
  | { readonly op: 'called-back'; readonly seq: number; readonly came: CameOfCallback }
  /** The thread stands still until `WorkerStart.frozen` is 0 again. */
  | { readonly op: 'freeze'; readonly seq: number }

/** What came of a call of a function of the suite's. */
export type CameOfCallback =
  | { readonly ok: Wire }
  | { readonly threw: { readonly name: string; readonly message: string; readonly fields: Wire } }
  /** What it threw is no error. */
  | { readonly threwValue: Wire }

/** What is not as it was: the number of an argument, and where in it (`message.key`; empty: the argument itself). */
export interface ChangedPlace {
  readonly argument: number
  readonly path: string
}

/** What came of a call. `same`: the number of an argument that is the answer. */
export type Answer =
  | { readonly ok: Wire; readonly changed?: ChangedPlace | undefined; readonly same?: number | undefined }
  | { readonly threw: ErrorReport; readonly changed?: ChangedPlace | undefined }
  | { readonly missing: string; readonly found: readonly Exported[] }
  | { readonly list: readonly Answer[] }
  /** Of many calls that all gave a number, a string or the like, and changed nothing. */
  | { readonly plain: readonly Wire[] }
  | { readonly calls: readonly number[]; readonly timers: number }

export type FromWorker =
  | { readonly seq: number; readonly answer: Answer }
  | { readonly printed: string; readonly check: string | undefined }
  | { readonly escaped: ErrorReport; readonly check: string | undefined }
  | { readonly exiting: number; readonly check: string | undefined }
  | { readonly timer: number; readonly check: string | undefined }
  | { readonly dice: string; readonly check: string | undefined }
  | {
      readonly callback: number
      readonly seq: number
      readonly args: readonly Wire[]
      /** The worker sleeps until the answer is there. */
      readonly isAtOnce: boolean
    }
  | { readonly ready: true }

export interface WorkerStart {
  readonly port: unknown
  readonly counter: SharedArrayBuffer
  /** Answers to callbacks that answer at once, and how many there have been. */
  readonly answersPort: unknown
  readonly answers: SharedArrayBuffer
  /** 1 while the thread shall stand still. */
  readonly frozen: SharedArrayBuffer
  /** The client is loaded beforehand, for labs whose functions are handed one. */
  readonly isClientNeeded: boolean
}
