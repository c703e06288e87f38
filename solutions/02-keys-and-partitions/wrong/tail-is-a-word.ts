import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'tail-is-padded',
  belief: {
    en: 'The tail is padded with zeros to a whole word and treated like one.',
    ru: 'Хвост дополняют нулями до целого слова и обрабатывают как слово.',
  },
  fails: [
    'hash-tail',
    'hash-large',
    'key-positive',
    'key-negative',
    'key-counts',
    'string-key',
    'utf8-key',
    'exact-key',
    'metadata-order',
    'growth',
    'topics',
    'moved-keys',
    'wire-order',
    'wire-growth',
  ],
  breaks: ['hash'],
  explains: 'tail-as-word',
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
  const words = Math.ceil(bytes.length / 4)
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

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
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
