/**
 * Лабораторная 10: срок хранения и уплотнение. На её странице сказано всё, что проверяется: `npm start`, раздел
 * «Лабораторные». Допишите четыре функции и сохраните файл; `npm run lab` проверяет его при каждом сохранении.
 */
import type { Kafka } from 'kafkajs'

/** Сегмент журнала. Его записи лежат ниже `baseOffset` следующего, а записи последнего — ниже `endOffset` журнала. */
export interface Segment {
  /** Смещение первой записи. */
  baseOffset: number
  bytes: number
  /** Метка времени первой записи, мс с 1970 года; -1 в пустом сегменте, здесь и ниже. */
  firstTimestamp: number
  /** Наибольшая метка времени среди его записей, мс с 1970 года. */
  maxTimestamp: number
}

/** Журнал одной партиции, каким его видит брокер. */
export interface PartitionLog {
  /** От самого старого до активного; хотя бы один. */
  segments: Segment[]
  /** Первое смещение, которое можно прочитать. */
  startOffset: number
  /** Смещение, которое получит следующая запись. */
  endOffset: number
  highWatermark: number
  lastStableOffset: number
  /** Досюда журнал уже уплотнён прошлыми проходами: базовое смещение сегмента. */
  cleanedTo: number
  config: TopicConfig
}

/** Настройки топика: имена Kafka в camelCase. */
export interface TopicConfig {
  cleanupPolicy: 'delete' | 'compact' | 'compact,delete'
  retentionMs: number
  retentionBytes: number
  minCleanableDirtyRatio: number
  minCompactionLagMs: number
  maxCompactionLagMs: number
}

export interface NextPass {
  from: number
  upTo: number
  /** null, если проход нужен. */
  waitsFor: 'ratio' | 'roll' | 'transaction' | 'age' | null
}

/** Запись уплотняемого журнала. */
export interface LogRecord {
  offset: number
  key: string | null
  /** null: это tombstone. */
  value: string | null
  /** У tombstone, который уже встретился с проходом: с какого момента его можно удалить, мс с 1970 года. */
  goesAt: number | null
}

/** Проход очистки. */
export interface Pass {
  upTo: number
  /** Мс с 1970 года. */
  now: number
  deleteRetentionMs: number
}

export interface Row {
  partition: number
  offset: number
  key: string
  value: string
}

/** Таблица и то, докуда в журнале она доходит. */
export interface Snapshot {
  /** Мс с 1970 года. */
  takenAt: number
  offsets: { partition: number; offset: number }[]
  rows: Row[]
}

export interface Table extends Snapshot {
  /** Партиции, которые построены заново. */
  fromStart: number[]
}

/** Какие сегменты удалит брокер, если проверит их в момент `now`. */
export function expiredSegments(log: PartitionLog, now: number): number[] {
  throw new Error(`not implemented: expiredSegments (${log.segments.length}, ${now})`)
}

/** Какую часть журнала возьмёт следующий проход очистки и чего он ещё ждёт. */
export function nextPass(log: PartitionLog, now: number): NextPass {
  throw new Error(`not implemented: nextPass (${log.segments.length}, ${now})`)
}

/** Что остаётся после прохода. */
export function compact(records: LogRecord[], pass: Pass): LogRecord[] {
  throw new Error(`not implemented: compact (${records.length}, ${pass.upTo})`)
}

/** Таблица, которую представляет собой уплотняемый топик: с его начала или начиная со снимка. */
export async function loadTable(kafka: Kafka, topic: string, snapshot: Snapshot | null): Promise<Table> {
  throw new Error(`not implemented: loadTable (${kafka.constructor.name}, ${topic}, ${snapshot?.takenAt})`)
}
