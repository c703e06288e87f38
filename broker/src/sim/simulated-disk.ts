/**
 * A simulated disk with a page cache, which can lose power.
 *
 *   written   | a a a a | b b b b | c c c c |        what the broker reads back while it runs
 *   flushed   | a a a a | b b                        what flushes have made durable
 *   crash     | a a a a | b b . b | c c              sectors above that: kept, lost (zeroes), or truncated
 *
 * What survives a power failure is random: of the bytes that were not flushed, any sector may have been written, in any
 * order, and the file's length may be anything from the flushed one to the last. Names (files created, renamed, removed)
 * are kept in order and never lost: journaling file systems guarantee this, and Kafka relies on it.
 *
 * SIMULATED-DISK-1  bytes of a completed flush survive a crash unchanged
 * SIMULATED-DISK-2  a flush takes time, and one that is running at the crash covers nothing
 */
import type { Storage, StorageError, StorageFile } from '../core.ts'
import { MemoryStorage } from './memory-storage.ts'
import type { SeededRandom } from './seeded-random.ts'

const SECTOR_BYTES = 512
const FLUSH_MS_MAX = 20

/** The durable part of a file. */
interface Platter {
  bytes: Uint8Array
  /** The flush that wrote it: an earlier flush may finish later, and must not overwrite newer bytes. */
  flushNumber: number
}

export class SimulatedDisk implements Storage {
  private readonly live = new MemoryStorage()
  private readonly platters = new Map<string, Platter>()
  private readonly random: SeededRandom
  private readonly after: (delayMs: number, happen: () => void) => void
  /** Rises with each crash: earlier flushes never complete (SIMULATED-DISK-2). */
  private era = 0
  private flushes = 0

  /** `after` calls back later, in the virtual time of the run. */
  constructor(random: SeededRandom, after: (delayMs: number, happen: () => void) => void) {
    this.random = random
    this.after = after
  }

  /** The machine loses power; all open files become invalid. */
  crash(): void {
    this.era++
    for (const [path, platter] of this.platters) {
      const written = this.live.readFile(path) ?? new Uint8Array(0)
      platter.bytes = this.survivors(written, platter.bytes)
      this.live.writeFileAtomic(path, platter.bytes)
    }
  }

  /** Every file and its bytes, sorted by path. */
  contents(): { path: string; bytes: Uint8Array }[] {
    return [...this.platters.keys()].sort().map((path) => ({ path, bytes: this.live.readFile(path)! }))
  }

  private survivors(written: Uint8Array, flushed: Uint8Array): Uint8Array {
    const kept = Math.min(written.length, flushed.length)
    const length = kept + this.random.int(written.length - kept + 1)
    const survived = new Uint8Array(length)
    survived.set(flushed.subarray(0, length))
    for (let at = 0; at < length; at += SECTOR_BYTES) {
      const end = Math.min(at + SECTOR_BYTES, length)
      if (this.random.chance(50)) survived.set(written.subarray(at, end), at)
    }
    // Flushed bytes that were not overwritten are in both versions, so they survive (SIMULATED-DISK-1).
    return survived
  }

  open(path: string): StorageFile {
    const file = this.live.open(path)
    let platter = this.platters.get(path)
    if (!platter) {
      platter = { bytes: new Uint8Array(0), flushNumber: 0 }
      this.platters.set(path, platter)
    }
    return this.watched(file, platter)
  }

  private watched(file: StorageFile, platter: Platter): StorageFile {
    return {
      size: () => file.size(),
      append: (chunks) => file.append(chunks),
      write: (position, bytes) => file.write(position, bytes),
      read: (position, length) => file.read(position, length),
      slice: (position, length) => file.slice(position, length),
      close: () => file.close(),
      truncate: (size) => {
        file.truncate(size)
        platter.bytes = platter.bytes.slice(0, size)
      },
      flush: (done) => this.flush(file, platter, done),
    }
  }

  private flush(file: StorageFile, platter: Platter, done: (error?: StorageError) => void): void {
    const { era } = this
    const number = ++this.flushes
    const bytes = file.read(0, file.size())
    this.after(1 + this.random.int(FLUSH_MS_MAX), () => {
      if (era !== this.era) return
      if (number > platter.flushNumber) {
        platter.bytes = bytes
        platter.flushNumber = number
      }
      done()
    })
  }

  exists(path: string): boolean {
    return this.live.exists(path)
  }
  /** The disk has no size limit. */
  capacity(): undefined {
    return undefined
  }

  list(folder: string): string[] {
    return this.live.list(folder)
  }
  makeFolder(folder: string): void {
    this.live.makeFolder(folder)
  }
  readFile(path: string): Uint8Array | undefined {
    return this.live.readFile(path)
  }

  rename(from: string, to: string): void {
    this.live.rename(from, to)
    for (const [path, platter] of this.within(from)) {
      this.platters.delete(path)
      this.platters.set(to + path.slice(from.length), platter)
    }
  }

  remove(path: string): void {
    this.live.remove(path)
    for (const [each] of this.within(path)) this.platters.delete(each)
  }

  writeFileAtomic(path: string, bytes: Uint8Array): void {
    this.live.writeFileAtomic(path, bytes)
    this.platters.set(path, { bytes: bytes.slice(), flushNumber: 0 })
  }

  /** The file of that path, or the files below it. */
  private within(path: string): [string, Platter][] {
    return [...this.platters].filter(([each]) => each === path || each.startsWith(`${path}/`))
  }
}
