/**
 * Лабораторная 04: смещения. На её странице сказано всё, что проверяется: `npm start`, раздел «Лабораторные»,
 * «Смещения». Допишите три функции и сохраните файл; `npm run lab` проверяет его при каждом сохранении.
 */
import type { Kafka } from 'kafkajs'

/** 64-битное целое. kafkajs отдаёт его строкой; передавайте и возвращайте любой из трёх типов. */
export type Offset = string | bigint | number

export interface HandedRecord {
  partition: number
  offset: Offset
  key: string | null
  value: string
}

/** Что делать с записью. Когда промис выполнен — сделано, когда отклонён — не вышло. */
export type Handle = (record: HandedRecord) => Promise<void>

export interface LagView {
  partition: number
  /** Зафиксированное смещение группы; null, если она ничего не зафиксировала. */
  committed: Offset | null
  /** Смещение, которое получит следующая запись. */
  end: Offset
  /** end минус committed; null, если группа ничего не зафиксировала. */
  lag: Offset | null
}

/** Обрабатывает то, что группа ещё не обработала, фиксирует это и говорит, сколько было записей. */
export async function resume(kafka: Kafka, groupId: string, topic: string, handle: Handle): Promise<number> {
  throw new Error(`not implemented: resume (${kafka.constructor.name}, ${groupId}, ${topic}, ${handle.name})`)
}

/** Насколько группа отстаёт, по партициям в порядке номеров. */
export async function lag(kafka: Kafka, groupId: string, topic: string): Promise<LagView[]> {
  throw new Error(`not implemented: lag (${kafka.constructor.name}, ${groupId}, ${topic})`)
}

/** Возвращает (или переносит вперёд) группу к первым записям с момента `time`, в миллисекундах с 1970 года. */
export async function resetToTime(
  kafka: Kafka,
  groupId: string,
  topic: string,
  time: number,
): Promise<{ partition: number; offset: Offset }[]> {
  throw new Error(`not implemented: resetToTime (${kafka.constructor.name}, ${groupId}, ${topic}, ${time})`)
}
