/**
 * The interface of a partition's log: what both our log and a learner's can do.
 *
 *     start offset            last stable offset     high watermark     end offset
 *          |                          |                    |                 |
 *     ...  [ batch | batch | batch |  batch  |  batch | batch |  batch  | ]  <- appendAsLeader
 *
 * LOG-1  logStartOffset <= lastStableOffset <= highWatermark <= logEndOffset (for an exception with open transactions see
 *     partition-log.ts)
 * LOG-2  a record below the high watermark keeps its offset and its bytes; only retention, DeleteRecords and compaction
 *     remove it
 * LOG-3  a call returns when its bytes are in the page cache; only `flush` makes them durable
 */
import type { Chunk } from '../core.ts'
import type { BatchHeader } from '../record/batch.ts'
import type { EndTransaction } from '../record/control-record.ts'
import type { CompressionTarget } from '../record/recompress.ts'
import type { Steps, Wait } from '../turns.ts'
import type { Int64 } from '../wire/int64.ts'
import type { TentativeBatch } from './producers/tentative-sequences.ts'

/** A topic's settings for its logs, in bytes and ms; retention -1 means no limit. */
export interface LogConfig {
  readonly segmentBytes: number
  readonly segmentMs: number
  readonly segmentJitterMs: number
  readonly segmentIndexBytes: number
  readonly indexIntervalBytes: number
  readonly maxMessageBytes: number
  /** compression.type with the level of its codec; undefined: as producers send it. */
  readonly compression: CompressionTarget | undefined
  readonly messageTimestampType: 'CreateTime' | 'LogAppendTime'
  readonly messageTimestampBeforeMaxMs: number
  readonly messageTimestampAfterMaxMs: number
  readonly cleanupPolicy: readonly ('delete' | 'compact')[]
  readonly retentionMs: number
  readonly retentionBytes: number
  /** Compaction starts when more than this share of the log is not compacted. */
  readonly minCleanableDirtyRatio: number
  /** How long a record stays uncompacted at least. */
  readonly minCompactionLagMs: number
  /** How long a record may stay uncompacted at most, whatever the ratio (KIP-354). */
  readonly maxCompactionLagMs: number
  /** How long a tombstone is kept after compaction first visits it. */
  readonly deleteRetentionMs: number
  /** How long deleted segments stay on disk as `.deleted`. */
  readonly fileDeleteDelayMs: number
  readonly flushMessages: number
  readonly flushMs: number
  /** How long an idle producer is kept: producer.id.expiration.ms. */
  readonly producerIdExpirationMs: number
  /** acks=all needs at least so many replicas in sync: min.insync.replicas. */
  readonly minInsyncReplicas: number
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
  minInsyncReplicas: 1,
}

/** The origin decides what is checked: everything for clients, sizes and epochs for coordinators, nothing for the quorum. */
export type AppendOrigin = 'client' | 'coordinator' | 'raft'

export interface LeaderAppendOptions {
  readonly leaderEpoch: number
  readonly origin: AppendOrigin
  /** The version of the transaction that a marker ends: from 2 on, its epoch must be higher (KIP-890). */
  readonly transactionVersion?: number
}

/** A checked batch, as it will be stored except for the stamps of the append, and its header. */
export interface PreparedBatch {
  readonly bytes: Uint8Array
  readonly header: BatchHeader
}

/** The running checks of a batch (append-checks.ts). */
export interface Preparation {
  /** Does some of the checks. Returns undefined if there is more to do, after what `waitsFor` says. */
  step(): PreparedBatch | undefined
  readonly waitsFor?: Wait | undefined
  /** Cancels the rest. Idempotent. */
  close(): void
}

/** The result of an append. Offsets are inclusive. */
export interface LogAppendInfo {
  readonly firstOffset: number
  readonly lastOffset: number
  /** Milliseconds; -1 unless the topic uses LogAppendTime. */
  readonly logAppendTime: Int64
  readonly maxTimestamp: Int64
  readonly logStartOffset: number
  /** Whether this is a producer's retry of a stored batch: the offsets are those of the first attempt. */
  readonly duplicate: boolean
}

export interface ReadOptions {
  readonly maxBytes: number
  /** Return the first batch even if it is larger than `maxBytes` (KIP-74). */
  readonly minOneBatch: boolean
  /** Return only batches that begin below this offset. */
  readonly upTo: number
}

/** The position of batches, from the requested one on. The last may be incomplete, as in Kafka: clients drop it. */
export interface SliceResult {
  readonly records: Chunk
  /** All records in it have offsets below this one. */
  readonly upperBound: number
}

/** Gets a batch: its bytes begin at `at` in `bytes`. It may hold millions of records, so this is work in steps. */
export type VisitBatch = (bytes: Uint8Array, at: number) => Steps<void>

/** Whole batches. `nextOffset`: one past the last of them; the requested offset if there is none. */
export interface ReadResult {
  readonly bytes: Uint8Array
  readonly nextOffset: number
}

