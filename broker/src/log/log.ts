/**
 * A partition's log, as the partition floor sees it: what both our log and a learner's can do.
 *
 *     start offset            last stable offset     high watermark     end offset
 *          |                          |                    |                 |
 *     ...  [ batch | batch | batch |  batch  |  batch | batch |  batch  | ]  <- appendAsLeader
 *
 * LOG-1  logStartOffset <= lastStableOffset <= highWatermark <= logEndOffset (but see partition-log.ts about open
 *     transactions)
 * LOG-2  a record below the high watermark keeps its offset and its bytes; only retention, DeleteRecords and compaction
 *     take it away
 * LOG-3  every call returns when it is done: the bytes are in the page cache; only `flush` makes them durable
 */
import type { Chunk } from '../core.ts'
import type { BatchHeader } from '../record/batch.ts'
import type { EndTransaction } from '../record/control-record.ts'
import type { CompressionTarget } from '../record/recompress.ts'
import type { Steps } from '../turns.ts'
import type { Int64 } from '../wire/int64.ts'
import type { TentativeBatch } from './producers/tentative-sequences.ts'

/** A topic's settings, as far as its logs are concerned. Bytes, ms; -1 retention is no bound. */
export interface LogConfig {
  readonly segmentBytes: number
  readonly segmentMs: number
  readonly segmentJitterMs: number
  readonly segmentIndexBytes: number
  readonly indexIntervalBytes: number
  readonly maxMessageBytes: number
  /** compression.type, with the level of its codec; undefined: as producers send it. */
  readonly compression: CompressionTarget | undefined
  readonly messageTimestampType: 'CreateTime' | 'LogAppendTime'
  readonly messageTimestampBeforeMaxMs: number
  readonly messageTimestampAfterMaxMs: number
  readonly cleanupPolicy: readonly ('delete' | 'compact')[]
  readonly retentionMs: number
  readonly retentionBytes: number
  /** Compaction begins when more than this share of the log is not compacted yet. */
  readonly minCleanableDirtyRatio: number
  /** How long a record stays uncompacted at least. */
  readonly minCompactionLagMs: number
  /** How long it may stay so, if need be against the ratio (KIP-354). */
  readonly maxCompactionLagMs: number
  /** How long a tombstone stays after compaction has met it. */
  readonly deleteRetentionMs: number
  /** How long deleted segments lie around as `.deleted`. */
  readonly fileDeleteDelayMs: number
  readonly flushMessages: number
  readonly flushMs: number
  /** How long an idle producer is remembered: producer.id.expiration.ms. */
  readonly producerIdExpirationMs: number
}

/** Kafka's defaults (org.apache.kafka.storage.internals.log.LogConfig, 4.3). */
export const DEFAULT_LOG_CONFIG: LogConfig = {
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10_485_760,
  indexIntervalBytes: 4096,
  maxMessageBytes: 1_048_588,
  compression: undefined,
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: 2 ** 63,
  messageTimestampAfterMaxMs: 3_600_000,
  cleanupPolicy: ['delete'],
  retentionMs: 604_800_000,
  retentionBytes: -1,
  minCleanableDirtyRatio: 0.5,
  minCompactionLagMs: 0,
  maxCompactionLagMs: 2 ** 63,
  deleteRetentionMs: 86_400_000,
  fileDeleteDelayMs: 60_000,
  flushMessages: 2 ** 63,
  flushMs: 2 ** 63,
  producerIdExpirationMs: 86_400_000,
}

/** Who appends decides what is checked: clients everything, coordinators sizes and epochs, the quorum nothing. */
export type AppendOrigin = 'client' | 'coordinator' | 'raft'

export interface LeaderAppendOptions {
  readonly leaderEpoch: number
  readonly origin: AppendOrigin
  /** Of the transaction that a marker ends: from 2 on its epoch must have grown (KIP-890). */
  readonly transactionVersion?: number
}

/** A batch that was checked, as it will be stored, but for the stamps of its append; and its header. */
export interface PreparedBatch {
  readonly bytes: Uint8Array
  readonly header: BatchHeader
}

/** The checks of a batch under way (append-checks.ts). */
export interface Preparation {
  /** Some of them; undefined: there is more to do. */
  step(): PreparedBatch | undefined
  /** Gives up what is not done yet. Idempotent. */
  close(): void
}

/** What became of an append. Offsets are inclusive. */
export interface LogAppendInfo {
  readonly firstOffset: number
  readonly lastOffset: number
  /** Milliseconds, -1 unless the topic stamps LogAppendTime. */
  readonly logAppendTime: Int64
  readonly maxTimestamp: Int64
  readonly logStartOffset: number
  /** The producer's retry of a batch that is here already: the offsets are the first try's. */
  readonly duplicate: boolean
}

export interface ReadOptions {
  readonly maxBytes: number
  /** Give the first batch even when it alone is bigger than `maxBytes` (KIP-74). */
  readonly minOneBatch: boolean
  /** Only batches that begin below this offset. */
  readonly upTo: number
}

/** Where batches lie, from the one that was asked for on. The last may be cut off, as Kafka cuts it: clients drop it. */
export interface SliceResult {
  readonly records: Chunk
  /** No record in there has this offset or one above it. */
  readonly upperBound: number
}

