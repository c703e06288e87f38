/**
 * Лабораторная 08: идемпотентный консюмер. На её странице сказано всё, что проверяется:
 * `npm start`, раздел «Лабораторные». Допишите четыре функции и сохраните файл; `npm run lab` проверяет его при каждом
 * сохранении.
 */
import type { Kafka } from 'kafkajs'

/** Как память хранит то, что знает, — её дело; `saved` отдаёт это строкой. */
export interface Memory<Asked> {
  /** true, если запись не знакома; с этой минуты она знакома. */
  isNew(record: Asked): boolean
  /** Всё, что память знает: из этой строки создают другую память. */
  saved(): string
}

/** Смещения здесь — числа, они меньше 2^53. */
export interface Place {
  partition: number
  offset: number
}

/** `timestamp` — миллисекунды с 1970 года. */
export interface Identified {
  id: string
  timestamp: number
}

/** `epoch` растёт с каждым запуском продюсера; `sequence` тогда начинается заново. */
export interface Numbered {
  producer: string
  epoch: number
  sequence: number
}

/** 64-битное целое. kafkajs отдаёт его строкой; передавайте любой из трёх типов. */
export type Offset = string | bigint | number

/** Запись, какой её получает `handle`. */
export interface Received {
  partition: number
  offset: Offset
  timestamp: number
  /** Из заголовка `id`. */
  id: string
  key: string | null
  value: string
}

/** Имена и то, что надо под ними сохранить; null удаляет имя. */
export type Changes = Record<string, string | null>

export interface Store {
  load(name: string): Promise<string | null>
  /** Всё вместе или ничего. */
  save(changes: Changes): Promise<void>
}

export interface ConsumeOptions {
  /** Сколько помнить id, мс. */
  keepMs: number
  /** Возвращает то, что надо сохранить для записи. */
  handle(record: Received): Promise<Changes>
  store: Store
}

/** Консюмер, который работает в фоне. */
export interface Running {
  /** Дожидается начатой работы, сохраняет, фиксирует смещения и закрывает соединения. */
  stop(): Promise<void>
}

/** Узнаёт обработанное по партиции и смещению. */
export function rememberOffsets(saved: string | null): Memory<Place> {
  throw new Error(`not implemented: rememberOffsets (${saved})`)
}

/** Узнаёт обработанное по id события и забывает его, когда по меткам времени записей прошло `keepMs`. */
export function rememberIds(keepMs: number, saved: string | null): Memory<Identified> {
  throw new Error(`not implemented: rememberIds (${keepMs}, ${saved})`)
}

/** Узнаёт обработанное по продюсеру и его собственным номерам. */
export function rememberSequences(saved: string | null): Memory<Numbered> {
  throw new Error(`not implemented: rememberSequences (${saved})`)
}

/** Сохраняет то, что вернула `handle`, один раз для каждого события, хотя записи приходят дважды. */
export async function consumeOnce(
  kafka: Kafka,
  topic: string,
  group: string,
  { keepMs, handle, store }: ConsumeOptions,
): Promise<Running> {
  throw new Error(
    `not implemented: consumeOnce (${kafka.constructor.name}, ${topic}, ${group}, ${keepMs}, ${handle.length}, ${typeof store})`,
  )
}
