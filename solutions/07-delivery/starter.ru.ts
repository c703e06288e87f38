/**
 * Лабораторная 07: at most once, at least once. На её странице сказано всё, что проверяется:
 * `npm start`, раздел «Лабораторные». Допишите четыре функции и сохраните файл; `npm run lab` проверяет его при каждом
 * сохранении.
 */
import type { Kafka } from 'kafkajs'

/** 64-битное целое. kafkajs отдаёт его строкой; передавайте любой из трёх типов. */
export type Offset = string | bigint | number

/** Запись, какой её получает `handle`. */
export interface Received {
  partition: number
  offset: Offset
  key: string | null
  value: string
}

/** Работа, которую надо сделать с записью. Промис выполнен — работа удалась, отклонён — не удалась. */
export type Handle = (record: Received) => Promise<void>

/** Консюмер, который работает в фоне. */
export interface Running {
  /** Дожидается начатой работы, фиксирует смещения и закрывает соединения. */
  stop(): Promise<void>
}

/** Запись, которую надо отправить. */
export interface Outgoing {
  key: string | null
  value: string
}

/** Ни одну запись не обрабатывает дважды; при падении какие-то могут потеряться. */
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

/** Ни одной записи не теряет; после падения какие-то могут повториться. */
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

/** Отправляет записи и ни одну не отправляет повторно: при обрыве соединения какие-то могут потеряться. */
export async function sendAtMostOnce(kafka: Kafka, topic: string, records: Outgoing[]): Promise<void> {
  throw new Error(`not implemented: sendAtMostOnce (${kafka.constructor.name}, ${topic}, ${records.length})`)
}

/** Отправляет записи, пока брокер не подтвердит все: при обрыве соединения какие-то могут удвоиться. */
export async function sendAtLeastOnce(kafka: Kafka, topic: string, records: Outgoing[]): Promise<void> {
  throw new Error(`not implemented: sendAtLeastOnce (${kafka.constructor.name}, ${topic}, ${records.length})`)
}
