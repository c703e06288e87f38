/**
 * Лабораторная 01: первая запись. На её странице сказано всё, что проверяется: `npm start`, раздел
 * «Лабораторные», «Первая запись». Допишите четыре функции и сохраните файл; `npm run lab` проверяет его при
 * каждом сохранении.
 */
import type { Kafka } from 'kafkajs'

/** 64-битное целое. kafkajs отдаёт его строкой; верните любой из трёх типов. */
export type Offset = string | bigint | number

/** Где лежит запись. */
export interface Place {
  partition: number
  offset: Offset
}

export interface PartitionView {
  partition: number
  /** id брокера, на котором сейчас лидер партиции. */
  leader: number
  /** Смещение самой старой неудалённой записи. */
  startOffset: Offset
  /** Смещение, которое получит следующая запись. */
  endOffset: Offset
}

export interface ReadRecord {
  partition: number
  offset: Offset
  key: string | null
  value: string
}

/** Создаёт топик. true: создан; false: топик ровно с таким именем уже есть и остаётся как был. */
export async function createTopic(kafka: Kafka, topic: string, partitions: number): Promise<boolean> {
  throw new Error(`not implemented: createTopic (${kafka.constructor.name}, ${topic}, ${partitions})`)
}

/** Отправляет одну запись и говорит, куда её положил брокер. */
export async function sendRecord(
  kafka: Kafka,
  topic: string,
  record: { key: string | null; value: string },
): Promise<Place> {
  throw new Error(`not implemented: sendRecord (${kafka.constructor.name}, ${topic}, ${record.value})`)
}

/** Что кластер знает о топике сейчас: партиции в порядке номеров. */
export async function describeTopic(kafka: Kafka, topic: string): Promise<PartitionView[]> {
  throw new Error(`not implemented: describeTopic (${kafka.constructor.name}, ${topic})`)
}

/** Все записи, которые есть в топике на момент вызова, начиная с самой старой; в каждой партиции — по порядку. */
export async function readAll(kafka: Kafka, topic: string): Promise<ReadRecord[]> {
  throw new Error(`not implemented: readAll (${kafka.constructor.name}, ${topic})`)
}
