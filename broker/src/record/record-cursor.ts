/**
 * Iterates over the records of a batch, one by one, in constant memory.
 *
 * A batch of 6 KB may decompress to nine million records: an array of them would take gigabytes. A cursor steps from record
 * to record over bytes that come piece by piece (Codecs.open), and keeps a window of them:
 *
 *   pieces    ...........|.................|..............   each is valid until the next one is requested
 *   window        [ rest of one piece + the next piece ]
 *   cursor                ^ length | attributes | timestampDelta | offsetDelta | key | value | headers
 *
 * A single record may be just as large: a value of a gigabyte, fifty million headers. So a step may end inside a record:
 * then it returns 'pause', and the next step continues there. Only if whole records are read, one of them is held in
 * memory, of at most RECORD_BYTES_MAX.
 *
 * Kafka has two ways to read a record, and so does the cursor (DefaultRecord.readFrom, readPartiallyFrom):
 *
 *   whole    all fields must lie within the declared length of the record, and fill it. Uncompressed records are checked
 *            in this way, and so are all records that are read later
 *   skipped  compressed records that are stored as they came: the fields are skipped one after the other, and not
 *            compared with the declared length. A wrong length is accepted; consumers fail there, with Kafka as with us
 *
 * RECORD-CURSOR-1  anything but exactly `count` records is INVALID_RECORD
 * RECORD-CURSOR-2  numbers are read as in Java: a varint may be too long, and its bits beyond 32 (64) are dropped
 * RECORD-CURSOR-4  a corrupt stream fails only when its bytes are needed: an invalid record before that is reported first
 */
import type { Wait } from '../turns.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { type Int64, int64Of } from '../wire/int64.ts'
import { GrowingBytes } from './compression/lz77.ts'
import { EMPTY_READ } from './compression/reads.ts'
import { joinedBytes } from './compression.ts'
import { memoryFor, Opening } from './large-openings.ts'

/** The largest record that is held in memory: 64 times what a batch may have by default. */
export const RECORD_BYTES_MAX = 64 << 20
/** A larger record does not fit into Kafka's memory either: its default heap has a gigabyte. */
const DECLARED_BYTES_MAX = 1 << 30
/** With this many bytes in the window, any number can be read without another piece. */
const NUMBER_BYTES_MAX = 10
/** The same for attributes, both deltas and the key's length. */
const HEAD_BYTES_MAX = 21
/** How many keys and values of headers one step reads. */
const HEADER_PARTS_A_STEP = 2000
/** A record with more headers is not read in one step. */
const HEADERS_AT_ONCE = 100
/** How many pieces of a large record one step joins. */
const PIECES_A_STEP = 16

const Phase = { BETWEEN: 0, GATHERING: 1, BODY: 2, KEY: 3, VALUE: 4, HEADERS: 5 } as const
type Phase = (typeof Phase)[keyof typeof Phase]

/** Where a step has ended: after a record, inside one, or at the end of the batch. */
export type Progress = 'record' | 'pause' | 'end'

export class RecordCursor {
  /** The last record: its index in the batch, from 0, and its fields. A negative length means null. */
  index = -1
  timestampDelta: Int64 = 0
  offsetDelta = 0
  keyLength = -1
  valueLength = -1

  private readonly count: number
  private readonly isWhole: boolean
  private readonly pieces: Iterator<Uint8Array> | undefined
  /** Whether another piece may be opened. Not while a whole record is read, which must stay in the window. */
  private mayOpen: boolean
  /** The window: what is left of it is `bytes[at..end)`. */
  private bytes: Uint8Array
  private at: number
  private end: number

  private phase: Phase = Phase.BETWEEN
  /** Whether an empty read follows the window. The stream is read on only if bytes are needed. */
  private isAtEmptyRead = false
  private skipLeft = 0
  private headerPartsLeft = 0
  /** The error of opening a piece (RECORD-CURSOR-4). */
  private damage: { readonly error: unknown } | undefined
  private gathered: GrowingBytes | undefined
  private gatheringLeft = 0
  /** Positions in the window of the parts of a whole record. */
  private bodyEnd = 0
  private contentAt = 0
  private keyAt = 0
  private valueAt = 0
  private headersAt = 0

  private constructor(
    count: number,
    isWhole: boolean,
    source: { bytes: Uint8Array; at: number; end: number } | Iterator<Uint8Array>,
  ) {
    this.count = count
    this.isWhole = isWhole
    const isPlain = 'bytes' in source
    this.pieces = isPlain ? undefined : source
    this.mayOpen = !isPlain
    this.bytes = isPlain ? source.bytes : new Uint8Array(0)
    this.at = isPlain ? source.at : 0
    this.end = isPlain ? source.end : 0
  }

