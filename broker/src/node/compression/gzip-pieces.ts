/**
 * Decompresses gzip in pieces, as Java does it (java.util.zip.GZIPInputStream).
 *
 *   member   1f 8b 08 | flags | time 4 | xfl | os | [extra] [name 0] [comment 0] [crc16] | deflate | crc32 | size 4
 *
 * A stream is one member and the bytes behind it: a further member with a valid header is decompressed as well, other
 * bytes are ignored. Java and zlib differ in these details, so the frame is parsed here, and zlib decompresses the
 * deflate data.
 *
 * GZIP-PIECES-1  no piece exceeds 1 MiB: deflate data is passed on in slices, and one byte decompresses to at most 1032
 * GZIP-PIECES-2  the bytes before a corruption are returned as Java returns them (record/compression/reads.ts): 16 KiB
 *     at a time, including the last ones of each 8 KiB that Java has fetched
 */
import { crc32 } from 'node:zlib'
import { Reads } from '../../record/compression/reads.ts'
import { ZlibEngine } from './zlib-engine.ts'

const READ_BYTES = 16_384
/** How many bytes Java fetches at a time. */
const FETCH_BYTES = 8192
/** GZIP-PIECES-1. */
const SLICE_BYTES = 1000
const TRAILER_BYTES = 8
/** Java looks for another member if more bytes than this are left (with the trailer), or if the rest is not fetched yet. */
const REST_MIN = 18 + TRAILER_BYTES

const Flag = { HEADER_CRC: 2, EXTRA: 4, NAME: 8, COMMENT: 16 } as const

/** Yields empty pieces too, after some work, so that the caller can pause. Throws at corrupt bytes. */
export function* gzipPieces(bytes: Uint8Array): Generator<Uint8Array> {
  let engine = ZlibEngine.inflateRaw()
  try {
    let at = headerEnd(bytes, 0)
    let fetched = at
    for (;;) {
      const reads = new Reads(READ_BYTES)
      const start = at
      let sum = 0
      let size = 0
      let isFine = false
      for (;;) {
        if (at === fetched) {
          yield* reads.end()
          if (at >= bytes.length) throw new Error('gzip: ends within its deflate')
          fetched = Math.min(bytes.length, at + FETCH_BYTES)
        }
        const slice = bytes.subarray(at, Math.min(fetched, at + (isFine ? 1 : SLICE_BYTES)))
        let pieces: readonly Uint8Array[]
        try {
          pieces = engine.write(slice)
        } catch (error) {
          if (isFine) throw error
          // The bytes before the corruption must be returned: from here on byte by byte.
          isFine = true
          engine.close()
          engine = ZlibEngine.inflateRaw()
          for (let i = start; i < at; i += SLICE_BYTES)
            engine.write(bytes.subarray(i, Math.min(at, i + SLICE_BYTES)))
          continue
        }
        for (const piece of pieces) {
          sum = crc32(piece, sum)
          size = (size + piece.length) >>> 0
          yield* reads.add(piece)
        }
        at += engine.used
        if (engine.used < slice.length) break
      }
      yield* reads.end()
      if (at + TRAILER_BYTES > bytes.length) throw new Error('gzip: ends within its trailer')
      const trailer = new DataView(bytes.buffer, bytes.byteOffset + at, TRAILER_BYTES)
      if (trailer.getUint32(0, true) !== sum || trailer.getUint32(4, true) !== size)
        throw new Error('gzip: trailer')
      if (fetched === bytes.length && fetched - at <= REST_MIN) return
      at += TRAILER_BYTES
      try {
        at = headerEnd(bytes, at)
      } catch {
        return
      }
      fetched = Math.max(fetched, at)
      engine.reset()
      yield new Uint8Array(0)
    }
  } finally {
    engine.close()
  }
}

/** Where the header at `start` ends. Throws if there is no valid header. */
function headerEnd(bytes: Uint8Array, start: number): number {
  const need = (end: number): number => {
    if (end > bytes.length) throw new Error('gzip: ends within its header')
    return end
  }
  const behindZero = (from: number): number => need(bytes.indexOf(0, from) + 1 || bytes.length + 1)
  let at = need(start + 10)
  if (bytes[start] !== 0x1f || bytes[start + 1] !== 0x8b) throw new Error('gzip: no header')
  if (bytes[start + 2] !== 8) throw new Error(`gzip: method ${bytes[start + 2]}`)
  const flags = bytes[start + 3]!
  if (flags & Flag.EXTRA) {
    at = need(at + 2)
    at = need(at + (bytes[at - 2]! | (bytes[at - 1]! << 8)))
  }
  if (flags & Flag.NAME) at = behindZero(at)
  if (flags & Flag.COMMENT) at = behindZero(at)
  if (flags & Flag.HEADER_CRC) {
    at = need(at + 2)
    const sum = crc32(bytes.subarray(start, at - 2)) & 0xffff
    if (sum !== (bytes[at - 2]! | (bytes[at - 1]! << 8))) throw new Error('gzip: header checksum')
  }
  return at
}
