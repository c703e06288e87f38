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
 */

/** The stream can't be followed any further; its connection is closed (Kafka: InvalidReceiveException). */
export class InvalidFrameError extends Error {
  override readonly name = 'InvalidFrameError'
}

const SIZE_BYTES = 4

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
  }

  /** The next whole frame, without its size, or undefined when more bytes are needed. */
  next(): Uint8Array | undefined {
    const size = this.peekSize()
    if (size === undefined) return undefined
    if (size < 0) throw new InvalidFrameError(`frame of ${size} bytes`)
    if (size > this.frameBytesMax) {
      throw new InvalidFrameError(`frame of ${size} bytes, socket.request.max.bytes is ${this.frameBytesMax}`)
    }
    if (this.held < SIZE_BYTES + size) return undefined
    return this.take(SIZE_BYTES + size).subarray(SIZE_BYTES)
  }

  private peekSize(): number | undefined {
    if (this.held < SIZE_BYTES) return undefined
    if (this.pieces[0]!.length < SIZE_BYTES) this.pieces = [this.join(this.held)]
    const head = this.pieces[0]!
    return (head[0]! << 24) | (head[1]! << 16) | (head[2]! << 8) | head[3]!
  }

  /** Takes `length` bytes off the front. */
  private take(length: number): Uint8Array {
    if (this.pieces[0]!.length < length) this.pieces = [this.join(this.held)]
    const head = this.pieces[0]!
    if (head.length === length) this.pieces.shift()
    else this.pieces[0] = head.subarray(length)
    this.held -= length
    return head.subarray(0, length)
  }

  private join(length: number): Uint8Array {
    const joined = new Uint8Array(length)
    let at = 0
    for (const piece of this.pieces) {
      joined.set(piece, at)
      at += piece.length
    }
    return joined
  }
}
