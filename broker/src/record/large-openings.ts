/**
 * Large openings: of the batches that take much memory or time while they are decompressed, one is open at a time.
 *
 *   a producer's batch    1 MB -> 4 MB        opened beside others
 *   a bomb                6 KB -> 66 MB       opened alone; another one waits
 *
 * A client can send thousands of small requests, each with a batch of zstd that needs a window of 128 MiB, or that holds a
 * record of 64 MiB. All of them together must not take more memory than one of them. Kafka has eight threads that open
 * batches, so at most eight are open; here every connection may have one in work (turns.ts). As there is only one
 * thread, nothing takes longer because these wait for each other; and while they wait, they leave their places among the
 * requests in work to others.
 *
 * An opening becomes large
 *
 *   - at its beginning, if its codec says so (Codecs.isLarge), or
 *   - when a record of more than RECORD_BYTES_MAX must be held, or
 *   - when more than OPENED_BYTES_MAX have come out
 *
 * LARGE-OPENINGS-1  one large opening at a time gets further pieces; the others get empty pieces, and hold at most
 *     RECORD_BYTES_MAX and one piece. A job that opens one yields `waitsFor` then
 * LARGE-OPENINGS-2  when it is closed, the one that has waited longest goes on
 * LARGE-OPENINGS-3  memory for a large record is claimed when its opening goes on, and reused by the next one: the garbage
 *     collector need not notice each time that 64 MB are free again
 */
import type { Wait } from '../turns.ts'
import { EMPTY_READ } from './compression/reads.ts'

/** What an ordinary batch may decompress to, in bytes. */
const OPENED_BYTES_MAX = 4 * 1_048_576
/** The largest record of an ordinary batch, in bytes. */
const RECORD_BYTES_MAX = 1_048_576

/** There is more, but not now. */
const NOTHING_NOW: IteratorYieldResult<Uint8Array> = { done: false, value: new Uint8Array(0) }
const END: IteratorReturnResult<undefined> = { done: true, value: undefined }
const NO_BYTES = new Uint8Array(0)

export class LargeOpenings {
  private holder: Opening | undefined
  /** For the records of the holder, as long as others wait (LARGE-OPENINGS-3). */
  private memory = NO_BYTES
  /** What waits, and how it goes on. */
  private readonly waiting = new Map<Opening, () => void>()

  /** Whether `opening` may go on: it is the only one, or there is no other. */
  enter(opening: Opening): boolean {
    this.holder ??= opening
    return this.holder === opening
  }

  wait(opening: Opening, goOn: () => void): void {
    if (this.enter(opening)) goOn()
    else this.waiting.set(opening, goOn)
  }

  leave(opening: Opening): void {
    this.waiting.delete(opening)
    if (this.holder !== opening) return
    this.holder = undefined
    const [next] = this.waiting
    if (!next) {
      this.memory = NO_BYTES
      return
    }
    this.waiting.delete(next[0])
    this.holder = next[0]
    next[1]()
  }

  /** Memory of at least `bytes` for the holder. */
  memoryOf(bytes: number): Uint8Array {
    if (this.memory.length < bytes) this.memory = new Uint8Array(bytes)
    return this.memory
  }
}

/** Memory for a record of these pieces; see Opening.memoryFor. */
export function memoryFor(pieces: Iterator<Uint8Array>, bytes: number): Uint8Array {
  return pieces instanceof Opening ? pieces.memoryFor(bytes) : new Uint8Array(bytes)
}

/** The decompressed pieces of one batch, which may have to wait for another one. It must be closed (`return`). */
export class Opening implements IterableIterator<Uint8Array>, Wait {
  private readonly openings: LargeOpenings
  private readonly pieces: Iterator<Uint8Array>
  private isLarge: boolean
  private openedBytes = 0
  /** After an empty read the reader needs the next piece: reads.ts. */
  private isAtEmptyRead = false

  constructor(openings: LargeOpenings, pieces: Iterable<Uint8Array>, isLarge: boolean) {
    this.openings = openings
    this.pieces = pieces[Symbol.iterator]()
    this.isLarge = isLarge
  }

  [Symbol.iterator](): this {
    return this
  }

  next(): IteratorResult<Uint8Array, unknown> {
    if (this.waitsFor && !this.isAtEmptyRead) return NOTHING_NOW
    const step = this.pieces.next()
    if (step.done) return step
    this.isAtEmptyRead = step.value === EMPTY_READ
    this.openedBytes += step.value.length
    if (this.openedBytes > OPENED_BYTES_MAX) this.isLarge = true
    return step
  }

  /** A record of so many bytes will be held. */
  expectRecord(bytes: number): void {
    if (bytes > RECORD_BYTES_MAX) this.isLarge = true
  }

  /** Memory for the record that was expected. Its contents are valid until the next call, or until this is closed. */
  memoryFor(bytes: number): Uint8Array {
    return this.isLarge && this.openings.enter(this) ? this.openings.memoryOf(bytes) : new Uint8Array(bytes)
  }

  /** What a job yields before the next piece: itself, while another large opening is in work. */
  get waitsFor(): Wait | undefined {
    return this.isLarge && !this.openings.enter(this) ? this : undefined
  }

  whenOver(goOn: () => void): void {
    this.openings.wait(this, goOn)
  }

  return(): IteratorResult<Uint8Array, unknown> {
    this.openings.leave(this)
    this.pieces.return?.()
    return END
  }
}
