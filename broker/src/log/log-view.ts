/**
 * The reading half of a partition's log: its offsets, its batches, its times, epochs and producers. Nothing here
 * changes what is stored; partition-log.ts does.
 *
 *     start            last stable      high watermark      end
 *       | committed        | open           | not yet         |
 *       | and decided      | transactions   | on all replicas |
 *
 * L1  logStartOffset <= lastStableOffset <= highWatermark <= logEndOffset; only where the log begins inside a batch, and a
 *     transaction that began before is open, is the last stable offset that batch's first, as in Kafka
 *
 * (org.apache.kafka.storage.internals.log.UnifiedLog)
 */
import type { Clock, TraceEvent } from '../core.ts'
import { readBatchHeader } from '../record/batch.ts'
import type { Codecs } from '../record/compression.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import type { Int64 } from '../wire/int64.ts'
import type { LeaderEpochs } from './leader-epochs.ts'
import type { LocalLog } from './local-log.ts'
import type { KnownTransaction, LogConfig, ReadOptions, ReadResult, SliceResult, VisitBatch } from './log.ts'
import { findByTimestamp, findMaxTimestamp } from './offsets-by-time.ts'
import { describeProducer, knownTransaction } from './producers/producer-state.ts'
import type { ProducerStateManager } from './producers/producer-state-manager.ts'
import type { TentativeBatch } from './producers/tentative-sequences.ts'
import type { AbortedEntry } from './segment/transaction-index.ts'
import { visitSoundBatches } from './sound-batches.ts'

/** What a log is made of; open-log.ts puts it together. */
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
  /** DeleteRecords has moved the log start, which no file of the log itself tells. */
  readonly onLogStartMoved?: (() => void) | undefined
}

export class LogView {
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  readonly name: string
  readonly local: LocalLog
  readonly leaderEpochs: LeaderEpochs
  readonly producers: ProducerStateManager
  protected readonly clock: Clock
  protected readonly trace: ((event: TraceEvent) => void) | undefined
  readonly codecs: Codecs
  protected config: LogConfig
  protected startOffset: number
  protected committed: number

  constructor(parts: PartitionLogParts) {
    this.topic = parts.topic
    this.partition = parts.partition
    this.topicId = parts.topicId
    this.name = `${parts.topic}-${parts.partition}`
    this.local = parts.local
    this.leaderEpochs = parts.leaderEpochs
    this.producers = parts.producers
    this.clock = parts.clock
    this.trace = parts.trace
    this.codecs = parts.codecs
    this.config = parts.config
    this.startOffset = parts.logStartOffset
    this.committed = parts.logStartOffset
  }

  get folder(): string {
    return this.local.folder
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
  /** Everything below it is on disk. */
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
    return Math.min(unstable < this.startOffset ? this.firstBatchOffset() : unstable, this.committed)
  }

  /** The first offset of the batch that holds the log start: Kafka knows places of batches, not of records. */
  private firstBatchOffset(): number {
    const start = this.startOffset
    const { bytes } = this.local.read(start, {
      maxBytes: 1,
      minOneBatch: true,
      upTo: this.logEndOffset,
      slack: 0,
    })
    return bytes.length === 0 ? start : readBatchHeader(bytes, 0).baseOffset
  }

  read(offset: number, options: ReadOptions): ReadResult {
    if (offset < this.startOffset || offset > this.logEndOffset)
      throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    return this.local.read(offset, { ...options, slack: this.config.indexIntervalBytes })
  }

  visitSound(offset: number, visit: VisitBatch): void {
    const { folder, segments } = this.local
    visitSoundBatches({ folder, segments }, offset, visit)
  }

  slice(offset: number, options: ReadOptions): SliceResult {
    if (offset < this.startOffset || offset > this.logEndOffset)
      throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    return this.local.slice(offset, options)
  }

  abortedTransactions(fetchOffset: number, upperBound: number): AbortedEntry[] {
    const found: AbortedEntry[] = []
    for (const segment of this.local.segments.all.slice(this.local.segments.indexFor(fetchOffset))) {
      if (segment.transactionIndex.collect(fetchOffset, upperBound, found)) break
    }
    return found
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
}
