/** Lab 02: the tests of partitionForKey. */
import type { CaseOf } from '../engine/lab.ts'
import { columns, compareTable, type TablePicture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import { Misfit } from '../engine/subject/membrane.ts'
import type { Trial } from '../engine/trial.ts'
import { toInt32 } from './hash-checks.ts'
import type { text } from './lab.ts'
import { keysBySign, partitionCount, partitionOf } from './oracle.ts'
import { type Chosen, formulaOf } from './partition-variants.ts'
import type { Partitioning } from './suite.ts'

type KeyCase = CaseOf<typeof text, 'key-negative'>

export const isElsewhere = ({ key, count, got }: Chosen) => got !== partitionOf(key, count)

/** A key as text if it is text, otherwise as hex. */
export function readable(key: Uint8Array | string): string {
  if (typeof key === 'string')
    return key.length > 40 ? `${show(key.slice(0, 24))}… ×${key.length}` : show(key)
  const text = Buffer.from(key).toString()
  return Buffer.from(text).equals(key) ? readable(text) : show(key)
}

/** What a call gives, whatever its type; what a caller has put into an earlier answer is told by the engine. */
export function whatever(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    if (error instanceof Misfit && !error.isOverwritten) return error.got
    throw error
  }
}

/** Key, expected and got partition. */
export const partitionTable = (all: readonly Chosen[]): TablePicture =>
  compareTable(
    all.map(({ key, count, got }) => ({
      left: [readable(key)],
      expected: String(partitionOf(key, count)),
      got: show(got),
    })),
    [columns.key],
  )

/** Keys whose hashes have one sign, with three numbers of partitions. */
export function checkSign(t: Trial<KeyCase>, subject: Partitioning, negative: boolean): void {
  const all: Chosen[] = []
  for (let round = 0; round < 3; round++) {
    const count = partitionCount(t.dice)
    for (const key of keysBySign(t.dice, negative, 16))
      all.push({ key, count, got: subject.partitionForKey(key, count) })
  }
  judge(t, subject, all)
}

/** 1, powers of two, primes, up to 10,000. */
export function checkCounts(t: Trial<CaseOf<typeof text, 'key-counts'>>, subject: Partitioning): void {
  const counts = [
    1, 2, 4, 8, 16, 32, 64, 128, 255, 256, 257, 1_000, 1_024, 4_096, 8_191, 8_192, 9_973, 10_000,
  ]
  for (const count of counts) {
    const keys = [...keysBySign(t.dice, true, 6), ...keysBySign(t.dice, false, 6)]
    const all = keys.map((key): Chosen => ({ key, count, got: subject.partitionForKey(key, count) }))
    judge(t, subject, all, { count })
  }
}

/** One call, the partition that the learner's own murmur2 leads to, and what is special about the key. */
interface AnyKey {
  readonly key: Uint8Array
  readonly count: number
  readonly what: 'empty' | 'large' | 'view' | 'mixed-up'
}

/**
 * No bytes, 1 MB, a part of a larger buffer, and keys that are easily taken for one another. What is right follows from
 * the learner's own murmur2: whether that is right is for other tests, and so is the formula for ordinary keys.
 */
export function checkAnyKey(t: Trial<CaseOf<typeof text, 'key-any'>>, subject: Partitioning): void {
  const own = (key: Uint8Array, count: number) => {
    const { got: hash } = t.attempt(() => subject.murmur2(key))
    const bits = hash === undefined ? undefined : toInt32(hash)
    return bits === undefined ? undefined : (bits & 0x7fffffff) % count
  }
  const usual = partitionCount(t.dice)
  const isUsual = [...keysBySign(t.dice, true, 6), ...keysBySign(t.dice, false, 6)].every(
    (key) => subject.partitionForKey(key, usual) === own(key, usual),
  )
  t.check(true, 'view')
  if (!isUsual) return
  for (const { key, count, what } of anyKeys(t)) {
    const expected = own(key, count)
    // A hash that throws for such a key has failed in its own tests.
    if (expected === undefined) continue
    const got = subject.partitionForKey(key, count)
    const facts = { length: key.length, count, got: show(got), expected }
    t.check(got === expected, what, facts)
  }
}

function anyKeys(t: Trial<string>): AnyKey[] {
  const sized = [0, 256, 1_025, 65_537, 100_003, 1_048_576].map((length) => t.dice.bytes(length))
  const views = (
    [
      ['Buffer', t.dice.int(9, 23)],
      ['Uint8Array', t.dice.int(9, 23)],
      ['Buffer', t.dice.int(130, 900)],
      ['Uint8Array', 66_001],
    ] as const
  ).map(([kind, length]) => {
    const at = t.dice.int(3, 12)
    const memory = t.tools.memory(length + 29)
    memory.write(0, t.dice.bytes(length + 29))
    return memory.view(at, length, kind)
  })
  return [
    ...sized.map(
      (key): AnyKey => ({ key, count: keptApart(t, key), what: key.length === 0 ? 'empty' : 'large' }),
    ),
    ...views.map((key): AnyKey => ({ key, count: 997, what: 'view' })),
    ...lookAlikes(t).map(([key, count]): AnyKey => ({ key, count, what: 'mixed-up' })),
  ]
}

/** A count with which the key does not go to partition 0, where a special case often ends. */
function keptApart(t: Trial<string>, key: Uint8Array): number {
  for (;;) {
    const count = t.dice.int(300, 990)
    if (partitionOf(key, count) !== 0) return count
  }
}

/** Pairs that are one text when bytes are read as UTF-8, or when the key and the count are written one behind the other. */
function lookAlikes(t: Trial<string>): [Uint8Array, number][] {
  for (;;) {
    const word = t.dice.freshWord()
    const bytes = (first: number) => Buffer.from([first, ...Buffer.from(word)])
    const pairs: [Uint8Array, number][][] = [
      [
        [bytes(0xff), 23],
        [bytes(0xfe), 23],
      ],
      [
        [Buffer.from(`${word}1`), 23],
        [Buffer.from(word), 123],
      ],
      [
        [Buffer.from(`2${word}`), 31],
        [Buffer.from(word), 312],
      ],
    ]
    const isApart = pairs.every(
      (pair) => new Set(pair.map(([key, count]) => partitionOf(key, count))).size === 2,
    )
    if (isApart) return pairs.flat()
  }
}

function judge(
  t: Trial<KeyCase>,
  subject: Partitioning,
  all: readonly Chosen[],
  more: Readonly<Record<string, number>> = {},
): void {
  const wrong = all.filter(isElsewhere)
  const facts = { wrong: wrong.length, all: all.length, ...more }
  const draw = () => partitionTable(all)
  const known = formulaOf(all)
  // Divided by one less, 1 and 2 partitions would have been wrong before: another count has another reason.
  const formula = known === 'one-less' && (more.count ?? 0) > 2 ? undefined : known
  if (formula !== undefined) t.check(false, formula, facts, draw)
  if (wrong.length > 0) t.check(!isOwnHash(t, subject, all), 'own-hash', facts, draw)
  t.check(wrong.length === 0, 'differs', facts, draw)
}

/** Whether the formula is right and the learner's own hash is not. */
function isOwnHash(t: Trial<KeyCase>, subject: Partitioning, all: readonly Chosen[]): boolean {
  return all.every(({ key, count, got }) => {
    const { got: hash } = t.attempt(() => subject.murmur2(key as Uint8Array))
    const bits = hash === undefined ? undefined : toInt32(hash)
    return bits !== undefined && got === (bits & 0x7fffffff) % count
  })
}
