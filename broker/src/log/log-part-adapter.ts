/**
 * A log whose batches a learner's LogPart stores, instead of our files.
 *
 *   client -> partition -> [ checks, producers, high watermark: this file ] -> LogPart: append, read
 *
 * This file does what a first log does not know: checksums, sequence numbers, transactions, leader epochs, timestamps.
 * The part only handles offsets and bytes, so their behaviour is what a client sees of the learner's code.
 *
 * LOG-PART-ADAPTER-1  offsets come from the part: its startOffset, its endOffset, the offset that its append returned
 * - nothing is written to disk; after a restart the factory creates a new part
 * - the part owns the bytes that it gets, and may keep them without a copy
 */

import type { Clock, TraceEvent } from '../core.ts'
import {
  type BatchHeader,
  baseOffsetAt,
  batchPositions,
  batchSizeAt,
  HEADER_SIZE,
  isControl,
  lastOffsetAt,
  readBatchHeader,
  stampBatch,
  stampLogAppendTime,
} from '../record/batch.ts'
import { type Codecs, NO_CODECS } from '../record/compression.ts'
import { buildEndTxnMarker, type EndTransaction } from '../record/control-record.ts'
import { settledNow } from '../settled-time.ts'
import { partitionKey } from '../topic-names.ts'
import type { Steps } from '../turns.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { greaterOf, type Int64 } from '../wire/int64.ts'
import {
  type AppendRules,
  appendRules,
  BatchPreparation,
  checkProducer,
  prepareAtOnce,
  prepareOwnBatch,
} from './append-checks.ts'
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
  TimestampAndOffset,
  VisitBatch,
} from './log.ts'
import type { LogPart } from './log-part.ts'
import { findRecord } from './offsets-by-time.ts'
import { describeProducer, knownTransaction } from './producers/producer-state.ts'
import { ProducerStateManager, type SnapshotStorage } from './producers/producer-state-manager.ts'
import type { AbortedEntry } from './segment/transaction-index.ts'

export interface LogPartAdapterOptions {
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  readonly part: LogPart
  readonly config: LogConfig
  readonly clock: Clock
  readonly trace?: ((event: TraceEvent) => void) | undefined
  readonly codecs?: Codecs | undefined
}

/** Discards snapshots: the adapter never takes one. */
const NO_SNAPSHOTS: SnapshotStorage = {
  list: () => [],
  readFile: () => undefined,
  open: (path) => {
    throw new Error(`log part: nothing is written, not even ${path}`)
  },
  rename: () => {},
  remove: () => {},
}
const SCAN_BYTES = 1_048_576

export class LogPartAdapter implements Log {
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  private readonly part: LogPart
  private readonly clock: Clock
  private readonly trace: ((event: TraceEvent) => void) | undefined
  private readonly codecs: Codecs
  private readonly producers = new ProducerStateManager(NO_SNAPSHOTS, '')
  private readonly aborted: AbortedEntry[] = []
  private config: LogConfig
  private rules: AppendRules
  private deletedBelow = 0
  private committed = 0
  private epoch = -1
  private bytesAppended = 0

  constructor(options: LogPartAdapterOptions) {
    this.topic = options.topic
    this.partition = options.partition
    this.topicId = options.topicId
    this.part = options.part
    this.clock = options.clock
    this.trace = options.trace
    this.codecs = options.codecs ?? NO_CODECS
    this.config = options.config
    this.rules = appendRules(options.config, this.name, this.codecs)
  }

  private get name(): string {
    return partitionKey(this.topic, this.partition)
  }
  get settings(): LogConfig {
    return this.config
  }
  get logStartOffset(): number {
    return Math.max(this.part.startOffset, this.deletedBelow)
  }
  get logEndOffset(): number {
    return this.part.endOffset
  }
  get latestEpoch(): number {
    return this.epoch
  }
  get sizeBytes(): number {
    return this.bytesAppended
  }
  get highWatermark(): number {
    return this.committed
  }
  set highWatermark(offset: number) {
    this.committed = Math.min(offset, this.logEndOffset)
    this.producers.onHighWatermark(this.committed)
  }
  get lastStableOffset(): number {
    return Math.min(this.producers.firstUnstableOffset() ?? this.committed, this.committed)
  }