export interface TimestampAndOffset {
  readonly timestamp: Int64
  readonly offset: number
  /** -1 if the log does not know it. */
  readonly leaderEpoch: number
}

export interface AbortedTransaction {
  readonly producerId: Int64
  readonly firstOffset: number
}

/** The largest epoch not above the requested one, and its end offset (exclusive). */
export interface EpochEndOffset {
  readonly epoch: number
  readonly endOffset: number
}

/** `of a later epoch`: a newer instance of the producer has written, or the coordinator has ended its transaction. */
export type KnownTransaction = 'open' | 'not open' | 'of a later epoch'

/** One producer's state, as in DescribeProducers. -1 means none. */
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
  /** The topic's current settings. */
  readonly settings: LogConfig
  readonly logStartOffset: number
  readonly logEndOffset: number
  /** Set by the partition; limited to the range from log start to log end. */
  highWatermark: number
  readonly lastStableOffset: number
  readonly latestEpoch: number
  readonly sizeBytes: number

  /**
   * A leader of epoch `leaderEpoch` begins at the log's end. Older epochs are ignored. `durable`: it is written to the file
   * now, not with its first record.
   */
  startLeaderEpoch(leaderEpoch: number, options?: { readonly durable: boolean }): void
  /**
   * Validates, assigns offsets, stamps them and the epoch into `bytes` (which the caller owns), appends.
   * Throws KafkaError (RecordsError for single records); then nothing was appended.
   */
  appendAsLeader(bytes: Uint8Array, options: LeaderAppendOptions): LogAppendInfo
  /**
   * Only the checks of a client's batch, which may take a while: call its steps one by one, then `appendPrepared`.
   * It and its steps throw KafkaError (RecordsError for single records).
   */
  prepare(bytes: Uint8Array): Preparation
  /** Assigns offsets, stamps them and the epoch, appends, all at once. Throws KafkaError; then nothing was appended. */
  appendPrepared(batch: PreparedBatch, options: LeaderAppendOptions): LogAppendInfo
  /**
   * Appends batches with the offsets and epochs that a leader assigned, up to the first one of an epoch above
   * `leaderEpochMax`. Throws CORRUPT_MESSAGE, and an Error if a batch begins below the log's end.
   */
  appendAsFollower(bytes: Uint8Array, leaderEpochMax?: number): LogAppendInfo | undefined
  /** Ends a producer's transaction: appends the marker, returns its offset. */
  appendEndTxnMarker(
    end: EndTransaction,
    options: { leaderEpoch: number; transactionVersion: number },
  ): LogAppendInfo
  /** Whole batches from the one that holds `offset`. Throws OFFSET_OUT_OF_RANGE. */
  read(offset: number, options: ReadOptions): ReadResult
  /**
   * Visits every batch from the one that holds `offset` to the log's end, and verifies its checksum: for callers that
   * build their state from the log. Throws DamagedLogError, with the file and the position.
   */
  visitSound(offset: number, visit: VisitBatch): Steps<void>
  /** The records of a Fetch response: as `read`, but the bytes are not read yet. Throws OFFSET_OUT_OF_RANGE. */
  slice(offset: number, options: ReadOptions): SliceResult
  /** Aborted transactions that overlap [fetchOffset, upperBound). */
  abortedTransactions(fetchOffset: number, upperBound: number): AbortedTransaction[]
  /** The first record whose timestamp is at least `timestamp` (ms); it decompresses batches, step by step. */
  offsetForTimestamp(timestamp: Int64): Steps<TimestampAndOffset | undefined>
  /** The record with the greatest timestamp (ListOffsets -3, KIP-734), in the same way. */
  maxTimestampOffset(): Steps<TimestampAndOffset | undefined>
  /** The epoch of the record at `offset`, -1 if unknown. */
  epochForOffset(offset: number): number
  /** Undefined if neither `epoch` nor a smaller one is known (KIP-101, KIP-320). */
  endOffsetForEpoch(epoch: number): EpochEndOffset | undefined
  /** The state of a producer that is about to write to a transaction in this epoch. */
  transactionOf(producerId: Int64, producerEpoch: number): KnownTransaction
  /** Called while the coordinator verifies that the batch may be appended. */
  noteTentative?(batch: TentativeBatch): void
  activeProducers(): ProducerDescription[]
  /** Removes everything from `offset` on (for a follower that diverged). */
  truncateTo(offset: number): void
  /** Removes everything and restarts at `offset` (for a follower whose leader has nothing older). */
  truncateFullyAndStartAt(offset: number): void
  /** Advances the log start to `offset`. Throws OFFSET_OUT_OF_RANGE above the high watermark. */
  deleteRecordsBefore(offset: number): void
  /** Periodic work: rolls an old segment, applies retention. Returns the deleted bytes. */
  maintain(): number
  updateConfig(config: LogConfig): void
  flush(done: (error?: Error) => void): void
  close(): void
}
