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
 * FRAMING-1  a frame is handed out whole, once, in order, in memory that is nobody else's
 * FRAMING-2  a negative size or one above the limit throws InvalidFrameError (socket.request.max.bytes)
 * FRAMING-3  what is held costs little more than its bytes, however small the pieces are in which they came
 * - a byte is copied twice at most: when its piece is kept, and into its frame; many small frames cost no more
 */
import type { FrameMemory } from './frame-memory.ts'

/** The stream can't be followed any further; its connection is closed (Kafka: InvalidReceiveException). */
export class InvalidFrameError extends Error {
  override readonly name = 'InvalidFrameError'
}

const SIZE_BYTES = 4
/** What is kept of the stream lies in buffers between these sizes, which are used again and again (FRAMING-3). */
const KEPT_BYTES_MIN = 4096
const KEPT_BYTES_MAX = 16_384
/** What a frame is made in when nobody lends memory. */
const NEW_MEMORY = { take: (length: number) => new Uint8Array(length), giveBack: () => {} }

/** Bytes of the stream: from `from` up to, not including, `to`. */
interface Piece {
  readonly bytes: Uint8Array
  from: number
  to: number
  /** Whether its memory is this assembler's, with room behind `to` perhaps; the caller's otherwise. */
  readonly isKept: boolean
}

export class FrameAssembler {
  private readonly frameBytesMax: number
  private readonly memory: Pick<FrameMemory, 'take' | 'giveBack'>
  private pieces: Piece[] = []
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

  /** Whether all bytes of the next frame are there. */
  get isWhole(): boolean {
    if (this.size !== undefined) return this.filled + this.waiting >= this.size
    if (this.waiting < SIZE_BYTES) return false
    const size = this.peekSize()
    return size >= 0 && this.waiting >= SIZE_BYTES + size
  }

  /** Takes the next piece of the stream, whose memory stays the caller's: see `keep`. */
  push(piece: Uint8Array): void {
    if (piece.length === 0) return
    this.pieces.push({ bytes: piece, from: 0, to: piece.length, isKept: false })
    this.waiting += piece.length
  }

  /** The memory of the last piece is about to be used for something else: what is left of it is copied. */
  keep(): void {
    const left = this.pieces.at(-1)
    if (!left || left.isKept) return
    this.pieces.pop()
    while (left.from < left.to) {
      const tail = this.tailFor(left.to - left.from)
      const count = Math.min(left.to - left.from, tail.bytes.length - tail.to)
      tail.bytes.set(left.bytes.subarray(left.from, left.from + count), tail.to)
      tail.to += count
      left.from += count
    }
  }

  /** The last kept piece, if it has room, or a new one: for some of `length` bytes. */
  private tailFor(length: number): Piece {
    const last = this.pieces.at(-1)
    if (last?.isKept && last.to < last.bytes.length) return last
    const bytes = this.memory.take(Math.min(Math.max(length, KEPT_BYTES_MIN), KEPT_BYTES_MAX))
    const piece: Piece = { bytes, from: 0, to: 0, isKept: true }
    this.pieces.push(piece)
    return piece
  }

  /** The size of the next frame, or undefined when not even that is there. Throws InvalidFrameError (FRAMING-2). */
  nextSize(): number | undefined {
    if (this.size !== undefined) return this.size
    if (this.waiting < SIZE_BYTES) return undefined
    const size = this.peekSize()
    if (size < 0) throw new InvalidFrameError(`frame of ${size} bytes`)
    if (size > this.frameBytesMax) {
      throw new InvalidFrameError(`frame of ${size} bytes, socket.request.max.bytes is ${this.frameBytesMax}`)
    }
    this.used(SIZE_BYTES)
    this.size = size
    return size
  }

  /**
   * The next whole frame, without its size, or undefined when more bytes are needed. Throws InvalidFrameError
   * (FRAMING-2).
   */
  next(): Uint8Array | undefined {
    const size = this.nextSize()
    if (size === undefined) return undefined
    const memory = this.memoryFor(size)
    this.fill(memory, size)
    if (this.filled < size) return undefined
    this.size = undefined
    this.frame = undefined
    this.filled = 0
    return memory.length === size ? memory : memory.subarray(0, size)
  }

  /** Nothing of the stream is needed any more. */
  drop(): void {
    this.used(this.waiting)
    if (this.frame) this.memory.giveBack(this.frame)
    this.frame = undefined
    this.filled = 0
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

  /** Moves what waits of the frame of `size` bytes into `memory`. */
  private fill(memory: Uint8Array, size: number): void {
    while (this.filled < size && this.pieces.length > 0) {
      const { bytes, from, to } = this.pieces[0]!
      const count = Math.min(to - from, size - this.filled)
      memory.set(bytes.subarray(from, from + count), this.filled)
      this.filled += count
      this.used(count)
    }
  }

  /** The int32 at the front; four bytes are there. */
  private peekSize(): number {
    let value = 0
    let missing = SIZE_BYTES
    for (const { bytes, from, to } of this.pieces) {
      for (let at = from; at < to && missing > 0; at++, missing--) value = (value << 8) | bytes[at]!
      if (missing === 0) break
    }
    return value
  }

  /** The first `count` bytes that wait are not needed any more. */
  private used(count: number): void {
    this.waiting -= count
    let left = count
    let pieces = 0
    while (left > 0) {
      const piece = this.pieces[pieces]!
      const here = Math.min(left, piece.to - piece.from)
      piece.from += here
      left -= here
      if (piece.from < piece.to) break
      if (piece.isKept) this.memory.giveBack(piece.bytes)
      pieces++
    }
    if (pieces > 0) this.pieces.splice(0, pieces)
  }
}
