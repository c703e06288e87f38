/**
 * Lab 01: the first record. Its page says all that is judged: `npm start`, then Labs, "The first record".
 * Fill in the four functions and save; `npm run lab` checks at each save.
 */
import type { Kafka } from 'kafkajs'

/** A 64-bit integer. kafkajs gives it as a string; return whichever of the three you like. */
export type Offset = string | bigint | number

/** Where a record lies. */
export interface Place {
  partition: number
  offset: Offset
}

export interface PartitionView {
  partition: number
  /** The id of the broker that leads the partition now. */
  leader: number
  /** The offset of the oldest record that has not been deleted. */
  startOffset: Offset
  /** The offset that the next record will get. */
  endOffset: Offset
}

export interface ReadRecord {
  partition: number
  offset: Offset
  key: string | null
  value: string
}

/** Creates a topic. true: it was created; false: there is one of exactly this name already, and it stays as it is. */
export async function createTopic(kafka: Kafka, topic: string, partitions: number): Promise<boolean> {
  throw new Error(`not implemented: createTopic (${kafka.constructor.name}, ${topic}, ${partitions})`)
}

/** Sends one record and says where the broker has put it. */
export async function sendRecord(
  kafka: Kafka,
  topic: string,
  record: { key: string | null; value: string },
): Promise<Place> {
  throw new Error(`not implemented: sendRecord (${kafka.constructor.name}, ${topic}, ${record.value})`)
}

/** What the cluster knows about a topic now: its partitions, sorted by number. */
export async function describeTopic(kafka: Kafka, topic: string): Promise<PartitionView[]> {
  throw new Error(`not implemented: describeTopic (${kafka.constructor.name}, ${topic})`)
}

/** All records that are in the topic at the time of the call, from the oldest on, in each partition's order. */
export async function readAll(kafka: Kafka, topic: string): Promise<ReadRecord[]> {
  throw new Error(`not implemented: readAll (${kafka.constructor.name}, ${topic})`)
}
