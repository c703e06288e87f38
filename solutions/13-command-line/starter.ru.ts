/**
 * Лабораторная 13: командная строка. На её странице написано всё, что проверяется: `npm start`, затем Лабораторные, «Командная строка».
 * Заполните четыре функции и сохраните файл; `npm run lab` проверяет при каждом сохранении.
 */

/** Каким должен быть топик и что о нём показал `--describe`. */
export interface Agreement {
  topic: string
  partitions: number
  retentionMs: number
  policy: 'delete' | 'compact' | 'compact,delete'
  /** Null: такого топика нет. В configs то, что задано именно ему, под именами Kafka; значений по умолчанию там нет. */
  existing: { partitions: number; configs: Record<string, string> } | null
}

/** Записи, на которые надо взглянуть. */
export interface Place {
  topic: string
  partition: number
  /** Одно из смещений партиции или её конец. */
  offset: number
  count: number
}

/** Откуда группе начать заново. */
export interface Rewind {
  group: string
  topic: string
  partitions: number[]
  /** Мс с 1970 года. */
  time: number
}

export interface Stuck {
  topic: string
  partition: number
  why: 'nobody' | 'stands still'
}

/** Строки, после которых топик такой, как договорились. */
export function topicAsAgreed(agreement: Agreement): string[] {
  throw new Error(`not implemented: topicAsAgreed (${agreement.topic})`)
}

/** Строка, которая печатает эти записи и не оставляет следов. */
export function look(place: Place): string {
  throw new Error(`not implemented: look (${place.topic})`)
}

/** Строки, после которых группа в этих партициях начинает с `time`. */
export function rewind(where: Rewind): string[] {
  throw new Error(`not implemented: rewind (${where.group})`)
}

/** Партиции, где ничего не движется, по двум выводам `kafka-consumer-groups --describe`. */
export function stuck(before: string, after: string): Stuck[] {
  throw new Error(`not implemented: stuck (${before.length}, ${after.length})`)
}
