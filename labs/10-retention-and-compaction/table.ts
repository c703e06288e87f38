/**
 * Lab 10: retention and compaction. Its page says all that is judged: `npm start`, then Labs, "Retention and compaction".
 * Fill in the four functions and save; `npm run lab` checks at each save.
 */
import type { Kafka } from 'kafkajs'

/** A segment of a log. Its records lie below the `baseOffset` of the next one; those of the last one, below the log's `endOffset`. */
export interface Segment {
  /** The offset of its first record. */
  baseOffset: number
  bytes: number
  /** The timestamp of its first record, ms since 1970; -1 in an empty segment, here and below. */
  firstTimestamp: number
  /** The greatest timestamp of its records, ms since 1970. */
  maxTimestamp: number
}

/** The log of one partition, as the broker sees it. */
export interface PartitionLog {
  /** From the oldest to the active one; at least one. */
  segments: Segment[]
  /** The first offset that can be read. */
  startOffset: number
  /** The offset that the next record will get. */
  endOffset: number
  highWatermark: number
  lastStableOffset: number
  /** Compacted up to here by earlier passes: the base offset of a segment. */
  cleanedTo: number
  config: TopicConfig
}

/** Settings of the topic, with Kafka's names in camel case. */
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
  /** Null when a pass is due. */
  waitsFor: 'ratio' | 'roll' | 'transaction' | 'age' | null
}

/** A record of a compacted log. */
export interface LogRecord {
  offset: number
  key: string | null
  /** Null: a tombstone. */
  value: string | null
  /** Of a tombstone that has met a pass: from when on it may go, ms since 1970. */
  goesAt: number | null
}

/** A pass of the cleaner. */
export interface Pass {
  upTo: number
  /** Ms since 1970. */
  now: number
  deleteRetentionMs: number
}

export interface Row {
  partition: number
  offset: number
  key: string
  value: string
}

/** A table, and how far into the log it goes. */
export interface Snapshot {
  /** Ms since 1970. */
  takenAt: number
  offsets: { partition: number; offset: number }[]
  rows: Row[]
}

export interface Table extends Snapshot {
  /** The partitions that were built anew. */
  fromStart: number[]
}

/** Which segments the broker deletes when it looks at `now`. */
export function expiredSegments(log: PartitionLog, now: number): number[] {
  throw new Error(`not implemented: expiredSegments (${log.segments.length}, ${now})`)
}

/** Which part of the log the next pass of the cleaner takes, and what it still waits for. */
export function nextPass(log: PartitionLog, now: number): NextPass {
  throw new Error(`not implemented: nextPass (${log.segments.length}, ${now})`)
}

/** What a pass leaves. */
export function compact(records: LogRecord[], pass: Pass): LogRecord[] {
  throw new Error(`not implemented: compact (${records.length}, ${pass.upTo})`)
}

/** The table that a compacted topic stands for, from its beginning or from a snapshot on. */
export async function loadTable(kafka: Kafka, topic: string, snapshot: Snapshot | null): Promise<Table> {
  throw new Error(`not implemented: loadTable (${kafka.constructor.name}, ${topic}, ${snapshot?.takenAt})`)
}
