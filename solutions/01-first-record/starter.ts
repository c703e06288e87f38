/**
 * Lab 01: the first record. Its page tells the story: `npm start`, then Labs, "The first record".
 * Fill in the four functions and save; `npm run lab` checks at each save.
 *
 * Страница задания с рассказом: `npm start`, раздел «Лабораторные», «Первая запись».
 * Допишите четыре функции и сохраните файл; `npm run lab` проверяет его при каждом сохранении.
 */
import type { Kafka } from 'kafkajs'

/** Where a record lies. An offset is an int64; kafkajs gives it as a string. */
export interface Place {
  partition: number
  offset: string
}

export interface PartitionView {
  partition: number
  /** The id of the broker that leads the partition. */
  leader: number
  /** The offset of the oldest record, and the one that the next record will get. */
  startOffset: string
  endOffset: string
}

export interface ReadRecord {
  partition: number
  offset: string
  key: string | null
  value: string
}

/** Makes a topic. true: it was made; false: there was one of this name already, and it stays as it is. */
export async function createTopic(kafka: Kafka, topic: string, partitions: number): Promise<boolean> {
  throw new Error(`not implemented: createTopic (${kafka.constructor.name}, ${topic}, ${partitions})`)
}

/** Sends one record and says where the broker has put it, once the broker has acknowledged it. */
export async function sendRecord(
  kafka: Kafka,
  topic: string,
  record: { key: string | null; value: string },
): Promise<Place> {
  throw new Error(`not implemented: sendRecord (${kafka.constructor.name}, ${topic}, ${record.value})`)
}

/** What the cluster knows about a topic: its partitions, sorted by number. */
export async function describeTopic(kafka: Kafka, topic: string): Promise<PartitionView[]> {
  throw new Error(`not implemented: describeTopic (${kafka.constructor.name}, ${topic})`)
}

/** All records that are in the topic at the time of the call, from the very first, in each partition's order. */
export async function readAll(kafka: Kafka, topic: string): Promise<ReadRecord[]> {
  throw new Error(`not implemented: readAll (${kafka.constructor.name}, ${topic})`)
}
