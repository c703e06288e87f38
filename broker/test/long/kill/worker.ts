/**
 * What all workers of the campaign have: a client, random numbers, a flag that ends them, and helpers for requests.
 *
 * A worker does one kind of work until it is stopped, across all lives of the broker, and records the promises that it
 * got. `verify` checks them afterwards, and throws if one was broken.
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
  /** Number of promises so far. */
  readonly acknowledged: number
  /** Works until it is stopped. Rejects if a response is wrong. */
  run(): Promise<void>
  /** Rejects if a promise was broken. */
  verify(): Promise<void>
}

const TRANSIENT: readonly number[] = [
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.NOT_COORDINATOR,
  ErrorCode.CONCURRENT_TRANSACTIONS,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  // The answer to a Produce whose transaction can't be verified, as while its coordinator loads (KIP-890).
  ErrorCode.NOT_ENOUGH_REPLICAS,
]

const PATIENCE_MS = 30_000

/** Retries while the error is retriable, up to a time limit; returns the error code (which may be NONE). */
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

/** Makes a text longer, so that segments fill at different speeds; `nameOf` removes the addition. */
export function padded(name: string, random: SeededRandom): Uint8Array {
  return utf8.encode(`${name}|${'x'.repeat(random.int(400))}`)
}

export function nameOf(value: Uint8Array | null): string {
  return value ? text.decode(value).split('|')[0]! : 'null'
}
