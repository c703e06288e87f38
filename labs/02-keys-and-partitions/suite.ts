/** The suite of lab 02: the hash, the partition of a key, the partitioner's rules, and all of it on a broker. */
import { defineSuite } from '../engine/lab.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { checkAnew, checkHashes, checkLargeHashes, checkView } from './hash-checks.ts'
import { checkBytesAnyOrder } from './history-bytes.ts'
import { checkMovedAnyOrder } from './history-moved.ts'
import { checkPartitionerAnyOrder } from './history-partitioner.ts'
import { checkAlphabets, checkEmptyKey, checkExact, checkStrings } from './key-checks.ts'
import { text } from './lab.ts'
import { checkGiven, checkMoved, checkMovedList } from './moved-checks.ts'
import type { Partitioner } from './oracle.ts'
import { checkAnyKey, checkCounts, checkSign } from './partition-checks.ts'
import { checkGrowth, checkMetadata, checkNamed, checkTopics } from './partitioner-checks.ts'
import { checkSpread, checkSpreadBetween } from './spread-checks.ts'
import { wireGrowth, wireOrder } from './wire.ts'

/** What an implementation of the lab exports. */
export interface Partitioning {
  murmur2(bytes: Uint8Array): number
  partitionForKey(key: Uint8Array, partitionCount: number): number
  createPartitioner(): Partitioner
  movedKeys(keys: string[], before: number, after: number): string[]
}

export const suite = defineSuite<typeof text, Partitioning, KafkaBench>(text, {
  gives: {
    murmur2: 'number',
    partitionForKey: 'number',
    createPartitioner: { function: 'number' },
    movedKeys: { list: 'string' },
  },
  onBench: ['wire-order', 'wire-growth'],
  blames: {
    'argument-changed': 'given',
    'argument-returned': 'moved-list',
    'answer-changed': 'moved-list',
  },
  open: (surroundings) => KafkaBench.open(surroundings),
  close: (bench) => bench.close(),
  tests: {
    'hash-words'(t, subject) {
      // Bytes of 0x80 and above included: Java's bytes are signed, and the client masks them.
      const lengths = [0, 4, 4, 8, 8, 12, 16, 20, 24, 36]
      checkHashes(
        t,
        subject,
        lengths.map((length) => t.dice.bytes(length)),
      )
    },
    'hash-tail'(t, subject) {
      const lengths = [1, 2, 3, 5, 6, 7, 9, 10, 11, 14, 19, 21]
      checkHashes(
        t,
        subject,
        lengths.map((length) => t.dice.bytes(length)),
      )
    },
    'hash-large'(t, subject) {
      const lengths = [255, 256, 257, 1_023, 1_025, 4_097, 65_535, 65_537, 100_003, 1_048_576]
      checkLargeHashes(
        t,
        subject,
        lengths.map((length) => t.dice.bytes(length)),
      )
    },
    'hash-view': checkView,
    'hash-anew': checkAnew,
    'key-positive': (t, subject) => checkSign(t, subject, false),
    'key-negative': (t, subject) => checkSign(t, subject, true),
    'key-counts': checkCounts,
    'key-any': checkAnyKey,
    'string-key': checkStrings,
    'utf8-key': checkAlphabets,
    'exact-key': checkExact,
    'empty-key': checkEmptyKey,
    'no-key': checkSpread,
    'no-key-between': checkSpreadBetween,
    'explicit-partition': checkNamed,
    'metadata-order': checkMetadata,
    growth: checkGrowth,
    topics: checkTopics,
    'moved-keys': checkMoved,
    'moved-list': checkMovedList,
    given: checkGiven,
    'bytes-any-order': checkBytesAnyOrder,
    'partitioner-any-order': checkPartitionerAnyOrder,
    'moved-any-order': checkMovedAnyOrder,
    'wire-order': wireOrder,
    'wire-growth': wireGrowth,
  },
})
