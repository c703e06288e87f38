import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'read-starts-after-offset',
  belief: {
    en: 'Reading from the middle of a batch starts with the next batch.',
    ru: 'Чтение с середины пакета начинается со следующего пакета.',
  },
  fails: [
    'huge-offsets',
    'read-inside',
    'max-bytes',
    'large-batches',
    'many-batches',
    'long-run',
    'wire-kafkajs',
  ],
  breaks: ['read-batches'],
  explains: 'later',
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
      const bytes = Uint8Array.from(batch)
      new DataView(bytes.buffer).setBigInt64(0, BigInt(base))
      batches.push({ base, count, bytes })
      end += count
      return base
    },

    read(offset, maxBytes) {
      if (offset < startOffset) throw new RangeError(`read: ${offset} is below the start ${startOffset}`)
      if (offset > end) throw new RangeError(`read: ${offset} is above the end ${end}`)
      const found: Uint8Array[] = []
      let size = 0
      for (const batch of batches) {
        if (batch.base < offset) continue
        size += batch.bytes.length
        if (found.length > 0 && size > maxBytes) break
        found.push(batch.bytes.slice())
      }
      return found
    },
  }
}
