/**
 * The LZ4 frame format, as Kafka's batches hold it since magic 1 (KIP-57 made the header checksum right).
 *
 *   frame   04 22 4d 18 | flags | block size | [content size 8] | header checksum | block* | 00000000 | [checksum]
 *   flags   version 01, independent blocks, block checksums, content size, content checksum
 *   block   uint32 size, top bit: stored as it is | bytes | [checksum]              little-endian
 *   bytes   sequence*:  token (literals << 4 | copy-4) | more length | literals | distance 2 | more length
 *           a length of 15 goes on in bytes that are added, until one is not 255; the last sequence has no copy
 *
 * Checksums other than the header's are not checked: the batch has one of its own.
 *
 * Z1  uncompress(compress(bytes)) = bytes
 */
import { GrowingBytes, MatchChains, MatchTable, matchLength, uint32LittleEndian } from './lz77.ts'
import { xxhash32 } from './xxhash32.ts'

const MAGIC = 0x184d_2204
const BLOCK_BYTES = 65_536
const STORED = 0x8000_0000
const COPY_MIN = 4
/** The format wants its last bytes to be literals, and no copy to begin in the last 12. */
const LITERALS_LAST = 5
const COPY_START_LAST = 12
const DISTANCE_MAX = 0xffff
const LEVEL_QUICK = 9
/** The effort doubles from level to level; beyond 2^8 tries there is little to gain, and clients wait. */
const TRIES_LEVEL_MAX = 8

const Flag = { BLOCK_CHECKSUM: 0x10, CONTENT_SIZE: 0x08, CONTENT_CHECKSUM: 0x04 } as const

/** `max`: bytes that the result may have. Throws when the bytes are damaged. */
export function lz4Uncompress(bytes: Uint8Array, max: number): Uint8Array {
  if (bytes.length < 7 || uint32LittleEndian(bytes, 0) !== MAGIC) throw new Error('lz4: no frame')
  const flags = bytes[4]!
  let at = 6 + (flags & Flag.CONTENT_SIZE ? 8 : 0)
  if (((xxhash32(bytes, 4, at) >>> 8) & 0xff) !== bytes[at]) throw new Error('lz4: header checksum')
  at++
  const out = new GrowingBytes(bytes.length * 3, max)
  while (at + 4 <= bytes.length) {
    const word = uint32LittleEndian(bytes, at)
    if (word === 0) return out.toBytes()
    const size = word & 0x7fff_ffff
    const end = at + 4 + size
    if (end > bytes.length) throw new Error(`lz4: block of ${size} bytes`)
    if (word >= STORED) out.append(bytes, at + 4, end)
    else uncompressBlock(bytes, at + 4, end, out)
    at = end + (flags & Flag.BLOCK_CHECKSUM ? 4 : 0)
  }
  throw new Error('lz4: no end')
}

function uncompressBlock(bytes: Uint8Array, start: number, end: number, out: GrowingBytes): void {
  let at = start
  const more = (length: number) => {
    if (length < 15) return length
    let total = length
    for (;;) {
      if (at >= end) throw new Error('lz4: ends within a length')
      const byte = bytes[at++]!
      total += byte
      if (byte < 255) return total
    }
  }
  while (at < end) {
    const token = bytes[at++]!
    const literals = more(token >>> 4)
    if (at + literals > end) throw new Error('lz4: literals beyond the end')
    out.append(bytes, at, at + literals)
    at += literals
    if (at >= end) return
    const distance = bytes[at]! | (bytes[at + 1]! << 8)
    at += 2
    out.copy(distance, more(token & 15) + COPY_MIN)
  }
}

/**
 * One frame of independent blocks of 64 KiB, without checksums but the header's. `level`, 1 to 17: how long repetitions
 * are searched for; 9, as Kafka's clients have it, and none are quick.
 */
export function lz4Compress(bytes: Uint8Array, level = LEVEL_QUICK): Uint8Array {
  const out = new GrowingBytes(64 + bytes.length, 2 ** 31)
  // Version 1, independent blocks; blocks of at most 64 KiB.
  const descriptor = Uint8Array.of(0x60, 0x40)
  word(MAGIC, out)
  out.append(descriptor, 0, 2)
  out.byte((xxhash32(descriptor) >>> 8) & 0xff)
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES)
    writeBlock(bytes.subarray(at, at + BLOCK_BYTES), level, out)
  word(0, out)
  return out.toBytes()
}

function writeBlock(block: Uint8Array, level: number, out: GrowingBytes): void {
  const packed = level === LEVEL_QUICK ? compressBlock(block) : compressPatiently(block, level)
  const stored = packed.length >= block.length
  word(stored ? block.length + STORED : packed.length, out)
  out.append(stored ? block : packed, 0, stored ? block.length : packed.length)
}

function compressBlock(bytes: Uint8Array): Uint8Array {
  const out = new GrowingBytes(bytes.length + 32, 2 ** 31)
  const table = new MatchTable()
  let literal = 0
  for (let at = 0; at + COPY_START_LAST < bytes.length; ) {
    const before = table.swap(bytes, at)
    if (before < 0 || at - before > DISTANCE_MAX) {
      at++
      continue
    }
    const length = matchLength(bytes, before, at, bytes.length - LITERALS_LAST)
    writeSequence(bytes, literal, at, { distance: at - before, length }, out)
    at += length
    literal = at
  }
  writeSequence(bytes, literal, bytes.length, undefined, out)
  return out.toBytes()
}

/** The same, but of many repetitions the longest is taken. */
function compressPatiently(bytes: Uint8Array, level: number): Uint8Array {
  const out = new GrowingBytes(bytes.length + 32, 2 ** 31)
  const chains = new MatchChains(bytes.length, 1 << Math.min(level, TRIES_LEVEL_MAX))
  let literal = 0
  for (let at = 0; at + COPY_START_LAST < bytes.length; ) {
    chains.add(bytes, at)
    const { before, length } = chains.longest(bytes, at, bytes.length - LITERALS_LAST, DISTANCE_MAX)
    if (length < COPY_MIN) {
      at++
      continue
    }
    writeSequence(bytes, literal, at, { distance: at - before, length }, out)
    const next = at + length
    for (at++; at < next && at + COPY_START_LAST < bytes.length; at++) chains.add(bytes, at)
    at = next
    literal = at
  }
  writeSequence(bytes, literal, bytes.length, undefined, out)
  return out.toBytes()
}

function writeSequence(
  bytes: Uint8Array,
  start: number,
  end: number,
  copy: { distance: number; length: number } | undefined,
  out: GrowingBytes,
): void {
  const literals = end - start
  const rest = copy ? copy.length - COPY_MIN : 0
  out.byte((Math.min(literals, 15) << 4) | Math.min(rest, 15))
  writeMore(literals, out)
  out.append(bytes, start, end)
  if (!copy) return
  out.byte(copy.distance & 0xff)
  out.byte(copy.distance >>> 8)
  writeMore(rest, out)
}

function writeMore(length: number, out: GrowingBytes): void {
  if (length < 15) return
  let left = length - 15
  for (; left >= 255; left -= 255) out.byte(255)
  out.byte(left)
}

function word(value: number, out: GrowingBytes): void {
  for (let shift = 0; shift < 32; shift += 8) out.byte((value >>> shift) & 0xff)
}
