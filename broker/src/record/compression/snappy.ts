/**
 * Snappy, as producers use it: raw, or in blocks as the Java library frames it ("xerial").
 *
 *   raw      uvarint length | element*
 *   element  tag, low 2 bits:  00 literal        length-1 in 6 bits, or 60..63: in 1..4 bytes that follow
 *                              01 copy, near     length-4 in 3 bits, distance in 11 bits
 *                              10 copy           length-1 in 6 bits, distance in 2 bytes, little-endian
 *                              11 copy, far      the same with 4 bytes
 *   xerial   82 'SNAPPY' 00 | int32 version 1 | int32 compatible 1 | (int32 size | raw)*      big-endian
 *
 * Java's clients write xerial, librdkafka raw; readers take both. We write xerial: the oldest clients need it.
 *
 * Z1  uncompress(compress(bytes)) = bytes
 */
import { int32At, putInt32 } from '../big-endian.ts'
import { GrowingBytes, MatchTable, matchLength, uint32LittleEndian } from './lz77.ts'

const MAGIC = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]
const FRAME_HEADER = 16
const BLOCK_BYTES = 32_768

/** `max`: bytes that the result may have. Throws when the bytes are damaged. */
export function snappyUncompress(bytes: Uint8Array, max: number): Uint8Array {
  const out = new GrowingBytes(bytes.length * 3, max)
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) {
    uncompressRaw(bytes, 0, bytes.length, out)
    return out.toBytes()
  }
  for (let at = FRAME_HEADER; at < bytes.length; ) {
    const size = int32At(bytes, at)
    if (size < 0 || at + 4 + size > bytes.length) throw new Error(`snappy: block of ${size} bytes`)
    uncompressRaw(bytes, at + 4, at + 4 + size, out)
    at += 4 + size
  }
  return out.toBytes()
}

function uncompressRaw(bytes: Uint8Array, start: number, end: number, out: GrowingBytes): void {
  let at = start
  let length = 0
  let shift = 0
  do {
    if (at >= end || shift > 28) throw new Error('snappy: no length')
    length |= (bytes[at]! & 0x7f) << shift
    shift += 7
  } while (bytes[at++]! >= 0x80)
  const outEnd = out.length + (length >>> 0)
  while (at < end) at = element(bytes, at, end, out)
  if (out.length !== outEnd) throw new Error(`snappy: ${out.length} bytes, ${outEnd} were promised`)
}

/** One literal or copy; gives where the next one begins. */
function element(bytes: Uint8Array, at: number, end: number, out: GrowingBytes): number {
  const tag = bytes[at]!
  const kind = tag & 3
  const six = tag >>> 2
  if (kind === 0) {
    const extra = Math.max(0, six - 59)
    const length = (extra === 0 ? six : littleEndian(bytes, at + 1, extra)) + 1
    const from = at + 1 + extra
    if (from + length > end) throw new Error('snappy: literal beyond the end')
    out.append(bytes, from, from + length)
    return from + length
  }
  if (kind === 1) {
    out.copy(((tag >>> 5) << 8) | bytes[at + 1]!, (six & 7) + 4)
    return at + 2
  }
  const wide = kind === 2 ? 2 : 4
  out.copy(littleEndian(bytes, at + 1, wide), six + 1)
  return at + 1 + wide
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  if (at + count > bytes.length) throw new Error('snappy: ends within an element')
  return count === 4
    ? uint32LittleEndian(bytes, at)
    : bytes[at]! | (count > 1 ? bytes[at + 1]! << 8 : 0) | (count > 2 ? bytes[at + 2]! << 16 : 0)
}

/** Xerial blocks of 32 KiB. */
export function snappyCompress(bytes: Uint8Array): Uint8Array {
  const out = new GrowingBytes(64 + bytes.length, 2 ** 31)
  const header = new Uint8Array(FRAME_HEADER)
  header.set(MAGIC)
  putInt32(header, 8, 1)
  putInt32(header, 12, 1)
  out.append(header, 0, FRAME_HEADER)
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const block = compressRaw(bytes.subarray(at, at + BLOCK_BYTES))
    const size = new Uint8Array(4)
    putInt32(size, 0, block.length)
    out.append(size, 0, 4)
    out.append(block, 0, block.length)
  }
  return out.toBytes()
}

function compressRaw(bytes: Uint8Array): Uint8Array {
  const out = new GrowingBytes(bytes.length + 32, 2 ** 31)
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
  // A block has 32 KiB at most, so two bytes are enough.
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
