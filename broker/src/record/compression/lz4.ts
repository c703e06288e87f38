/**
 * The LZ4 frame format, in Kafka's batches since magic 1 (KIP-57 corrected the header checksum).
 *
 *   frame   04 22 4d 18 | flags | block size | [content size 8] | header checksum | block* | 00000000 | [checksum]
 *   flags   version 01, independent blocks, block checksums, content size, content checksum, 00
 *   block   uint32 size, top bit: not compressed | bytes | [checksum]               little-endian
 *   bytes   sequence*:  token (literals << 4 | copy-4) | more length | literals | distance 2 | more length
 *           a length of 15 continues in further bytes, which are added, until one is not 255; the last sequence has no copy
 *
 * Java's clients read a subset of the format (Lz4BlockInputStream). A frame that they can't read must not be stored, so
 * we read the same subset: no blocks that refer to earlier blocks, no dictionary; a block's checksum is verified, the
 * content's is not. They stop at the end mark, and ignore what follows it.
 *
 * LZ4-1  decompress(compress(bytes)) = bytes
 * LZ4-2  a frame can be read here if, and only if, Java's clients can read it
 */
import type { Packing } from '../compression.ts'
import { blockPacking } from './block-packing.ts'
import {
  copyLiteral,
  GrowingBytes,
  MatchChains,
  MatchTable,
  matchLength,
  repeat,
  uint32LittleEndian,
} from './lz77.ts'
import { EMPTY_READ } from './reads.ts'
import { xxhash32 } from './xxhash32.ts'

const MAGIC = 0x184d_2204
const BLOCK_BYTES = 65_536
const ROOM_BYTES_MIN = 1024
const STORED = 0x8000_0000
const COPY_MIN = 4
/** The format requires literals as its last bytes, and no copy that begins in the last 12. */
const LITERALS_LAST = 5
const COPY_START_LAST = 12
/** What follows literals with a copy: the distance, and another sequence of a token and the last literals. */
const COPY_TAIL_MIN = 2 + 1 + LITERALS_LAST
const DISTANCE_MAX = 0xffff
const LEVEL_QUICK = 9
/** The effort doubles with each level; beyond 2^8 attempts there is little gain, and clients wait. */
const TRIES_LEVEL_MAX = 8

const Flag = { BLOCK_CHECKSUM: 0x10, CONTENT_SIZE: 0x08, CONTENT_CHECKSUM: 0x04 } as const
/** Version 01, independent blocks; the last two bits are the dictionary's and a reserved one. */
const FLAGS_FIXED = 0xe3
const FLAGS_EXPECTED = 0x60

/**
 * Decompresses a frame block by block. A piece is valid until the next one is requested. Throws at corrupt bytes.
 */
export function* lz4Pieces(bytes: Uint8Array): Generator<Uint8Array> {
  const header = frameHeader(bytes)
  let room = new Uint8Array(0)
  for (let at = header.end; ; ) {
    const word = uint32At(bytes, at)
    const size = word & 0x7fff_ffff
    at += 4
    if (size === 0) {
      if (header.flags & Flag.CONTENT_CHECKSUM) uint32At(bytes, at)
      return
    }
    const end = at + size
    if (size > header.blockBytesMax || end > bytes.length) throw new Error(`lz4: block of ${size} bytes`)
    let block = bytes.subarray(at, end)
    if (word < STORED) {
      if (room.length === 0) room = new Uint8Array(roomFor(bytes.length - at, header.blockBytesMax))
      let length = uncompressBlock(bytes, at, end, room, header.blockBytesMax)
      if (length === NO_ROOM) {
        room = new Uint8Array(header.blockBytesMax)
        length = uncompressBlock(bytes, at, end, room, header.blockBytesMax)
      }
      block = room.subarray(0, length)
    }
    at = end
    if (header.flags & Flag.BLOCK_CHECKSUM) {
      if (uint32At(bytes, at) !== xxhash32(bytes, end - size, end)) throw new Error('lz4: block checksum')
      at += 4
    }
    yield block.length === 0 ? EMPTY_READ : block
  }
}

/** Throws unless a frame begins that Java's clients read. `end`: where its first block begins. */
function frameHeader(bytes: Uint8Array): { flags: number; blockBytesMax: number; end: number } {
  if (bytes.length < 7 || uint32LittleEndian(bytes, 0) !== MAGIC) throw new Error('lz4: no frame')
  const flags = bytes[4]!
  if ((flags & FLAGS_FIXED) !== FLAGS_EXPECTED) throw new Error(`lz4: flags ${flags.toString(16)}`)
  const descriptor = bytes[5]!
  const sizeCode = descriptor >>> 4
  if ((descriptor & 0x0f) !== 0 || sizeCode < 4 || sizeCode > 7) throw new Error('lz4: block size')
  const end = 6 + (flags & Flag.CONTENT_SIZE ? 8 : 0)
  if (end >= bytes.length) throw new Error('lz4: ends within the header')
  if (((xxhash32(bytes, 4, end) >>> 8) & 0xff) !== bytes[end]) throw new Error('lz4: header checksum')
  return { flags, blockBytesMax: 1 << (2 * sizeCode + 8), end: end + 1 }
}

