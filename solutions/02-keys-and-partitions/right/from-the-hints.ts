/** Right, put together from the last hint of each check (labs/tests/hints.test.ts holds them against this file). */

interface PartitionerArgs {
  partitionMetadata: { partitionId: number; leader: number }[]
  message: { key?: Buffer | string | null; partition?: number }
}

const M = 0x5bd1e995

export function murmur2(bytes: Uint8Array): number {
  let h = 0x9747b28c ^ bytes.length
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    let k = Math.imul(view.getInt32(at, true), M)
    k ^= k >>> 24
    k = Math.imul(k, M)
    h = Math.imul(h, M) ^ k
  }
  const tail = bytes.length % 4
  const from = bytes.length - tail
  for (let i = 0; i < tail; i++) h ^= view.getUint8(from + i) << (8 * i)
  if (tail > 0) h = Math.imul(h, M)
  h ^= h >>> 13
  h = Math.imul(h, M)
  return h ^ (h >>> 15)
}

export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount
}

export function createPartitioner(): (args: PartitionerArgs) => number {
  return ({ partitionMetadata, message }) => {
    if (message.partition !== undefined) return message.partition
    const { key } = message
    if (key !== null && key !== undefined) {
      const bytes = typeof key === 'string' ? Buffer.from(key, 'utf8') : key
      return partitionForKey(bytes, partitionMetadata.length)
    }
    return Math.floor(Math.random() * partitionMetadata.length)
  }
}

export function movedKeys(keys: string[], before: number, after: number): string[] {
  return keys.filter((key) => {
    const bytes = Buffer.from(key, 'utf8')
    return partitionForKey(bytes, before) !== partitionForKey(bytes, after)
  })
}
