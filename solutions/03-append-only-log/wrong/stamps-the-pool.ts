import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'a-copy-begins-at-zero',
  belief: {
    en: 'A copy begins at byte 0 of its memory; so does what Buffer.from gives.',
    ru: 'Копия начинается с нулевого байта своей памяти, и результат Buffer.from тоже.',
  },
  fails: ['stamped', 'huge-offsets', 'same-batch-twice', 'long-run', 'wire-kafkajs'],
  breaks: ['stamp'],
  explains: 'not-stamped',
}

export interface Log {
  readonly startOffset: number
  readonly endOffset: number
  append(batch: Uint8Array, count: number): number
  read(offset: number, maxBytes: number): Uint8Array[]
}

interface Stored {
  base: number
  count: number
  bytes: Uint8Array
}

export function createLog(startOffset: number): Log {
  const batches: Stored[] = []
  let end = startOffset

  return {
    startOffset,
    get endOffset() {
      return end
    },

    append(batch, count) {
      if (!Number.isInteger(count) || count < 1) throw new RangeError(`append: a batch of ${count} records`)
      if (batch.length < 8) throw new RangeError(`append: ${batch.length} bytes have no room for an offset`)
      const base = end
      // Not Node's pool itself: who else lies at its beginning is luck.
      const memory = Buffer.alloc(24 + batch.length)
      memory.set(batch, 24)
      const stored = memory.subarray(24)
      new DataView(stored.buffer).setBigInt64(0, BigInt(base))
      batches.push({ base, count, bytes: Uint8Array.from(stored) })
      end += count
      return base
    },

    read(offset, maxBytes) {
      if (offset < startOffset) throw new RangeError(`read: ${offset} is below the start ${startOffset}`)
      if (offset > end) throw new RangeError(`read: ${offset} is above the end ${end}`)
      const found: Uint8Array[] = []
      let size = 0
      for (const batch of batches) {
        if (batch.base + batch.count <= offset) continue
        size += batch.bytes.length
        if (found.length > 0 && size > maxBytes) break
        found.push(batch.bytes.slice())
      }
      return found
    },
  }
}
