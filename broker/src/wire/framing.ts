/**
 * Cuts a stream of bytes into frames.
 *
 * TCP delivers bytes in pieces of its own choosing. Kafka puts a length before each message:
 *
 *   frame = size: int32 | size bytes of header and body
 *
 * so a reader collects pieces until a frame is complete. The size is checked before memory is allocated, and memory
 * grows with the bytes that have arrived: a client that announces two gigabytes and sends nothing costs nothing.
 *
 *   pieces of the stream   ..size|frame......|..........|...size|frame      kept until the reader asks for them
 *   the current frame              ^--------- a buffer of its own -------^  filled when the reader asks for it
 *
 * - a byte is copied at most twice: when its piece is kept, and into its frame; many small frames cost no more
 *
 * FRAMING-1  each frame is returned once, complete and in order, in a buffer that nothing else uses
 * FRAMING-2  a negative size, or one above socket.request.max.bytes, throws InvalidFrameError
 * FRAMING-3  buffered bytes cost little more memory than their length, even if they arrive in tiny pieces
 */

/** Where buffers for frames come from; broker/frame-memory.ts is a pool of them. */
export interface FrameBuffers {
  /** A buffer of at least `lengthMin` bytes. */
  take(lengthMin: number): Uint8Array
  /** The buffer is not used any more. */
  release(buffer: Uint8Array): void
}

/** The stream can't be read any further, and its connection is closed (Kafka: InvalidReceiveException). */
export class InvalidFrameError extends Error {
  override readonly name = 'InvalidFrameError'
}

const SIZE_BYTES = 4
/** Kept bytes lie in buffers between these sizes; the buffers are reused (FRAMING-3). */
const KEPT_BYTES_MIN = 4096
const KEPT_BYTES_MAX = 16_384
/** Allocates a new buffer for each frame, when no pool is passed. */
const NEW_MEMORY: FrameBuffers = { take: (length: number) => new Uint8Array(length), release: () => {} }

/** Bytes of the stream, from `from` (inclusive) to `to` (exclusive). */
interface Piece {
  readonly bytes: Uint8Array
  from: number
  to: number
  /** True: the buffer is this assembler's, perhaps with room behind `to`. False: it is the caller's. */
  readonly isKept: boolean
}

export class FrameAssembler {
  private readonly frameBytesMax: number
  private readonly memory: FrameBuffers
  private pieces: Piece[] = []
  /** Bytes in `pieces`. */
  private waiting = 0
  /** Size of the current frame, known once its four bytes have arrived. */
  private size: number | undefined
  private frame: Uint8Array | undefined
  private filled = 0

  /** `frameBytesMax`: the largest accepted frame, in bytes. `memory`: where buffers for frames come from. */
  constructor(frameBytesMax: number, memory: FrameBuffers = NEW_MEMORY) {
    this.frameBytesMax = frameBytesMax
    this.memory = memory
  }

  /** Bytes received and not yet returned in a frame. */
  get bufferedBytes(): number {
    return this.waiting + this.filled + (this.size === undefined ? 0 : SIZE_BYTES)
  }

  /** Whether all bytes of the next frame have arrived. */
  get isWhole(): boolean {
    if (this.size !== undefined) return this.filled + this.waiting >= this.size
    if (this.waiting < SIZE_BYTES) return false
    const size = this.peekSize()
    return size >= 0 && this.waiting >= SIZE_BYTES + size
  }

  /** Appends the next piece of the stream. Its memory stays the caller's: call `keep` before reusing it. */
  push(piece: Uint8Array): void {
    if (piece.length === 0) return
    this.pieces.push({ bytes: piece, from: 0, to: piece.length, isKept: false })
    this.waiting += piece.length
  }

  /** Copies what is left of the last piece, because the caller is about to reuse its memory. */
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

  /** The last kept piece if it has room, else a new one: a buffer for some of the next `length` bytes. */
  private tailFor(length: number): Piece {
    const last = this.pieces.at(-1)
    if (last?.isKept && last.to < last.bytes.length) return last
    const bytes = this.memory.take(Math.min(Math.max(length, KEPT_BYTES_MIN), KEPT_BYTES_MAX))
    const piece: Piece = { bytes, from: 0, to: 0, isKept: true }
    this.pieces.push(piece)
    return piece
  }

  /** The size of the next frame, or undefined if its four bytes have not arrived. Throws InvalidFrameError (FRAMING-2). */
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
   * The next frame without its size, or undefined if it is not complete yet. Throws InvalidFrameError (FRAMING-2).
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

  /** Discards everything that is buffered. */
  drop(): void {
    this.used(this.waiting)
    if (this.frame) this.memory.release(this.frame)
    this.frame = undefined
    this.filled = 0
  }

  /** A buffer for the frame: of its full size if it has arrived completely, else twice the size of what has arrived. */
  private memoryFor(size: number): Uint8Array {
    const here = this.filled + this.waiting
    const before = this.frame
    if (before && before.length >= Math.min(size, here)) return before
    this.frame = this.memory.take(Math.min(size, 2 * here))
    if (before) {
      this.frame.set(before.subarray(0, this.filled))
      this.memory.release(before)
    }
    return this.frame
  }

  /** Moves the buffered bytes of the frame of `size` bytes into `memory`. */
  private fill(memory: Uint8Array, size: number): void {
    while (this.filled < size && this.pieces.length > 0) {
      const { bytes, from, to } = this.pieces[0]!
      const count = Math.min(to - from, size - this.filled)
      memory.set(bytes.subarray(from, from + count), this.filled)
      this.filled += count
      this.used(count)
    }
  }

  /** The int32 at the front; the caller has checked that four bytes are there. */
  private peekSize(): number {
    let value = 0
    let missing = SIZE_BYTES
    for (const { bytes, from, to } of this.pieces) {
      for (let at = from; at < to && missing > 0; at++, missing--) value = (value << 8) | bytes[at]!
      if (missing === 0) break
    }
    return value
  }

  /** Removes the first `count` buffered bytes. */
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
      if (piece.isKept) this.memory.release(piece.bytes)
      pieces++
    }
    if (pieces > 0) this.pieces.splice(0, pieces)
  }
}
