/** Right, other structure: the hash in BigInt arithmetic (unsigned result), keyless records by dice. */

const mask32 = 0xffffffffn
const mul = (a: bigint, b: bigint) => (a * b) & mask32
const m = 0x5bd1e995n

export function murmur2(bytes: Uint8Array): number {
  let h = 0x9747b28cn ^ BigInt(bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (; at + 4 <= bytes.length; at += 4) {
    let k = mul(BigInt(view.getUint32(at, true)), m)
    k = mul(k ^ (k >> 24n), m)
    h = mul(h, m) ^ k
  }
  let tail = 0n
  for (let i = bytes.length - 1; i >= at; i--) tail = (tail << 8n) | BigInt(view.getUint8(i))
  if (at < bytes.length) h = mul(h ^ tail, m)
  h = mul(h ^ (h >> 13n), m)
  return Number(h ^ (h >> 15n))
}

export const partitionForKey = (key: Uint8Array, partitionCount: number): number =>
  Number(BigInt(murmur2(key)) & 0x7fffffffn) % partitionCount

interface Args {
  partitionMetadata: unknown[]
  message: { key?: Uint8Array | string | null; partition?: number | null }
}

export const createPartitioner =
  () =>
  ({ partitionMetadata: { length }, message: { key, partition } }: Args): number => {
    if (typeof partition === 'number') return partition
    if (key === null || key === undefined) return Math.floor(Math.random() * length)
    return partitionForKey(typeof key === 'string' ? new TextEncoder().encode(key) : key, length)
  }

export function movedKeys(keys: string[], before: number, after: number): string[] {
  const moved: string[] = []
  for (const key of keys) {
    const hash = new TextEncoder().encode(key)
    if (partitionForKey(hash, before) !== partitionForKey(hash, after)) moved.push(key)
  }
  return moved
}
