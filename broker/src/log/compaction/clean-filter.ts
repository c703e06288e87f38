/**
 * What compaction keeps of a batch. (Cleaner.cleanInto, CleanedTransactionMetadata)
 *
 *   record of an aborted transaction          goes at once: no reader wants it
 *   record, and a later one has its key       goes
 *   record without a key                      goes: it cannot be told from others
 *   record beyond what was looked at          stays, whatever it is
 *   tombstone (no value), the last of its key stays until its batch's delete horizon has passed
 *   marker of a transaction                   stays while a batch of the transaction is left, and then as a tombstone does
 *
 *   The delete horizon is set when compaction first meets a tombstone: now + delete.retention.ms, in the place of
 *   the base timestamp (attribute bit 6, KIP-534). A reader that began before has that long to see it.
 *
 * CLEAN-FILTER-1  offsets do not change: a batch keeps base and last offset, whatever is left of it
 * CLEAN-FILTER-2  the last batch of an active producer stays, if need be without records: it has the sequence number;
 *     of one that has only markers left the last marker, for its epoch
 * CLEAN-FILTER-3  a batch of which all is kept keeps its bytes
 * CLEAN-FILTER-4  a batch may hold millions of records: they are walked over twice, once to see which stay, once to
 *     copy those, step by step, and what they become is compressed piece by piece
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
import { BatchPacker } from '../../record/batch-packer.ts'
import { Codec, type Codecs } from '../../record/compression.ts'
import { readControlBatch } from '../../record/control-record.ts'
import { recordCursor, timestampOf } from '../../record/record.ts'
import type { RecordCursor } from '../../record/record-cursor.ts'
import type { Steps } from '../../turns.ts'
import { greaterOf, type Int64, minus } from '../../wire/int64.ts'
import type { LastRecord } from '../producers/producer-state-manager.ts'
import type { VisitedBatch } from '../segment/batch-reader.ts'
import type { AbortedEntry, TransactionIndex } from '../segment/transaction-index.ts'

/** From so many bytes on, a decoder is quicker than a loop. */
const LONG_KEY_BYTES = 64
const decoder = new TextDecoder('latin1')

/** A key as a string, for a map: a character a byte. */
export function keyText(key: Uint8Array): string {
  if (key.length > LONG_KEY_BYTES) return decoder.decode(key)
  let text = ''
  for (let i = 0; i < key.length; i++) text += String.fromCharCode(key[i]!)
  return text
}

/** Which transactions a walk from the log's start is within; asked batch after batch, in order. */
export class CleanedTransactions {
  private readonly waiting: AbortedEntry[] = []
  /** Producer -> its aborted transaction, and whether a batch of it was seen on this walk. */
  private readonly aborted = new Map<Int64, { readonly entry: AbortedEntry; seen: boolean }>()
  private readonly committed = new Set<Int64>()
  private index: TransactionIndex | undefined

  /** The transactions of the segment that the walk comes to; those that reach over several may come again. */
  add(aborted: readonly AbortedEntry[]): void {
    this.waiting.push(...aborted)
    this.waiting.sort((a, b) => a.firstOffset - b.firstOffset)
  }

  /** From here on, the transactions of which something is left are written to `index`. */
  writeTo(index: TransactionIndex): void {
    this.index = index
  }

  /** May this batch go, for all that transactions care? Must be asked of every batch, once. */
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
  /** The last offset of each key in the part of the log that is not compacted yet. */
  readonly lastOffsets: ReadonlyMap<string, number>
  /** Records above it were not looked at, and stay. */
  readonly latestOffset: number
  readonly lastOfProducer: ReadonlyMap<Int64, LastRecord>
  /** The last batch below this offset stays, if need be without records, so that the end is known. */
  readonly endOffset: number
  /** Settled time, and the wall clock: which horizons have passed, and where new ones are set. */
  readonly now: number
  readonly wallMs: number
  readonly deleteRetentionMs: number
  readonly codecs: Codecs
}

/** After so many records the work may be interrupted. */
const RECORDS_A_STEP = 200

/**
 * What is left of a batch: its own bytes (CLEAN-FILTER-3), new bytes, or nothing. Throws where its records can't be
 * read.
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
  /** Of the first record that stays, and the greatest of all that do. */
  readonly firstTimestamp: Int64
  readonly maxTimestamp: Int64
}

/** The first walk (CLEAN-FILTER-4). */
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

/** Walks over the records of a batch, step by step. What the codec throws comes through. */
export function* eachRecord(
  { header, bytes, at }: Pick<VisitedBatch, 'header' | 'bytes' | 'at'>,
  codecs: Codecs,
  visit: (cursor: RecordCursor) => void,
): Steps<void> {
  if (header.recordCount <= 0) return
  const cursor = recordCursor(bytes, at, header, codecs)
  try {
    for (let progress = cursor.next(); progress !== 'end'; progress = cursor.next()) {
      if (progress === 'record') visit(cursor)
      if (progress === 'pause' || cursor.index % RECORDS_A_STEP === 0) yield
    }
  } finally {
    cursor.close()
  }
}

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

/** The batch with the records that stay only (CLEAN-FILTER-1): the second walk (CLEAN-FILTER-4). */
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
      packer.add(minus(timestamp, baseTimestamp), offsetDelta, content)
    })
  const bits = header.attributes & (Attribute.TRANSACTIONAL | Attribute.CONTROL | Attribute.LOG_APPEND_TIME)
  return packer.finish({
    ...header,
    attributes: codec | bits | (hasHorizon ? Attribute.DELETE_HORIZON : 0),
    baseTimestamp,
    maxTimestamp: count === 0 || isLogAppendTime(header) ? header.maxTimestamp : maxTimestamp,
  })
}
