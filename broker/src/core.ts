/**
 * What the core gets from its host: clock, timers, random numbers, storage, connections and log, and nothing else.
 *
 * Everything under broker/src, except node/, browser/ and sim/, is plain synchronous TypeScript: no promise, no `node:*`,
 * no clock, random numbers or timer of its own. The host (a Node process, the simulator, a worker in a page, a test) passes
 * a `Core`, passes in received bytes, and gets bytes to send. So a run can be replayed from a seed, and a test of a 45 s
 * session timeout takes no time.
 *
 * CORE-1  the core never blocks or awaits: the end of a longer operation comes as an event (a timer, a completed flush)
 * CORE-2  the core reads the time only from `clock`
 * CORE-3  the same seed and the same events in the same order give the same output bytes
 */

/**
 * Two ways to read the time (Kafka: Time.milliseconds and Time.hiResClockMs). Stored or displayed times use `now`; delays
 * and durations use `monotonicMs`; deletions use settled time. For a list of uses see settled-time.ts.
 */
export interface Clock {
  /** The wall clock: ms since 1970. It may jump, in both directions, when it is set. */
  now(): number
  /** Ms since some moment in the past; never decreases, even if the wall clock is set. May have a fraction. */
  monotonicMs(): number
}

/** A timer; `cancel` is idempotent and may be called after it fired. */
export interface Timer {
  cancel(): void
}

/** Calls back once, later: never within the same call. */
export interface Timers {
  /** Fires `delayMs` from now. `work` names the callback in the log line about a stall. */
  set(delayMs: number, fire: () => void, work?: string): Timer
  /** Fires after all received bytes and signals are handled. If it is missing, a timer of 0 ms is used. */
  soon?(fire: () => void): void
}

/** What the thread was doing: `{ api: 'Metadata', version: 12, client: 'app' }`. */
export type Work = Readonly<Record<string, string | number | null>>

/** Gets reports of work that blocked the thread for too long (stalls.ts). */
export interface StallWatch {
  /** Reports that `work` took `ms`; it checks whether this is a stall. */
  worked(ms: number, work: () => Work): void
}

/** Random numbers: seeded in the simulator and in tests, the operating system's in a real process. */
export interface Randomness {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array
  /** A random integer from 0 (inclusive) to `bound` (exclusive, at most 2^31). */
  int(bound: number): number
}

/**
 * A part of a file that is not read yet. A response to Fetch contains slices instead of megabytes: their bytes go from
 * the file to the socket in small pieces, as fast as the client reads them. (Kafka: FileRecords, sendfile)
 *
 * A slice is valid within the event in which it was created. To use it later, hold it.
 */
export interface FileSlice {
  /** Bytes. */
  readonly length: number
  /** Fills `into` with the bytes from `at` on; returns how many: fewer only at the end of the slice. */
  readInto(into: Uint8Array, at: number): number
  /** Keeps the bytes readable, even if the file is closed or removed, until the returned function is called (once). */
  hold(): () => void
}

/** A piece of a response: bytes in memory, or in a file. */
export type Chunk = Uint8Array | FileSlice

/** The bytes of a chunk in memory. A slice is copied. Throws StorageError. */
export function bytesOf(chunk: Chunk): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  const bytes = new Uint8Array(chunk.length)
  return bytes.subarray(0, chunk.readInto(bytes, 0))
}

/**
 * An open file. Calls return when the bytes are in the page cache, as with `write(2)`; only `flush` waits for the disk.
 * Errors are thrown as `StorageError`.
 */
export interface StorageFile {
  /** Length in bytes. */
  size(): number
  /** Appends the chunks in order. */
  append(chunks: readonly Uint8Array[]): void
  /** Writes `bytes` at `position` (bytes from the start); may extend the file. */
  write(position: number, bytes: Uint8Array): void
  /** Up to `length` bytes from `position`; fewer at the end of the file. Fresh memory: the caller owns it. */
  read(position: number, length: number): Uint8Array
  /** A slice of exactly `length` bytes from `position`, to be read when it is sent. */
  slice(position: number, length: number): FileSlice
  /** Truncates the file to `size` bytes, or extends it with zeroes. */
  truncate(size: number): void
  /** Flushes the bytes written so far to disk; `done` is called later, once, in an event of its own. */
  flush(done: (error?: StorageError) => void): void
  /** Closes the handle; calls after it throw. */
  close(): void
}

/**
 * A folder tree. Paths are relative to the log directory, with parts joined by '/'. It is synchronous because Kafka itself
 * relies on the page cache: an append takes microseconds, and only `flush` makes it durable.
 */
export interface Storage {
  /** Opens a file; creates it (and its folder) if it does not exist. */
  open(path: string): StorageFile
  exists(path: string): boolean
  /** The names in a folder, sorted; an empty list if the folder does not exist. */
  list(folder: string): string[]
  makeFolder(folder: string): void
  /** Renames a file or folder; replaces an existing file. */
  rename(from: string, to: string): void
  /** Removes a file, or a folder with its contents; does nothing if it does not exist. */
  remove(path: string): void
  /** The whole file, or undefined if it does not exist. */
  readFile(path: string): Uint8Array | undefined
  /** Size and free space of the volume in bytes; undefined if unknown. */
  capacity(): { readonly totalBytes: number; readonly usableBytes: number } | undefined
  /** Replaces a small file atomically: after a crash the old or the new file is there (tmp, fsync, rename). */
  writeFileAtomic(path: string, bytes: Uint8Array): void
}

/** The error that storage throws: the operation, the path and the system's code ('ENOSPC', 'EACCES', 'EROFS', …). */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  /** The failed operation: 'write', 'fsync', 'rename', … */
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
  /** Lines below this level are not logged. It may be changed while the broker runs; without it, the logger decides. */
  threshold?: LogLevel
}

/** A typed event for playgrounds, timelines and the simulator's checkers. `type` names it, the rest is its data. */
export interface TraceEvent {
  readonly type: string
  readonly [key: string]: string | number | boolean | null | undefined | readonly (string | number)[]
}

/**
 * What happens to a connection that this node has opened. Events come later, never within a call of `dial`, `send` or
 * `close`; after `close` none comes.
 */
export interface LinkEvents {
  /** The other end has accepted; comes once, before all bytes. */
  connected(): void
  /** Bytes from the other end, in order, in pieces of any size. Their memory may be reused after the call. */
  received(bytes: Uint8Array): void
  /** The last event: the connection was refused, has broken, or was closed by the other end. `reason` is for the log. */
  closed(reason: string): void
}

/** The client end of a connection to another node. */
export interface Link {
  /** Sends the bytes in order, after `connected`. The link may keep them. */
  send(bytes: Uint8Array): void
  /** Closes; bytes that are not sent yet are dropped. Idempotent. */
  close(): void
}

/** Opens a connection: TCP in Node, a simulated one in the simulator, a pair in memory elsewhere. */
export type Dial = (host: string, port: number, events: LinkEvents) => Link

/** Everything that the core gets from outside. A response is sent through the connection of its request. */
export interface Core {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Randomness
  readonly storage: Storage
  readonly log: Logger
  /** Absent if this node can't reach others: requests to them fail (channel/). */
  readonly dial?: Dial | undefined
  /** Absent if events are not recorded: then tracing costs nothing. */
  readonly trace?: ((event: TraceEvent) => void) | undefined
  /** Absent if time does not pass during work, as in the simulator. */
  readonly stalls?: StallWatch | undefined
}
