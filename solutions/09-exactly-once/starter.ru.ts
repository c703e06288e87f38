/**
 * Лабораторная 09: exactly once. На её странице сказано всё, что проверяется: `npm start`, раздел «Лабораторные».
 * Допишите три функции и сохраните файл; `npm run lab` проверяет его при каждом сохранении.
 */
import type { Kafka } from 'kafkajs'

/** Запись, которую надо отправить. */
export interface Outgoing {
  key: string
  value: string
}

/** Запись, которую надо отправить, и куда. */
export interface Addressed extends Outgoing {
  topic: string
}

/** 64-битное целое. kafkajs отдаёт его строкой; передавайте любой из трёх типов. */
export type Offset = string | bigint | number

/** Запись исходного топика, какой её получает `transform`. */
export interface Received {
  partition: number
  offset: Offset
  key: string | null
  value: string
}

export interface Settings {
  /** Топик, который читают, и топик, в который пишут. */
  source: string
  target: string
  /** Группа консюмеров, по смещениям которой видно, докуда дошла работа. */
  group: string
  /** Один и тот же при каждом запуске этой работы; у другой работы — другой. */
  transactionalId: string
  /** Что написать по этой записи. С одной и той же записью функцию могут вызвать несколько раз. */
  transform: (record: Received) => Promise<Outgoing[]>
  /** Вызывается один раз, если обработчик завершился сам: его сменил другой экземпляр или что-то отказало. */
  onEnded: (why: 'fenced' | 'failed') => Promise<void>
}

/** Обработчик, который работает в фоне. */
export interface Running {
  /** Дожидается начатой транзакции и закрывает соединения. */
  stop(): Promise<void>
}

/** Отправляет записи; ни одна не попадёт в топик дважды, даже если рвутся соединения. */
export async function sendOnce(kafka: Kafka, topic: string, records: Outgoing[]): Promise<void> {
  throw new Error(`not implemented: sendOnce (${kafka.constructor.name}, ${topic}, ${records.length})`)
}

/** Отправляет записи одной транзакцией: видны либо все, либо ни одна. */
export async function writeTogether(
  kafka: Kafka,
  transactionalId: string,
  records: Addressed[],
): Promise<void> {
  throw new Error(
    `not implemented: writeTogether (${kafka.constructor.name}, ${transactionalId}, ${records.length})`,
  )
}

/** Читает исходный топик, преобразует и пишет в целевой; результаты и смещения вступают в силу вместе. */
export async function startProcessor(kafka: Kafka, settings: Settings): Promise<Running> {
  throw new Error(`not implemented: startProcessor (${kafka.constructor.name}, ${settings.source})`)
}
