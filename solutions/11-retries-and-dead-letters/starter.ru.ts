/**
 * Лабораторная 11: повторы и dead letter. На её странице сказано всё, что проверяется: `npm start`, раздел
 * «Лабораторные». Допишите две функции и сохраните файл; `npm run lab` проверяет его при каждом сохранении.
 */
import type { Kafka } from 'kafkajs'

/** 64-битное целое. kafkajs отдаёт его строкой; передавайте любой из трёх типов. */
export type Offset = string | bigint | number

/** Топик повторов и сколько миллисекунд запись ждёт в нём. */
export interface Retry {
  topic: string
  delayMs: number
}

/** Запись, какой её получает `handle`. */
export interface Received {
  /** Где запись лежит в исходном топике, даже если пришла из топика повторов. */
  partition: number
  offset: Offset
  key: Buffer | null
  value: Buffer | null
  /** Номер этой попытки, с 1. */
  attempt: number
}

/** Работа, которую надо сделать с записью. Отклонён — не удалась, а с полем `retriable: false` — не удастся никогда. */
export type Handle = (record: Received) => Promise<void>

export interface Options {
  topic: string
  group: string
  /** Первый — для записей, с которыми не удалась первая попытка. */
  retries: Retry[]
  /** Топик dead letter. */
  dead: string
}

/** Консюмер, который работает в фоне. */
export interface Running {
  /** Дожидается начатой работы, но не записей, чей срок не настал, и закрывает соединения. */
  stop(): Promise<void>
}

/** Имена и задержки топиков повторов: каждая задержка вдвое больше предыдущей, но не больше `maxMs`. */
export function planRetries(
  topic: string,
  { retries, firstMs, maxMs }: { retries: number; firstMs: number; maxMs: number },
): Retry[] {
  throw new Error(`not implemented: planRetries (${topic}, ${retries}, ${firstMs}, ${maxMs})`)
}

/** Обрабатывает топик; что не удалось, пробует позже, а в конце откладывает. Порядок внутри ключа сохраняется. */
export async function consumeWithRetries(
  kafka: Kafka,
  { topic, group, retries, dead }: Options,
  handle: Handle,
): Promise<Running> {
  throw new Error(
    `not implemented: consumeWithRetries (${kafka.constructor.name}, ${topic}, ${group}, ${retries.length}, ${dead}, ${handle.length})`,
  )
}
