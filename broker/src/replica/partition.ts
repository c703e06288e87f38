/**
 * A partition on its leader: a log, and the rules for which part of it is visible.
 *
 *      log start offset        last stable offset   high watermark    log end offset
 *            |                          |                 |                |
 *            v                          v                 v                v
 *   deleted  | committed, ended         | open            | not yet on     |
 *            | transactions             | transactions    | every replica  |
 *            '----- read_committed -----'                 |
 *            '----- read_uncommitted ---------------------'
 *
 * The leader's log assigns an offset when a batch is appended (log/). A record becomes visible when the high watermark
 * passes it, that is, when every replica of the ISR has it. With one replica this is immediately.
 *
 * The leader epoch is incremented with each new leader. A client sends the leader epoch of its metadata: an older one is
 * fenced, a newer one means that this node is behind (KIP-320).
 *
 * PARTITION-1  log start <= last stable <= high watermark <= log end
 * PARTITION-2  the high watermark never decreases while the leader stays
 * PARTITION-3  every append is made in the leader epoch that the metadata assigns to this leader
 *
 * (kafka.cluster.Partition)
 */

import type { TopicCounters } from '../counters.ts'
import type {
  EpochEndOffset,
  KnownTransaction,
  Log,
  LogAppendInfo,
  Preparation,
  PreparedBatch,
  ProducerDescription,
  TimestampAndOffset,
} from '../log/log.ts'
import type { TentativeBatch } from '../log/producers/tentative-sequences.ts'
import type { EndTransaction } from '../record/control-record.ts'
import { partitionKey } from '../topic-names.ts'
import type { Steps } from '../turns.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import type { Int64 } from '../wire/int64.ts'

export type IsolationLevel = 'read_uncommitted' | 'read_committed'

/** The client does not know the leader epoch. */
const NO_EPOCH = -1

/** The result of ListOffsets if there is no such record. */
export const NO_OFFSET: TimestampAndOffset = { offset: -1, timestamp: -1, leaderEpoch: -1 }

export class Partition {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  readonly log: Log
  /** The counters of the topic. */
  readonly counters: TopicCounters
  private epoch: number

  /** Takes over an opened log as its leader in `leaderEpoch`. */
  constructor(options: {
    topic: string
    topicId: string
    index: number
    log: Log
    leaderEpoch: number
    counters: TopicCounters
  }) {
    this.topic = options.topic
    this.topicId = options.topicId
    this.index = options.index
    this.log = options.log
    this.counters = options.counters
    this.epoch = options.leaderEpoch
    this.log.startLeaderEpoch(options.leaderEpoch)
    this.advanceHighWatermark()
  }

  get leaderEpoch(): number {
    return this.epoch
  }

  /** The key under which operations wait for this partition. */
  get key(): string {
    return partitionKey(this.topic, this.index)
  }

  /** Updates the leader epoch from the metadata; lower epochs are ignored. */
  setLeaderEpoch(leaderEpoch: number): void {
    if (leaderEpoch <= this.epoch) return
    this.epoch = leaderEpoch
    this.log.startLeaderEpoch(leaderEpoch)
  }

  /** Throws FENCED_LEADER_EPOCH or UNKNOWN_LEADER_EPOCH if the client has another leader epoch (KIP-320). */
  checkLeaderEpoch(clientEpoch: number): void {
    if (clientEpoch === NO_EPOCH || clientEpoch === this.epoch) return
    throw new KafkaError(
      clientEpoch < this.epoch ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH,
    )
  }

  /**
   * Appends one batch and advances the high watermark; offset and epoch are written into `bytes`. Throws KafkaError. The
   * caller must check the delayed operations of `key` afterwards (ReplicaManager.moved).
   */
  append(bytes: Uint8Array, origin: 'client' | 'coordinator', transactionVersion = 0): LogAppendInfo {
    const info = this.log.appendAsLeader(bytes, { leaderEpoch: this.epoch, origin, transactionVersion })
    this.count(info, bytes.length)
    this.advanceHighWatermark()
    return info
  }

  /** Validates a client's batch in steps, before `appendPrepared`. Throws KafkaError. */
  prepare(batch: Uint8Array): Preparation {
    return this.log.prepare(batch)
  }

  /** Appends a prepared batch of a client; only its producer state is validated here. Throws KafkaError. */
  appendPrepared(batch: PreparedBatch, transactionVersion = 0): LogAppendInfo {
    const options = { leaderEpoch: this.epoch, origin: 'client', transactionVersion } as const
    const info = this.log.appendPrepared(batch, options)
    this.advanceHighWatermark()
    this.count(info, batch.bytes.length)
    return info
  }

