/**
 * The codecs of a broker in Node: gzip and zstd are zlib's, snappy and lz4 our own.
 *
 * zstd came to Node in 22.15. Without it, batches compressed by it are stored and fetched as ever, for the broker
 * does not open them; only what needs to look inside (compacted topics, look-ups by time) does without.
 *
 * Levels are the codecs' own, as Kafka's keys have them (KIP-390).
 */
import * as zlib from 'node:zlib'
import { lz4Compress, lz4Uncompress } from '../record/compression/lz4.ts'
import { snappyCompress, snappyUncompress } from '../record/compression/snappy.ts'
import { Codec, type Codecs, OpenedTooLargeError } from '../record/compression.ts'

/** A batch that opens to more than this (bytes) is not one that a client may send, but an attack. */
const OPENED_BYTES_MAX = 256 << 20

interface One {
  readonly compress: (bytes: Uint8Array, level?: number) => Uint8Array
  readonly decompress: (bytes: Uint8Array, bytesMax: number) => Uint8Array
}

const ALL: Partial<Record<number, One>> = {
  [Codec.NONE]: { compress: (bytes) => bytes, decompress: (bytes) => bytes },
  [Codec.GZIP]: {
    compress: (bytes, level) => zlib.gzipSync(bytes, level === undefined ? {} : { level }),
    decompress: (bytes, maxOutputLength) => zlib.gunzipSync(bytes, { maxOutputLength }),
  },
  [Codec.SNAPPY]: {
    compress: (bytes) => snappyCompress(bytes),
    decompress: (bytes, bytesMax) => snappyUncompress(bytes, bytesMax),
  },
  [Codec.LZ4]: {
    compress: (bytes, level) => lz4Compress(bytes, level),
    decompress: (bytes, bytesMax) => lz4Uncompress(bytes, bytesMax),
  },
  ...('zstdDecompressSync' in zlib && {
    [Codec.ZSTD]: {
      compress: (bytes: Uint8Array, level?: number) => zlib.zstdCompressSync(bytes, zstdOptions(level)),
      decompress: (bytes: Uint8Array, maxOutputLength: number) =>
        zlib.zstdDecompressSync(bytes, { maxOutputLength }),
    },
  }),
}

function zstdOptions(level: number | undefined): zlib.ZstdOptions {
  return level === undefined ? {} : { params: { [zlib.constants.ZSTD_c_compressionLevel]: level } }
}

function codec(number: number): One {
  const found = ALL[number]
  if (!found) throw new Error(`compression: no codec ${number}`)
  return found
}

/** zlib's word for it, or our own codecs'. */
function isTooLarge(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return code === 'ERR_BUFFER_TOO_LARGE' || (message?.startsWith('decompressed: more than') ?? false)
}

/** The core knows no Buffer: the same bytes as a Uint8Array. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

export const NODE_CODECS: Codecs = {
  has: (number) => ALL[number] !== undefined,
  compress: (number, bytes, level) => plain(codec(number).compress(bytes, level)),
  open: (number, bytes) => [NODE_CODECS.decompress(number, bytes)],
  decompress: (number, bytes, bytesMax = OPENED_BYTES_MAX) => {
    const most = Math.min(bytesMax, OPENED_BYTES_MAX)
    try {
      return plain(codec(number).decompress(bytes, most))
    } catch (error) {
      throw isTooLarge(error) ? new OpenedTooLargeError(`more than ${most} bytes when decompressed`) : error
    }
  },
}
