/**
 * The five things the core is handed, and nothing else.
 *
 * Everything under broker/src, except node/, browser/ and sim/, is plain synchronous TypeScript: no
 * promise, no `node:*`, no clock, dice or timer of its own. Whoever runs the core (a Node process, the
 * simulator, a worker in a page, a test) hands it a `Core`, feeds it bytes, and takes bytes from it.
 * That is why a run can be replayed from a seed, and why a test of a 45 s session timeout takes no time.
 *
 * CORE-1  the core never waits: whatever takes time comes back later as an event (a timer, a finished flush)
 * CORE-2  time goes only where `clock` says
 * CORE-3  the same seed, the same events, in the same order: the same bytes out
 */

/**
 * Two ways to ask for the time (Kafka: Time.milliseconds and Time.hiResClockMs). What is stored or shown takes `now`;
 * what is waited for, or measured, takes `monotonicMs`; what deletes takes settled time. Who uses which: settled-time.ts.
 */
export interface Clock {
  /** What the machine's clock says: ms since 1970. It may jump, in both directions, when somebody sets it. */
  now(): number
  /** Ms since some moment in the past; never falls, whatever happens to the machine's clock. May have a fraction. */
  monotonicMs(): number
}

/** A timer that was set; `cancel` is idempotent and may be called after it fired. */
export interface Timer {
  cancel(): void
}

/** Calls back once, later: never within the call that asked for it. */
export interface Timers {
  /** `delayMs` from now. `work` names what is done then, for the line about a stall. */
  set(delayMs: number, fire: () => void, work?: string): Timer
  /** As soon as what has come in the meantime was taken in: bytes, signals. Without it, a timer of 0 ms does. */
  soon?(fire: () => void): void
}

/** What the thread was working on: `{ api: 'Metadata', version: 12, client: 'app' }`. */
export type Work = Readonly<Record<string, string | number | null>>

/** Learns of work that held up all others for too long (stalls.ts). */
export interface StallWatch {
  /** Reports that `work` took `ms`, if that is a stall. */
  worked(ms: number, work: () => Work): void
}

/** Dice. Seeded in the simulator and in tests, the operating system's in a real process. */
export interface Randomness {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array
  /** An integer from 0 up to, not including, `bound` (at most 2^31). */
  int(bound: number): number
}

/**
 * A stretch of a file that nobody has read yet. A response to Fetch carries slices instead of megabytes: their bytes
 * go from the file to the socket in small pieces, as fast as the client takes them. (Kafka: FileRecords, sendfile)
 *
 * A slice is good within the event in which it was made. Who still needs it afterwards holds it.
 */
export interface FileSlice {
  /** Bytes. */
  readonly length: number
  /** Fills `into` with the bytes from `at` on; gives how many there were: fewer only where the slice ends. */
  readInto(into: Uint8Array, at: number): number
  /** Keeps the bytes readable, even if the file is closed or removed, until what this gives is called, once. */
  hold(): () => void
}

/** A piece of what is sent: bytes in memory, or in a file. */
export type Chunk = Uint8Array | FileSlice

/** The bytes of a chunk, in memory. A slice is copied. Throws StorageError. */
export function bytesOf(chunk: Chunk): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  const bytes = new Uint8Array(chunk.length)
  return bytes.subarray(0, chunk.readInto(bytes, 0))
}

/**
 * An open file. Calls return when the bytes are in the page cache, as `write(2)` does; only `flush`
 * says when they are on disk. Errors are thrown as `StorageError`.
 */
export interface StorageFile {
  /** Length in bytes. */
  size(): number
  /** Writes the chunks one after the other at the end of the file. */
  append(chunks: readonly Uint8Array[]): void
  /** Writes `bytes` at `position` (bytes from the start); may lengthen the file. */
  write(position: number, bytes: Uint8Array): void
  /** Up to `length` bytes from `position`; fewer at the end of the file. Fresh memory: the caller owns it. */
  read(position: number, length: number): Uint8Array
  /** `length` bytes from `position`, all of them there, to be read by whoever sends them. */
  slice(position: number, length: number): FileSlice
  /** Cuts the file, or lengthens it with zeroes, to `size` bytes. */
  truncate(size: number): void
  /** Asks for the bytes written so far to be made durable; `done` is called later, once, in an event of its own. */
  flush(done: (error?: StorageError) => void): void
  /** Closes the handle; calls after it throw. */
  close(): void
}

/**
 * A folder tree. Paths are relative to the log directory, parts joined by '/'. Synchronous, for Kafka
 * itself relies on the page cache: an append costs microseconds, and durability is `flush`'s business.
 */
export interface Storage {
  /** Opens a file, creating it (and its folder) when it is not there. */
  open(path: string): StorageFile
  exists(path: string): boolean
  /** The names in a folder, sorted; an empty list when there is no such folder. */
  list(folder: string): string[]
  makeFolder(folder: string): void
  /** Renames a file or folder; replaces a file that is there. */
  rename(from: string, to: string): void
  /** Removes a file, or a folder with all that is in it; silent when it is not there. */
  remove(path: string): void
  /** The whole file, or undefined when it is not there. */
  readFile(path: string): Uint8Array | undefined
  /** How big the volume is, and how much of it is free; undefined where nobody knows. Bytes. */
  capacity(): { readonly totalBytes: number; readonly usableBytes: number } | undefined
  /** Replaces a small file so that a crash leaves the old or the new, never half of one (tmp, fsync, rename). */
  writeFileAtomic(path: string, bytes: Uint8Array): void
}

/** What storage throws: the operation, the path and the cause's code ('ENOSPC', 'EACCES', 'EROFS', …). */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  /** What was tried: 'write', 'fsync', 'rename', … */
  readonly operation: string
  readonly code: string
  readonly path: string
  constructor(operation: string, path: string, code: string) {
    super(`${operation} ${path}: ${code}`)
    this.operation = operation
    this.code = code
    this.path = path
  }
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** One line of the broker's log for people; `fields` are appended as key=value. */
export interface Logger {
  (level: LogLevel, message: string, fields?: Record<string, unknown>): void
  /** Lines below it are not shown. It may be set while the broker runs; a log without it shows what it likes. */
  threshold?: LogLevel
}

/** A typed event for playgrounds, timelines and the simulator's checkers. `type` names it, the rest is its data. */
export interface TraceEvent {
  readonly type: string
  readonly [key: string]: string | number | boolean | null | undefined | readonly (string | number)[]
}

/** Everything the core gets from outside. Bytes are sent through the connection that a frame came in on. */
export interface Core {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Randomness
  readonly storage: Storage
  readonly log: Logger
  /** Absent when nobody listens: tracing costs nothing then. */
  readonly trace?: ((event: TraceEvent) => void) | undefined
  /** Absent where time does not pass during work, as in the simulator. */
  readonly stalls?: StallWatch | undefined
}