  startLeaderEpoch(leaderEpoch: number): void {
    this.epoch = Math.max(this.epoch, leaderEpoch)
  }

  appendAsLeader(sent: Uint8Array, options: LeaderAppendOptions): LogAppendInfo {
    const { origin } = options
    if (origin === 'client') return this.appendPrepared(prepareAtOnce(this.prepare(sent)), options)
    return this.appendPrepared(prepareOwnBatch(sent, origin, this.rules), options)
  }

  prepare(sent: Uint8Array): BatchPreparation {
    return new BatchPreparation(sent, this.rules, this.clock.now())
  }

  appendPrepared(prepared: PreparedBatch, options: LeaderAppendOptions): LogAppendInfo {
    const { header } = prepared
    const now = this.clock.now()
    const known = checkProducer(this.producers, prepared.bytes, header, { ...options, name: this.name })
    const { logStartOffset } = this
    if (known) {
      const { lastOffset, offsetDelta, timestamp: maxTimestamp } = known
      const firstOffset = lastOffset - offsetDelta
      return { firstOffset, lastOffset, logAppendTime: -1, maxTimestamp, logStartOffset, duplicate: true }
    }
    // A copy, because `bytes` may lie in the reused memory of a request.
    const bytes = prepared.bytes.slice()
    const stampsTime = this.config.messageTimestampType === 'LogAppendTime' && !isControl(header)
    if (stampsTime) stampLogAppendTime(bytes, 0, now)
    stampBatch(bytes, 0, 0, options.leaderEpoch)
    const firstOffset = this.part.append(bytes, header.lastOffsetDelta + 1)
    const lastOffset = firstOffset + header.lastOffsetDelta
    this.remember({ ...header, baseOffset: firstOffset, lastOffset }, bytes)
    const maxTimestamp = stampsTime ? now : header.maxTimestamp
    return {
      firstOffset,
      lastOffset,
      logAppendTime: stampsTime ? now : -1,
      maxTimestamp,
      logStartOffset,
      duplicate: false,
    }
  }

  private remember(header: BatchHeader, bytes: Uint8Array): void {
    this.bytesAppended += bytes.length
    const aborted = this.producers.update(header, bytes, 0)
    if (aborted) this.aborted.push(aborted)
    const { baseOffset, lastOffset } = header
    this.trace?.({ type: 'append', log: this.name, baseOffset, lastOffset, bytes: bytes.length })
  }

  appendEndTxnMarker(
    end: EndTransaction,
    options: { leaderEpoch: number; transactionVersion: number },
  ): LogAppendInfo {
    return this.appendAsLeader(buildEndTxnMarker(end), { ...options, origin: 'coordinator' })
  }

  appendAsFollower(): never {
    throw new Error(`log part ${this.name}: cannot follow a leader`)
  }

  read(offset: number, { maxBytes, minOneBatch, upTo }: ReadOptions): ReadResult {
    if (offset < this.logStartOffset || offset > this.logEndOffset)
      throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    if (offset === this.logEndOffset) return { bytes: new Uint8Array(0), nextOffset: offset }
    const batches = this.part.read(offset, maxBytes).filter((batch) => baseOffsetAt(batch, 0) < upTo)
    if (batches[0] && batches[0].length > maxBytes && !minOneBatch) batches.length = 0
    const last = batches.at(-1)
    return { bytes: concat(batches), nextOffset: last ? lastOffsetAt(last, 0) + 1 : offset }
  }

