/**
 * The interface of compression codecs: the codec's number in a batch's attributes, and functions to compress and decompress.
 *
 * Producers compress a batch's records together, consumers decompress them. The broker stores the bytes as they came, unless
 * the topic has its own codec. It decompresses them, piece by piece, to validate a client's records, for searches by
 * timestamp, and for compaction. The codecs are passed in from outside, because zlib belongs to Node.
 */
import type { LargeOpenings } from './large-openings.ts'

export const Codec = { NONE: 0, GZIP: 1, SNAPPY: 2, LZ4: 3, ZSTD: 4 } as const
export type Codec = (typeof Codec)[keyof typeof Codec]

/** Compresses and decompresses records. Throws if the bytes are corrupt or the codec does not exist. */
export interface Codecs {
  has(codec: number): boolean
  /** `level`: for gzip and zstd, in their own numbers; default: the codec's default. */
  compress(codec: number, bytes: Uint8Array, level?: number): Uint8Array
  /** Throws OpenedTooLargeError as soon as the output exceeds `bytesMax` bytes, or the codecs' own limit. */
  decompress(codec: number, bytes: Uint8Array, bytesMax?: number): Uint8Array
  /**
   * Decompresses piece by piece. A piece is valid until the next one is requested; the caller may stop at any time.
   * Throws at the first piece that can't be decompressed.
   */
  open(codec: number, bytes: Uint8Array): Iterable<Uint8Array>
  /** Whether opening these bytes may take more than a few megabytes of memory (large-openings.ts). Default: no. */
  isLarge?(codec: number, bytes: Uint8Array): boolean
  /** Shared by all who open batches in turns; undefined: each may open as much as it needs. */
  readonly largeOpenings?: LargeOpenings
  /** Compresses piece by piece. `level` as for `compress`. */
  pack(codec: number, level?: number): Packing
}

/** A running compression. */
export interface Packing {
  /** Bytes of output so far. */
  readonly size: number
  /** Adds input; the caller may change the bytes afterwards. */
  write(bytes: Uint8Array): void
  /** All of the output; the packing must not be used afterwards. */
  finish(): Uint8Array
}

/** A packing without compression. */
export function packPlainly(): Packing {
  const pieces: Uint8Array[] = []
  let size = 0
  return {
    get size() {
      return size
    },
    write: (bytes) => {
      pieces.push(bytes.slice())
      size += bytes.length
    },
    finish: () => joinedBytes(pieces, size),
  }
}

/** The concatenated pieces; `length` in bytes, if it is known. */
export function joinedBytes(
  pieces: readonly Uint8Array[],
  length = pieces.reduce((sum, piece) => sum + piece.length, 0),
): Uint8Array {
  const all = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/** A few compressed bytes may decompress to gigabytes. The caller sets a limit, and the output exceeds it. */
export class OpenedTooLargeError extends Error {}

/** For places without compressed batches: it throws for every codec. */
export const NO_CODECS: Codecs = {
  has: () => false,
  compress: (codec) => {
    throw new Error(`compression: no codec ${codec}`)
  },
  decompress: (codec) => {
    throw new Error(`compression: no codec ${codec}`)
  },
  open: (codec) => {
    throw new Error(`compression: no codec ${codec}`)
  },
  pack: (codec) => {
    if (codec === Codec.NONE) return packPlainly()
    throw new Error(`compression: no codec ${codec}`)
  },
}
