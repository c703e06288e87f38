/**
 * Writes Kafka's primitive types to bytes; the counterpart of reader.ts.
 *
 * A response to Fetch contains megabytes that are in a log already. They are not copied into the response: `bytesRef` ends
 * the current piece, adds the other bytes behind it and begins a new piece. They need not even be read: a piece may be
 * a slice of a file. The list of pieces goes to the socket.
 *
 * WRITER-1  Reader reads from the concatenated chunks what was written
 * WRITER-2  an int64 is written exactly, or RangeError is thrown: no number is rounded
 */
import { bytesOf, type Chunk } from '../core.ts'
import { putFloat64, putInt16, putInt32, putInt64 } from './big-endian.ts'
import type { Int64 } from './int64.ts'
import { uuidFromString } from './uuid.ts'

const utf8 = new TextEncoder()
/** The reader's limit (READER-2). */
const STRING_BYTES_MAX = 0x7fff
/** Below this size (bytes) a copy is cheaper than one more piece. */
const COPY_BYTES_MAX = 512
/** A larger piece does not grow, which would copy it: a new piece begins. */
const PIECE_BYTES_MAX = 1_048_576

/** A string that is too long for its length field, for example an error message that quotes a client's long name. */
export class StringTooLongError extends RangeError {
  override readonly name = 'StringTooLongError'
}

/** Writers for responses share memory in pieces of this size (`Writer.forSending`). */
const SHARED_BYTES = 16_384
/** How much of the shared memory a writer begins with. */
const BEGUN_BYTES = 512

let shared = new Uint8Array(0)
/** How much of the shared memory is used. */
let sharedUsed = 0

export class Writer {
  private readonly pieces: Chunk[] = []
  private piecesLength = 0
  private buffer: Uint8Array
  private start: number
  private position: number
  /** The end of this writer's part of the buffer. */
  private end: number

  /** `capacity`: initial size in bytes; it grows as needed. */
  constructor(capacity = 256, buffer: Uint8Array = new Uint8Array(capacity), start = 0) {
    this.buffer = buffer
    this.start = start
    this.position = start
    this.end = start + capacity
  }

  /**
   * A writer for a response, which is usually small and not kept: it shares memory with the responses that are written
   * next. Separate buffers for fifty thousand responses a second would keep the garbage collector busy.
   */
  static forSending(): Writer {
    if (sharedUsed + BEGUN_BYTES > shared.length) {
      shared = new Uint8Array(SHARED_BYTES)
      sharedUsed = 0
    }
    const writer = new Writer(BEGUN_BYTES, shared, sharedUsed)
    sharedUsed += BEGUN_BYTES
    return writer
  }

  /** Bytes written so far. */
  get length(): number {
    return this.piecesLength + this.position - this.start
  }

  private take(length: number): number {
    if (this.position + length > this.end) this.grow(length)
    const at = this.position
    this.position += length
    return at
  }

  private grow(length: number): void {
    if (this.position - this.start >= PIECE_BYTES_MAX) this.cut()
    const pending = this.buffer.subarray(this.start, this.position)
    const capacity = Math.max(2 * Math.min(this.end - this.start, PIECE_BYTES_MAX), pending.length + length)
    const bigger = new Uint8Array(capacity)
    bigger.set(pending)
    this.buffer = bigger
    this.end = capacity
    this.position = pending.length
    this.start = 0
  }

  /** Returns the unused rest of the shared memory for the next writer. */
  private releaseBuffer(): void {
    if (this.buffer === shared && this.end === sharedUsed) sharedUsed = this.position
    this.end = this.position
  }

  bool(value: boolean): void {
    this.int8(value ? 1 : 0)
  }
  int8(value: number): void {
    const at = this.take(1)
    this.buffer[at] = value
  }
  int16(value: number): void {
    const at = this.take(2)
    putInt16(this.buffer, at, value)
  }
  uint16(value: number): void {
    const at = this.take(2)
    putInt16(this.buffer, at, value)
  }
  int32(value: number): void {
    const at = this.take(4)
    putInt32(this.buffer, at, value)
  }
  uint32(value: number): void {
    const at = this.take(4)
    putInt32(this.buffer, at, value)
  }
  int64(value: Int64): void {
    const at = this.take(8)
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new RangeError(`not an int64: ${value}`)
    putInt64(this.buffer, at, value)
  }
  float64(value: number): void {
    const at = this.take(8)
    putFloat64(this.buffer, at, value)
  }

