/**
 * The order in which Java's hash maps give their keys.
 *
 * Apache Kafka's assignors go through members, topics and partitions as a HashMap gives them. So that a group which moves
 * from one broker to the other stays as it is, and two brokers assign alike, ours goes through them in the same order.
 * Some answers to clients list what a map holds in this order, too (quotas):
 *
 *   bucket of a key = (hash ^ hash >>> 16) & (buckets - 1)      buckets: a power of two, 16 at least
 *
 * HASH-ORDER-1  by bucket; within a bucket those that were put in first come first
 * HASH-ORDER-2  a map that grows doubles its buckets when it is more than three quarters full; a copy of a collection
 *     has as many as it will need, which is sometimes twice as many; a map that is made for so many keys has too few at
 *     first, and grows to what it needs
 *
 * (java.util.HashMap; org.apache.kafka.timeline.BaseHashTable for the members of a group)
 */
import { uuidFromString } from './uuid.ts'

const BUCKETS_MIN = 16
/** Of a map that is made for few keys, when it has its first. */
const BUCKETS_MIN_MADE = 2
const FULL = 0.75
/** 2^64 divided by the golden ratio: Fibonacci hashing. */
const GOLDEN = -7_046_029_254_386_353_131n

/** String.hashCode. */
export function stringHash(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  return hash
}

/** AbstractMap.hashCode of a map from text to text or null. */
export function mapHash(entries: Iterable<readonly [key: string, value: string | null]>): number {
  let hash = 0
  for (const [key, value] of entries) hash += stringHash(key) ^ (value === null ? 0 : stringHash(value))
  return hash | 0
}

/** Uuid.hashCode: its four words, one laid over the other. */
export function uuidHash(id: string): number {
  const bytes = uuidFromString(id)
  const { buffer, byteOffset } = bytes
  const view = new DataView(buffer, byteOffset)
  return view.getInt32(0) ^ view.getInt32(4) ^ view.getInt32(8) ^ view.getInt32(12)
}

/** Uuid.compareTo: two signed halves; negative when `a` comes first. */
export function compareUuids(a: string, b: string): number {
  const [left, right] = [a, b].map((id) => new DataView(uuidFromString(id).buffer))
  for (const at of [0, 8]) {
    const [one, other] = [left!.getBigInt64(at), right!.getBigInt64(at)]
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

/** How a map came to its buckets (HASH-ORDER-2). */
export type HowFilled = 'grown' | 'copied' | 'made for so many'

/** The keys as a HashMap gives them into which they were put in this order (HASH-ORDER-1). */
export function inHashOrder<T>(keys: Iterable<T>, hashOf: (key: T) => number, how: HowFilled = 'grown'): T[] {
  const all = [...keys]
  const need = how === 'copied' ? Math.trunc(all.length / FULL) + 1 : all.length / FULL
  let buckets = how === 'made for so many' ? BUCKETS_MIN_MADE : BUCKETS_MIN
  while (buckets < need) buckets *= 2
  return sortedBy(all, (key) => {
    const hash = hashOf(key)
    return (hash ^ (hash >>> 16)) & (buckets - 1)
  })
}

/** Names as Kafka's own map with snapshots gives them: by the upper bits of their hashes, the last that came in first. */
export function inTimelineOrder(names: readonly string[]): string[] {
  let [buckets, bits] = [2, 1]
  for (; names.length * FULL > buckets; buckets *= 2) bits++
  return sortedBy([...names].reverse(), (name) =>
    Number(BigInt.asUintN(64, BigInt(stringHash(name)) * GOLDEN) >> BigInt(64 - bits)),
  )
}

function sortedBy<T>(items: readonly T[], placeOf: (item: T) => number): T[] {
  return items
    .map((item) => ({ item, place: placeOf(item) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
