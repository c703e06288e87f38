/**
 * The codecs of a broker in Node: gzip and zstd are zlib's, snappy and lz4 our own.
 *
 * zstd came to Node in 22.15. Without it, batches compressed by it are stored and fetched as ever, for the broker
 * does not open them; only what needs to look inside (compacted topics, look-ups by time) does without.
 *
 * Levels are the codecs' own, as Kafka's keys have them (KIP-390).
 *
 * NODE-CODECS-1  a stream opens to the same bytes here and in Kafka's own clients, or to none in both: what only one of
 *     them can read must not be stored
 * NODE-CODECS-2  `open` holds the same memory whatever a stream opens to, `pack` what has come out besides. Small
 *     streams are opened and packed at once, by Node's own call for it, which is the quickest; when that fails, piece
 *     by piece, so that the bytes before the damage come out
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
import { gzipPieces } from './gzip-pieces.ts'
import { ZlibEngine } from './zlib-engine.ts'
import { zlibPacking } from './zlib-packing.ts'
import { soleFrameMax, zstdPieces } from './zstd-pieces.ts'

/** A batch that opens to more than this (bytes) is not one that a client may send, but an attack. */
const OPENED_BYTES_MAX = 256 << 20
/** What opens to no more than this (bytes) may be opened at once. */
const AT_ONCE_BYTES_MAX = 1 << 20
/** With less room than Java has, zstd does not find a frame that is shorter than it says. */
const CHUNK_BYTES_MIN = 16_384

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
          () => ZlibEngine.zstdCompress(options),
          (bytes) => plain(zlib.zstdCompressSync(bytes, options)),
        )
      },
      open: (bytes: Uint8Array) => zstdAtOnce(bytes) ?? zstdPieces(bytes),
    },
  }),
}

function zstdOptions(level: number | undefined): zlib.ZstdOptions {
  return level === undefined ? {} : { params: { [zlib.constants.ZSTD_c_compressionLevel]: level } }
}

/** Undefined when it is large, damaged, or followed by something. What Node opens, Java opens to the same bytes. */
function gunzipAtOnce(bytes: Uint8Array): Uint8Array[] | undefined {
  if (bytes.length < 18) return undefined
  // The last four bytes say to how many it opens, unless there are other bytes behind it.
  const size = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true)
  if (size > AT_ONCE_BYTES_MAX) return undefined
  try {
    return [plain(zlib.gunzipSync(bytes, { maxOutputLength: AT_ONCE_BYTES_MAX, chunkSize: chunkSize(size) }))]
  } catch {
    return undefined
  }
}

/** Undefined when it is large, damaged, or not one frame. */
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

/** One byte more than comes out, so that Node finds the end without another chunk. */
function chunkSize(openedBytes: number): number {
  return Math.max(CHUNK_BYTES_MIN, openedBytes + 1)
}

function codec(number: number): One {
  const found = ALL[number]
  if (!found) throw new Error(`compression: no codec ${number}`)
  return found
}

/** The core knows no Buffer: the same bytes as a Uint8Array. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** All pieces in one. */
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
  decompress: (number, bytes, bytesMax = OPENED_BYTES_MAX) => {
    const pieces = codec(number).open(bytes)
    const most = Math.min(bytesMax, OPENED_BYTES_MAX)
    if (Array.isArray(pieces) && pieces[0] && pieces[0].length <= most) return pieces[0]
    return gathered(pieces, most)
  },
}
