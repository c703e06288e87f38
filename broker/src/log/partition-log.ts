/**
 * The log of a partition: an append-only sequence of batches, which assigns the offsets.
 *
 *   local log      | 0 ... 41 | 42 ... 97 | 98 ... |          segments (local-log.ts, segment.ts)
 *   leader epochs  | 0        | 3 ................ |          which leader wrote what (leader-epochs.ts)
 *   producers      sequence numbers, open transactions        to detect duplicates (producer-state-manager.ts)
 *   compaction     | compacted | dirty ........... |          one pass at a time (log-compaction.ts)
 *
 *     log start          last stable      high watermark      log end
 *       | committed        | open           | not yet         |
 *       | and decided      | transactions   | on all replicas |
 *
 * Append:  validate -> check for a duplicate -> assign offsets -> roll if full -> write -> update indexes and producers.
 * A read:  segment by offset -> position by index -> one read of the file -> whole batches.
 *
 * PARTITION-LOG-1  logStartOffset <= lastStableOffset <= highWatermark <= logEndOffset. One exception, as in Kafka: if the
 *     log starts inside a batch, and a transaction from before is open, the last stable offset is the base offset of
 *     that batch
 * PARTITION-LOG-2  an append that throws has stored no record and assigned no offset; it may leave an empty segment, or
 *     an epoch without records
 * PARTITION-LOG-3  a batch is stored as the client sent it, except for base offset and leader epoch, unless the topic sets
 *     timestamps (message.timestamp.type) or has its own codec (compression.type)
 *
 * (org.apache.kafka.storage.internals.log.UnifiedLog; opened by open-log.ts)
 */

import type { Clock, TraceEvent } from '../core.ts'
import {
  type BatchHeader,
  batchPositions,
  isControl,
  stampBatch,
  stampLogAppendTime,
} from '../record/batch.ts'
import type { Codecs } from '../record/compression.ts'
import { buildEndTxnMarker, type EndTransaction } from '../record/control-record.ts'
import { checkBatch } from '../record/validation.ts'
import { settledNow } from '../settled-time.ts'
import { partitionKey } from '../topic-names.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { type Int64, nearestNumber } from '../wire/int64.ts'
import {
  type AppendRules,
  appendRules,
  BatchPreparation,
  checkProducer,
  prepareAtOnce,
  prepareOwnBatch,
} from './append-checks.ts'
import { type CompactedLog, LogCompaction } from './compaction/log-compaction.ts'
import type { LeaderEpochs } from './leader-epochs.ts'
import type { LocalLog } from './local-log.ts'
import type {
  KnownTransaction,
  LeaderAppendOptions,
  Log,
  LogAppendInfo,
  LogConfig,
  PreparedBatch,
  ReadOptions,
  ReadResult,
  SliceResult,
  VisitBatch,
} from './log.ts'
import { findByTimestamp, findMaxTimestamp } from './offsets-by-time.ts'
import { describeProducer, type KnownBatch, knownTransaction } from './producers/producer-state.ts'
import type { ProducerStateManager } from './producers/producer-state-manager.ts'
import type { TentativeBatch } from './producers/tentative-sequences.ts'
import { replayProducers } from './recovery/recovery.ts'
import { expiredSegments } from './retention.ts'
import type { Segment } from './segment/segment.ts'
import type { AbortedEntry } from './segment/transaction-index.ts'
import { visitSoundBatches } from './sound-batches.ts'

/** The parts of a log; open-log.ts creates them. */
export interface PartitionLogParts {
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  readonly config: LogConfig
  readonly clock: Clock
  readonly trace?: ((event: TraceEvent) => void) | undefined
  readonly codecs: Codecs
  readonly local: LocalLog
  readonly leaderEpochs: LeaderEpochs
  readonly producers: ProducerStateManager
  readonly logStartOffset: number
  /** Compacted up to here, from the cleaner's checkpoint. */
  readonly firstDirtyOffset: number
  /** Called when DeleteRecords has moved the log start, which is stored in no file of the log itself. */
  readonly onLogStartMoved?: (() => void) | undefined
}

export class PartitionLog implements Log, CompactedLog {
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  readonly name: string
  readonly local: LocalLog
  readonly leaderEpochs: LeaderEpochs
  readonly producers: ProducerStateManager
  readonly compaction: LogCompaction
  readonly codecs: Codecs
  private readonly clock: Clock
  private readonly trace: ((event: TraceEvent) => void) | undefined
  private readonly onLogStartMoved: (() => void) | undefined
  private config: LogConfig
  private rules: AppendRules
  private startOffset: number
  private committed: number
  /** When a flush was last started (monotonic ms). */
  private flushedAt: number

