/** Right, other structure: 16-bit limbs instead of Math.imul, hashes remembered by text, the partition used least. */

const low = (n: number) => n & 0xffff
const high = (n: number) => n >>> 16
const times = (n: number) => (low(n) * 0xe995 + ((low(high(n) * 0xe995 + low(n) * 0x5bd1) << 16) >>> 0)) >>> 0

class Mixer {
  #h: number
  #word = 0
  #bytes = 0

  constructor(length: number) {
    this.#h = (0x9747b28c ^ length) >>> 0
  }

  take(byte: number): void {
    this.#word = (this.#word | (byte << (8 * (this.#bytes % 4)))) >>> 0
    this.#bytes++
    if (this.#bytes % 4 !== 0) return
    const k = times(this.#word)
    this.#h = (times(this.#h) ^ times((k ^ (k >>> 24)) >>> 0)) >>> 0
    this.#word = 0
  }

  get hash(): number {
    let h = this.#bytes % 4 === 0 ? this.#h : times((this.#h ^ this.#word) >>> 0)
    h = times((h ^ (h >>> 13)) >>> 0)
    return (h ^ (h >>> 15)) >>> 0
  }
}

export const murmur2 = (bytes: Uint8Array): number => {
  const mixer = new Mixer(bytes.length)
  for (const byte of bytes) mixer.take(byte)
  return mixer.hash
}

export const partitionForKey = (key: Uint8Array, partitionCount: number): number =>
  (murmur2(key) % 2 ** 31) % partitionCount

interface Args {
  topic: string
  partitionMetadata: { partitionId: number }[]
  message: { key?: Uint8Array | string | null; partition?: number }
}

export const createPartitioner = () => {
  const used = new Map<string, number[]>()
  const hashes = new Map<string, number>()
  const hashOf = (text: string): number => {
    const known = hashes.get(text)
    if (known !== undefined) return known
    const hash = murmur2(Buffer.from(text)) % 2 ** 31
    if (hashes.size > 1_000) hashes.clear()
    hashes.set(text, hash)
    return hash
  }
  return ({ topic, partitionMetadata, message }: Args): number => {
    if (typeof message.partition === 'number') return message.partition
    const count = partitionMetadata.length
    if (typeof message.key === 'string') return hashOf(message.key) % count
    if (message.key instanceof Uint8Array) return partitionForKey(message.key, count)
    const counts = used.get(topic) ?? []
    used.set(topic, counts)
    while (counts.length < count) counts.push(Math.min(0, ...counts))
    let least = 0
    for (let partition = 1; partition < count; partition++)
      if ((counts[partition] ?? 0) < (counts[least] ?? 0)) least = partition
    counts[least] = (counts[least] ?? 0) + 1
    return least
  }
}

export const movedKeys = (keys: string[], before: number, after: number): string[] =>
  keys.reduce<string[]>((moved, key) => {
    const hash = murmur2(Buffer.from(key)) % 2 ** 31
    if (hash % before !== hash % after) moved.push(key)
    return moved
  }, [])
