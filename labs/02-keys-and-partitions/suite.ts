/** The suite of lab 02: the hash, the partition of a key, the partitioner's rules, and all of it on a broker. */

import { defineSuite } from '../engine/lab.ts'
import { columns, compareTable, hex } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { text } from './lab.ts'
import {
  emptyKeyCount,
  hashOf,
  keyNotIn,
  keysBySign,
  type Message,
  metadata,
  type Partitioner,
  partitionCount,
  partitionOf,
} from './oracle.ts'
import { wireGrowth, wireOrder } from './wire.ts'

/** What an implementation of the lab exports. */
export interface Partitioning {
  murmur2(bytes: Uint8Array): number
  partitionForKey(key: Uint8Array, partitionCount: number): number
  createPartitioner(): Partitioner
  movedKeys(keys: string[], before: number, after: number): string[]
}

/** A key as text if it is text, otherwise as hex. */
function readable(key: Uint8Array | string): string {
  if (typeof key === 'string') return show(key)
  const text = Buffer.from(key).toString()
  return Buffer.from(text).equals(key) ? show(text) : show(key)
}

/** Rows of key, expected and got partition. */
const partitionRows = (keys: readonly (Uint8Array | string)[], count: number, got: (key: number) => number) =>
  keys.map((key, index) => ({
    left: [readable(key)],
    expected: String(partitionOf(key, count)),
    got: show(got(index)),
  }))

type Rows = ReturnType<typeof partitionRows>
const wrongIn = (rows: Rows) => rows.filter((row) => row.expected !== row.got).length

function hashRows(subject: Partitioning, keys: readonly Uint8Array[]): Rows {
  // A hash may come as Java's signed int or unsigned: the 32 bits count.
  return keys.map((key) => ({
    left: [hex(key)],
    expected: String(hashOf(key)),
    got: String(toInt32(subject.murmur2(key))),
  }))
}

const toInt32 = (hash: unknown) =>
  typeof hash === 'number' && Number.isInteger(hash) && Math.abs(hash) < 2 ** 32 ? hash | 0 : show(hash)

const facts = (rows: Rows) => ({ wrong: wrongIn(rows), all: rows.length })

