/**
 * The iteration order of Java's hash maps.
 *
 * Apache Kafka's assignors iterate over members, topics and partitions in the order of a HashMap. Ours use the same order,
 * so that two brokers compute the same assignment, and a group that moves from one broker to the other keeps its own.
 * Some responses list the contents of a map in this order, too (quotas):
 *
 *   bucket of a key = (hash ^ hash >>> 16) & (buckets - 1)      buckets: a power of two, 16 at least
 *
 * HASH-ORDER-1  by bucket; within a bucket in the order of insertion
 * HASH-ORDER-2  a growing map doubles its buckets when it is more than three quarters full; a copy of a collection gets as
 *     many as it needs, sometimes twice as many; a map created for a number of keys begins with too few, and
 *     grows as needed
 *
 * (java.util.HashMap; org.apache.kafka.timeline.BaseHashTable for the members of a group)
 */
import { uuidFromString } from './uuid.ts'

const BUCKETS_MIN = 16
/** Initial buckets of a map that is created for few keys. */
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

/** Uuid.hashCode: its four words, XORed. */
export function uuidHash(id: string): number {
  const bytes = uuidFromString(id)
  const { buffer, byteOffset } = bytes
  const view = new DataView(buffer, byteOffset)
  return view.getInt32(0) ^ view.getInt32(4) ^ view.getInt32(8) ^ view.getInt32(12)
}

/** Uuid.compareTo: two signed halves; negative if `a` comes first. */
export function compareUuids(a: string, b: string): number {
  const [left, right] = [a, b].map((id) => new DataView(uuidFromString(id).buffer))
  for (const at of [0, 8]) {
    const [one, other] = [left!.getBigInt64(at), right!.getBigInt64(at)]
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

/** How a map got its buckets (HASH-ORDER-2). */
export type HowFilled = 'grown' | 'copied' | 'made for so many'

/** The keys in the iteration order of a HashMap into which they were inserted in this order (HASH-ORDER-1). */
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

/** Names in the iteration order of Kafka's own snapshottable map: by the upper bits of their hashes, last inserted first. */
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