  /** Ends a producer's transaction: appends its marker. Throws KafkaError. The caller's duty is the same as for `append`. */
  appendEndTxnMarker(end: EndTransaction, transactionVersion: number): LogAppendInfo {
    const info = this.log.appendEndTxnMarker(end, { leaderEpoch: this.epoch, transactionVersion })
    this.advanceHighWatermark()
    return info
  }

  private count({ firstOffset, lastOffset, duplicate }: LogAppendInfo, bytes: number): void {
    if (duplicate) return
    this.counters.messagesIn += lastOffset - firstOffset + 1
    this.counters.bytesIn += bytes
  }

  // #region high-watermark
  /**
   * The only replica is the whole ISR, so all its records are committed. (Kafka: Partition.maybeIncrementLeaderHW takes
   * the smallest log end offset of the ISR.)
   */
  private advanceHighWatermark(): void {
    this.log.highWatermark = this.log.logEndOffset
  }
  // #endregion high-watermark

  /** The first offset that is not visible with this isolation level. */
  visibleEnd(isolation: IsolationLevel): number {
    return isolation === 'read_committed' ? this.log.lastStableOffset : this.log.highWatermark
  }

  get logStartOffset(): number {
    return this.log.logStartOffset
  }
  get logEndOffset(): number {
    return this.log.logEndOffset
  }

  /**
   * ListOffsets: the first record below `end` with at least this timestamp (ms). Negative timestamps have a meaning:
   *
   *   -1  `end` itself        -2, -4  the log start offset (there is no tiered storage)
   *   -3  the record with the largest timestamp           -5, -6  tiered storage: no offset
   *
   * Batches are decoded in steps. Returns NO_OFFSET if there is no such record.
   */
  *fetchOffsetForTimestamp(timestamp: Int64, end: number): Steps<TimestampAndOffset> {
    const { log } = this
    const start = log.logStartOffset
    const visible = (found: TimestampAndOffset | undefined) =>
      found && found.offset < end ? found : NO_OFFSET
    switch (timestamp) {
      case -1:
        return { offset: end, timestamp: -1, leaderEpoch: this.epoch }
      case -2:
      case -4:
        return { offset: start, timestamp: -1, leaderEpoch: log.epochForOffset(start) }
      case -3:
        return visible(yield* log.maxTimestampOffset())
      case -5:
      case -6:
        return NO_OFFSET
      default:
        return visible(yield* log.offsetForTimestamp(timestamp))
    }
  }

  /** The largest epoch <= `leaderEpoch` and its end offset (exclusive); undefined if none is known (KIP-101). */
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset | undefined {
    return this.log.endOffsetForEpoch(leaderEpoch)
  }

  /** The producers in the producer state, with their open transactions (DescribeProducers). */
  activeProducers(): ProducerDescription[] {
    return this.log.activeProducers()
  }

  /** What the log knows of a producer's transaction in this epoch, before it writes. */
  transactionOf(producerId: Int64, producerEpoch: number): KnownTransaction {
    return this.log.transactionOf(producerId, producerEpoch)
  }

  /** Notes a batch while the transaction coordinator verifies it (log/producers/tentative-sequences.ts). */
  noteTentative(batch: TentativeBatch): void {
    this.log.noteTentative?.(batch)
  }

  /** Returns `offset` if it is from log start to log end, both included; otherwise throws OFFSET_OUT_OF_RANGE. */
  checkOffset(offset: Int64): number {
    if (offset < this.log.logStartOffset || offset > this.log.logEndOffset) {
      throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    }
    return Number(offset)
  }

  /**
   * DeleteRecords: advances the log start to `offset`; -1 means the high watermark. Returns the new log start. Throws
   * POLICY_VIOLATION if cleanup.policy does not include delete, and OFFSET_OUT_OF_RANGE.
   */
  deleteRecordsBefore(offset: Int64): number {
    if (!this.log.settings.cleanupPolicy.includes('delete')) throw new KafkaError(ErrorCode.POLICY_VIOLATION)
    const target = offset === -1 ? this.log.highWatermark : offset
    if (target < 0 || target > this.log.highWatermark) throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    this.log.deleteRecordsBefore(Number(target))
    return this.log.logStartOffset
  }
}