function uint32At(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw new Error('lz4: no end')
  return uint32LittleEndian(bytes, at)
}

/** A small block seldom needs the 4 MiB that the output may have. One byte decompresses to at most 255. */
function roomFor(packedBytes: number, blockBytesMax: number): number {
  return Math.min(blockBytesMax, Math.max(ROOM_BYTES_MIN, packedBytes * 8))
}

/** Returned by `uncompressBlock` if `room` is too small for this block, and smaller than the maximum. */
const NO_ROOM = -1

/**
 * Decompresses the block `bytes[start..end)` into `room`; returns the size of the output. `max` is the maximum size of a
 * block, from which the rules for its last bytes are counted, as in LZ4's own decoder. Throws if the block is corrupt.
 */
function uncompressBlock(
  bytes: Uint8Array,
  start: number,
  end: number,
  room: Uint8Array,
  max: number,
): number {
  let at = start
  let out = 0
  for (;;) {
    if (at >= end) throw new Error('lz4: no last literals')
    const token = bytes[at++]!
    let literals = token >>> 4
    if (literals === 15) {
      for (;;) {
        if (at >= end) throw new Error('lz4: ends within a length')
        const byte = bytes[at++]!
        literals += byte
        if (byte < 255) break
      }
    }
    const literalsEnd = at + literals
    const isLast = out + literals > max - COPY_START_LAST || literalsEnd > end - COPY_TAIL_MIN
    if (isLast && (literalsEnd !== end || out + literals > max))
      throw new Error('lz4: literals beyond the end')
    if (out + literals > room.length) return NO_ROOM
    copyLiteral(bytes, at, literalsEnd, room, out)
    out += literals
    at = literalsEnd
    if (isLast) return out
    const distance = bytes[at]! | (bytes[at + 1]! << 8)
    at += 2
    let length = (token & 15) + COPY_MIN
    if (length === 15 + COPY_MIN) {
      for (;;) {
        if (at > end - LITERALS_LAST) throw new Error('lz4: ends within a length')
        const byte = bytes[at++]!
        length += byte
        if (byte < 255) break
      }
    }
    if (distance > out) throw new Error(`lz4: copy from ${distance} back`)
    if (out + length > max - LITERALS_LAST) throw new Error('lz4: copy beyond the end')
    if (out + length > room.length) return NO_ROOM
    // The format has no distance of 0; LZ4's own decoder writes zeroes then, and so do all programs that use it.
    if (distance === 0) room.fill(0, out, out + length)
    else repeat(room, out, distance, length)
    out += length
  }
}

/**
 * One frame of independent blocks of 64 KiB, with the header's checksum only. `level`, 1 to 17: the effort of the search
 * for repetitions; 9, the default of Kafka's clients, and no level use the fast search.
 */
export function lz4Packing(level = LEVEL_QUICK): Packing {
  const out = new GrowingBytes(1024)
  // Version 1, independent blocks; blocks of at most 64 KiB.
  const descriptor = Uint8Array.of(0x60, 0x40)
  word(MAGIC, out)
  out.append(descriptor, 0, 2)
  out.byte((xxhash32(descriptor) >>> 8) & 0xff)
  return blockPacking({
    blockBytes: BLOCK_BYTES,
    out,
    writeBlock: (block) => writeBlock(block, level, out),
    writeEnd: () => word(0, out),
  })
}

/** The whole input in one call. */
export function lz4Compress(bytes: Uint8Array, level?: number): Uint8Array {
  const packing = lz4Packing(level)
  packing.write(bytes)
  return packing.finish()
}

function writeBlock(block: Uint8Array, level: number, out: GrowingBytes): void {
  const packed = level === LEVEL_QUICK ? compressBlock(block) : compressPatiently(block, level)
  const stored = packed.length >= block.length
  word(stored ? block.length + STORED : packed.length, out)
  out.append(stored ? block : packed, 0, stored ? block.length : packed.length)
}

function compressBlock(bytes: Uint8Array): Uint8Array {
  const out = new GrowingBytes(bytes.length + 32)
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

/** The same, but it chooses the longest of many repetitions. */
function compressPatiently(bytes: Uint8Array, level: number): Uint8Array {
  const out = new GrowingBytes(bytes.length + 32)
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
