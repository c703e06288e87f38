import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'numbers-name-the-answer',
  belief: {
    en: 'Offset, limit and endOffset say everything: an answer to them can be kept for all.',
    ru: 'Смещение, предел и endOffset говорят всё: ответ на них можно хранить для всех.',
  },
  fails: ['two-logs', 'any-order'],
  breaks: ['separate'],
  explains: 'mixed',
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

const answersMax = 20
const answers = new Map<string, Uint8Array[]>()

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
      const question = `${offset} ${maxBytes} ${end}`
      const known = answers.get(question)
      if (known !== undefined) return known.map((bytes) => bytes.slice())
      const found: Uint8Array[] = []
      let size = 0
      for (const batch of batches) {
        if (batch.base + batch.count <= offset) continue
        size += batch.bytes.length
        if (found.length > 0 && size > maxBytes) break
        found.push(batch.bytes.slice())
      }
      if (answers.size >= answersMax) answers.clear()
      answers.set(
        question,
        found.map((bytes) => bytes.slice()),
      )
      return found
    },
  }
}
