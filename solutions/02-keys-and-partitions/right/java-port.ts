/** Right, other structure: line by line from Java, signed bytes that are masked; a shuffled deck of partitions for each topic. */

const seed = 0x9747b28c | 0
const m = 0x5bd1e995

export function murmur2(given: Uint8Array): number {
  const data = new Int8Array(given.buffer, given.byteOffset, given.byteLength)
  const at = (i: number) => (data[i] ?? 0) & 0xff
  const length4 = Math.trunc(data.length / 4)
  let h = seed ^ data.length
  for (let i = 0; i < length4; i++) {
    const i4 = i * 4
    let k = at(i4) + (at(i4 + 1) << 8) + (at(i4 + 2) << 16) + (at(i4 + 3) << 24)
    k = Math.imul(k, m)
    k ^= k >>> 24
    k = Math.imul(k, m)
    h = Math.imul(h, m)
    h ^= k
  }
  const rest = data.length & ~3
  const tail = data.length % 4
  if (tail >= 3) h ^= at(rest + 2) << 16
  if (tail >= 2) h ^= at(rest + 1) << 8
  if (tail >= 1) h = Math.imul(h ^ at(rest), m)
  h ^= h >>> 13
  h = Math.imul(h, m)
  h ^= h >>> 15
  return h >>> 0
}

export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  return toPositive(murmur2(key)) % partitionCount
}

const toPositive = (hash: number) => hash & 0x7fffffff

type Args = {
  topic: string
  partitionMetadata: unknown[]
  message: { key?: Uint8Array | string | null; partition?: number | null }
}

export function createPartitioner(): (args: Args) => number {
  const decks = new Map<string, number[]>()
  const draw = (topic: string, count: number): number => {
    const deck = decks.get(topic) ?? []
    const card = deck.pop()
    if (card !== undefined && card < count) return card
    const fresh = Array.from({ length: count }, (_, partition) => partition)
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1))
      const swap = fresh[i] as number
      fresh[i] = fresh[j] as number
      fresh[j] = swap
    }
    const first = fresh.pop() ?? 0
    decks.set(topic, fresh)
    return first
  }
  return ({ topic, partitionMetadata, message }) => {
    const { partition, key } = message
    if (partition !== undefined && partition !== null) return partition
    if (key === undefined || key === null) return draw(topic, partitionMetadata.length)
    return partitionForKey(
      typeof key === 'string' ? new TextEncoder().encode(key) : key,
      partitionMetadata.length,
    )
  }
}

export function movedKeys(keys: string[], before: number, after: number): string[] {
  const moved = new Set<string>()
  for (const key of keys) {
    const hash = toPositive(murmur2(Buffer.from(key)))
    if (hash % before !== hash % after) moved.add(key)
  }
  return [...moved]
}
