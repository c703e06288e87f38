import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'subarray-copies',
  belief: {
    en: 'subarray makes a copy, so only the stamp needs memory of its own.',
    ru: 'subarray копирует, так что отдельная память нужна только смещению.',
  },
  fails: ['copy-in', 'any-order'],
  breaks: ['reuse'],
  explains: 'shared',
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
  stamp: Uint8Array
  rest: Uint8Array
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
      const stamp = new Uint8Array(8)
      new DataView(stamp.buffer).setBigInt64(0, BigInt(base))
      batches.push({ base, count, stamp, rest: batch.subarray(8) })
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
        size += 8 + batch.rest.length
        if (found.length > 0 && size > maxBytes) break
        found.push(new Uint8Array(Buffer.concat([batch.stamp, batch.rest])))
      }
      return found
    },
  }
}
