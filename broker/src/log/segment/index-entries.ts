/**
 * What both indexes of a segment have in common: a file of entries of equal size, sorted, with a copy in memory.
 *
 * Kafka maps index files into memory; Node can't. So the entries are kept in an array, which is read from the file at its
 * first use: a partition that no one reads costs nothing. New entries go to the array at once, and to the file when
 * some hundred have accumulated or a flush needs them: writing to a map costs Kafka nothing, but a system call for each
 * batch would cost us as much as the batch itself.
 *
 * Kafka preallocates index.size.max.bytes (10 MiB) for each index of the active segment, because a map can't grow, and
 * trims the file when the segment is rolled. Our files just grow: tools see no trailing zeroes, a kill leaves none, and
 * 10,000 partitions do not claim 200 GB of holes.
 *
 * The files are created with the first batch of a segment: a thousand empty partitions have none.
 *
 * INDEX-ENTRIES-1  the file holds the first entries of those in memory, and all of them after a flush or a close. A kill
 *     loses the rest, which recovery rebuilds from the batches, as it does after any kill
 * INDEX-ENTRIES-2  a file that a killed Kafka left may end in zeroes: entries that do not rise are removed
 */
import { type Storage, StorageError, type StorageFile } from '../../core.ts'

const UNWRITTEN_BYTES_MAX = 4096

export class IndexEntries {
  readonly entryBytes: number
  private readonly storage: Storage
  private readonly path: string
  private opened: StorageFile | undefined
  private readonly rises: (bytes: Uint8Array, at: number) => boolean
  private loaded: Uint8Array | undefined
  private used = 0
  private damaged = false
  /** How many of the used bytes are in the file. */
  private written = 0

  /** `rises`: whether the entry at byte `at` may follow the one before it (INDEX-ENTRIES-2). */
  constructor(
    storage: Storage,
    path: string,
    options: { entryBytes: number; rises: (bytes: Uint8Array, at: number) => boolean },
  ) {
    this.storage = storage
    this.path = path
    this.entryBytes = options.entryBytes
    this.rises = options.rises
  }

  private get file(): StorageFile {
    this.opened ??= this.storage.open(this.path)
    return this.opened
  }

  /** Creates the file if it does not exist: tools need one for every segment with batches. */
  create(): void {
    this.file.size()
  }

  /** The entries, one after the other; only the first `count` are valid. */
  get bytes(): Uint8Array {
    this.loaded ??= this.load()
    return this.loaded
  }

  get isDamaged(): boolean {
    if (!this.loaded) this.loaded = this.load()
    return this.damaged
  }

  get count(): number {
    if (!this.loaded) this.loaded = this.load()
    return this.used / this.entryBytes
  }

  private load(): Uint8Array {
    if (!this.opened && !this.storage.exists(this.path)) return new Uint8Array(0)
    const bytes = this.file.read(0, this.file.size())
    let end = 0
    while (end + this.entryBytes <= bytes.length && this.rises(bytes, end)) end += this.entryBytes
    this.used = end
    this.written = end
    // Kafka's preallocated zeroes (INDEX-ENTRIES-2) are not damage; any other invalid bytes are.
    this.damaged = bytes.subarray(end).some((byte) => byte !== 0)
    if (end < bytes.length) this.file.truncate(end)
    return bytes
  }

  /** Adds an entry of `entryBytes` bytes. */
  append(entry: Uint8Array): void {
    const bytes = this.bytes
    if (this.used + entry.length > bytes.length) {
      this.loaded = new Uint8Array(Math.max(bytes.length * 2, this.entryBytes * 16))
      this.loaded.set(bytes.subarray(0, this.used))
    }
    this.loaded!.set(entry, this.used)
    this.used += entry.length
    // The first entry is written at once: Kafka's tools report an empty index beside batches as broken.
    if (this.written === 0 || this.used - this.written >= UNWRITTEN_BYTES_MAX) this.trySave()
  }

  /** Writes the unwritten entries to the file (INDEX-ENTRIES-1). */
  private save(): void {
    if (this.written === this.used) return
    this.file.write(this.written, this.bytes.subarray(this.written, this.used))
    this.written = this.used
  }

  /** Ignores a full disk, which must not refuse a batch or keep a file open: the next flush reports it, and retries. */
  private trySave(): void {
    try {
      this.save()
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
    }
  }

  /** Keeps the first `count` entries. */
  truncate(count: number): void {
    if (count >= this.count) return
    this.used = count * this.entryBytes
    if (this.used >= this.written) return
    this.written = this.used
    this.file.truncate(this.used)
  }

  /** Index of the last entry for which `holds` is true, -1 if none; after it `holds` must be false for all. */
  findLast(holds: (bytes: Uint8Array, at: number) => boolean): number {
    const bytes = this.bytes
    let low = -1
    let high = this.count - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (holds(bytes, middle * this.entryBytes)) low = middle
      else high = middle - 1
    }
    return low
  }

  flush(done: (error?: Error) => void): void {
    this.save()
    this.file.flush(done)
  }

  close(): void {
    this.trySave()
    this.opened?.close()
    this.opened = undefined
    this.loaded = undefined
  }
}