/** Gets a batch: its bytes begin at `at` in `bytes`. */
export type VisitBatch = (bytes: Uint8Array, at: number) => void

/** Whole batches. `nextOffset`: one past the last of them, the offset asked for when there is none. */
export interface ReadResult {
  readonly bytes: Uint8Array
  readonly nextOffset: number
}

export interface TimestampAndOffset {
  readonly timestamp: Int64
  readonly offset: number
  /** -1 when the log does not know. */
  readonly leaderEpoch: number
}

export interface AbortedTransaction {
  readonly producerId: Int64
  readonly firstOffset: number
}

/** The largest epoch not above the one that was asked for, and where it ends (exclusive). */
export interface EpochEndOffset {
  readonly epoch: number
  readonly endOffset: number
}

/** `of a later epoch`: another instance of the producer has written since, or the coordinator has ended its transaction. */
export type KnownTransaction = 'open' | 'not open' | 'of a later epoch'

/** One producer's state, as DescribeProducers shows it. -1 is none. */
export interface ProducerDescription {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly lastSequence: number
  readonly lastTimestamp: Int64
  readonly coordinatorEpoch: number
  readonly currentTxnStartOffset: number
}

export interface Log {
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  /** The topic's settings that are in force. */
  readonly settings: LogConfig
  readonly logStartOffset: number
  readonly logEndOffset: number
  /** Set by the partition floor; a value beyond the end is cut to the end, one below the start to the start. */
  highWatermark: number
  readonly lastStableOffset: number
  readonly latestEpoch: number
  readonly sizeBytes: number

  /** A leader begins epoch `leaderEpoch` at the log's end. Older epochs are ignored. */
  startLeaderEpoch(leaderEpoch: number): void
  /**
   * Validates, assigns offsets, stamps them and the epoch into `bytes` (which the caller owns), appends.
   * Throws KafkaError (RecordsError for single records); then nothing was appended.
   */
  appendAsLeader(bytes: Uint8Array, options: LeaderAppendOptions): LogAppendInfo
  /**
   * The checks of a client's batch, which may take a while, and nothing else: step by step, before `appendPrepared`.
   * Throws KafkaError, and so do its steps (RecordsError for single records).
   */
  prepare(bytes: Uint8Array): Preparation
  /** Assigns offsets, stamps them and the epoch, appends, all at once. Throws KafkaError; then nothing was appended. */
  appendPrepared(batch: PreparedBatch, options: LeaderAppendOptions): LogAppendInfo
  /** Appends batches as a leader stamped them. Throws CORRUPT_MESSAGE. */
  appendAsFollower(bytes: Uint8Array): LogAppendInfo | undefined
  /** Ends a producer's transaction: appends the marker, gives its offset. */
  appendEndTxnMarker(
    end: EndTransaction,
    options: { leaderEpoch: number; transactionVersion: number },
  ): LogAppendInfo
  /** Whole batches from the one that holds `offset`. Throws OFFSET_OUT_OF_RANGE. */
  read(offset: number, options: ReadOptions): ReadResult
  /**
   * Every batch from the one that holds `offset` to the log's end, each compared with its checksum: for those who make
   * their state of the log. Throws DamagedLogError, with the file and the place.
   */
  visitSound(offset: number, visit: VisitBatch): void
  /** What a Fetch is answered with: the same place, but not read yet. Throws OFFSET_OUT_OF_RANGE. */
  slice(offset: number, options: ReadOptions): SliceResult
  /** Aborted transactions that touch [fetchOffset, upperBound). */
  abortedTransactions(fetchOffset: number, upperBound: number): AbortedTransaction[]
  /** The first record whose time is not before `timestamp` (ms); batches are opened for it, step by step. */
  offsetForTimestamp(timestamp: Int64): Steps<TimestampAndOffset | undefined>
  /** The record with the greatest timestamp (ListOffsets -3, KIP-734), likewise. */
  maxTimestampOffset(): Steps<TimestampAndOffset | undefined>
  /** The epoch of the record at `offset`, -1 when unknown. */
  epochForOffset(offset: number): number
  /** Undefined when `epoch` is unknown, and no smaller one is known (KIP-101, KIP-320). */
  endOffsetForEpoch(epoch: number): EpochEndOffset | undefined
  /** What is known of a producer that comes, in this epoch, to write in a transaction. */
  transactionOf(producerId: Int64, producerEpoch: number): KnownTransaction
  /** The coordinator is asked whether the batch may be appended. */
  noteTentative?(batch: TentativeBatch): void
  activeProducers(): ProducerDescription[]
  /** Forgets everything from `offset` on (a follower that diverged). */
  truncateTo(offset: number): void
  /** Forgets everything and begins anew at `offset` (a follower whose leader has nothing older). */
  truncateFullyAndStartAt(offset: number): void
  /** Moves the log start up to `offset`; throws OFFSET_OUT_OF_RANGE above the high watermark. */
  deleteRecordsBefore(offset: number): void
  /** What time brings: rolls an old segment, deletes by retention. Gives deleted bytes. */
  maintain(): number
  updateConfig(config: LogConfig): void
  flush(done: (error?: Error) => void): void
  close(): void
}
