/**
 * Snappy as producers use it: raw, or in the blocks of the Java library ("xerial").
 *
 *   raw      uvarint length | element*
 *   element  tag, low 2 bits:  00 literal        length-1 in 6 bits, or 60..63: in 1..4 bytes that follow
 *                              01 copy, near     length-4 in 3 bits, distance in 11 bits
 *                              10 copy           length-1 in 6 bits, distance in 2 bytes, little-endian
 *                              11 copy, far      the same with 4 bytes
 *   xerial   82 'SNAPPY' 00 | int32 version 1 | int32 compatible 1 | (int32 size | raw)*      big-endian
 *
 * Java's clients write xerial, librdkafka raw; readers take both. We write xerial: the oldest clients need it.
 * We read exactly what Java's clients read (SnappyInputStream of snappy-java):
 *
 *   - a stream is raw unless it has 16 bytes or more and begins with the magic; the versions in that header are ignored
 *   - where a block may begin, another xerial header is allowed; its version must be 1 or more
 *   - one to three bytes at the end are ignored
 *
 * SNAPPY-1  decompress(compress(bytes)) = bytes
 * SNAPPY-2  a stream can be read here if, and only if, Java's clients can read it
 * SNAPPY-3  a corrupt block returns nothing at all
 */
import { int32At, putInt32 } from '../../wire/big-endian.ts'
import type { Packing } from '../compression.ts'
import { blockPacking } from './block-packing.ts'
import { copyLiteral, GrowingBytes, MatchTable, matchLength, repeat } from './lz77.ts'
import { Reads } from './reads.ts'

const MAGIC = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]
const FRAME_HEADER = 16
const BLOCK_BYTES = 32_768
/** How many bytes Kafka's reader requests at a time. */
const READ_BYTES = 2048
/** How many bytes are decompressed at a time; and how far back compressors usually search for repetitions. */
const PIECE_BYTES = 65_536
const DISTANCE_USUAL = 65_536
/** A block whose copies refer farther back is held as a whole, if it has at most so many bytes. */
const WHOLE_BYTES_MAX = 256 << 20
/** How many elements are checked before the caller may pause. */
const ELEMENTS_A_STEP = 100_000
const NOTHING_YET = new Uint8Array(0)

/** Decompresses piece by piece; a piece is valid until the next one is requested. Throws at corrupt bytes. */
export function* snappyPieces(bytes: Uint8Array): Generator<Uint8Array> {
  if (bytes.length < FRAME_HEADER || !isMagicAt(bytes, 0)) {
    yield* uncompressRaw(bytes, 0, bytes.length)
    return
  }
  const reads = new Reads(READ_BYTES)
  for (let at = FRAME_HEADER; at + 4 <= bytes.length; ) {
    const size = int32At(bytes, at)
    if (size === int32At(bytes, 0)) {
      if (at + FRAME_HEADER > bytes.length) throw new Error('snappy: ends within a header')
      if (!isMagicAt(bytes, at)) {
        // Bytes that only look like a header end the current read; the next one continues behind them.
        if (reads.isBetween) break
        yield* reads.end()
      } else if (int32At(bytes, at + 8) < 1) throw new Error(`snappy: version ${int32At(bytes, at + 8)}`)
      at += FRAME_HEADER
      continue
    }
    const end = at + 4 + size
    if (size < 0 || end > bytes.length) throw new Error(`snappy: block of ${size} bytes`)
    for (const piece of uncompressRaw(bytes, at + 4, end)) {
      if (piece === NOTHING_YET) yield piece
      else yield* reads.add(piece)
    }
    at = end
  }
  yield* reads.end()
}

function isMagicAt(bytes: Uint8Array, at: number): boolean {
  return MAGIC.every((byte, i) => bytes[at + i] === byte)
}

/** Decompresses the raw block `bytes[start..end)`. If it is corrupt, throws before it returns any bytes (SNAPPY-3). */
function* uncompressRaw(bytes: Uint8Array, start: number, end: number): Generator<Uint8Array> {
  const { length, elements } = declaredLength(bytes, start, end)
  const survey: Survey = { at: elements, out: 0, distanceMax: 0 }
  for (;;) {
    surveyMore(bytes, end, survey)
    if (survey.at >= end) break
    yield NOTHING_YET
  }
  if (survey.at > end) throw new Error('snappy: literal beyond the end')
  if (survey.out !== length) throw new Error(`snappy: ${survey.out} bytes, ${length} were declared`)
  const isWhole = length <= PIECE_BYTES + DISTANCE_USUAL || survey.distanceMax > DISTANCE_USUAL
  if (isWhole && length > WHOLE_BYTES_MAX) throw new Error(`snappy: a block of ${length} bytes is too large`)
  const room = new Uint8Array(isWhole ? length : 2 * PIECE_BYTES + DISTANCE_USUAL)
  let out = 0
  let given = 0
  for (let at = elements; at < end; ) {
    const tag = bytes[at]!
    const kind = tag & 3
    const six = tag >>> 2
    if (kind === 0) {
      const extra = six < 60 ? 0 : six - 59
      const literals = (extra === 0 ? six : littleEndian(bytes, at + 1, extra)) + 1
      at += 1 + extra
      for (const literalsEnd = at + literals; at < literalsEnd; ) {
        const part = Math.min(literalsEnd - at, room.length - out)
        copyLiteral(bytes, at, at + part, room, out)
        at += part
        out += part
        if (at === literalsEnd || isWhole) continue
        yield room.subarray(given, out)
        given = out = keepLast(room, out)
      }
    } else {
      const wide = 1 << (kind - 1)
      const near = kind === 1
      const distance = near ? ((tag >>> 5) << 8) | bytes[at + 1]! : littleEndian(bytes, at + 1, wide)
      const copied = near ? (six & 7) + 4 : six + 1
      repeat(room, out, distance, copied)
      out += copied
      at += 1 + wide
    }
    if (out - given >= PIECE_BYTES) {
      yield room.subarray(given, out)
      given = out = isWhole ? out : keepLast(room, out)
    }
  }
  if (out > given) yield room.subarray(given, out)
}

