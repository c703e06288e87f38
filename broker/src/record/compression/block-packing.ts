/**
 * Compression in blocks, for the formats of snappy and LZ4: the input is cut into blocks of one size, each compressed
 * separately. Memory holds one block and the output.
 */
import type { Packing } from '../compression.ts'
import type { GrowingBytes } from './lz77.ts'

export interface BlockFormat {
  readonly blockBytes: number
  /** The output, which already holds the stream's header. */
  readonly out: GrowingBytes
  /** Compresses a block, and writes it. */
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
