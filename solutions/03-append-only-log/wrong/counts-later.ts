import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'copied-is-not-yet-appended',
  belief: {
    en: 'Bytes that were copied and are in no list yet do no harm.',
    ru: 'Скопированные байты, которых нет ещё ни в одном списке, ничему не мешают.',
  },
  fails: ['bad-append', 'any-order'],
  breaks: ['refuse'],
  explains: 'altered',
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
      if (batch.length < 8) throw new RangeError(`append: ${batch.length} bytes have no room for an offset`)
      const from = used
      memory.set(batch, from)
      used += batch.length
      if (!Number.isInteger(count) || count < 1) throw new RangeError(`append: a batch of ${count} records`)
      const base = end
      new DataView(memory.buffer).setBigInt64(from, BigInt(base))
      batches.push({ base, count, from })
      end += count
      return base
    },

    read(offset, maxBytes) {
      if (offset < startOffset) throw new RangeError(`read: ${offset} is below the start ${startOffset}`)
      if (offset > end) throw new RangeError(`read: ${offset} is above the end ${end}`)
      const found: Uint8Array[] = []
      let size = 0
      for (const [i, batch] of batches.entries()) {
        if (batch.base + batch.count <= offset) continue
        const to = batches[i + 1]?.from ?? used
        size += to - batch.from
        if (found.length > 0 && size > maxBytes) break
        found.push(memory.slice(batch.from, to))
      }
      return found
    },
  }
}
