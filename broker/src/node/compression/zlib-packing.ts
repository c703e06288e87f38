/**
 * Compression in pieces by one of zlib's engines. Input of one piece, which is the usual case for a batch, is compressed
 * in one call: this is faster, and zstd then writes the content size into the frame.
 */
import type { Packing } from '../../record/compression.ts'
import type { ZlibEngine } from './zlib-engine.ts'

/** `begin` creates the engine; `atOnce` compresses without one. */
export function zlibPacking(begin: () => ZlibEngine, atOnce: (bytes: Uint8Array) => Uint8Array): Packing {
  let first: Uint8Array | undefined
  let engine: ZlibEngine | undefined
  const out: Uint8Array[] = []
  let size = 0
  const keep = (pieces: readonly Uint8Array[]): void => {
    for (const piece of pieces) {
      out.push(piece)
      size += piece.length
    }
  }
  return {
    get size() {
      return size
    },
    write: (bytes) => {
      if (engine === undefined && first === undefined) {
        first = bytes.slice()
        return
      }
      if (engine === undefined) {
        engine = begin()
        if (first) keep(engine.write(first))
        first = undefined
      }
      keep(engine.write(bytes))
    },
    finish: () => {
      if (engine === undefined) return atOnce(first ?? new Uint8Array(0))
      keep(engine.end())
      engine.close()
      return new Uint8Array(Buffer.concat(out))
    },
  }
}
