/**
 * The outcome of a change: how the controller answers the client that asked for it.
 */
import { type Core, StorageError } from '../../core.ts'
import { ErrorCode, errorName, KafkaError } from '../../wire/errors.ts'
import type { Charge } from './partition-decisions.ts'

/** The outcome of a wish: NONE, or what is wrong with it, with a message for the client. */
export interface Outcome {
  readonly errorCode: ErrorCode
  readonly message: string | null
}
export const DONE: Outcome = { errorCode: ErrorCode.NONE, message: null }

/** The outcome of one of several wishes, and what was granted. */
export interface Answer<Grant> extends Outcome {
  readonly granted?: Grant
}

export interface WishOptions {
  readonly validateOnly?: boolean
  /** Told of the partitions that each wish makes or removes; throws what the client is answered with (KIP-599). */
  readonly charge?: Charge
}
export const FREE: Charge = () => {}

/** What was thrown while a wish was decided, as its outcome; our own mistakes go to the log as well. */
export function outcomeOf(error: unknown, core: Core): Outcome {
  if (error instanceof KafkaError) {
    // Without a message of its own an error has its name for one: clients know better words.
    const message = error.message === errorName(error.code) ? null : error.message
    return { errorCode: error.code, message }
  }
  if (error instanceof StorageError) {
    core.log('error', `controller: a decision could not be written: ${error.message}`)
    return { errorCode: ErrorCode.KAFKA_STORAGE_ERROR, message: error.message }
  }
  core.log('error', `controller: ${error instanceof Error ? error.stack : String(error)}`)
  return { errorCode: ErrorCode.UNKNOWN_SERVER_ERROR, message: String(error) }
}

/** Decides on each wish by itself: what is granted, or why not. */
export function decideEach<Wish, Grant>(
  wishes: readonly Wish[],
  decide: (wish: Wish, at: number) => Grant,
  core: Core,
): Answer<Grant>[] {
  return wishes.map((wish, at) => {
    try {
      return { ...DONE, granted: decide(wish, at) }
    } catch (error) {
      return outcomeOf(error, core)
    }
  })
}
