import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'the-list-is-handed-out',
  belief: {
    en: 'A read from the start gives the whole list, so it can be the log’s own.',
    ru: 'Чтение с начала отдаёт весь список, так что можно отдать тот, что хранит журнал.',
  },
  fails: ['copy-out', 'any-order'],
  breaks: ['own'],
  explains: 'changed',
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
  const all: Uint8Array[] = []
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
      all.push(bytes)
      end += count
      return base
    },

    read(offset, maxBytes) {
      if (offset < startOffset) throw new RangeError(`read: ${offset} is below the start ${startOffset}`)
      if (offset > end) throw new RangeError(`read: ${offset} is above the end ${end}`)
      const total = all.reduce((sum, bytes) => sum + bytes.length, 0)
      if (offset === startOffset && total <= maxBytes) return all
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