  constructor(parts: PartitionLogParts) {
    this.topic = parts.topic
    this.partition = parts.partition
    this.topicId = parts.topicId
    this.name = partitionKey(parts.topic, parts.partition)
    this.local = parts.local
    this.leaderEpochs = parts.leaderEpochs
    this.producers = parts.producers
    this.clock = parts.clock
    this.trace = parts.trace
    this.codecs = parts.codecs
    this.onLogStartMoved = parts.onLogStartMoved
    this.config = parts.config
    this.rules = appendRules(parts.config, this.name, parts.codecs)
    this.startOffset = parts.logStartOffset
    this.committed = parts.logStartOffset
    this.flushedAt = parts.clock.monotonicMs()
    this.compaction = new LogCompaction(this, parts.clock, parts.trace, parts.firstDirtyOffset)
  }

  get folder(): string {
    return this.local.folder
  }
  get segments(): readonly Segment[] {
    return this.local.segments.all
  }
  get settings(): LogConfig {
    return this.config
  }
  get logStartOffset(): number {
    return this.startOffset
  }
  get logEndOffset(): number {
    return this.local.endOffset
  }
  /** All offsets below it are flushed. */
  get recoveryPoint(): number {
    return this.local.recoveryPoint
  }
  get sizeBytes(): number {
    return this.local.segments.sizeBytes
  }
  get latestEpoch(): number {
    return this.leaderEpochs.latestEpoch
  }

  get highWatermark(): number {
    return this.committed
  }
  set highWatermark(offset: number) {
    this.committed = Math.max(this.startOffset, Math.min(offset, this.logEndOffset))
    this.producers.onHighWatermark(this.committed)
  }

  get lastStableOffset(): number {
    const unstable = this.producers.firstUnstableOffset()
    if (unstable === undefined) return this.committed
    // Kafka knows the offsets of batches, not of records (PARTITION-LOG-1).
    const first = unstable < this.startOffset ? this.local.batchStart(this.startOffset) : unstable
    return Math.min(first, this.committed)
  }

  startLeaderEpoch(leaderEpoch: number, { durable = false } = {}): void {
    this.leaderEpochs.assign(leaderEpoch, this.logEndOffset)
    if (durable) this.leaderEpochs.trySave()
  }

  appendAsLeader(sent: Uint8Array, options: LeaderAppendOptions): LogAppendInfo {
    const { origin } = options
    if (origin === 'client') return this.appendPrepared(prepareAtOnce(this.prepare(sent)), options)
    this.local.checkUsable()
    return this.appendPrepared(prepareOwnBatch(sent, origin, this.rules), options)
  }

  prepare(sent: Uint8Array): BatchPreparation {
    this.local.checkUsable()
    return new BatchPreparation(sent, this.rules, this.clock.now())
  }

  appendPrepared({ bytes, header }: PreparedBatch, options: LeaderAppendOptions): LogAppendInfo {
    this.local.checkUsable()
    const now = this.clock.now()
    const known = checkProducer(this.producers, bytes, header, { ...options, name: this.name })
    if (known) return this.duplicateInfo(header, known)
    const stampsTime = this.config.messageTimestampType === 'LogAppendTime' && !isControl(header)
    if (stampsTime) stampLogAppendTime(bytes, 0, now)
    // #region append
    // A record gets its offset here: it is the log end offset, and nothing else assigns offsets.
    const baseOffset = this.logEndOffset
    stampBatch(bytes, 0, baseOffset, options.leaderEpoch)
    const stamped: BatchHeader = {
      ...header,
      baseOffset,
      lastOffset: baseOffset + header.lastOffsetDelta,
      partitionLeaderEpoch: options.leaderEpoch,
      maxTimestamp: stampsTime ? now : header.maxTimestamp,
    }
    this.write(bytes, stamped)
    // #endregion append
    return this.appendInfo(stamped, stampsTime ? now : -1)
  }