/** Makes room: moves the bytes that copies may refer to to the front; returns how many there are. */
function keepLast(room: Uint8Array, length: number): number {
  const kept = Math.min(length, DISTANCE_USUAL)
  room.copyWithin(0, length - kept, length)
  return kept
}

/** The length of the decompressed block, and where its elements begin. */
function declaredLength(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly length: number; readonly elements: number } {
  let at = start
  let length = 0
  for (let unit = 1; ; unit *= 128) {
    const byte = at < end ? bytes[at++]! : 0xff
    length += (byte & 0x7f) * unit
    if (byte < 0x80 && length <= LENGTH_MAX) return { length, elements: at }
    if (at >= end || unit >= 1 << 28) throw new Error('snappy: no length')
  }
}

/** What is known of a raw block before it is decompressed. */
interface Survey {
  /** The next element. */
  at: number
  /** How many bytes the elements before it give. */
  out: number
  /** The largest distance of a copy. */
  distanceMax: number
}

/** Checks the next elements of a block without decompressing them, and throws if one is corrupt. */
function surveyMore(bytes: Uint8Array, end: number, survey: Survey): void {
  let { at, out, distanceMax } = survey
  for (let left = ELEMENTS_A_STEP; at < end && left > 0; left--) {
    const tag = bytes[at]!
    const kind = tag & 3
    const six = tag >>> 2
    if (kind === 0) {
      const extra = six < 60 ? 0 : six - 59
      const literals = (extra === 0 ? six : littleEndian(bytes, at + 1, extra)) + 1
      at += 1 + extra + literals
      out += literals
    } else {
      const wide = 1 << (kind - 1)
      if (at + wide >= end) throw new Error('snappy: ends within an element')
      const distance = kind === 1 ? ((tag >>> 5) << 8) | bytes[at + 1]! : littleEndian(bytes, at + 1, wide)
      if (distance === 0 || distance > out) throw new Error(`snappy: copy from ${distance} back`)
      if (distance > distanceMax) distanceMax = distance
      out += kind === 1 ? (six & 7) + 4 : six + 1
      at += 1 + wide
    }
  }
  survey.at = at
  survey.out = out
  survey.distanceMax = distanceMax
}

/** Java's length is an int32. */
const LENGTH_MAX = 0x7fff_ffff

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  if (at + count > bytes.length) throw new Error('snappy: ends within an element')
  if (count === 2) return bytes[at]! | (bytes[at + 1]! << 8)
  let value = 0
  for (let i = count - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!
  return value
}

/** Xerial blocks of 32 KiB. */
export function snappyPacking(): Packing {
  const out = new GrowingBytes(1024)
  const header = new Uint8Array(FRAME_HEADER)
  header.set(MAGIC)
  putInt32(header, 8, 1)
  putInt32(header, 12, 1)
  out.append(header, 0, FRAME_HEADER)
  const writeBlock = (opened: Uint8Array): void => {
    const block = compressRaw(opened)
    const size = new Uint8Array(4)
    putInt32(size, 0, block.length)
    out.append(size, 0, 4)
    out.append(block, 0, block.length)
  }
  return blockPacking({ blockBytes: BLOCK_BYTES, out, writeBlock, writeEnd: () => {} })
}

/** The whole input in one call. */
export function snappyCompress(bytes: Uint8Array): Uint8Array {
  const packing = snappyPacking()
  packing.write(bytes)
  return packing.finish()
}

function compressRaw(bytes: Uint8Array): Uint8Array {
  const out = new GrowingBytes(bytes.length + 32)
  for (let rest = bytes.length; ; rest >>>= 7) {
    out.byte(rest < 0x80 ? rest : (rest & 0x7f) | 0x80)
    if (rest < 0x80) break
  }
  const table = new MatchTable()
  let literal = 0
  for (let at = 0; at + 4 <= bytes.length; ) {
    const before = table.swap(bytes, at)
    if (before < 0) {
      at++
      continue
    }
    const length = matchLength(bytes, before, at, bytes.length)
    writeLiteral(bytes, literal, at, out)
    for (let left = length; left > 0; left -= 64) writeCopy(at - before, Math.min(left, 64), out)
    at += length
    literal = at
  }
  writeLiteral(bytes, literal, bytes.length, out)
  return out.toBytes()
}

function writeLiteral(bytes: Uint8Array, start: number, end: number, out: GrowingBytes): void {
  const last = end - start - 1
  if (last < 0) return
  // A block has at most 32 KiB, so two bytes are enough.
  if (last < 60) out.byte(last << 2)
  else {
    out.byte(61 << 2)
    out.byte(last & 0xff)
    out.byte(last >>> 8)
  }
  out.append(bytes, start, end)
}

function writeCopy(distance: number, length: number, out: GrowingBytes): void {
  out.byte(((length - 1) << 2) | 2)
  out.byte(distance & 0xff)
  out.byte(distance >>> 8)
}
