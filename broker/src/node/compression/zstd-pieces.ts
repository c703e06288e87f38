/**
 * Decompresses zstd in pieces, as Kafka does it (zstd-jni's ZstdInputStreamNoFinalizer).
 *
 *   stream   frame*                                            RFC 8878
 *   frame    28 b5 2f fd | descriptor | [window] [dictionary id] [content size] | block* | [checksum]
 *            5x 2a 4d 18 | uint32 size | bytes                 a skippable frame, x = 0 to f
 *   block    last 1 bit, type 2 bits, size 21 bits, little-endian | bytes
 *            raw: `size` bytes.  rle: one byte, `size` times.  compressed: decompresses to at most 128 KiB
 *
 * A block of 4 bytes may decompress to 128 KiB, so the engine gets whole blocks: the maximum size of their output is
 * known before. The end of a frame must be known too, because Node's engine drops the bytes behind a finished frame.
 *
 * ZSTD-PIECES-1  a piece has at most 256 KiB; an engine holds a window of at most 128 MiB, as in Kafka
 * ZSTD-PIECES-2  other bytes behind a frame are an error. But an incomplete frame at the end is ignored if it was fetched
 *     together with the end of the frame before it: zstd-jni detects an incomplete frame in this way
 * ZSTD-PIECES-3  the bytes before a corruption are returned as Kafka returns them (record/compression/reads.ts): 16 KiB
 *     at a time
 */
import { Reads } from '../../record/compression/reads.ts'
import { ZlibEngine } from './zlib-engine.ts'

const MAGIC = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)
const MAGIC_SKIPPED = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18)
const SKIPPED_HEADER_BYTES = 8
const BLOCK_OPENED_MAX = 131_072
const BLOCK_HEADER_BYTES = 3
const CHECKSUM_BYTES = 4
const READ_BYTES = 16_384
/** How many bytes zstd-jni fetches at a time (ZSTD_DStreamInSize). */
const FETCH_BYTES = 131_075

const BlockType = { RAW: 0, RLE: 1, COMPRESSED: 2 } as const

/** Yields empty pieces too, after some work, so that the caller can pause. Throws at corrupt bytes. */
export function* zstdPieces(bytes: Uint8Array): Generator<Uint8Array> {
  const reads = new Reads(READ_BYTES, true)
  let frameEnd = 0
  while (frameEnd < bytes.length) {
    const frame = frameAt(bytes, frameEnd)
    if (frame !== undefined && 'skippedTo' in frame) {
      frameEnd = frame.skippedTo
      yield new Uint8Array(0)
      continue
    }
    const end = frame && (yield* framePieces(bytes, frame, reads))
    yield* reads.end()
    if (end === undefined) {
      const fetchedFrom = Math.floor((bytes.length - 1) / FETCH_BYTES) * FETCH_BYTES
      if (frameEnd > fetchedFrom) return
      throw new Error('zstd: ends within a frame')
    }
    frameEnd = end
  }
}

/** The maximum decompressed size if `bytes` is exactly one complete frame; otherwise undefined. */
export function soleFrameMax(bytes: Uint8Array, max: number): number | undefined {
  const frame = frameAt(bytes, 0)
  if (frame === undefined || 'skippedTo' in frame) return undefined
  const blocks = nextBlocks(bytes, frame, frame.start, max)
  return blocks.isLast && blocks.end === bytes.length ? blocks.openedMax : undefined
}

/**
 * Whether decompressing may need a window of more than `windowMax` bytes. It does not if `bytes` is exactly one frame that
 * says so, as producers write it.
 */
export function needsWindowAbove(bytes: Uint8Array, windowMax: number): boolean {
  try {
    const frame = frameAt(bytes, 0)
    if (frame === undefined || 'skippedTo' in frame || frame.windowBytes > windowMax) return true
    const blocks = nextBlocks(bytes, frame, frame.start, Number.POSITIVE_INFINITY)
    return !blocks.isLast || blocks.end !== bytes.length
  } catch {
    return true
  }
}

interface Frame {
  readonly start: number
  readonly blocksStart: number
  readonly blockOpenedMax: number
  readonly hasChecksum: boolean
  /** How much of its output an engine must remember. */
  readonly windowBytes: number
}