  /** A cursor over the `count` uncompressed records in `bytes[at..end)`. */
  static plain(bytes: Uint8Array, at: number, end: number, count: number): RecordCursor {
    return new RecordCursor(count, true, { bytes, at, end })
  }

  /** A cursor over the `count` records in the concatenated `pieces`. Throws the errors of opening a piece. */
  static opened(pieces: Iterable<Uint8Array>, count: number, way: 'whole' | 'skipped'): RecordCursor {
    return new RecordCursor(count, way === 'whole', pieces[Symbol.iterator]())
  }

  /** Reads the next record, or a part of it. Throws INVALID_RECORD (RECORD-CURSOR-1). */
  next(): Progress {
    if (this.phase !== Phase.BETWEEN) return this.goOn()
    if (this.index + 1 >= this.count) return this.checkEnd()
    if (this.readAtOnce()) return 'record'
    if (!this.isReady(NUMBER_BYTES_MAX)) return 'pause'
    this.index++
    const length = this.varint(this.pieces ? ErrorCode.INVALID_RECORD : ErrorCode.UNKNOWN_SERVER_ERROR)
    if (this.isWhole) this.holdRecord(length)
    else this.phase = Phase.BODY
    return this.goOn()
  }

  /** Continues inside the record, in its current phase. */
  private goOn(): Progress {
    if (this.phase === Phase.GATHERING) {
      if (!this.hasGathered()) return 'pause'
      this.phase = Phase.BODY
    }
    if (this.phase === Phase.BODY) {
      if (!this.isReady(HEAD_BYTES_MAX)) return 'pause'
      this.readHead()
      this.phase = Phase.KEY
    }
    if (this.phase === Phase.KEY) {
      if (!this.hasSkipped() || !this.isReady(NUMBER_BYTES_MAX)) return 'pause'
      this.valueLength = this.varint()
      this.valueAt = this.at
      this.skip(this.valueLength)
      this.phase = Phase.VALUE
    }
    if (this.phase === Phase.VALUE) {
      if (!this.hasSkipped() || !this.isReady(NUMBER_BYTES_MAX)) return 'pause'
      this.headersAt = this.at
      this.headerPartsLeft = this.headerCount() * 2
      this.phase = Phase.HEADERS
    }
    if (!this.hasReadHeaders()) return 'pause'
    if (this.isWhole && this.at !== this.bodyEnd) throw invalid('a record does not have its declared length')
    this.mayOpen = this.pieces !== undefined
    this.phase = Phase.BETWEEN
    return 'record'
  }

  /** Key and value of the record, null if it has none; views that are valid until the next step. Whole records only. */
  get key(): Uint8Array | null {
    return this.keyLength < 0 ? null : this.bytes.subarray(this.keyAt, this.keyAt + this.keyLength)
  }
  get value(): Uint8Array | null {
    return this.valueLength < 0 ? null : this.bytes.subarray(this.valueAt, this.valueAt + this.valueLength)
  }
  /** Everything after the offset delta: key, value and headers as they are stored. Whole records only. */
  get content(): Uint8Array {
    return this.bytes.subarray(this.contentAt, this.bodyEnd)
  }
  /** The headers as they are stored, beginning with their count. Whole records only. */
  get headers(): Uint8Array {
    return this.bytes.subarray(this.headersAt, this.bodyEnd)
  }

  /** What the next step waits for, if its bytes can't be decompressed now. */
  get waitsFor(): Wait | undefined {
    return this.pieces instanceof Opening ? this.pieces.waitsFor : undefined
  }

  /** Releases the remaining pieces. */
  close(): void {
    this.pieces?.return?.()
  }

  /**
   * The hot path: a record that is completely in the window and has short numbers, as nearly all do. All other records, and
   * all that may be invalid, take the slow path. Returns false if nothing was read.
   */
  private readAtOnce(): boolean {
    const { bytes, end } = this
    const length = shortVarint(bytes, this.at)
    const bodyEnd = after + length
    if (length <= 0 || bodyEnd > end) return false
    const timestampDelta = shortVarint(bytes, after + 1)
    const offsetDelta = shortVarint(bytes, after)
    const contentAt = after
    const keyLength = shortVarint(bytes, after)
    const keyAt = after
    const valueLength = shortVarint(bytes, keyLength > 0 ? keyAt + keyLength : keyAt)
    const valueAt = after
    const headersAt = valueLength > 0 ? valueAt + valueLength : valueAt
    const areShort = timestampDelta + offsetDelta + keyLength + valueLength < TOO_LONG / 2
    if (!areShort || endOfHeaders(bytes, headersAt) !== bodyEnd) return false
    this.index++
    this.timestampDelta = timestampDelta
    this.offsetDelta = offsetDelta
    this.keyLength = keyLength
    this.valueLength = valueLength
    this.contentAt = contentAt
    this.keyAt = keyAt
    this.valueAt = valueAt
    this.headersAt = headersAt
    this.bodyEnd = bodyEnd
    this.at = bodyEnd
    return true
  }

