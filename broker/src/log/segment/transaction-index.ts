/**
 * The transaction index: which transactions that ended in this segment were aborted.
 *
 * A read_committed consumer gets aborted records, too, and with them the list of aborted transactions to drop. The broker
 * takes this list from here, without reading batches.
 *
 *   .txnindex = entry*         34 bytes each; the file exists only if a transaction was aborted
 *   entry     = int16 version 0 | int64 producer id | int64 first offset | int64 last offset | int64 last stable offset
 *
 *   last offset: that of the abort marker. last stable offset: its value after the marker was appended; every transaction
 *   that began below it has ended. So a search may stop at an entry whose last stable offset is high enough.
 *
 * TRANSACTION-INDEX-1  entries are in the order of their markers: last offsets rise
 * TRANSACTION-INDEX-2  the file holds the first entries of those in memory: all of them, unless the disk was full
 */
import { type Storage, StorageError, type StorageFile } from '../../core.ts'
import { int16At, int64At, putInt16, putInt64 } from '../../wire/big-endian.ts'
import type { Int64 } from '../../wire/int64.ts'

const ENTRY_BYTES = 34

export interface AbortedEntry {
  readonly producerId: Int64
  readonly firstOffset: number
  readonly lastOffset: number
  readonly lastStableOffset: number
}

export class TransactionIndex {
  private readonly storage: Storage
  private readonly path: string
  private file: StorageFile | undefined
  private loaded: AbortedEntry[] | undefined
  private damaged = false
  /** How many of the entries are in the file. */
  private written = 0

  constructor(storage: Storage, path: string) {
    this.storage = storage
    this.path = path
  }

  /** Read at the first use; a segment without aborts has no file. */
  get entries(): readonly AbortedEntry[] {
    this.loaded ??= this.load()
    return this.loaded
  }

  /** Whether the file exists but is not as it was written. */
  get isDamaged(): boolean {
    this.loaded ??= this.load()
    return this.damaged
  }

  private load(): AbortedEntry[] {
    this.damaged = false
    this.written = 0
    if (!this.storage.exists(this.path)) return []
    const bytes = this.storage.readFile(this.path) ?? new Uint8Array(0)
    const entries = decode(bytes)
    this.damaged = entries.length * ENTRY_BYTES !== bytes.length
    this.written = entries.length
    return entries
  }

  append(entry: AbortedEntry): void {
    const last = this.entries.at(-1)
    if (last && last.lastOffset >= entry.lastOffset) {
      throw new Error(`transaction index: ${entry.lastOffset} is not above ${last.lastOffset}`)
    }
    this.loaded!.push(entry)
    this.trySave()
  }

  /** Writes the unwritten entries (TRANSACTION-INDEX-2). */
  private save(): void {
    const entries = this.loaded ?? []
    if (this.written === entries.length) return
    this.file ??= this.storage.open(this.path)
    for (; this.written < entries.length; this.written++)
      this.file.write(this.written * ENTRY_BYTES, encode(entries[this.written]!))
  }

  /** Ignores a full disk, because the marker is already in the log: the next flush reports the error. */
  private trySave(): void {
    try {
      this.save()
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
    }
  }

  /** Flushes the entries; `done` may be called at once if there are none. Throws StorageError. */
  flush(done: (error?: Error) => void): void {
    this.save()
    if (this.file) this.file.flush(done)
    else done()
  }

  /**
   * Adds to `found` the aborted transactions that overlap [fetchOffset, upperBound). Returns true if no later segment can
   * have another one.
   */
  collect(fetchOffset: number, upperBound: number, found: AbortedEntry[]): boolean {
    for (const entry of this.entries) {
      if (entry.lastOffset >= fetchOffset && entry.firstOffset < upperBound) found.push(entry)
      if (entry.lastStableOffset >= upperBound) return true
    }
    return false
  }

  /** Removes transactions whose marker is at or after `offset`. */
  truncateTo(offset: number): void {
    const kept = this.entries.filter((entry) => entry.lastOffset < offset)
    if (kept.length === this.entries.length) return
    this.loaded = kept
    if (this.written <= kept.length) return
    this.written = kept.length
    this.file ??= this.storage.open(this.path)
    this.file.truncate(kept.length * ENTRY_BYTES)
  }

  reset(): void {
    this.file?.close()
    this.file = undefined
    this.loaded = []
    this.written = 0
    this.damaged = false
    this.storage.remove(this.path)
  }

  close(): void {
    this.trySave()
    this.file?.close()
    this.file = undefined
    this.loaded = undefined
  }
}

function encode(entry: AbortedEntry): Uint8Array {
  const bytes = new Uint8Array(ENTRY_BYTES)
  putInt16(bytes, 0, 0)
  putInt64(bytes, 2, entry.producerId)
  putInt64(bytes, 10, entry.firstOffset)
  putInt64(bytes, 18, entry.lastOffset)
  putInt64(bytes, 26, entry.lastStableOffset)
  return bytes
}

/** The entries up to the first one that is invalid or incomplete; recovery rewrites the file. */
function decode(bytes: Uint8Array): AbortedEntry[] {
  const entries: AbortedEntry[] = []
  for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    const entry: AbortedEntry = {
      producerId: int64At(bytes, at + 2),
      firstOffset: int64At(bytes, at + 10),
      lastOffset: int64At(bytes, at + 18),
      lastStableOffset: int64At(bytes, at + 26),
    }
    const before = entries.at(-1)?.lastOffset ?? -1
    if (int16At(bytes, at) !== 0 || entry.lastOffset <= before || entry.firstOffset > entry.lastOffset) break
    entries.push(entry)
  }
  return entries
}
