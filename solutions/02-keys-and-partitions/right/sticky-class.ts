/** Right, other structure: a class; keyless records stick to a partition for 16 records, per topic. */

class Murmur2 {
  private readonly bytes: Uint8Array
  private h: number

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.h = 0x9747b28c ^ bytes.length
  }

  digest(): number {
    const { bytes } = this
    const whole = bytes.length - (bytes.length % 4)
    for (let at = 0; at < whole; at += 4) this.mixWord(Buffer.from(bytes.subarray(at, at + 4)).readInt32LE(0))
    const tail = bytes.subarray(whole)
    if (tail.length > 2) this.h ^= (tail[2] ?? 0) << 16
    if (tail.length > 1) this.h ^= (tail[1] ?? 0) << 8
    if (tail.length > 0) {
      this.h ^= tail[0] ?? 0
      this.h = Math.imul(this.h, 0x5bd1e995)
    }
    this.h ^= this.h >>> 13
    this.h = Math.imul(this.h, 0x5bd1e995)
    this.h ^= this.h >>> 15
    return this.h
  }

  private mixWord(word: number): void {
    let k = Math.imul(word, 0x5bd1e995)
    k ^= k >>> 24
    this.h = Math.imul(this.h, 0x5bd1e995) ^ Math.imul(k, 0x5bd1e995)
  }
}

export function murmur2(bytes: Uint8Array): number {
  return new Murmur2(bytes).digest()
}

export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  const hash = murmur2(key)
  const positive = hash < 0 ? hash + 2 ** 31 : hash
  return positive % partitionCount
}

interface Args {
  topic: string
  partitionMetadata: { partitionId: number }[]
  message: { key?: Buffer | string | null; partition?: number }
}

export function createPartitioner(): (args: Args) => number {
  const sent = new Map<string, number>()
  return function choose({ topic, partitionMetadata, message }) {
    if (message.partition !== undefined && message.partition !== null) return message.partition
    if (message.key !== undefined && message.key !== null) {
      const key = Buffer.isBuffer(message.key) ? message.key : Buffer.from(message.key, 'utf8')
      return partitionForKey(key, partitionMetadata.length)
    }
    const count = sent.get(topic) ?? 0
    sent.set(topic, count + 1)
    return Math.floor(count / 16) % partitionMetadata.length
  }
}

export function movedKeys(keys: string[], before: number, after: number): string[] {
  return keys.flatMap((key) => {
    const place = (count: number) => partitionForKey(Buffer.from(key), count)
    return place(before) === place(after) ? [] : [key]
  })
}
