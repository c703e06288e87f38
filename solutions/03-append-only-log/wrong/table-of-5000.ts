import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: '5000-batches-5000-places',
  belief: {
    en: '5,000 batches need 5,000 places, and a batch ends where the next one begins.',
    ru: 'Для 5000 пакетов нужно 5000 мест, а кончается пакет там, где начинается следующий.',
  },
  fails: ['many-batches'],
  breaks: ['batch-count'],
  explains: 'many-batches.last',
}

export interface Log {
  readonly startOffset: number
  readonly endOffset: number
  append(batch: Uint8Array, count: number): number
  read(offset: number, maxBytes: number): Uint8Array[]
}

const batchesMax = 5_000

export function createLog(startOffset: number): Log {
  const batches: Uint8Array[] = []
  const bases = new Float64Array(batchesMax)
  bases[0] = startOffset
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
      const bytes = Uint8Array.from(batch)
      new DataView(bytes.buffer).setBigInt64(0, BigInt(base))
      batches.push(bytes)
      end += count
      bases[batches.length] = end
      return base
    },

    read(offset, maxBytes) {
      if (offset < startOffset) throw new RangeError(`read: ${offset} is below the start ${startOffset}`)
      if (offset > end) throw new RangeError(`read: ${offset} is above the end ${end}`)
      const found: Uint8Array[] = []
      let size = 0
      const from = batches.findIndex((_, i) => offset < Number(bases[i + 1]))
      for (const batch of from === -1 ? [] : batches.slice(from)) {
        size += batch.length
        if (found.length > 0 && size > maxBytes) break
        found.push(batch.slice())
      }
      return found
    },
  }
}