  appendAsFollower(bytes: Uint8Array, leaderEpochMax = Number.MAX_SAFE_INTEGER): LogAppendInfo | undefined {
    this.local.checkUsable()
    let first: BatchHeader | undefined
    let last: BatchHeader | undefined
    for (const at of batchPositions(bytes)) {
      const header = checkBatch(bytes, at, this.name)
      if (header.partitionLeaderEpoch > leaderEpochMax) break
      if (header.baseOffset < this.logEndOffset)
        throw new Error(
          `log ${this.name}: a batch at ${header.baseOffset} below the end ${this.logEndOffset}`,
        )
      this.write(bytes.subarray(at, at + header.size), header)
      first ??= header
      last = header
    }
    return first && last && { ...this.appendInfo(last, -1), firstOffset: first.baseOffset }
  }

  appendEndTxnMarker(
    end: EndTransaction,
    options: { leaderEpoch: number; transactionVersion: number },
  ): LogAppendInfo {
    return this.appendAsLeader(buildEndTxnMarker(end), { ...options, origin: 'coordinator' })
  }

  /** Writes one stamped batch to the active segment, and updates the state that is derived from it. */
  private write(bytes: Uint8Array, header: BatchHeader): void {
    if (this.local.needsRoll(header, this.config)) this.roll(header.baseOffset)
    // Replaces an epoch without records. It may stay if the append fails.
    this.leaderEpochs.assign(header.partitionLeaderEpoch, header.baseOffset)
    this.leaderEpochs.save()
    this.local.append(bytes, header, this.config)
    const aborted = this.producers.update(header, bytes, 0)
    if (aborted) this.local.segments.active.transactionIndex.append(aborted)
    const { baseOffset, lastOffset } = header
    this.trace?.({ type: 'append', log: this.name, baseOffset, lastOffset, bytes: bytes.length })
    if (this.logEndOffset - this.recoveryPoint >= this.config.flushMessages) this.flush(() => {})
  }

  /** Rolls to a new segment: at the end, or where a follower's next batch begins. */
  roll(baseOffset = this.logEndOffset): void {
    if (this.local.segments.active.baseOffset === baseOffset) return
    this.producers.mapEndOffset = Math.max(this.producers.mapEndOffset, baseOffset)
    this.producers.takeSnapshot()
    this.local.roll(baseOffset)
    this.trace?.({ type: 'segment rolled', log: this.name, baseOffset })
  }

  private appendInfo(header: BatchHeader, logAppendTime: Int64): LogAppendInfo {
    const { baseOffset: firstOffset, lastOffset, maxTimestamp } = header
    return {
      firstOffset,
      lastOffset,
      logAppendTime,
      maxTimestamp,
      logStartOffset: this.startOffset,
      duplicate: false,
    }
  }

  private duplicateInfo(header: BatchHeader, known: KnownBatch): LogAppendInfo {
    const { lastOffset, offsetDelta, timestamp: maxTimestamp } = known
    const firstOffset = lastOffset - offsetDelta
    this.trace?.({
      type: 'batch deduplicated',
      log: this.name,
      producerId: nearestNumber(header.producerId),
      firstOffset,
    })
    // Kafka returns the batch's timestamp here, even with CreateTime.
    const logAppendTime = maxTimestamp
    return {
      firstOffset,
      lastOffset,
      logAppendTime,
      maxTimestamp,
      logStartOffset: this.startOffset,
      duplicate: true,
    }
  }

  read(offset: number, options: ReadOptions): ReadResult {
    if (offset < this.startOffset || offset > this.logEndOffset)
      throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    return this.local.read(offset, { ...options, slack: this.config.indexIntervalBytes })
  }

  visitSound(offset: number, visit: VisitBatch) {
    const { folder, segments } = this.local
    return visitSoundBatches({ folder, segments }, offset, visit)
  }

  slice(offset: number, options: ReadOptions): SliceResult {
    if (offset < this.startOffset || offset > this.logEndOffset)
      throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    return this.local.slice(offset, options)
  }

  abortedTransactions(fetchOffset: number, upperBound: number): AbortedEntry[] {
    return this.local.segments.abortedTransactions(fetchOffset, upperBound)
  }

  offsetForTimestamp(timestamp: Int64) {
    return findByTimestamp(() => this.searched, timestamp, this.startOffset)
  }
  maxTimestampOffset() {
    return findMaxTimestamp(() => this.searched)
  }
  private get searched() {
    return { segments: this.local.segments.all, codecs: this.codecs }
  }
  epochForOffset(offset: number): number {
    return this.leaderEpochs.epochFor(offset)
  }
  endOffsetForEpoch(epoch: number) {
    return this.leaderEpochs.endOffsetFor(epoch, this.logEndOffset)
  }

