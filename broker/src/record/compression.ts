/**
 * Compression as the broker sees it: a number in a batch's attributes, and bytes that it opens where Kafka does.
 *
 * Producers compress a batch's records together, consumers open them. The broker stores the bytes as they came, unless
 * the topic has a codec of its own. It opens them, piece by piece, to check the records that a client sends, for a look-up
 * by time, and for compaction. The codecs are handed in from outside, for zlib is Node's.
 */
export const Codec = { NONE: 0, GZIP: 1, SNAPPY: 2, LZ4: 3, ZSTD: 4 } as const
export type Codec = (typeof Codec)[keyof typeof Codec]

/** What opens and closes compressed records. Throws when the bytes are damaged or the codec is not there. */
export interface Codecs {
  has(codec: number): boolean
  /** `level`: of gzip and zstd, in their own numbers; none is the codec's default. */
  compress(codec: number, bytes: Uint8Array, level?: number): Uint8Array
  /** Throws OpenedTooLargeError as soon as there are more than `bytesMax` bytes, or more than the codecs' own bound. */
  decompress(codec: number, bytes: Uint8Array, bytesMax?: number): Uint8Array
  /**
   * Opens piece by piece; a piece is good until the next one is asked for, and whoever has seen enough stops asking.
   * Throws at the first piece that can't be opened.
   */
  open(codec: number, bytes: Uint8Array): Iterable<Uint8Array>
  /** Closes piece by piece. `level` as for `compress`. */
  pack(codec: number, level?: number): Packing
}

/** Bytes on their way into a codec. */
export interface Packing {
  /** Bytes that have come out of the codec so far. */
  readonly size: number
  /** Takes the bytes in; they may be changed afterwards. */
  write(bytes: Uint8Array): void
  /** All that has come out; the packing is not used afterwards. */
  finish(): Uint8Array
}

/** What is not compressed. */
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

function joinedBytes(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/** A few compressed bytes may open to gigabytes. Whoever opens them says how many he takes; these are more. */
export class OpenedTooLargeError extends Error {}

/** For places where nothing compressed occurs: a batch's records are as they are, or an error. */
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
