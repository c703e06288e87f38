/**
 * What is right in lab 02, and the values it is asked with. The hash is recipe.ts's, which a test compares with
 * kafkajs's own murmur2, and that was compared with `Utils.murmur2` of Apache Kafka's Java client over 3000 random
 * keys. Partition counts are never powers of two, unless a test is about them: with those `hash >>> 0` cannot be told
 * from the mask.
 */
import type { Dice } from '../engine/dice.ts'
import { cook, kafka } from './recipe.ts'

/** A message as kafkajs hands it to a partitioner. */
export interface Message {
  readonly key?: Buffer | string | null | undefined
  readonly value: string | null
  readonly partition?: number
  readonly headers?: Readonly<Record<string, Buffer | string>>
  readonly timestamp?: string
}
export interface PartitionInfo {
  readonly partitionId: number
  readonly leader: number
}
export type Partitioner = (args: {
  readonly topic: string
  readonly partitionMetadata: readonly PartitionInfo[]
  readonly message: Message
}) => number

/** The hash of a key as Java's signed int. */
export const hashOf = (key: Uint8Array) => cook(kafka, key)

/** The partition that Kafka's Java client chooses. */
export const partitionOf = (key: Uint8Array | string, count: number) =>
  (hashOf(Buffer.from(key)) & 0x7fffffff) % count

/** 5, 6, 7, 9, 10, … 23: no power of two, nothing that the page shows. */
export const partitionCount = (dice: Dice) => {
  for (;;) {
    const count = dice.freshInt(5, 23)
    if ((count & (count - 1)) !== 0) return count
  }
}

/** Keys whose hashes have the wanted sign. */
export function keysBySign(dice: Dice, negative: boolean, count: number): Uint8Array[] {
  const keys: Uint8Array[] = []
  while (keys.length < count) {
    const key = Buffer.from(dice.freshWord())
    if (hashOf(key) < 0 === negative) keys.push(key)
  }
  return keys
}

/** Letters at the borders of UTF-8: the last of 1, 2, 3 and 4 bytes and the first after it, and both sides of the surrogates. */
export const borders = [
  '\u007f',
  '\u0080',
  '\u07ff',
  '\u0800',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '\u{10000}',
  '\u{10ffff}',
]

/** What kafkajs knows about a topic with `count` partitions. */
export const metadata = (count: number): PartitionInfo[] =>
  Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 1 }))

/** A count with which the empty key does not go to partition 0, where a falsy key often ends up. */
export function emptyKeyCount(dice: Dice): number {
  for (;;) {
    const count = partitionCount(dice)
    if (partitionOf('', count) !== 0) return count
  }
}

/** A key that the hash would send elsewhere. */
export function keyNotIn(dice: Dice, partition: number, count: number): string {
  for (;;) {
    const key = dice.freshWord()
    if (partitionOf(key, count) !== partition) return key
  }
}

/** Keys for the broker: of every length and alphabet, and half of them with a negative hash. */
export function wireKeys(dice: Dice): string[] {
  const byLength = (length: number, negative: boolean, count: number) => {
    const keys: string[] = []
    while (keys.length < count) {
      const key = dice.freshWord()
      if (key.length === length && hashOf(Buffer.from(key)) < 0 === negative) keys.push(key)
    }
    return keys
  }
  const foreign = Array.from({ length: 8 }, () => dice.freshForeignWord())
  return [
    ...byLength(6, true, 5),
    ...byLength(6, false, 3),
    ...byLength(8, true, 5),
    ...byLength(8, false, 3),
    ...foreign,
  ]
}