  /** A part has no files that could be named in an error; its batches are visited as they are. */
  *visitSound(from: number, visit: VisitBatch): Steps<void> {
    for (let offset = from; offset < this.logEndOffset; ) {
      const options = { maxBytes: SCAN_BYTES, minOneBatch: true, upTo: this.logEndOffset }
      const { bytes, nextOffset } = this.read(offset, options)
      if (nextOffset === offset) return
      for (const at of batchPositions(bytes)) yield* visit(bytes, at)
      offset = nextOffset
    }
  }

  slice(offset: number, options: ReadOptions): SliceResult {
    const { bytes, nextOffset } = this.read(offset, options)
    return { records: bytes, upperBound: nextOffset }
  }

  abortedTransactions(fetchOffset: number, upperBound: number): AbortedEntry[] {
    return this.aborted.filter((entry) => entry.lastOffset >= fetchOffset && entry.firstOffset < upperBound)
  }

  /** A part has no timestamps: all batches are read, oldest first, until a record matches. */
  offsetForTimestamp(timestamp: Int64): Steps<TimestampAndOffset | undefined> {
    return this.firstRecord((time) => time >= timestamp)
  }

  *maxTimestampOffset(): Steps<TimestampAndOffset | undefined> {
    let max: Int64 = -1
    yield* this.firstRecord((time) => {
      max = greaterOf(max, time)
      return false
    })
    return max < 0 ? undefined : yield* this.firstRecord((time) => time === max)
  }

  private *firstRecord(wanted: (timestamp: Int64) => boolean): Steps<TimestampAndOffset | undefined> {
    let offset = this.logStartOffset
    while (offset < this.logEndOffset) {
      const { bytes, nextOffset } = this.read(offset, {
        maxBytes: SCAN_BYTES,
        minOneBatch: true,
        upTo: this.logEndOffset,
      })
      for (const at of batchPositions(bytes)) {
        const header = readBatchHeader(bytes, at)
        const found = yield* findRecord({ header, bytes, at }, this.codecs, (time, recordOffset) => {
          return recordOffset >= offset && wanted(time)
        })
        if (found) return found
      }
      if (nextOffset <= offset) return undefined
      offset = nextOffset
    }
    return undefined
  }

  epochForOffset(): number {
    return this.epoch
  }
  endOffsetForEpoch(epoch: number) {
    return epoch === this.epoch ? { epoch, endOffset: this.logEndOffset } : undefined
  }
  transactionOf(producerId: Int64, producerEpoch: number): KnownTransaction {
    return knownTransaction(this.producers.stateOf(producerId), producerEpoch)
  }
  activeProducers() {
    return Array.from(this.producers.states, describeProducer)
  }

  truncateTo(offset: number): void {
    if (offset < this.logEndOffset) throw new Error(`log part ${this.name}: cannot be cut to ${offset}`)
  }
  truncateFullyAndStartAt(offset: number): void {
    throw new Error(`log part ${this.name}: cannot begin anew at ${offset}`)
  }
  deleteRecordsBefore(offset: number): void {
    if (offset > this.committed) throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    this.deletedBelow = Math.max(this.deletedBelow, offset)
  }
  maintain(): number {
    this.producers.removeExpired(settledNow(this.clock), this.config.producerIdExpirationMs)
    return 0
  }
  updateConfig(config: LogConfig): void {
    this.config = config
    this.rules = appendRules(config, this.name, this.codecs)
  }
  flush(done: (error?: Error) => void): void {
    done()
  }
  close(): void {}
}

/** Concatenates the batches. Bytes that are not a batch (a mistake in the learner's code) are refused, not sent to a client. */
function concat(batches: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(batches.reduce((sum, batch) => sum + batch.length, 0))
  let at = 0
  for (const batch of batches) {
    if (batch.length < HEADER_SIZE || batchSizeAt(batch, 0) !== batch.length) {
      throw new Error(`log part: read gave ${batch.length} bytes that are not one whole batch`)
    }
    all.set(batch, at)
    at += batch.length
  }
  return all
}