  /** Reads the attributes, which have no meaning, both deltas, and the length of the key. */
  private readHead(): void {
    this.nextByte()
    this.timestampDelta = this.varlong()
    this.offsetDelta = this.varint()
    this.contentAt = this.at
    this.keyLength = this.varint()
    this.keyAt = this.at
    this.skip(this.keyLength)
  }

  private headerCount(): number {
    const count = this.varint()
    if (count < 0 || (this.isWhole && count > this.end - this.at))
      throw invalid(`${count} headers in a record`)
    return count
  }

  /** Nothing may follow the last record. (Kafka does not read a batch without records.) */
  private checkEnd(): Progress {
    if (this.count <= 0) return 'end'
    if (!this.isReady(1)) return 'pause'
    if (this.at < this.end) throw invalid('the batch holds more records than its header declares')
    if (this.damage) throw this.damage.error
    return 'end'
  }

  private hasReadHeaders(): boolean {
    for (let parts = HEADER_PARTS_A_STEP; ; parts--) {
      if (!this.hasSkipped()) return false
      if (this.headerPartsLeft === 0) return true
      if (parts === 0 || !this.isReady(NUMBER_BYTES_MAX)) return false
      const length = this.varint()
      if (length < 0 && this.headerPartsLeft % 2 === 0) throw invalid('a header without a key')
      this.skip(length)
      this.headerPartsLeft--
    }
  }

  private skip(length: number): void {
    this.skipLeft = length < 0 ? 0 : length
  }

  /** Whether all bytes to be skipped have been skipped. Opens at most one more piece. */
  private hasSkipped(): boolean {
    if (this.skipLeft === 0) return true
    if (!this.isInWindow(this.skipLeft)) {
      this.skipLeft -= this.end - this.at
      this.at = this.end
      if (!this.openPiece()) throw this.ended('a record ends within a field')
      if (!this.isInWindow(this.skipLeft)) return false
    }
    this.at += this.skipLeft
    this.skipLeft = 0
    return true
  }

  private isInWindow(length: number): boolean {
    return length <= this.end - this.at
  }

  /** Adds the next piece to the window. Returns false if there is none. */
  private openPiece(): boolean {
    if (!this.mayOpen) return false
    const rest = this.at < this.end ? this.bytes.slice(this.at, this.end) : undefined
    const piece = this.nextPiece()
    if (piece) this.look(rest ? joinedBytes([rest, piece]) : piece)
    else if (rest) this.look(rest)
    return piece !== undefined
  }

  /** Undefined if there is none, or if it is corrupt (RECORD-CURSOR-4). */
  private nextPiece(): Uint8Array | undefined {
    try {
      const { done, value } = this.pieces!.next()
      this.isAtEmptyRead = value === EMPTY_READ
      return done ? undefined : value
    } catch (error) {
      this.damage = { error }
    }
    return undefined
  }

  /** The error for missing bytes. Inside a whole record it is never the stream's error. */
  private ended(what: string): unknown {
    return this.damage && this.mayOpen ? this.damage.error : invalid(what)
  }

  private look(bytes: Uint8Array): void {
    this.bytes = bytes
    this.at = 0
    this.end = bytes.length
  }

  /** Whether so many bytes, or all remaining ones, are in the window. If not, opens one more piece. */
  private isReady(length: number): boolean {
    return this.isInWindow(length) || this.isAtEmptyRead || !this.openPiece() || this.isInWindow(length)
  }

  /** From here on the complete record must be in the window. */
  private holdRecord(length: number): void {
    if (length < 0) throw invalid(`a record of ${length} bytes`)
    this.phase = Phase.BODY
    if (!this.isInWindow(length)) {
      if (!this.pieces) throw invalid('a record ends after its batch')
      if (length > DECLARED_BYTES_MAX) throw tooLarge(length)
      if (this.pieces instanceof Opening) this.pieces.expectRecord(length)
      this.gatheringLeft = length - (this.end - this.at)
      this.phase = Phase.GATHERING
    }
    this.bodyEnd = this.at + length
    this.mayOpen = false
  }

