/**
 * Packing in blocks, as snappy's and LZ4's frames want it: what is written is cut into blocks of one size, and each is
 * compressed for itself. In memory are a block and what has come out.
 */
import type { Packing } from '../compression.ts'
import type { GrowingBytes } from './lz77.ts'

export interface BlockFormat {
  readonly blockBytes: number
  /** Where the stream's header stands already, and everything else is written to. */
  readonly out: GrowingBytes
  /** Compresses a block, and writes it down. */
  readonly writeBlock: (block: Uint8Array) => void
  readonly writeEnd: () => void
}

export function blockPacking({ blockBytes, out, writeBlock, writeEnd }: BlockFormat): Packing {
  let block = new Uint8Array(0)
  let filled = 0
  return {
    get size() {
      return out.length
    },
    write: (bytes) => {
      for (let at = 0; at < bytes.length; ) {
        const part = bytes.subarray(at, at + blockBytes - filled)
        at += part.length
        if (part.length === blockBytes) {
          writeBlock(part)
          continue
        }
        if (block.length === 0) block = new Uint8Array(blockBytes)
        block.set(part, filled)
        filled += part.length
        if (filled < blockBytes) return
        writeBlock(block)
        filled = 0
      }
    },
    finish: () => {
      if (filled > 0) writeBlock(block.subarray(0, filled))
      writeEnd()
      return out.toBytes()
    },
  }
}
