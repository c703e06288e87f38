import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'counter-counts-named',
  belief: {
    en: 'The counter counts records without a key, whether they name a partition or not.',
    ru: 'Счётчик считает записи без ключа, указана в них партиция или нет.',
  },
  fails: ['no-key-between'],
  breaks: ['spread-between'],
  explains: 'named',
}

export interface PartitionerArgs {
  topic: string
  partitionMetadata: { partitionId: number; leader: number }[]
  message: { key?: Buffer | string | null; value: Buffer | string | null; partition?: number }
}

const seed = 0x9747b28c
const m = 0x5bd1e995
const r = 24

export function murmur2(bytes: Uint8Array): number {
  const words = bytes.length >> 2
  let h = seed ^ bytes.length
  for (let i = 0; i < words; i++) {
    const at = i * 4
    let k =
      byteAt(bytes, at) |
      (byteAt(bytes, at + 1) << 8) |
      (byteAt(bytes, at + 2) << 16) |
      (byteAt(bytes, at + 3) << 24)
    k = Math.imul(k, m)
    k ^= k >>> r
    k = Math.imul(k, m)
    h = Math.imul(h, m) ^ k
  }
  const tail = bytes.length & 3
  for (let i = tail - 1; i >= 0; i--) h ^= byteAt(bytes, words * 4 + i) << (8 * i)
  if (tail > 0) h = Math.imul(h, m)
  h ^= h >>> 13
  h = Math.imul(h, m)
  return h ^ (h >>> 15)
}

export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount
}

export function createPartitioner(): (args: PartitionerArgs) => number {
  const keyless = countPerTopic()
  return ({ topic, partitionMetadata, message }) => {
    const turn = message.key == null ? keyless(topic) : 0
    if (message.partition != null) return message.partition
    if (message.key == null) return turn % partitionMetadata.length
    return partitionForKey(Buffer.from(message.key as Buffer), partitionMetadata.length)
  }
}

export function movedKeys(keys: string[], before: number, after: number): string[] {
  return keys.filter((key) => {
    const bytes = Buffer.from(key)
    return partitionForKey(bytes, before) !== partitionForKey(bytes, after)
  })
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] as number
}

/** Gives 0, 1, 2, … to each topic. */
function countPerTopic(): (topic: string) => number {
  const counts = new Map<string, number>()
  return (topic) => {
    const count = counts.get(topic) ?? 0
    counts.set(topic, count + 1)
    return count
  }
}
