/**
 * The offset index: the position in the .log file where the search for an offset begins.
 *
 * It is sparse: one entry every index.interval.bytes (4 KiB), so a lookup is a binary search here, followed by a walk over
 * a few batch headers in the .log file. It takes a tenth of a per cent of the data's size.
 *
 *   .index  = entry*          8 bytes each
 *   entry   = int32 offset - base offset | int32 position
 *
 *   The offset is that of the LAST record of a batch, the position that batch's first byte.
 *
 * OFFSET-INDEX-1  offsets and positions rise from entry to entry
 * OFFSET-INDEX-2  no batch that begins at or after an entry's position holds an offset below that batch's base
 */
import type { Storage } from '../../core.ts'
import { int32At, putInt32 } from '../../wire/big-endian.ts'
import { IndexEntries } from './index-entries.ts'

const ENTRY_BYTES = 8

export class OffsetIndex {
  private readonly entries: IndexEntries
  private readonly baseOffset: number

  constructor(storage: Storage, path: string, baseOffset: number) {
    this.baseOffset = baseOffset
    this.entries = new IndexEntries(storage, path, {
      entryBytes: ENTRY_BYTES,
      rises: (bytes, at) => rises(bytes, at),
    })
  }

  /** Whether the file has bytes that are not valid entries. They are not used. */
  get isDamaged(): boolean {
    return this.entries.isDamaged
  }

  get count(): number {
    return this.entries.count
  }

  /** The last offset in the index, the base offset if it is empty. */
  get lastOffset(): number {
    return this.count === 0 ? this.baseOffset : this.offsetOf(this.count - 1)
  }

  private offsetOf(entry: number): number {
    return this.baseOffset + int32At(this.entries.bytes, entry * ENTRY_BYTES)
  }

  private positionOf(entry: number): number {
    return int32At(this.entries.bytes, entry * ENTRY_BYTES + 4)
  }

  /** Adds an entry; `lastOffset` must be above the last one (OFFSET-INDEX-1). */
  append(lastOffset: number, position: number): void {
    if (this.count > 0 && lastOffset <= this.lastOffset) {
      throw new Error(`offset index: ${lastOffset} is not above ${this.lastOffset}`)
    }
    const entry = new Uint8Array(ENTRY_BYTES)
    putInt32(entry, 0, lastOffset - this.baseOffset)
    putInt32(entry, 4, position)
    this.entries.append(entry)
  }

  // #region lookup
  /** A position in the .log file at or before the batch that holds `offset`. */
  lookup(offset: number): number {
    const wanted = offset - this.baseOffset
    const entry = this.entries.findLast((bytes, at) => int32At(bytes, at) <= wanted)
    return entry < 0 ? 0 : this.positionOf(entry)
  }
  // #endregion lookup

  /** The offset of the first entry whose batch begins at or beyond `position`, undefined if there is none. */
  firstBeyond(position: number): number | undefined {
    const before = this.entries.findLast((bytes, at) => int32At(bytes, at + 4) < position)
    return before + 1 < this.count ? this.offsetOf(before + 1) : undefined
  }

  /** A position at or before the last batch of the segment. */
  get lastPosition(): number {
    return this.count === 0 ? 0 : this.positionOf(this.count - 1)
  }

  /** Removes entries of batches that end at or after `offset`. */
  truncateTo(offset: number): void {
    const wanted = offset - this.baseOffset
    this.entries.truncate(this.entries.findLast((bytes, at) => int32At(bytes, at) < wanted) + 1)
  }

  isFull(bytesMax: number): boolean {
    return (this.count + 1) * ENTRY_BYTES > bytesMax
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

/** The first batch never gets an entry, so position 0 occurs only in preallocated zeroes. */
function rises(bytes: Uint8Array, at: number): boolean {
  const position = int32At(bytes, at + 4)
  if (at === 0) return position > 0
  return int32At(bytes, at) > int32At(bytes, at - ENTRY_BYTES) && position > int32At(bytes, at - 4)
}
