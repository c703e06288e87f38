/**
 * Lab 11: retries and dead letters. Its page says all that is judged: `npm start`, then Labs, "Retries and dead letters".
 * Fill in the two functions and save; `npm run lab` checks at each save.
 */
import type { Kafka } from 'kafkajs'

/** A 64-bit integer. kafkajs gives it as a string; pass on whichever of the three you like. */
export type Offset = string | bigint | number

/** A retry topic, and how long a record waits in it, ms. */
export interface Retry {
  topic: string
  delayMs: number
}

/** A record as `handle` gets it. */
export interface Received {
  /** Where the record lies in the original topic, also when it comes from a retry topic. */
  partition: number
  offset: Offset
  key: Buffer | null
  value: Buffer | null
  /** The number of this attempt, from 1. */
  attempt: number
}

/** The work to be done for a record. Rejected: it failed; with the field `retriable: false`, for good. */
export type Handle = (record: Received) => Promise<void>

export interface Options {
  topic: string
  group: string
  /** The first one is for records that have failed once. */
  retries: Retry[]
  /** The topic of the dead letters. */
  dead: string
}

/** A consumer that works in the background. */
export interface Running {
  /** Waits for the work that has begun, not for records that are not due, and closes the connections. */
  stop(): Promise<void>
}

/** Names and delays of the retry topics: doubled each time, up to `maxMs`. */
export function planRetries(
  topic: string,
  { retries, firstMs, maxMs }: { retries: number; firstMs: number; maxMs: number },
): Retry[] {
  throw new Error(`not implemented: planRetries (${topic}, ${retries}, ${firstMs}, ${maxMs})`)
}

/** Handles a topic; what fails is tried again later, and put aside in the end. Equal keys stay in order. */
export async function consumeWithRetries(
  kafka: Kafka,
  { topic, group, retries, dead }: Options,
  handle: Handle,
): Promise<Running> {
  throw new Error(
    `not implemented: consumeWithRetries (${kafka.constructor.name}, ${topic}, ${group}, ${retries.length}, ${dead}, ${handle.length})`,
  )
}