  /** An unsigned varint of at most 32 bits. */
  uvarint(value: number): void {
    let rest = value >>> 0
    while (rest >= 0x80) {
      this.int8(rest | 0x80)
      rest >>>= 7
    }
    this.int8(rest)
  }

  /** A zigzag varint of at most 32 bits. */
  varint(value: number): void {
    this.uvarint((value << 1) ^ (value >> 31))
  }

  /** A zigzag varint of at most 64 bits. */
  varlong(value: Int64): void {
    if (typeof value === 'number' && value >= -0x8000_0000 && value <= 0x7fff_ffff) {
      this.varint(value)
      return
    }
    const signed = BigInt(value)
    let rest = BigInt.asUintN(64, (signed << 1n) ^ (signed >> 63n))
    while (rest >= 0x80n) {
      this.int8(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    this.int8(Number(rest))
  }

  /** 16 bytes from Kafka's 22-character form. */
  uuid(value: string): void {
    this.raw(uuidFromString(value))
  }

  /** Copies the bytes. */
  raw(bytes: Uint8Array): void {
    const at = this.take(bytes.length)
    this.buffer.set(bytes, at)
  }

  /** Adds the bytes, without a copy if they are many; the caller must not change them any more. */
  bytesRef(chunk: Chunk): void {
    if (chunk.length < COPY_BYTES_MAX) {
      this.raw(bytesOf(chunk))
      return
    }
    this.cut()
    this.pieces.push(chunk)
    this.piecesLength += chunk.length
  }

  /** A copy of what was written since the length was `start`; undefined if referenced bytes are in between. */
  since(start: number): Uint8Array | undefined {
    if (start < this.piecesLength) return undefined
    return this.buffer.slice(this.start + start - this.piecesLength, this.position)
  }

  private cut(): void {
    if (this.position === this.start) return
    this.pieces.push(this.buffer.subarray(this.start, this.position))
    this.piecesLength += this.position - this.start
    this.start = this.position
  }

  /** The length of a string in `flexible` or classic form; -1 is null. */
  stringLength(flexible: boolean, length: number): void {
    if (flexible) this.uvarint(length + 1)
    else this.int16(length)
  }

  /** The length of bytes or the count of an array; -1 is null. */
  bytesLength(flexible: boolean, length: number): void {
    if (flexible) this.uvarint(length + 1)
    else this.int32(length)
  }

  /** A string with its length before it; null is -1 (classic) or 0 (compact). */
  string(flexible: boolean, value: string | null): void {
    if (value === null) {
      this.stringLength(flexible, -1)
      return
    }
    if (value.length < 128 && isAscii(value)) {
      this.stringLength(flexible, value.length)
      const at = this.take(value.length)
      for (let i = 0; i < value.length; i++) this.buffer[at + i] = value.charCodeAt(i)
      return
    }
    const bytes = utf8.encode(value)
    if (bytes.length > STRING_BYTES_MAX) throw new StringTooLongError(`string of ${bytes.length} bytes`)
    this.stringLength(flexible, bytes.length)
    this.raw(bytes)
  }

  /** All pieces in order; the writer must not be used afterwards. */
  chunks(): Chunk[] {
    this.cut()
    this.releaseBuffer()
    return this.pieces
  }

  /** All bytes in one array; the writer must not be used afterwards. */
  toBytes(): Uint8Array {
    const chunks = this.chunks()
    if (chunks.length === 1) return bytesOf(chunks[0]!)
    const all = new Uint8Array(this.piecesLength)
    let at = 0
    for (const chunk of chunks) {
      all.set(bytesOf(chunk), at)
      at += chunk.length
    }
    return all
  }
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}