export const suite = defineSuite<typeof text, Partitioning, KafkaBench>(text, {
  gives: {
    murmur2: 'number',
    partitionForKey: 'number',
    createPartitioner: { function: 'number' },
    movedKeys: { list: 'string' },
  },
  onBench: ['wire-order', 'wire-growth'],
  open: (surroundings) => KafkaBench.open(surroundings),
  close: (bench) => bench.close(),
  tests: {
    'hash-words'(t, subject) {
      // Bytes of 0x80 and above included: Java's bytes are signed, and the client masks them.
      const rows = hashRows(
        subject,
        [4, 8, 8, 12, 16, 20, 24, 36].map((length) => t.dice.bytes(length)),
      )
      t.check(wrongIn(rows) === 0, 'differs', facts(rows), () => compareTable(rows, [columns.bytes]))
    },
    'hash-tail'(t, subject) {
      const lengths = t.dice.shuffle([1, 2, 3, 5, 6, 7, 9, 10, 11, 14, 19, 21])
      const rows = hashRows(
        subject,
        lengths.map((length) => t.dice.bytes(length)),
      )
      t.check(wrongIn(rows) === 0, 'differs', facts(rows), () => compareTable(rows, [columns.bytes]))
    },
    'hash-view'(t, subject) {
      for (const length of [8, 11, 18]) {
        const alone = t.dice.bytes(length)
        const pool = t.tools.memory(length + 17)
        const at = t.dice.int(3, 12)
        pool.write(0, t.dice.bytes(length + 17))
        pool.write(at, alone)
        const got = subject.murmur2(pool.view(at, length, 'Uint8Array'))
        const same = subject.murmur2(alone)
        t.check(got === same, 'differs', { got: show(got), alone: show(same) })
      }
    },
    'key-positive': (t, subject) => checkKeys(t, subject, false),
    'key-negative': (t, subject) => checkKeys(t, subject, true),
    'string-key'(t, subject) {
      const count = partitionCount(t.dice)
      const partition = subject.createPartitioner()
      // Bytes that are no UTF-8 among them: a key that takes the way over a string comes out another one.
      const keys = t.dice
        .freshWords(40)
        .map((word, i) => (i % 2 === 0 ? word : Buffer.from(t.dice.bytes(word.length))))
      const rows = partitionRows(keys, count, (i) => {
        const key = keys[i] as Buffer | string
        return partition({
          topic: 'orders',
          partitionMetadata: metadata(count),
          message: { key, value: 'v' },
        })
      })
      t.check(wrongIn(rows) === 0, 'differs', facts(rows), () => compareTable(rows, [columns.key]))
    },
    'utf8-key'(t, subject) {
      const count = partitionCount(t.dice)
      const partition = subject.createPartitioner()
      const keys = Array.from({ length: 30 }, () => t.dice.freshForeignWord())
      const ask = (key: string) =>
        partition({ topic: 'orders', partitionMetadata: metadata(count), message: { key, value: 'v' } })
      const rows = partitionRows(keys, count, (i) => ask(keys[i] as string))
      t.check(wrongIn(rows) === 0, 'differs', facts(rows), () => compareTable(rows, [columns.key]))
    },
    'empty-key'(t, subject) {
      for (let round = 0; round < 5; round++) {
        const count = emptyKeyCount(t.dice)
        const expected = partitionOf('', count)
        const partition = subject.createPartitioner()
        const got = ['', Buffer.alloc(0), '', '', Buffer.alloc(0), ''].map((key) =>
          partition({ topic: 'orders', partitionMetadata: metadata(count), message: { key, value: 'v' } }),
        )
        const seen = [...new Set(got)]
        const isRight = seen.length === 1 && seen[0] === expected
        t.check(isRight, 'differs', { expected, partitions: count, got: seen.map(show).join(', ') })
      }
    },
    'no-key'(t, subject) {
      const count = partitionCount(t.dice)
      const partitionMetadata = metadata(count)
      const partition = subject.createPartitioner()
      const share = 2_400
      const got = new Map(partitionMetadata.map(({ partitionId }) => [partitionId, 0]))
      const some = Array.from({ length: 300 }, (_, i) => {
        const keyless = [{}, { key: null }, { key: undefined }][i % 3] as Pick<Message, 'key'>
        return [{ topic: 'orders', partitionMetadata, message: { ...keyless, value: 'v' } }] as const
      })
      const calls = Array.from({ length: share * count }, (_, i) => some[i % some.length] as (typeof some)[0])
      for (const chosen of t.tools.each(partition, calls)) {
        const before = got.get(chosen)
        t.check(before !== undefined, 'outside', { got: show(chosen), last: count - 1 })
        got.set(chosen, (before ?? 0) + 1)
      }
      const floor = share / 4
      const rows = [...got].map(([p, n]) => ({
        left: [String(p)],
        expected: `≥ ${floor}`,
        got: n >= floor ? `≥ ${floor}` : String(n),
      }))
      t.check(wrongIn(rows) === 0, 'uneven', { all: share * count, floor }, () =>
        compareTable(rows, [columns.partition]),
      )
    },
    'explicit-partition'(t, subject) {
      const count = partitionCount(t.dice)
      const partition = subject.createPartitioner()
      for (const asked of t.dice.shuffle(metadata(count).map(({ partitionId }) => partitionId))) {
        const key = keyNotIn(t.dice, asked, count)
        for (const message of [
          { key, value: 'v', partition: asked },
          { key: null, value: 'v', partition: asked },
        ]) {
          const got = partition({ topic: 'orders', partitionMetadata: metadata(count), message })
          t.check(got === asked, 'ignored', { asked, got: show(got) })
        }
      }
    },
    'metadata-order'(t, subject) {
      const count = partitionCount(t.dice)
      const shuffled = t.dice.shuffle(metadata(count).map(({ partitionId }) => partitionId))
      const listed = shuffled.map((partitionId) => ({ partitionId, leader: 1 }))
      const partition = subject.createPartitioner()
      const keys = t.dice.freshWords(40)
      const rows = partitionRows(keys, count, (i) =>
        partition({
          topic: 'orders',
          partitionMetadata: listed,
          message: { key: keys[i] as string, value: 'v' },
        }),
      )
      t.check(wrongIn(rows) === 0, 'differs', { ...facts(rows), order: shuffled.join(' ') }, () =>
        compareTable(rows, [columns.key]),
      )
    },
    growth(t, subject) {
      const [before, after] = [partitionCount(t.dice), partitionCount(t.dice)].sort((a, b) => a - b) as [
        number,
        number,
      ]
      const partition = subject.createPartitioner()
      const ask = (key: string, count: number) =>
        partition({ topic: 'orders', partitionMetadata: metadata(count), message: { key, value: 'v' } })
      const keys = t.dice.freshWords(40)
      for (const key of keys) ask(key, before)
      const rows = partitionRows(keys, after, (i) => ask(keys[i] as string, after))
      t.check(wrongIn(rows) === 0, 'differs', { ...facts(rows), before, after }, () =>
        compareTable(rows, [columns.key]),
      )
    },
    'moved-keys'(t, subject) {
      // From 2n to 3n a third of the keys stays, and some of those that move land in an old partition.
      const n = t.dice.pick([3, 5, 6, 7, 9])
      const [before, after] = [2 * n, 3 * n]
      const foreign = Array.from({ length: 10 }, () => t.dice.freshForeignWord())
      const keys = t.dice.shuffle([...t.dice.freshWords(60), ...foreign])
      const expected = keys.filter((key) => partitionOf(key, before) !== partitionOf(key, after))
      const list = subject.movedKeys([...keys], before, after)
      const isSame = list.length === expected.length && expected.every((key, i) => key === list[i])
      t.check(isSame, 'differs', { before, after, expected: expected.length, all: keys.length }, () =>
        compareTable(
          Array.from({ length: Math.max(expected.length, list.length) }, (_, i) => ({
            left: [`#${i + 1}`],
            expected: expected[i] ?? '—',
            got: list[i] ?? '—',
          })),
          [columns.key],
        ),
      )
    },
    'wire-order': wireOrder,
    'wire-growth': wireGrowth,
  },
})

/** Three rounds of keys whose hashes have one sign. */
function checkKeys(t: Trial<'differs'>, subject: Partitioning, negative: boolean): void {
  for (let round = 0; round < 3; round++) {
    const count = partitionCount(t.dice)
    const keys = keysBySign(t.dice, negative, 16)
    const rows = partitionRows(keys, count, (i) => subject.partitionForKey(keys[i] as Uint8Array, count))
    const holds: boolean = wrongIn(rows) === 0
    t.check(holds, 'differs', facts(rows), () => compareTable(rows, [columns.key]))
  }
}
