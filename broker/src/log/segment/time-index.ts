/**
 * The time index: the offset before which all records are older than a timestamp.
 *
 * Producers set timestamps, so timestamps need not rise along the log. So an entry holds the greatest timestamp so far:
 *
 *   .timeindex = entry*       12 bytes each
 *   entry      = int64 greatest timestamp so far | int32 offset - base offset of its batch (the last offset)
 *
 *   An entry is written with each entry of the offset index if the timestamp is greater; and when a segment is rolled,
 *   so that its greatest timestamp, which retention uses, is the last entry.
 *
 * TIME-INDEX-1  timestamps rise strictly, offsets rise
 * TIME-INDEX-2  no record before an entry's offset is younger than its timestamp
 */
import type { Storage } from '../../core.ts'
import { exactInt64At, int32At, putInt32, putInt64 } from '../../wire/big-endian.ts'
import type { Int64 } from '../../wire/int64.ts'
import { IndexEntries } from './index-entries.ts'

const ENTRY_BYTES = 12

export interface TimeIndexEntry {
  readonly timestamp: Int64
  readonly offset: number
}

export class TimeIndex {
  private readonly entries: IndexEntries
  private readonly baseOffset: number

  constructor(storage: Storage, path: string, baseOffset: number) {
    this.baseOffset = baseOffset
    this.entries = new IndexEntries(storage, path, { entryBytes: ENTRY_BYTES, rises })
  }

  /** Whether the file has bytes that are not valid entries. They are not used. */
  get isDamaged(): boolean {
    return this.entries.isDamaged
  }

  get count(): number {
    return this.entries.count
  }

  /** Timestamp -1 if the index is empty. */
  get lastEntry(): TimeIndexEntry {
    return this.entryAt(this.count - 1)
  }

  private entryAt(entry: number): TimeIndexEntry {
    if (entry < 0) return { timestamp: -1, offset: this.baseOffset }
    const at = entry * ENTRY_BYTES
    return {
      timestamp: exactInt64At(this.entries.bytes, at),
      offset: this.baseOffset + int32At(this.entries.bytes, at + 8),
    }
  }

  /** Adds an entry if the timestamp is greater than the last one (TIME-INDEX-1). */
  maybeAppend(timestamp: Int64, offset: number): void {
    if (timestamp <= this.lastEntry.timestamp) return
    const entry = new Uint8Array(ENTRY_BYTES)
    putInt64(entry, 0, timestamp)
    putInt32(entry, 8, offset - this.baseOffset)
    this.entries.append(entry)
  }

  /** An offset before which every record is older than `timestamp`. */
  lookup(timestamp: Int64): number {
    const entry = this.entries.findLast((bytes, at) => exactInt64At(bytes, at) < timestamp)
    return this.entryAt(entry).offset
  }

  /** Removes entries at or after `offset`. */
  truncateTo(offset: number): void {
    const wanted = offset - this.baseOffset
    this.entries.truncate(this.entries.findLast((bytes, at) => int32At(bytes, at + 8) < wanted) + 1)
  }

  /** Room for one entry is reserved: a rolled segment gets its greatest timestamp as the last entry. (TimeIndex.isFull) */
  isFull(bytesMax: number): boolean {
    return this.count >= Math.floor(bytesMax / ENTRY_BYTES) - 1
  }
  create(): void {
    this.entries.create()
  }
  reset(): void {
    this.entries.truncate(0)
  }
  flush(done: (error?: Error) => void): void {
    this.entries.flush(done)
  }
  close(): void {
    this.entries.close()
  }
}

function rises(bytes: Uint8Array, at: number): boolean {
  if (at === 0) return exactInt64At(bytes, 0) > 0 || int32At(bytes, 8) > 0
  return (
    exactInt64At(bytes, at) > exactInt64At(bytes, at - ENTRY_BYTES) &&
    int32At(bytes, at + 8) >= int32At(bytes, at - 4)
  )
}
