/**
 * Lab 07: at most once, at least once. Its page says all that is judged: `npm start`, then Labs, "At most once, at least
 * once". Fill in the four functions and save; `npm run lab` checks at each save.
 */
import type { Kafka } from 'kafkajs'

/** A 64-bit integer. kafkajs gives it as a string; pass on whichever of the three you like. */
export type Offset = string | bigint | number

/** A record as `handle` gets it. */
export interface Received {
  partition: number
  offset: Offset
  key: string | null
  value: string
}

/** The work to be done for a record. Its promise is fulfilled when the work succeeded, rejected when it failed. */
export type Handle = (record: Received) => Promise<void>

/** A consumer that works in the background. */
export interface Running {
  /** Waits for the work that has begun, commits, and closes the connections. */
  stop(): Promise<void>
}

/** A record to be sent. */
export interface Outgoing {
  key: string | null
  value: string
}

/** Handles no record twice; a crash may lose some. */
export async function consumeAtMostOnce(
  kafka: Kafka,
  topic: string,
  group: string,
  handle: Handle,
): Promise<Running> {
  throw new Error(
    `not implemented: consumeAtMostOnce (${kafka.constructor.name}, ${topic}, ${group}, ${handle.length})`,
  )
}

/** Loses no record; a crash may repeat some. */
export async function consumeAtLeastOnce(
  kafka: Kafka,
  topic: string,
  group: string,
  handle: Handle,
): Promise<Running> {
  throw new Error(
    `not implemented: consumeAtLeastOnce (${kafka.constructor.name}, ${topic}, ${group}, ${handle.length})`,
  )
}

/** Sends the records and never sends one again: a broken connection may lose some. */
export async function sendAtMostOnce(kafka: Kafka, topic: string, records: Outgoing[]): Promise<void> {
  throw new Error(`not implemented: sendAtMostOnce (${kafka.constructor.name}, ${topic}, ${records.length})`)
}

/** Sends the records until the broker has confirmed all: a broken connection may double some. */
export async function sendAtLeastOnce(kafka: Kafka, topic: string, records: Outgoing[]): Promise<void> {
  throw new Error(`not implemented: sendAtLeastOnce (${kafka.constructor.name}, ${topic}, ${records.length})`)
}
