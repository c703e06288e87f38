import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'slices-cost-nothing',
  belief: {
    en: 'Cutting off what has been read keeps the loop simple and costs nothing.',
    ru: 'Отрезать прочитанное — просто и ничего не стоит.',
  },
  fails: ['hash-large', 'key-any'],
  breaks: ['time'],
  explains: 'endless-loop',
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
  let h = seed ^ bytes.length
  let rest = Uint8Array.from(bytes)
  while (rest.length >= 4) {
    const [a = 0, b = 0, c = 0, d = 0] = rest
    let k = a | (b << 8) | (c << 16) | (d << 24)
    k = Math.imul(k, m)
    k ^= k >>> r
    k = Math.imul(k, m)
    h = Math.imul(h, m) ^ k
    rest = rest.slice(4)
  }
  for (const [i, byte] of rest.entries()) h ^= byte << (8 * i)
  if (rest.length > 0) h = Math.imul(h, m)
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
    if (message.partition != null) return message.partition
    if (message.key == null) return keyless(topic) % partitionMetadata.length
    return partitionForKey(Buffer.from(message.key as Buffer), partitionMetadata.length)
  }
}

export function movedKeys(keys: string[], before: number, after: number): string[] {
  return keys.filter((key) => {
    const bytes = Buffer.from(key)
    return partitionForKey(bytes, before) !== partitionForKey(bytes, after)
  })
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