  /** Memory for a record of its own: claimed when it is known that its bytes can be decompressed now. */
  private gather(): GrowingBytes {
    const length = this.bodyEnd - this.at
    const capacity = Math.min(length, RECORD_BYTES_MAX) + Math.min(length, 1 << 20)
    return new GrowingBytes(memoryFor(this.pieces!, capacity), this.bytes.subarray(this.at, this.end))
  }

  private hasGathered(): boolean {
    if (!this.gathered && this.waitsFor) return false
    this.gathered ??= this.gather()
    for (let pieces = PIECES_A_STEP; this.gatheringLeft > 0; pieces--) {
      if (pieces === 0) return false
      const piece = this.isAtEmptyRead ? undefined : this.nextPiece()
      if (!piece || this.isAtEmptyRead)
        throw this.damage ? this.damage.error : invalid('a record ends after its batch')
      this.gathered.append(piece, 0, piece.length)
      this.gatheringLeft -= piece.length
      const held = this.gathered.length
      if (held > RECORD_BYTES_MAX) throw tooLarge(held + Math.max(0, this.gatheringLeft))
    }
    this.bodyEnd -= this.at
    this.look(this.gathered.toBytes())
    this.gathered = undefined
    return true
  }

  private varint(errorWhenTooLong: ErrorCode = ErrorCode.INVALID_RECORD): number {
    const byte = this.at < this.end ? this.bytes[this.at]! : 0x80
    if (byte >= 0x80) return this.longVarint(errorWhenTooLong)
    this.at++
    return (byte >>> 1) ^ -(byte & 1)
  }

  private longVarint(errorWhenTooLong: ErrorCode): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.nextByte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
    throw new KafkaError(errorWhenTooLong, 'a number of a record is longer than 5 bytes')
  }

  private varlong(): Int64 {
    const byte = this.at < this.end ? this.bytes[this.at]! : 0x80
    if (byte >= 0x80) return this.longVarlong()
    this.at++
    return (byte >>> 1) ^ -(byte & 1)
  }

  /** A double can hold the zigzag form up to 49 bits; longer ones are rare. */
  private longVarlong(): Int64 {
    let low = 0
    for (let i = 0, unit = 1; i < 7; i++, unit *= 128) {
      const byte = this.nextByte()
      low += (byte & 0x7f) * unit
      if (byte < 0x80) return low % 2 === 0 ? low / 2 : -(low + 1) / 2
    }
    let value = BigInt(low)
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.nextByte()
      value |= BigInt(byte & 0x7f) << shift
      const raw = BigInt.asUintN(64, value)
      if (byte < 0x80) return int64Of((raw >> 1n) ^ -(raw & 1n))
    }
    throw invalid('a number of a record is longer than 10 bytes')
  }

  private nextByte(): number {
    if (this.at >= this.end && this.isAtEmptyRead) this.openPiece()
    if (this.at >= this.end) throw this.ended('a record ends within a number')
    return this.bytes[this.at++]!
  }
}

/** The end of the number that `shortVarint` has read. */
let after = 0
/** More than any number of four bytes, and the sum of any few of them. */
const TOO_LONG = 2 ** 40

/** The zigzag varint of up to four bytes at `at`; sets `after`. TOO_LONG if it is longer, or crosses the end. */
function shortVarint(bytes: Uint8Array, at: number): number {
  let byte = bytes[at]!
  if (byte < 0x80) {
    after = at + 1
    return (byte >>> 1) ^ -(byte & 1)
  }
  let value = byte & 0x7f
  for (let shift = 7; shift < 28; shift += 7) {
    byte = bytes[++at]!
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      after = at + 1
      return (value >>> 1) ^ -(value & 1)
    }
  }
  return TOO_LONG
}

/** The end of the headers at `at`; -1 if the slow path is needed. */
function endOfHeaders(bytes: Uint8Array, at: number): number {
  const count = shortVarint(bytes, at)
  if (count < 0 || count > HEADERS_AT_ONCE) return -1
  let next = after
  for (let left = count; left > 0; left--) {
    const keyLength = shortVarint(bytes, next)
    if (keyLength < 0) return -1
    const valueLength = shortVarint(bytes, after + keyLength)
    next = valueLength > 0 ? after + valueLength : after
  }
  return next
}

function tooLarge(length: number): KafkaError {
  return new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR, `a record of ${length} bytes is too large`)
}

function invalid(message: string): KafkaError {
  return new KafkaError(ErrorCode.INVALID_RECORD, message)
}
