import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'the-buffer-refuses-by-itself',
  belief: {
    en: 'writeBigInt64BE refuses a batch that is too short, so nothing else must.',
    ru: 'writeBigInt64BE сам откажется от слишком короткого пакета, проверять больше нечего.',
  },
  fails: ['bad-append', 'any-order'],
  breaks: ['refuse'],
  explains: 'shifted',
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
}

export function createLog(startOffset: number): Log {
  const batches: Stored[] = []
  const copies: Buffer[] = []
  let end = startOffset

  return {
    startOffset,
    get endOffset() {
      return end
    },

    append(batch, count) {
      if (!Number.isInteger(count) || count < 1) throw new RangeError(`append: a batch of ${count} records`)
      const base = end
      const copy = Buffer.from(batch)
      copies.push(copy)
      copy.writeBigInt64BE(BigInt(base))
      batches.push({ base, count })
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
        const copy = copies[i] as Buffer
        size += copy.length
        if (found.length > 0 && size > maxBytes) break
        found.push(Uint8Array.from(copy))
      }
      return found
    },
  }
}
