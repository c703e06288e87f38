/**
 * The codecs of a broker in Node: gzip and zstd come from zlib, snappy and lz4 are our own.
 *
 * zstd is in Node since 22.15. Without it, zstd batches are still stored and fetched, because the broker does not
 * decompress them; only compaction and searches by timestamp, which must read the records, do not work for them.
 *
 * Compression levels are those of each codec, as in Kafka's config keys (KIP-390).
 *
 * NODE-CODECS-1  a stream decompresses to the same bytes here and in Kafka's own clients, or fails in both: a batch that
 *     only one of the two can read must not be stored
 * NODE-CODECS-2  the memory of `open` does not depend on the size of the decompressed stream; `pack` holds its output
 *     besides. Small streams use Node's one-call functions, which are the fastest; if that fails, the stream is read
 *     in pieces, so that the bytes before the corruption are returned
 * NODE-CODECS-3  compression takes at most a few tens of megabytes, and its steps a few tens of ms, whatever level a topic
 *     has: levels of zstd above 19 compress as 19
 */
import * as zlib from 'node:zlib'
import { lz4Packing, lz4Pieces } from '../../record/compression/lz4.ts'
import { snappyPacking, snappyPieces } from '../../record/compression/snappy.ts'
import {
  Codec,
  type Codecs,
  OpenedTooLargeError,
  type Packing,
  packPlainly,
} from '../../record/compression.ts'
import { LargeOpenings } from '../../record/large-openings.ts'
import { gzipPieces } from './gzip-pieces.ts'
import { ZlibEngine } from './zlib-engine.ts'
import { zlibPacking } from './zlib-packing.ts'
import { needsWindowAbove, soleFrameMax, zstdPieces } from './zstd-pieces.ts'

/** A batch that decompresses to more bytes than this is treated as an attack. */
const OPENED_BYTES_MAX = 256 << 20
/** A stream that decompresses to at most this many bytes may be decompressed in one call. */
const AT_ONCE_BYTES_MAX = 1 << 20
/** If the output buffer is smaller than Java's, zstd does not notice that a frame is shorter than it declares. */
const CHUNK_BYTES_MIN = 16_384
/** A batch with more bytes than producers send by default may decompress to many times as much in one block. */
const LARGE_BYTES = 1_310_720
/** The window of a frame as producers write it: up to zstd's level 19. */
const WINDOW_BYTES_MAX = 8 << 20

interface One {
  readonly pack: (level?: number) => Packing
  readonly open: (bytes: Uint8Array) => Iterable<Uint8Array>
}

const ALL: Partial<Record<number, One>> = {
  [Codec.NONE]: { pack: packPlainly, open: (bytes) => [bytes] },
  [Codec.GZIP]: {
    pack: (level) => {
      const options = level === undefined ? {} : { level }
      return zlibPacking(
        () => ZlibEngine.gzip(options),
        (bytes) => plain(zlib.gzipSync(bytes, options)),
      )
    },
    open: (bytes) => gunzipAtOnce(bytes) ?? gzipPieces(bytes),
  },
  [Codec.SNAPPY]: { pack: snappyPacking, open: snappyPieces },
  [Codec.LZ4]: { pack: lz4Packing, open: lz4Pieces },
  ...('zstdDecompressSync' in zlib && {
    [Codec.ZSTD]: {
      pack: (level?: number) => {
        const options = zstdOptions(level)
        return zlibPacking(
          () => ZlibEngine.zstdCompress(zstdStreamOptions(level)),
          (bytes) => plain(zlib.zstdCompressSync(bytes, options)),
        )
      },
      open: (bytes: Uint8Array) => zstdAtOnce(bytes) ?? zstdPieces(bytes),
    },
  }),
}

/**
 * Higher levels ("ultra") are for windows of many megabytes. A batch has no use for them, and a single step of them may take
 * half a second (NODE-CODECS-3).
 */
const ZSTD_LEVEL_MAX = 19
/** From this level on, zstd's tables for input of unknown length take 40 MB and more. */
const ZSTD_LEVEL_LARGE = 12

