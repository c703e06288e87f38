/**
 * From a stream of bytes to frames.
 *
 * TCP delivers bytes in pieces of its own choosing. Kafka puts a length before each message:
 *
 *   frame = size: int32 | size bytes of header and body
 *
 * so a reader collects pieces until a whole frame is there. Sizes are read before anything is set aside for
 * them, and memory grows with what has come: a client that claims two gigabytes costs nothing.
 *
 *   pieces of the stream   ..size|frame......|..........|...size|frame      what waits to be asked for
 *   the frame under way            ^--------- memory of its own --------^    filled when the reader asks for it
 *
 * F1  a frame is handed out whole, once, in order, in memory that is nobody else's
 * F2  a negative size or one above the limit throws InvalidFrameError (socket.request.max.bytes)
 * F3  what is held costs little more than its bytes, however small the pieces are in which they came
 */
import type { FrameMemory } from './frame-memory.ts'

/** The stream can't be followed any further; its connection is closed (Kafka: InvalidReceiveException). */
export class InvalidFrameError extends Error {
  override readonly name = 'InvalidFrameError'
}

const SIZE_BYTES = 4
/** A piece costs some 200 bytes beside its own. Smaller ones are put together, as larger ones grow (F3). */
const SMALL_PIECE_BYTES = 4096
/** What a frame is made in when nobody lends memory. */
const NEW_MEMORY = { take: (length: number) => new Uint8Array(length), giveBack: () => {} }

export class FrameAssembler {
  private readonly frameBytesMax: number
  private readonly memory: Pick<FrameMemory, 'take' | 'giveBack'>
  private pieces: Uint8Array[] = []
  /** Bytes in `pieces`. */
  private waiting = 0
  /** Of the frame under way, once its four bytes are there. */
  private size: number | undefined
  private frame: Uint8Array | undefined
  private filled = 0

  /** `frameBytesMax`: the largest frame that is let in, in bytes; `memory`: where frames are put. */
  constructor(frameBytesMax: number, memory: Pick<FrameMemory, 'take' | 'giveBack'> = NEW_MEMORY) {
    this.frameBytesMax = frameBytesMax
    this.memory = memory
  }

  /** Bytes that wait for the rest of their frame, or to be asked for. */
  get bufferedBytes(): number {
    return this.waiting + this.filled + (this.size === undefined ? 0 : SIZE_BYTES)
  }

  /** Takes the next piece of the stream, whose memory stays the caller's: see `keep`. */
  push(piece: Uint8Array): void {
    if (piece.length === 0) return
    this.pieces.push(piece)
    this.waiting += piece.length
  }

  /** The memory of the last piece is about to be used for something else: what is left of it is copied. */
  keep(): void {
    const left = this.pieces.pop()
    if (!left) return
    this.pieces.push(left.slice())
    if (left.length < SMALL_PIECE_BYTES) this.mergeSmall()
  }

  /**
   * Joins the last two pieces for as long as the last is the larger one: each byte is copied at most once for each
   * doubling of its piece. Sizes fall from the front to the end, so there are few pieces, or large ones.
   */
  private mergeSmall(): void {
    const { pieces } = this
    while (pieces.length > 1) {
      const last = pieces.at(-1)!
      const before = pieces.at(-2)!
      if (before.length >= SMALL_PIECE_BYTES || before.length > last.length) return
      pieces.splice(-2, 2, joined(before, last))
    }
  }

  /** The size of the next frame, or undefined when not even that is there. Throws InvalidFrameError (F2). */
  nextSize(): number | undefined {
    if (this.size !== undefined) return this.size
    if (this.waiting < SIZE_BYTES) return undefined
    const bytes = new Uint8Array(SIZE_BYTES)
    this.move(bytes, 0, SIZE_BYTES)
    const size = (bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!
    if (size < 0) throw new InvalidFrameError(`frame of ${size} bytes`)
    if (size > this.frameBytesMax) {
      throw new InvalidFrameError(`frame of ${size} bytes, socket.request.max.bytes is ${this.frameBytesMax}`)
    }
    this.size = size
    return size
  }

  /** The next whole frame, without its size, or undefined when more bytes are needed. Throws InvalidFrameError (F2). */
  next(): Uint8Array | undefined {
    const size = this.nextSize()
    if (size === undefined) return undefined
    const memory = this.memoryFor(size)
    this.filled += this.move(memory, this.filled, size)
    if (this.filled < size) return undefined
    this.size = undefined
    this.frame = undefined
    this.filled = 0
    return memory.subarray(0, size)
  }

  /** Memory for what has come of the frame: all of it at once if it is there, or twice as much as there is. */
  private memoryFor(size: number): Uint8Array {
    const here = this.filled + this.waiting
    const before = this.frame
    if (before && before.length >= Math.min(size, here)) return before
    this.frame = this.memory.take(Math.min(size, 2 * here))
    if (before) {
      this.frame.set(before.subarray(0, this.filled))
      this.memory.giveBack(before)
    }
    return this.frame
  }

  /** Moves what waits to `into`, from `at` up to `end`, as far as it goes; gives how many bytes. */
  private move(into: Uint8Array, at: number, end: number): number {
    const { pieces } = this
    let done = at
    let used = 0
    while (used < pieces.length && done < end) {
      const piece = pieces[used]!
      const count = Math.min(piece.length, end - done)
      into.set(count < piece.length ? piece.subarray(0, count) : piece, done)
      done += count
      if (count < piece.length) pieces[used] = piece.subarray(count)
      else used++
    }
    pieces.splice(0, used)
    this.waiting -= done - at
    return done - at
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length)
  whole.set(a)
  whole.set(b, a.length)
  return whole
}
