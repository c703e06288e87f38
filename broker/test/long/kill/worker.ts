/**
 * What every worker of the campaign has: a client, dice, a flag that ends it, and words for requests.
 *
 * A worker does one kind of work until it is told to end, across all lives of the broker, and remembers what it was
 * promised. Afterwards it holds the broker to it: `verify` throws when a promise was broken.
 */
import { ProduceRequest, ProduceResponse } from '../../../src/messages/produce.ts'
import type { SeededRandom } from '../../../src/sim/seeded-random.ts'
import { ErrorCode, errorName } from '../../../src/wire/errors.ts'
import { nearestNumber } from '../../../src/wire/int64.ts'
import type { Caller, Retry } from './caller.ts'

export interface WorkerTools {
  readonly caller: Caller
  readonly random: SeededRandom
  readonly isOver: () => boolean
}

export interface Worker {
  readonly name: string
  /** Promises that were made so far. */
  readonly acknowledged: number
  /** Works until it is over. Rejects when an answer is wrong. */
  run(): Promise<void>
  /** Rejects when a promise was broken. */
  verify(): Promise<void>
}

const TRANSIENT: readonly number[] = [
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.NOT_COORDINATOR,
  ErrorCode.CONCURRENT_TRANSACTIONS,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
]

const PATIENCE_MS = 30_000

/** Asks until the answer is no passing error, or has not passed for long; gives the error code (which may be NONE). */
export async function settled(ask: () => Promise<number>): Promise<number> {
  const startedMs = Date.now()
  for (;;) {
    const errorCode = await ask()
    if (!TRANSIENT.includes(errorCode) || Date.now() - startedMs > PATIENCE_MS) return errorCode
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export async function expectNone(what: string, ask: () => Promise<number>): Promise<void> {
  const errorCode = await settled(ask)
  if (errorCode !== ErrorCode.NONE) throw new Error(`${what}: ${errorName(errorCode)}`)
}

export interface Appended {
  readonly errorCode: number
  readonly baseOffset: number
}

/** Produces one batch to one partition with acks=all. */
export async function produce(
  caller: Caller,
  topic: string,
  index: number,
  records: Uint8Array,
  {
    retry = 'again',
    transactionalId = null,
    version = 11,
  }: { retry?: Retry; transactionalId?: string | null; version?: number } = {},
): Promise<Appended> {
  const body = {
    transactionalId,
    acks: -1,
    timeoutMs: 10_000,
    topicData: [{ name: topic, partitionData: [{ index, records }] }],
  }
  const { responses } = await caller.call(ProduceRequest, ProduceResponse, version, body, retry)
  const { errorCode, baseOffset } = responses[0]!.partitionResponses[0]!
  return { errorCode, baseOffset: nearestNumber(baseOffset) }
}

export const utf8 = new TextEncoder()
export const text = new TextDecoder()

/** A text made longer, so that segments fill at different speeds; `nameOf` takes it back. */
export function padded(name: string, random: SeededRandom): Uint8Array {
  return utf8.encode(`${name}|${'x'.repeat(random.int(400))}`)
}

export function nameOf(value: Uint8Array | null): string {
  return value ? text.decode(value).split('|')[0]! : 'null'
}
