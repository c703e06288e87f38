/**
 * The codecs that Node brings along: gzip and zstd. Snappy and lz4 are in record/compression/.
 */
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { Codec, type Codecs } from '../record/compression.ts'

const KNOWN: ReadonlyMap<number, readonly [(bytes: Uint8Array) => Uint8Array, (bytes: Uint8Array) => Uint8Array]> = new Map([
  [Codec.GZIP, [(bytes: Uint8Array) => gzipSync(bytes), (bytes: Uint8Array) => gunzipSync(bytes)]],
  [Codec.ZSTD, [(bytes: Uint8Array) => zstdCompressSync(bytes), (bytes: Uint8Array) => zstdDecompressSync(bytes)]],
])

function codec(number: number) {
  const found = KNOWN.get(number)
  if (!found) throw new Error(`compression: no codec ${number}`)
  return found
}

export const zlibCodecs: Codecs = {
  has: (number) => KNOWN.has(number),
  compress: (number, bytes) => codec(number)[0](bytes),
  decompress: (number, bytes) => codec(number)[1](bytes),
}
