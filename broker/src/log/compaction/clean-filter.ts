/**
 * Decides which records of a batch compaction keeps. (Cleaner.cleanInto, CleanedTransactionMetadata)
 *
 *   record of an aborted transaction          removed: no consumer reads it
 *   record whose key occurs again later       removed
 *   record without a key                      removed: it can't be replaced by a later one
 *   record above the mapped offsets           kept in any case
 *   tombstone (null value), last of its key   kept until the delete horizon of its batch has passed
 *   transaction marker                        kept while a batch of its transaction is left, then like a tombstone
 *
 *   The delete horizon is set when compaction first visits a tombstone: now + delete.retention.ms, stored in place of the
 *   base timestamp (attribute bit 6, KIP-534). A consumer that began earlier has this long to read the tombstone.
 *
 * CLEAN-FILTER-1  offsets do not change: a batch keeps its base and last offset, however many records are removed
 * CLEAN-FILTER-2  the last batch of an active producer is kept, even without records, because it holds the sequence
 *     number; if only markers of a producer are left, the last marker is kept, because it holds the epoch
 * CLEAN-FILTER-3  a batch that keeps all its records keeps its bytes
 * CLEAN-FILTER-4  a batch may hold millions of records: they are read twice, once to decide which are kept, once to
 *     copy those; both passes run step by step, and the output is compressed piece by piece
 */

import { ControlType } from '../../messages/records/control-records.ts'
import {
  Attribute,
  type BatchHeader,
  codecOf,
  hasDeleteHorizon,
  isControl,
  isLogAppendTime,
  isTransactional,
  NO_TIMESTAMP,
} from '../../record/batch.ts'
import { BatchPacker, RECORD_BYTES_SMALL } from '../../record/batch-packer.ts'
import { Codec, type Codecs } from '../../record/compression.ts'
import { readControlBatch } from '../../record/control-record.ts'
import { recordCursor, timestampOf } from '../../record/record.ts'
import type { RecordCursor } from '../../record/record-cursor.ts'
import type { Steps } from '../../turns.ts'
import { greaterOf, type Int64, minus } from '../../wire/int64.ts'
import type { LastRecord } from '../producers/producer-state-manager.ts'
import type { VisitedBatch } from '../segment/batch-reader.ts'
import type { AbortedEntry, TransactionIndex } from '../segment/transaction-index.ts'

/** From this many bytes on, a decoder is faster than a loop. */
const LONG_KEY_BYTES = 64
const decoder = new TextDecoder('latin1')

/** A key as a string, for use as a map key: one character per byte. */
export function keyText(key: Uint8Array): string {
  if (key.length > LONG_KEY_BYTES) return decoder.decode(key)
  let text = ''
  for (let i = 0; i < key.length; i++) text += String.fromCharCode(key[i]!)
  return text
}

/** Tracks open and aborted transactions while batches are visited from the log start, in order. */
export class CleanedTransactions {
  private readonly waiting: AbortedEntry[] = []
  /** Producer id -> its aborted transaction, and whether this pass has seen a batch of it. */
  private readonly aborted = new Map<Int64, { readonly entry: AbortedEntry; seen: boolean }>()
  private readonly committed = new Set<Int64>()
  private index: TransactionIndex | undefined

  /** Adds the aborted transactions of the next segment. One that spans several segments may be added more than once. */
  add(aborted: readonly AbortedEntry[]): void {
    this.waiting.push(...aborted)
    this.waiting.sort((a, b) => a.firstOffset - b.firstOffset)
  }

  /** From now on, aborted transactions that still have batches are written to `index`. */
  writeTo(index: TransactionIndex): void {
    this.index = index
  }

  /** Whether the transactions allow this batch to be removed. Must be called once for every batch. */
  mayGo(batch: VisitedBatch): boolean {
    const { header } = batch
    while (this.waiting[0] && this.waiting[0].firstOffset <= header.lastOffset) {
      const entry = this.waiting.shift()!
      if (!this.aborted.has(entry.producerId)) this.aborted.set(entry.producerId, { entry, seen: false })
    }
    if (isControl(header)) return this.markerMayGo(batch)
    if (!isTransactional(header)) return false
    const aborted = this.aborted.get(header.producerId)
    if (aborted) {
      aborted.seen = true
      return true
    }
    this.committed.add(header.producerId)
    return false
  }

  private markerMayGo({ header, bytes, at }: VisitedBatch): boolean {
    const type = readControlBatch(bytes, at)?.type
    if (type === undefined) return true
    if (type === ControlType.COMMIT) return !this.committed.delete(header.producerId)
    if (type !== ControlType.ABORT) return false
    const aborted = this.aborted.get(header.producerId)
    this.aborted.delete(header.producerId)
    if (!aborted?.seen) return true
    this.index?.append(aborted.entry)
    return false
  }
}

export interface CleanRules {
  /** The last offset of each key in the dirty part of the log. */
  readonly lastOffsets: ReadonlyMap<string, number>
  /** Records above this offset were not mapped, and are kept. */
  readonly latestOffset: number
  readonly lastOfProducer: ReadonlyMap<Int64, LastRecord>
  /** The last batch below this offset is kept, even without records, so that the log's end is known. */
  readonly endOffset: number
  /** Settled time, and the wall clock: which delete horizons have passed, and where new ones are set. */
  readonly now: number
  readonly wallMs: number
  readonly deleteRetentionMs: number
  readonly codecs: Codecs
}

/** The work may be paused after this many records. */
const RECORDS_A_STEP = 200

/**
 * The rest of a batch: its own bytes (CLEAN-FILTER-3), new bytes, or nothing. Throws if its records can't be read.
 */