  transactionOf(producerId: Int64, producerEpoch: number): KnownTransaction {
    return knownTransaction(this.producers.stateOf(producerId), producerEpoch)
  }

  noteTentative(batch: TentativeBatch): void {
    this.producers.tentative.note(batch)
  }

  activeProducers() {
    return Array.from(this.producers.states, describeProducer)
  }

  truncateTo(offset: number): void {
    if (offset >= this.logEndOffset) {
      // An epoch that began at the end, as a leader without records, may be one that the new leader does not know.
      this.leaderEpochs.truncateFromEnd(offset)
      return
    }
    this.compaction.abort()
    if (offset <= this.local.segments.first.baseOffset) {
      this.truncateFullyAndStartAt(offset)
      return
    }
    this.local.truncateTo(offset)
    this.compaction.onTruncated(this.logEndOffset)
    this.startOffset = Math.min(this.startOffset, this.logEndOffset)
    this.leaderEpochs.truncateFromEnd(this.logEndOffset)
    this.highWatermark = Math.min(this.committed, this.logEndOffset)
    const now = settledNow(this.clock)
    this.producers.reload(this.startOffset, this.logEndOffset, now, this.config.producerIdExpirationMs)
    replayProducers(this.producers, this.local.segments.all, this.logEndOffset)
    this.producers.onHighWatermark(this.committed)
    this.trace?.({ type: 'log truncated', log: this.name, endOffset: this.logEndOffset })
  }

  truncateFullyAndStartAt(offset: number): void {
    this.compaction.abort()
    this.compaction.onTruncated(0)
    this.local.restartAt(offset)
    this.startOffset = offset
    this.committed = offset
    this.leaderEpochs.clear()
    this.producers.removeAllSnapshots()
    this.producers.clear(offset)
    this.trace?.({ type: 'log truncated', log: this.name, endOffset: offset })
  }

  deleteRecordsBefore(offset: number): void {
    if (offset > this.committed) throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    this.advanceStart(offset)
    this.onLogStartMoved?.()
  }

  private advanceStart(offset: number): void {
    if (offset <= this.startOffset) return
    this.startOffset = offset
    this.leaderEpochs.truncateFromStart(offset)
    this.trace?.({ type: 'log start moved', log: this.name, logStartOffset: offset })
  }

  maintain(): number {
    return this.deleteOldSegments()
  }

  /** Removes producers that have been idle for producer.id.expiration.ms. */
  forgetIdleProducers(): void {
    this.producers.removeExpired(settledNow(this.clock), this.config.producerIdExpirationMs)
  }

  /** By retention, and below the log start; returns the deleted bytes. Not during compaction (LOG-COMPACTION-1). */
  deleteOldSegments(): number {
    if (this.compaction.isUnderWay) return 0
    const { logStartOffset, logEndOffset, highWatermark, config } = this
    const segments = this.local.segments.all
    const times = { now: settledNow(this.clock), monotonicMs: this.clock.monotonicMs() }
    const count = expiredSegments({ segments, config, ...times, logStartOffset, highWatermark, logEndOffset })
    if (count === 0) return 0
    if (count === segments.length) this.roll()
    const bytes = this.local.deleteOldest(count)
    const { baseOffset } = this.local.segments.first
    this.advanceStart(baseOffset)
    this.producers.removeSnapshotsBefore(baseOffset)
    this.trace?.({ type: 'segments deleted', log: this.name, segments: count, bytes })
    return bytes
  }

  updateConfig(config: LogConfig): void {
    this.config = config
    this.rules = appendRules(config, this.name, this.codecs)
  }

  flush(done: (error?: Error) => void): void {
    this.flushedAt = this.clock.monotonicMs()
    this.local.flush(done)
  }

  /** Whether some record has waited for a flush longer than flush.ms. */
  mustFlush(): boolean {
    const { flushMs } = this.config
    if (flushMs > Number.MAX_SAFE_INTEGER || this.recoveryPoint >= this.logEndOffset) return false
    return this.clock.monotonicMs() - this.flushedAt >= flushMs
  }

  /** Closes the files so that the next start can trust them. It does not flush them. */
  close(): void {
    this.compaction.abort()
    this.producers.takeSnapshot()
    this.local.close()
  }

  /** Closes a log whose folder is gone, and writes nothing. */
  abandon(): void {
    this.compaction.abort()
    this.local.abandon()
  }
}
