/**
 * Reads Kafka's primitive types from bytes.
 *
 * Kafka's protocol is big-endian. Since KIP-482 there are two encodings of a length: classic (int16 for
 * strings, int32 for bytes and arrays, -1 for null) and compact (unsigned varint of length + 1, 0 for
 * null). The schema (schema.ts) tells the reader which one to use.
 *
 *   uvarint    7 bits a byte, lowest first, top bit set if more follow:     300 = ac 02
 *   varint     zigzag first, so that small negatives stay short:            -1 = 01, 1 = 02
 *
 * An int64 and a varlong are exact: a number, or a bigint beyond 2^53 (int64.ts). As in Kafka's generated readers, any
 * negative length is null, not only -1 (org.apache.kafka.message.MessageDataGenerator).
 *
 * READER-1  nothing outside [0, end) is ever read: a frame that is too short or has a wrong length throws MalformedError
 * READER-2  a string has at most 32,767 bytes, in the compact form, too, which could encode more
 * READER-3  byte fields are views into the frame, not copies; a caller that keeps one beyond the request must copy it
 */
import { exactInt64At, float64At, int16At, int32At } from './big-endian.ts'
import { type Int64, int64Of } from './int64.ts'
import { uuidToString } from './uuid.ts'

/** The bytes do not follow the protocol. The connection that sent them is closed. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError'
}

/** Kafka's names may begin with a byte order mark: it is part of the name. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
/** The maximum length of a string in bytes of UTF-8: its length was an int16 originally. */
const STRING_BYTES_MAX = 0x7fff

export class Reader {
  readonly bytes: Uint8Array
  position: number
  readonly end: number

  /** Reads `bytes` from `position` (inclusive) to `end` (exclusive), both in bytes from the start of `bytes`. */
  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes
    this.position = position
    this.end = end
  }

  /** Bytes that are left. */
  get remaining(): number {
    return this.end - this.position
  }

  /** Advances by `length` bytes, and returns the position of the first. READER-1 is enforced here only. */
  private take(length: number): number {
    const at = this.position
    if (length < 0 || at + length > this.end) {
      throw new MalformedError(`${length} bytes wanted at ${at}, ${this.remaining} left`)
    }
    this.position = at + length
    return at
  }

  skip(length: number): void {
    this.take(length)
  }

  bool(): boolean {
    return this.int8() !== 0
  }
  int8(): number {
    return (this.bytes[this.take(1)]! << 24) >> 24
  }
  int16(): number {
    return int16At(this.bytes, this.take(2))
  }
  uint16(): number {
    return int16At(this.bytes, this.take(2)) & 0xffff
  }
  int32(): number {
    return int32At(this.bytes, this.take(4))
  }
  uint32(): number {
    return int32At(this.bytes, this.take(4)) >>> 0
  }
  int64(): Int64 {
    return exactInt64At(this.bytes, this.take(8))
  }
  float64(): number {
    return float64At(this.bytes, this.take(8))
  }

  /** An unsigned varint of at most 32 bits. */
  uvarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.take(1)]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new MalformedError(`varint longer than 5 bytes at ${this.position}`)
  }

  /** A zigzag varint of at most 32 bits. */
  varint(): number {
    const raw = this.uvarint()
    return (raw >>> 1) ^ -(raw & 1)
  }

  /** A zigzag varint of at most 64 bits; further bits of a tenth byte are ignored, as by Java's shift. */
  varlong(): Int64 {
    let low = 0
    let scale = 1
    for (let i = 0; i < 10; i++) {
      const byte = this.bytes[this.take(1)]!
      if (i === 7) return this.varlongTail(low, byte)
      low += (byte & 0x7f) * scale
      if (byte < 0x80) return unzigzag(low)
      scale *= 128
    }
    throw new MalformedError('unreachable')
  }

  /** Beyond 49 bits doubles can't hold the zigzag form: these rare values use BigInt. */
  private varlongTail(low: number, first: number): Int64 {
    let value = BigInt(low)
    let byte = first
    for (let shift = 49n; shift < 70n; shift += 7n) {
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) {
        const raw = BigInt.asUintN(64, value)
        return int64Of((raw >> 1n) ^ -(raw & 1n))
      }
      byte = this.bytes[this.take(1)]!
    }
    throw new MalformedError(`varlong longer than 10 bytes at ${this.position}`)
  }

  /** Kafka's 22-character form of a 16-byte id. */
  uuid(): string {
    const at = this.take(16)
    return uuidToString(this.bytes.subarray(at, at + 16))
  }

  /** `length` bytes, as a view (READER-3). */
  raw(length: number): Uint8Array {
    const at = this.take(length)
    return this.bytes.subarray(at, at + length)
  }

  /** `length` bytes of UTF-8. */
  utf8(length: number): string {
    const at = this.take(length)
    if (length < 24) {
      let ascii = ''
      let i = at
      for (; i < at + length && this.bytes[i]! < 0x80; i++) ascii += String.fromCharCode(this.bytes[i]!)
      if (i === at + length) return ascii
    }
    return utf8.decode(this.bytes.subarray(at, at + length))
  }

  /** The length of a string, in bytes; negative for null. */
  stringLength(flexible: boolean): number {
    const length = flexible ? this.compactLength() : this.int16()
    if (length > STRING_BYTES_MAX) throw new MalformedError(`string of ${length} bytes`)
    return length
  }

  /** The length of bytes or records; negative for null. */
  bytesLength(flexible: boolean): number {
    return flexible ? this.compactLength() : this.int32()
  }

  /** Java's unsigned varint is an int, so one of 32 bits is negative. */
  private compactLength(): number {
    return ((this.uvarint() | 0) - 1) | 0
  }

  /** The number of an array's elements; negative for null. An element has at least one byte, so an impossible number is detected here. */
  arrayLength(flexible: boolean): number {
    const count = flexible ? this.compactLength() : this.int32()
    if (count > this.remaining) throw new MalformedError(`array of ${count} in ${this.remaining} bytes`)
    return count
  }

  /** A classic nullable string, the form of the request header's client id in every version. */
  nullableString(): string | null {
    const length = this.stringLength(false)
    return length < 0 ? null : this.utf8(length)
  }

  /** Skips a block of unknown tagged fields (KIP-482). */
  skipTags(): void {
    for (let left = this.uvarint() | 0; left > 0; left--) {
      this.uvarint()
      this.take(this.uvarint())
    }
  }
}

function unzigzag(raw: number): number {
  const half = Math.floor(raw / 2)
  return raw % 2 === 0 ? half : -half - 1
}