/** The frame at `start`, or undefined if the bytes end within its header. Throws if it is not a frame. */
function frameAt(bytes: Uint8Array, start: number): Frame | { skippedTo: number } | undefined {
  const left = bytes.length - start
  const isSkipped = MAGIC_SKIPPED.every(
    (byte, i) => i >= left || (bytes[start + i]! & (i === 0 ? 0xf0 : 0xff)) === byte,
  )
  const isFrame = MAGIC.every((byte, i) => i >= left || bytes[start + i] === byte)
  if (!isSkipped && !isFrame) throw new Error('zstd: no frame')
  if (isSkipped) {
    if (left < SKIPPED_HEADER_BYTES) return undefined
    const size = new DataView(bytes.buffer, bytes.byteOffset + start + 4, 4).getUint32(0, true)
    const skippedTo = start + SKIPPED_HEADER_BYTES + size
    return skippedTo > bytes.length ? undefined : { skippedTo }
  }
  const descriptor = bytes[start + 4]
  if (descriptor === undefined) return undefined
  const isSingleSegment = (descriptor & 0x20) !== 0
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6]!
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!
  const blocksStart = start + 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + contentSizeBytes
  if (blocksStart > bytes.length) return undefined
  // The window is 2^(10 + exponent) * (1 + mantissa / 8) bytes, or the whole content; no block decompresses to more.
  const window = bytes[start + 5]!
  const declared = 2 ** (10 + (window >>> 3)) * (1 + (window & 7) / 8)
  const windowBytes = isSingleSegment
    ? contentSize(bytes, blocksStart - contentSizeBytes, contentSizeBytes)
    : declared
  return {
    start,
    blocksStart,
    blockOpenedMax: isSingleSegment ? BLOCK_OPENED_MAX : Math.min(BLOCK_OPENED_MAX, declared),
    hasChecksum: (descriptor & 4) !== 0,
    windowBytes,
  }
}

/** The content size of a frame, in 1, 2, 4 or 8 bytes, little-endian. The form with two bytes begins at 256. */
function contentSize(bytes: Uint8Array, at: number, length: number): number {
  let size = length === 2 ? 256 : 0
  for (let i = 0; i < length; i++) size += bytes[at + i]! * 2 ** (8 * i)
  return size
}

/** The engine's next input: blocks that decompress to at most `openedMax`, which exceeds `max` only for a single block. */
interface Blocks {
  /** The end of each block; the frame's checksum counts as one. */
  readonly ends: readonly number[]
  readonly end: number
  readonly openedMax: number
  /** Whether the frame ends with these blocks. */
  readonly isLast: boolean
}

/** The blocks from `at` on, with the frame's header if `at` is the frame's start. */
function nextBlocks(bytes: Uint8Array, frame: Frame, at: number, max: number): Blocks {
  const ends: number[] = []
  let openedMax = 0
  let end = at === frame.start ? frame.blocksStart : at
  for (;;) {
    if (end + BLOCK_HEADER_BYTES > bytes.length) break
    const word = bytes[end]! | (bytes[end + 1]! << 8) | (bytes[end + 2]! << 16)
    const type = (word >>> 1) & 3
    const size = word >>> 3
    const opened = type === BlockType.COMPRESSED ? frame.blockOpenedMax : Math.min(size, frame.blockOpenedMax)
    if (ends.length > 0 && openedMax + opened > max) return { ends, end, openedMax, isLast: false }
    const blockEnd = end + BLOCK_HEADER_BYTES + (type === BlockType.RLE ? 1 : size)
    if (blockEnd > bytes.length) break
    ends.push(blockEnd)
    openedMax += opened
    end = blockEnd
    if ((word & 1) === 0) continue
    if (frame.hasChecksum) end += CHECKSUM_BYTES
    if (end > bytes.length) break
    ends.push(end)
    return { ends, end, openedMax, isLast: true }
  }
  ends.push(bytes.length)
  return { ends, end: bytes.length, openedMax: openedMax + frame.blockOpenedMax, isLast: false }
}

/** Decompresses the frame. Returns its end, or undefined if the bytes end within it. */
function* framePieces(
  bytes: Uint8Array,
  frame: Frame,
  reads: Reads,
): Generator<Uint8Array, number | undefined> {
  let engine = ZlibEngine.zstdDecompress()
  try {
    for (let at = frame.start; at < bytes.length; ) {
      const { ends, end, isLast } = nextBlocks(bytes, frame, at, BLOCK_OPENED_MAX)
      let pieces: readonly Uint8Array[] | undefined
      try {
        pieces = engine.write(bytes.subarray(at, end))
      } catch {
        engine.close()
        engine = engineAt(bytes, frame, at)
      }
      if (pieces === undefined) {
        // The bytes before the corruption must be returned: block by block, until the corruption is reached again.
        for (const blockEnd of ends) {
          for (const piece of engine.write(bytes.subarray(at, blockEnd))) yield* reads.add(piece)
          at = blockEnd
        }
        continue
      }
      for (const piece of pieces) yield* reads.add(piece)
      if (pieces.length === 0) yield new Uint8Array(0)
      if (isLast) return end
      at = end
    }
    return undefined
  } finally {
    engine.close()
  }
}

/** An engine that has read the frame up to `at`. */
function engineAt(bytes: Uint8Array, frame: Frame, at: number): ZlibEngine {
  const engine = ZlibEngine.zstdDecompress()
  for (let from = frame.start; from < at; ) {
    const { end } = nextBlocks(bytes, frame, from, BLOCK_OPENED_MAX)
    engine.write(bytes.subarray(from, end))
    from = end
  }
  return engine
}