function zstdOptions(level: number | undefined): zlib.ZstdOptions {
  if (level === undefined) return {}
  return { params: { [zlib.constants.ZSTD_c_compressionLevel]: Math.min(level, ZSTD_LEVEL_MAX) } }
}

/** The same for input of unknown length: tables for more than two megabytes would compress no better (NODE-CODECS-3). */
function zstdStreamOptions(level: number | undefined): zlib.ZstdOptions {
  const options = zstdOptions(level)
  if (level === undefined || level < ZSTD_LEVEL_LARGE) return options
  const { ZSTD_c_windowLog: windowLog, ZSTD_c_hashLog: hashLog, ZSTD_c_chainLog: chainLog } = zlib.constants
  return { params: { ...options.params, [windowLog]: 21, [hashLog]: 21, [chainLog]: 22 } }
}

/** Undefined if the stream is large, corrupt, or followed by other bytes. What Node decompresses, Java decompresses to the same bytes. */
function gunzipAtOnce(bytes: Uint8Array): Uint8Array[] | undefined {
  if (bytes.length < 18) return undefined
  // The last four bytes are the decompressed size, unless other bytes follow the stream.
  const size = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true)
  if (size > AT_ONCE_BYTES_MAX) return undefined
  try {
    return [plain(zlib.gunzipSync(bytes, { maxOutputLength: AT_ONCE_BYTES_MAX, chunkSize: chunkSize(size) }))]
  } catch {
    return undefined
  }
}

/** Undefined if the stream is large, corrupt, or not exactly one frame. */
function zstdAtOnce(bytes: Uint8Array): Uint8Array[] | undefined {
  try {
    const max = soleFrameMax(bytes, AT_ONCE_BYTES_MAX)
    if (max === undefined) return undefined
    return [
      plain(
        zlib.zstdDecompressSync(bytes, { maxOutputLength: AT_ONCE_BYTES_MAX, chunkSize: chunkSize(max) }),
      ),
    ]
  } catch {
    return undefined
  }
}

/** One byte more than the output, so that Node finds the end without a second chunk. */
function chunkSize(openedBytes: number): number {
  return Math.max(CHUNK_BYTES_MIN, openedBytes + 1)
}

function codec(number: number): One {
  const found = ALL[number]
  if (!found) throw new Error(`compression: no codec ${number}`)
  return found
}

/** The core does not use Buffer: the same bytes as a Uint8Array. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** All pieces in one array. */
function gathered(pieces: Iterable<Uint8Array>, bytesMax: number): Uint8Array {
  const copies: Uint8Array[] = []
  let length = 0
  for (const piece of pieces) {
    length += piece.length
    if (length > bytesMax) throw new OpenedTooLargeError(`more than ${bytesMax} bytes when decompressed`)
    copies.push(piece.slice())
  }
  const all = new Uint8Array(length)
  let at = 0
  for (const copy of copies) {
    all.set(copy, at)
    at += copy.length
  }
  return all
}

export const NODE_CODECS: Codecs = {
  has: (number) => ALL[number] !== undefined,
  compress: (number, bytes, level) => {
    const packing = codec(number).pack(level)
    packing.write(bytes)
    return packing.finish()
  },
  pack: (number, level) => codec(number).pack(level),
  open: (number, bytes) => codec(number).open(bytes),
  isLarge: (number, bytes) =>
    bytes.length > LARGE_BYTES || (number === Codec.ZSTD && needsWindowAbove(bytes, WINDOW_BYTES_MAX)),
  largeOpenings: new LargeOpenings(),
  decompress: (number, bytes, bytesMax = OPENED_BYTES_MAX) => {
    const pieces = codec(number).open(bytes)
    const most = Math.min(bytesMax, OPENED_BYTES_MAX)
    if (Array.isArray(pieces) && pieces[0] && pieces[0].length <= most) return pieces[0]
    return gathered(pieces, most)
  },
}
