/**
 * Packing by one of zlib's engines, piece by piece. What comes in one piece, as most batches do, is compressed at once:
 * that is quicker, and zstd writes down how long it is.
 */
import type { Packing } from '../../record/compression.ts'
import type { ZlibEngine } from './zlib-engine.ts'

/** `begin` makes the engine, `atOnce` does without one. */
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
