/**
 * Which partition does a key go to? The rule of the Java client and of kafkajs 2: murmur2 with Kafka's seed,
 * the sign bit cleared, the remainder by the number of partitions.
 */

const SEED = 0x9747b28c
const M = 0x5bd1e995

/** The way from a key to its partition, step by step. */
export interface KeyRoute {
  /** murmur2 of the key, signed. */
  hash: number
  /** The same without its sign bit. */
  positive: number
  partitions: number
  /** The remainder: 0..partitions-1. */
  partition: number
}

/** The same bytes and the same number of partitions give the same answer. */
export function routeOfKey(key: Uint8Array, partitions: number): KeyRoute {
  const hash = murmur2(key)
  const positive = hash & 0x7fffffff
  return { hash, positive, partitions, partition: positive % partitions }
}

/** The 32-bit hash, as a signed number. */
export function murmur2(bytes: Uint8Array): number {
  const whole = bytes.length - (bytes.length % 4)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let hash = SEED ^ bytes.length
  for (let at = 0; at < whole; at += 4) {
    const word = Math.imul(view.getInt32(at, true), M)
    hash = Math.imul(hash, M) ^ Math.imul(word ^ (word >>> 24), M)
  }
  if (whole < bytes.length) hash = mixTail(hash, bytes.subarray(whole))
  hash = Math.imul(hash ^ (hash >>> 13), M)
  return hash ^ (hash >>> 15)
}

function mixTail(hash: number, tail: Uint8Array): number {
  const word = tail.reduce((sum, byte, place) => sum | (byte << (8 * place)), 0)
  return Math.imul(hash ^ word, M)
}