export function* cleanBatch(
  batch: VisitedBatch,
  mayGo: boolean,
  rules: CleanRules,
): Steps<Uint8Array | undefined> {
  const { header, bytes, at } = batch
  const own = bytes.subarray(at, at + header.size)
  if (codecOf(header) !== 0 && !rules.codecs.has(codecOf(header))) return own
  const passed = hasDeleteHorizon(header) && header.baseTimestamp <= rules.now
  const discard = mayGo && (!isControl(header) || passed)
  const stays = (cursor: RecordCursor): boolean =>
    !discard && (isControl(header) || staysByKey(cursor, header, passed, rules))
  const kept = yield* countKept(batch, stays, rules)
  if (kept.count === 0 && !staysEmpty(header, rules)) return undefined
  const expires = isControl(header) ? mayGo : kept.hasTombstone
  const newHorizon = kept.count > 0 && expires && !hasDeleteHorizon(header)
  if (kept.isAll && !newHorizon) return own
  const horizon = newHorizon
    ? rules.wallMs + rules.deleteRetentionMs
    : hasDeleteHorizon(header)
      ? header.baseTimestamp
      : undefined
  return yield* rebuild(batch, stays, { ...kept, horizon }, rules.codecs)
}

interface Kept {
  readonly count: number
  readonly isAll: boolean
  readonly hasTombstone: boolean
  /** Timestamp of the first record that is kept, and the greatest of all that are kept. */
  readonly firstTimestamp: Int64
  readonly maxTimestamp: Int64
}

/** The first pass (CLEAN-FILTER-4). */
function* countKept(
  { header, bytes, at }: VisitedBatch,
  stays: (cursor: RecordCursor) => boolean,
  { codecs }: CleanRules,
): Steps<Kept> {
  let count = 0
  let hasTombstone = false
  let firstTimestamp: Int64 = NO_TIMESTAMP
  let maxTimestamp: Int64 = NO_TIMESTAMP
  yield* eachRecord({ header, bytes, at }, codecs, (cursor) => {
    if (!stays(cursor)) return
    const timestamp = timestampOf(header, cursor.timestampDelta)
    if (count === 0) firstTimestamp = timestamp
    maxTimestamp = greaterOf(maxTimestamp, timestamp)
    if (cursor.valueLength < 0) hasTombstone = true
    count++
  })
  return { count, isAll: count === header.recordCount, hasTombstone, firstTimestamp, maxTimestamp }
}

/** Visits the records of a batch step by step. Throws what the codec throws. */
export function* eachRecord(
  { header, bytes, at }: Pick<VisitedBatch, 'header' | 'bytes' | 'at'>,
  codecs: Codecs,
  visit: (cursor: RecordCursor) => Steps<void> | void,
): Steps<void> {
  if (header.recordCount <= 0) return
  const cursor = recordCursor(bytes, at, header, codecs)
  try {
    for (let progress = cursor.next(); progress !== 'end'; progress = cursor.next()) {
      const steps = progress === 'record' ? visit(cursor) : undefined
      if (steps) yield* steps
      if (progress === 'pause' || cursor.index % RECORDS_A_STEP === 0) yield
    }
  } finally {
    cursor.close()
  }
}

// #region stays
function staysByKey(
  cursor: RecordCursor,
  header: BatchHeader,
  horizonPassed: boolean,
  rules: CleanRules,
): boolean {
  const offset = header.baseOffset + cursor.offsetDelta
  if (offset > rules.latestOffset) return true
  const { key } = cursor
  if (key === null) return false
  if (offset < (rules.lastOffsets.get(keyText(key)) ?? -1)) return false
  return cursor.valueLength >= 0 || !horizonPassed
}
// #endregion stays

function staysEmpty(header: BatchHeader, rules: CleanRules): boolean {
  return isLastOfProducer(header, rules) || header.lastOffset + 1 === rules.endOffset
}

/** CLEAN-FILTER-2. */
function isLastOfProducer(header: BatchHeader, { lastOfProducer }: CleanRules): boolean {
  const last = lastOfProducer.get(header.producerId)
  if (!last) return false
  if (last.lastDataOffset !== undefined) return header.lastOffset === last.lastDataOffset
  return isControl(header) && header.producerEpoch === last.producerEpoch
}

/** The batch with only the kept records (CLEAN-FILTER-1): the second pass (CLEAN-FILTER-4). */
function* rebuild(
  batch: VisitedBatch,
  stays: (cursor: RecordCursor) => boolean,
  { count, firstTimestamp, maxTimestamp, horizon }: Kept & { readonly horizon: Int64 | undefined },
  codecs: Codecs,
): Steps<Uint8Array> {
  const { header } = batch
  const codec = count > 0 ? codecOf(header) : Codec.NONE
  const packer = new BatchPacker(codec as Codec, codecs)
  const hasHorizon = horizon !== undefined && count > 0
  const baseTimestamp = hasHorizon ? horizon : firstTimestamp
  if (count > 0)
    yield* eachRecord(batch, codecs, (cursor) => {
      if (!stays(cursor)) return
      const timestamp = timestampOf(header, cursor.timestampDelta)
      const { offsetDelta, content } = cursor
      const delta = minus(timestamp, baseTimestamp)
      if (content.length > RECORD_BYTES_SMALL) return packer.addLarge(delta, offsetDelta, content)
      packer.add(delta, offsetDelta, content)
    })
  const bits = header.attributes & (Attribute.TRANSACTIONAL | Attribute.CONTROL | Attribute.LOG_APPEND_TIME)
  return packer.finish({
    ...header,
    attributes: codec | bits | (hasHorizon ? Attribute.DELETE_HORIZON : 0),
    baseTimestamp,
    maxTimestamp: count === 0 || isLogAppendTime(header) ? header.maxTimestamp : maxTimestamp,
  })
}
