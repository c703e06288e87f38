/** What an implementation of lab 10 exports, as far as anybody knows, and what its checks are. */
import type { Kafka } from 'kafkajs'
import type { CaseOf } from '../engine/lab.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { text } from './lab.ts'

export interface Segment {
  readonly baseOffset: number
  readonly bytes: number
  /** Ms since 1970. */
  readonly firstTimestamp: number
  /** Ms since 1970. */
  readonly maxTimestamp: number
}

export interface TopicConfig {
  readonly cleanupPolicy: 'delete' | 'compact' | 'compact,delete'
  readonly retentionMs: number
  readonly retentionBytes: number
  readonly minCleanableDirtyRatio: number
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
}

export interface PartitionLog {
  readonly segments: readonly Segment[]
  readonly startOffset: number
  readonly endOffset: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly cleanedTo: number
  readonly config: TopicConfig
}

export type Obstacle = 'roll' | 'transaction' | 'age'

export interface NextPass {
  readonly from: number
  readonly upTo: number
  readonly waitsFor: Obstacle | 'ratio' | null
}

export interface LogRecord {
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  /** Ms since 1970. */
  readonly goesAt: number | null
}

export interface Pass {
  readonly upTo: number
  /** Ms since 1970. */
  readonly now: number
  readonly deleteRetentionMs: number
}

export interface Row {
  readonly partition: number
  readonly offset: number
  readonly key: string
  readonly value: string
}

export interface Snapshot {
  /** Ms since 1970. */
  readonly takenAt: number
  readonly offsets: readonly { readonly partition: number; readonly offset: number }[]
  readonly rows: readonly Row[]
}

/** What `loadTable` gives, if the code keeps the page's promise. */
export interface Table extends Snapshot {
  readonly fromStart: readonly number[]
}

export interface Cleanup {
  expiredSegments(log: PartitionLog, now: number): readonly number[]
  nextPass(log: PartitionLog, now: number): NextPass
  compact(records: readonly LogRecord[], pass: Pass): readonly LogRecord[]
  loadTable(kafka: Kafka, topic: string, snapshot: Snapshot | null): Promise<Table>
}

/** The brokers of a run: the shared bench, and a topic on it that has really been compacted, where time can be moved. */
export interface Room {
  readonly bench: KafkaBench
  readonly compacted: CompactedTopic | undefined
}

/** A topic whose log was compacted twice before any check began, and a snapshot that was taken before the first pass. */
export interface CompactedTopic {
  readonly topic: string
  /** Its `takenAt` is for the check to choose. */
  readonly before: Omit<Snapshot, 'takenAt'>
  readonly deleteRetentionMs: number
}

/** How long a call may take when nothing is late, ms: the page says 5 seconds. A little more, for the machine may be busy. */
export const promptMs = 5_500
export const limit = { seconds: 5 } as const

/** The functions of a suite, as defineSuite wants them; each file of checks holds some. */
export type Checks<Id extends keyof (typeof text)['tests']> = {
  readonly [T in Id]: (t: Trial<CaseOf<typeof text, T>>, subject: Cleanup, room: Room) => void | Promise<void>
}
