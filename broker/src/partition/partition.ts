/**
 * A partition as its leader sees it: a log, and the rules of who may see how much of it.
 *
 *      log start offset        last stable offset   high watermark    log end offset
 *            |                          |                 |                |
 *            v                          v                 v                v
 *   deleted  | committed, decided       | open            | not yet on     |
 *            | transactions             | transactions    | every replica  |
 *            '----- read_committed -----'                 |
 *            '----- read_uncommitted ---------------------'
 *
 * An offset is assigned by the leader's log when a batch is appended (log/). A record becomes visible when the
 * high watermark passes it: when every replica of the ISR has it. With one replica that is at once.
 *
 * The leader epoch counts leaders. A client says by which leader's metadata it came here; an older one is FENCED,
 * a newer one means that we are behind (KIP-320).
 *
 * PARTITION-1  log start <= last stable <= high watermark <= log end
 * PARTITION-2  the high watermark never moves back while the leader stays
 * PARTITION-3  every append is made in the leader epoch that the metadata names for this leader
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

/** What a client thinks of the leader epoch when it does not know. */
const NO_EPOCH = -1

/** What ListOffsets says of a record that is not there. */
export const NO_OFFSET: TimestampAndOffset = { offset: -1, timestamp: -1, leaderEpoch: -1 }

export class Partition {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  readonly log: Log
  /** Of the topic. */
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

  /** The metadata has given this leader a new epoch. */
  setLeaderEpoch(leaderEpoch: number): void {
    if (leaderEpoch <= this.epoch) return
    this.epoch = leaderEpoch
    this.log.startLeaderEpoch(leaderEpoch)
  }

  /** Throws FENCED_LEADER_EPOCH or UNKNOWN_LEADER_EPOCH when the client has another leader in mind (KIP-320). */
  checkLeaderEpoch(clientEpoch: number): void {
    if (clientEpoch === NO_EPOCH || clientEpoch === this.epoch) return
    throw new KafkaError(
      clientEpoch < this.epoch ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH,
    )
  }

  /**
   * Appends one batch and lets the high watermark follow; `bytes` are stamped in place. Throws KafkaError.
   * Who calls this checks the waiting operations of `key` afterwards (ReplicaManager.moved).
   */
  append(bytes: Uint8Array, origin: 'client' | 'coordinator', transactionVersion = 0): LogAppendInfo {
    const info = this.log.appendAsLeader(bytes, { leaderEpoch: this.epoch, origin, transactionVersion })
    this.count(info, bytes.length)
    this.advanceHighWatermark()
    return info
  }

  /** The checks of a client's batch, step by step, before `appendPrepared`. Throws KafkaError. */
  prepare(batch: Uint8Array): Preparation {
    return this.log.prepare(batch)
  }

  /** Appends a client's batch that was prepared; nothing is checked any more but its producer. Throws KafkaError. */
  appendPrepared(batch: PreparedBatch, transactionVersion = 0): LogAppendInfo {
    const options = { leaderEpoch: this.epoch, origin: 'client', transactionVersion } as const
    const info = this.log.appendPrepared(batch, options)
    this.advanceHighWatermark()
    this.count(info, batch.bytes.length)
    return info
  }

  /** Ends a producer's transaction here: appends its marker. Throws KafkaError. Waiting operations as for `append`. */
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

  /**
   * The ISR of a partition with one replica is that replica: what it has is committed. (Kafka:
   * Partition.maybeIncrementLeaderHW takes the smallest log end of the ISR.)
   */
  private advanceHighWatermark(): void {
    this.log.highWatermark = this.log.logEndOffset
  }

  /** The first offset that a reader of this isolation level does not see. */
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
   * The first record below `end` that is not older than `timestamp` (ms), or what a negative one asks for (ListOffsets):
   *
   *   -1  the end itself      -2, -4  the log start, as nothing is tiered here
   *   -3  the record with the largest timestamp           -5, -6  of tiered storage: there is none
   *
   * Batches are opened for it, step by step. NO_OFFSET when there is no such record.
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

  /** The largest epoch not above `leaderEpoch`, and where it ended (exclusive); undefined when none is known (KIP-101). */
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset | undefined {
    return this.log.endOffsetForEpoch(leaderEpoch)
  }

  /** Producers that the log remembers, with their open transactions (DescribeProducers). */
  activeProducers(): ProducerDescription[] {
    return this.log.activeProducers()
  }

  /** What is known of a producer that comes, in this epoch, to write in a transaction. */
  transactionOf(producerId: Int64, producerEpoch: number): KnownTransaction {
    return this.log.transactionOf(producerId, producerEpoch)
  }

  /** The coordinator is asked whether the batch may be appended. */
  noteTentative(batch: TentativeBatch): void {
    this.log.noteTentative?.(batch)
  }

  /** `offset`, as a place in the log: its end is one, to wait at. Throws OFFSET_OUT_OF_RANGE when it is none. */
  checkOffset(offset: Int64): number {
    if (offset < this.log.logStartOffset || offset > this.log.logEndOffset) {
      throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    }
    return Number(offset)
  }

  /**
   * Moves the log start up to `offset`, -1 being the high watermark; gives the new log start (DeleteRecords). Throws
   * POLICY_VIOLATION where records are not deleted by age or size, OFFSET_OUT_OF_RANGE.
   */
  deleteRecordsBefore(offset: Int64): number {
    if (!this.log.settings.cleanupPolicy.includes('delete')) throw new KafkaError(ErrorCode.POLICY_VIOLATION)
    const target = offset === -1 ? this.log.highWatermark : offset
    if (target < 0 || target > this.log.highWatermark) throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    this.log.deleteRecordsBefore(Number(target))
    return this.log.logStartOffset
  }
}
