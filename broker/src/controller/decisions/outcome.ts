/**
 * The outcome of a request to the controller: the error code and message that the client receives.
 */
import { type Core, StorageError } from '../../core.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode, errorName, KafkaError } from '../../wire/errors.ts'
import type { Charge } from './partition-decisions.ts'

/** NONE, or an error with a message for the client. */
export interface Outcome {
  readonly errorCode: ErrorCode
  readonly message: string | null
}
export const DONE: Outcome = { errorCode: ErrorCode.NONE, message: null }

/** The outcome for one item of a request, and its decision if it is valid. */
export interface Answer<Decision> extends Outcome {
  readonly decision?: Decision
}

export interface ChangeOptions {
  readonly validateOnly?: boolean
  /** The time after which the request is not executed any more (monotonic, ms); default: never (decision-queue.ts). */
  readonly deadlineMs?: number | undefined
  /** Called with the number of partitions that each item creates or deletes; throws if the quota is exceeded (KIP-599). */
  readonly charge?: Charge
}
export const NO_CHARGE: Charge = () => {}

/** Converts a thrown error to an outcome. Unexpected errors are also logged. */
export function outcomeOf(error: unknown, core: Core): Outcome {
  if (error instanceof KafkaError) {
    // Without a message of its own the error has its name as the message: clients have a better text for the code.
    const message = error.message === errorName(error.code) ? null : error.message
    return { errorCode: error.code, message }
  }
  if (error instanceof StorageError) {
    core.log('error', `controller: could not write to the metadata log: ${error.message}`)
    return { errorCode: ErrorCode.KAFKA_STORAGE_ERROR, message: error.message }
  }
  core.log('error', `controller: ${error instanceof Error ? error.stack : String(error)}`)
  return { errorCode: ErrorCode.UNKNOWN_SERVER_ERROR, message: String(error) }
}

/** Decides on each item separately, in turns: its decision, or its error. */
export function* decideEach<Item, Decision>(
  pace: Pace,
  items: readonly Item[],
  decide: (item: Item, at: number) => Decision,
  core: Core,
): Steps<Answer<Decision>[]> {
  const answers: Answer<Decision>[] = []
  for (const [at, item] of items.entries()) {
    if (pace.isOver) yield
    answers.push(answerOf(() => decide(item, at), core))
  }
  return answers
}

function answerOf<Decision>(decide: () => Decision, core: Core): Answer<Decision> {
  try {
    return { ...DONE, decision: decide() }
  } catch (error) {
    return outcomeOf(error, core)
  }
}
