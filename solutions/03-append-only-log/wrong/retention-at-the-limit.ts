import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'full-means-delete',
  belief: {
    en: 'When the log has reached 16 MB, the oldest batch makes room.',
    ru: 'Когда журнал дорос до 16 МБ, самый старый пакет освобождает место.',
  },
  fails: ['large-batches'],
  breaks: ['total', 'start'],
  explains: 'large-batches.start',
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

const bytesMax = 16 * 1024 * 1024

export function createLog(startOffset: number): Log {
  const batches: Stored[] = []
  let start = startOffset
  let end = startOffset
  let held = 0

  return {
    get startOffset() {
      return start
    },
    get endOffset() {
      return end
    },

    append(batch, count) {
      if (!Number.isInteger(count) || count < 1) throw new RangeError(`append: a batch of ${count} records`)
      if (batch.length < 8) throw new RangeError(`append: ${batch.length} bytes have no room for an offset`)
      const base = end
      const bytes = Uint8Array.from(batch)
      new DataView(bytes.buffer).setBigInt64(0, BigInt(base))
      batches.push({ base, count, bytes })
      end += count
      held += bytes.length
      while (held >= bytesMax) {
        const oldest = batches.shift() as Stored
        held -= oldest.bytes.length
        start = oldest.base + oldest.count
      }
      return base
    },

    read(offset, maxBytes) {
      if (offset < start) throw new RangeError(`read: ${offset} is below the start ${start}`)
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
