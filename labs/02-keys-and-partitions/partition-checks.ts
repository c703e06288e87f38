/** Lab 02: the tests of partitionForKey. */
import type { CaseOf } from '../engine/lab.ts'
import { columns, compareTable, type TablePicture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
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

function judge(
  t: Trial<KeyCase>,
  subject: Partitioning,
  all: readonly Chosen[],
  more: Readonly<Record<string, number>> = {},
): void {
  const wrong = all.filter(isElsewhere)
  const facts = { wrong: wrong.length, all: all.length, ...more }
  const draw = () => partitionTable(all)
  const formula = formulaOf(all)
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
