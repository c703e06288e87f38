/**
 * Lab 09: exactly once. Its page says all that is judged: `npm start`, then Labs, "Exactly once". Fill in the three
 * functions and save; `npm run lab` checks at each save.
 */
import type { Kafka } from 'kafkajs'

/** A record to be sent. */
export interface Outgoing {
  key: string
  value: string
}

/** A record to be sent, and where. */
export interface Addressed extends Outgoing {
  topic: string
}

/** A 64-bit integer. kafkajs gives it as a string; pass on whichever of the three you like. */
export type Offset = string | bigint | number

/** A record of the source as `transform` gets it. */
export interface Received {
  partition: number
  offset: Offset
  key: string | null
  value: string
}

export interface Settings {
  /** The topic to read, and the one to write. */
  source: string
  target: string
  /** The consumer group whose offsets say how far the work has come. */
  group: string
  /** The same at each start of this work; no other work has it. */
  transactionalId: string
  /** What is to be written for a record. It may be called more than once with the same record. */
  transform: (record: Received) => Promise<Outgoing[]>
  /** Called once when the processor ends by itself: another instance has taken over, or something has failed. */
  onEnded: (why: 'fenced' | 'failed') => Promise<void>
}

/** A processor that works in the background. */
export interface Running {
  /** Waits for the transaction that has begun, and closes the connections. */
  stop(): Promise<void>
}

/** Sends the records; none gets into the topic twice, though connections break. */
export async function sendOnce(kafka: Kafka, topic: string, records: Outgoing[]): Promise<void> {
  throw new Error(`not implemented: sendOnce (${kafka.constructor.name}, ${topic}, ${records.length})`)
}

/** Sends the records in one transaction: all of them count, or none. */
export async function writeTogether(
  kafka: Kafka,
  transactionalId: string,
  records: Addressed[],
): Promise<void> {
  throw new Error(
    `not implemented: writeTogether (${kafka.constructor.name}, ${transactionalId}, ${records.length})`,
  )
}

/** Reads the source, transforms, writes to the target; results and offsets count together. */
export async function startProcessor(kafka: Kafka, settings: Settings): Promise<Running> {
  throw new Error(`not implemented: startProcessor (${kafka.constructor.name}, ${settings.source})`)
}
