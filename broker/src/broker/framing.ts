/**
 * From a stream of bytes to frames.
 *
 * TCP delivers bytes in pieces of its own choosing. Kafka puts a length before each message:
 *
 *   frame = size: int32 | size bytes of header and body
 *
 * so a reader collects pieces until a whole frame is there. Sizes are read before anything is set aside for
 * them: a client that claims two gigabytes costs nothing.
 *
 * F1  a frame is handed out whole, once, in order; the bytes of a piece are copied only if the frame spans pieces
 * F2  a negative size or one above the limit throws InvalidFrameError (socket.request.max.bytes)
 * F3  what is held costs little more than its bytes, however small the pieces are in which they came
 */

/** The stream can't be followed any further; its connection is closed (Kafka: InvalidReceiveException). */
export class InvalidFrameError extends Error {
  override readonly name = 'InvalidFrameError'
}

const SIZE_BYTES = 4
/** A piece costs some 200 bytes beside its own. Smaller ones are put together, as larger ones grow (F3). */
const SMALL_PIECE_BYTES = 4096

export class FrameAssembler {
  private readonly frameBytesMax: number
  private pieces: Uint8Array[] = []
  private held = 0

  /** `frameBytesMax`: the largest frame that is let in, in bytes. */
  constructor(frameBytesMax: number) {
    this.frameBytesMax = frameBytesMax
  }

  /** Bytes that wait for the rest of their frame, or to be asked for. */
  get bufferedBytes(): number {
    return this.held
  }

  /** Takes the next piece of the stream. */
  push(piece: Uint8Array): void {
    if (piece.length === 0) return
    this.pieces.push(piece)
    this.held += piece.length
    if (piece.length < SMALL_PIECE_BYTES) this.mergeSmall()
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
      pieces.splice(-2, 2, joined([before, last], before.length + last.length))
    }
  }

  /** The size of the next frame, or undefined when not even that is there. Throws InvalidFrameError (F2). */
  nextSize(): number | undefined {
    const size = this.peekSize()
    if (size === undefined) return undefined
    if (size < 0) throw new InvalidFrameError(`frame of ${size} bytes`)
    if (size > this.frameBytesMax) {
      throw new InvalidFrameError(`frame of ${size} bytes, socket.request.max.bytes is ${this.frameBytesMax}`)
    }
    return size
  }

  /** The next whole frame, without its size, or undefined when more bytes are needed. Throws InvalidFrameError (F2). */
  next(): Uint8Array | undefined {
    const size = this.nextSize()
    if (size === undefined) return undefined
    if (this.held < SIZE_BYTES + size) return undefined
    return this.take(SIZE_BYTES + size).subarray(SIZE_BYTES)
  }

  private peekSize(): number | undefined {
    if (this.held < SIZE_BYTES) return undefined
    if (this.pieces[0]!.length < SIZE_BYTES) this.pieces = [joined(this.pieces, this.held)]
    const head = this.pieces[0]!
    return (head[0]! << 24) | (head[1]! << 16) | (head[2]! << 8) | head[3]!
  }

  /** Takes `length` bytes off the front. */
  private take(length: number): Uint8Array {
    if (this.pieces[0]!.length < length) this.pieces = [joined(this.pieces, this.held)]
    const head = this.pieces[0]!
    if (head.length === length) this.pieces.shift()
    else this.pieces[0] = head.subarray(length)
    this.held -= length
    return head.subarray(0, length)
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
