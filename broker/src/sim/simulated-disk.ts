/**
 * A disk that tells the page cache from the platter, and can lose power.
 *
 *   written   | a a a a | b b b b | c c c c |        what the broker reads back while it runs
 *   flushed   | a a a a | b b                        what a flush has made durable
 *   crash     | a a a a | b b . b | c c              sectors above that: kept, lost (zeroes), or cut off
 *
 * What a machine does when it loses power is left to the dice: of what was not flushed, any sector may have reached
 * the platter, in any order, and the file's length may be anything from the flushed one to the last. Names (files made,
 * renamed, removed) are kept in order and never lost: file systems with a journal do so, and Kafka relies on it.
 *
 * SIMULATED-DISK-1  what a finished flush covered is there after a crash, byte for byte
 * SIMULATED-DISK-2  a flush takes time, and one that was under way at the crash covered nothing
 */
import type { Storage, StorageError, StorageFile } from '../core.ts'
import { MemoryStorage } from './memory-storage.ts'
import type { SeededRandom } from './seeded-random.ts'

const SECTOR_BYTES = 512
const FLUSH_MS_MAX = 20

/** What of a file is on the platter. */
interface Platter {
  bytes: Uint8Array
  /** Which flush brought it there: one that was asked for earlier may finish later, and brings nothing new. */
  flushNumber: number
}

export class SimulatedDisk implements Storage {
  private readonly live = new MemoryStorage()
  private readonly platters = new Map<string, Platter>()
  private readonly random: SeededRandom
  private readonly after: (delayMs: number, happen: () => void) => void
  /** Rises with each crash: flushes of before then never finish (SIMULATED-DISK-2). */
  private era = 0
  private flushes = 0

  /** `after` lets something happen later, in the virtual time of the run. */
  constructor(random: SeededRandom, after: (delayMs: number, happen: () => void) => void) {
    this.random = random
    this.after = after
  }

  /** The machine loses power; what the broker has open is worthless afterwards. */
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
    // What was flushed and not written over since is there either way (SIMULATED-DISK-1): both versions have it.
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
  /** A disk without bounds. */
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
