/**
 * What compaction keeps of a batch. (Cleaner.cleanInto, CleanedTransactionMetadata)
 *
 *   record of an aborted transaction          goes at once: no reader wants it
 *   record, and a later one has its key       goes
 *   record without a key                      goes: it cannot be told from others
 *   tombstone (no value), the last of its key stays until its batch's delete horizon has passed
 *   marker of a transaction                   stays while a batch of the transaction is left, and then as a tombstone does
 *
 *   The delete horizon is set when compaction first meets a tombstone: now + delete.retention.ms, in the place of
 *   the base timestamp (attribute bit 6, KIP-534). A reader that began before has that long to see it.
 *
 * K1  offsets do not change: a batch keeps base and last offset, whatever is left of it
 * K2  the last batch of an active producer stays, if need be without records: it has the sequence number
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
import type { VisitedBatch } from './batch-reader.ts'
import type { AbortedEntry } from './transaction-index.ts'

/** A key as a string, for a map: a character a byte. */
export function keyText(key: Uint8Array): string {
  let text = ''
  for (let i = 0; i < key.length; i++) text += String.fromCharCode(key[i]!)
  return text
}

/** Which transactions a walk from the log's start is within; asked batch after batch, in order. */
export class CleanedTransactions {
  private readonly waiting: AbortedEntry[]
  /** Producer -> was a batch of the transaction seen on this walk? */
  private readonly aborted = new Map<number, boolean>()
  private readonly committed = new Set<number>()

  constructor(aborted: readonly AbortedEntry[]) {
    this.waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  }

  /** May this batch go, for all that transactions care? Must be asked of every batch, once. */
  mayGo(batch: VisitedBatch): boolean {
    const { header } = batch
    while (this.waiting[0] && this.waiting[0].firstOffset <= header.lastOffset) {
      this.aborted.set(this.waiting.shift()!.producerId, false)
    }
    if (isControl(header)) return this.markerMayGo(batch)
    if (!isTransactional(header)) return false
    if (this.aborted.has(header.producerId)) {
      this.aborted.set(header.producerId, true)
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
    const seen = this.aborted.get(header.producerId)
    this.aborted.delete(header.producerId)
    return !seen
  }
}

export interface CleanRules {
  /** The last offset of each key in the part of the log that is not compacted yet. */
  readonly lastOffsets: ReadonlyMap<string, number>
  /** Producer -> the last offset of its last batch of data. */
  readonly lastOfProducer: ReadonlyMap<number, number>
  /** The last batch of the cleaned part stays, so that the end is known. */
  readonly endOffset: number
  readonly now: number
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
  return rebuild(header, kept, newHorizon ? rules.now + rules.deleteRetentionMs : undefined, rules.codecs)
}

function staysByKey(record: StoredRecord, horizonPassed: boolean, { lastOffsets }: CleanRules): boolean {
  if (record.key === null) return false
  if (record.offset < (lastOffsets.get(keyText(record.key)) ?? -1)) return false
  return record.value !== null || !horizonPassed
}

function staysEmpty(header: BatchHeader, rules: CleanRules): boolean {
  return (
    rules.lastOfProducer.get(header.producerId) === header.lastOffset ||
    header.lastOffset + 1 === rules.endOffset
  )
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
