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
 * K1  offsets do not change: a batch keeps base and last offset, whatever is left of it
 * K2  the last batch of an active producer stays, if need be without records: it has the sequence number; of one that
 *     has only markers left the last marker, for its epoch
 * K3  a batch of which all is kept keeps its bytes
 */

import { ControlType } from '../messages/records/control-records.ts'
import {
  type BatchHeader,
  codecOf,
  hasDeleteHorizon,
  isControl,
  isLogAppendTime,
  isTransactional,
} from '../record/batch.ts'
import { buildBatch } from '../record/batch-builder.ts'
import type { Codecs } from '../record/compression.ts'
import { readControlBatch } from '../record/control-record.ts'
import { readRecords, type StoredRecord } from '../record/record.ts'
import type { Int64 } from '../wire/int64.ts'
import type { VisitedBatch } from './batch-reader.ts'
import type { LastRecord } from './producer-state-manager.ts'
import type { AbortedEntry, TransactionIndex } from './transaction-index.ts'

/** A key as a string, for a map: a character a byte. */
export function keyText(key: Uint8Array): string {
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

/** What is left of a batch: its own bytes (K3), new bytes, or nothing. */
export function cleanBatch(batch: VisitedBatch, mayGo: boolean, rules: CleanRules): Uint8Array | undefined {
  const { header, bytes, at } = batch
  const own = bytes.subarray(at, at + header.size)
  if (codecOf(header) !== 0 && !rules.codecs.has(codecOf(header))) return own
  const passed = hasDeleteHorizon(header) && header.baseTimestamp <= rules.now
  const records = readRecords(bytes, at, rules.codecs)
  const discard = mayGo && (!isControl(header) || passed)
  const kept = discard
    ? []
    : isControl(header)
      ? records
      : records.filter((record) => staysByKey(record, passed, rules))
  if (kept.length === 0 && !staysEmpty(header, rules)) return undefined
  const expires = isControl(header) ? mayGo : kept.some((record) => record.value === null)
  const newHorizon = kept.length > 0 && expires && !hasDeleteHorizon(header)
  if (kept.length === records.length && !newHorizon) return own
  return rebuild(header, kept, newHorizon ? rules.wallMs + rules.deleteRetentionMs : undefined, rules.codecs)
}

function staysByKey(record: StoredRecord, horizonPassed: boolean, rules: CleanRules): boolean {
  if (record.offset > rules.latestOffset) return true
  if (record.key === null) return false
  if (record.offset < (rules.lastOffsets.get(keyText(record.key)) ?? -1)) return false
  return record.value !== null || !horizonPassed
}

function staysEmpty(header: BatchHeader, rules: CleanRules): boolean {
  return isLastOfProducer(header, rules) || header.lastOffset + 1 === rules.endOffset
}

/** K2. */
function isLastOfProducer(header: BatchHeader, { lastOfProducer }: CleanRules): boolean {
  const last = lastOfProducer.get(header.producerId)
  if (!last) return false
  if (last.lastDataOffset !== undefined) return header.lastOffset === last.lastDataOffset
  return isControl(header) && header.producerEpoch === last.producerEpoch
}

/** The batch with these records only (K1). */
function rebuild(
  header: BatchHeader,
  kept: readonly StoredRecord[],
  newHorizon: number | undefined,
  codecs: Codecs,
): Uint8Array {
  const horizon = newHorizon ?? (hasDeleteHorizon(header) ? header.baseTimestamp : undefined)
  const records = kept.map((record) => ({ ...record, offsetDelta: record.offset - header.baseOffset }))
  return buildBatch(records, {
    baseOffset: header.baseOffset,
    partitionLeaderEpoch: header.partitionLeaderEpoch,
    producerId: header.producerId,
    producerEpoch: header.producerEpoch,
    baseSequence: header.baseSequence,
    transactional: isTransactional(header),
    control: isControl(header),
    codec: kept.length > 0 ? codecOf(header) : 0,
    codecs,
    lastOffsetDelta: header.lastOffsetDelta,
    ...(kept.length === 0 && { maxTimestamp: header.maxTimestamp }),
    ...(isLogAppendTime(header) && { logAppendTime: header.maxTimestamp }),
    ...(horizon !== undefined && kept.length > 0 && { deleteHorizonMs: horizon }),
  })
}
