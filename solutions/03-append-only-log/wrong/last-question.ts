import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'asked-again-answered-already',
  belief: {
    en: 'Whoever asks the same twice in a row can be given the same answer.',
    ru: 'Кто дважды подряд спрашивает одно и то же, тому можно дать тот же ответ.',
  },
  fails: ['read-end', 'read-again', 'any-order'],
  breaks: ['read-end', 'read-batches'],
  explains: 'stale',
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
  let lastQuestion = ''
  let lastAnswer: Uint8Array[] = []

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
      const question = `${offset} ${maxBytes}`
      if (question === lastQuestion) return lastAnswer.map((bytes) => bytes.slice())
      const found: Uint8Array[] = []
      let size = 0
      for (const batch of batches) {
        if (batch.base + batch.count <= offset) continue
        size += batch.bytes.length
        if (found.length > 0 && size > maxBytes) break
        found.push(batch.bytes.slice())
      }
      lastQuestion = question
      lastAnswer = found.map((bytes) => bytes.slice())
      return found
    },
  }
}
