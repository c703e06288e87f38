import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'positions-fit-32-bits',
  belief: {
    en: 'Positions are below 16 MB, so 32-bit arithmetic is enough for them.',
    ru: 'Позиции меньше 16 МБ, так что для них хватит 32-битной арифметики.',
  },
  fails: ['max-bytes', 'large-batches'],
  breaks: ['max-bytes'],
  explains: 'fewer',
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
  from: number
  to: number
}

const memorySize = 16 * 1024 * 1024

export function createLog(startOffset: number): Log {
  const memory = new Uint8Array(memorySize)
  const batches: Stored[] = []
  let used = 0
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
      memory.set(batch, used)
      new DataView(memory.buffer).setBigInt64(used, BigInt(base))
      batches.push({ base, count, from: used, to: used + batch.length })
      used += batch.length
      end += count
      return base
    },

    read(offset, maxBytes) {
      if (offset < startOffset) throw new RangeError(`read: ${offset} is below the start ${startOffset}`)
      if (offset > end) throw new RangeError(`read: ${offset} is above the end ${end}`)
      const found: Uint8Array[] = []
      let limit = 0
      for (const batch of batches) {
        if (batch.base + batch.count <= offset) continue
        if (found.length === 0) limit = (batch.from + maxBytes) | 0
        else if (batch.to > limit) break
        found.push(memory.slice(batch.from, batch.to))
      }
      return found
    },
  }
}
