/** Lab 02: the tests of murmur2. */
import type { CaseOf } from '../engine/lab.ts'
import { hex } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { text } from './lab.ts'
import { hashOf } from './oracle.ts'
import { stepsBeside, stepsOfKafka } from './recipe.ts'
import type { Partitioning } from './suite.ts'
import { type Sample, variantOf } from './variants.ts'

type HashCase = CaseOf<typeof text, 'hash-words'>

/** The 32 bits of a hash that may come signed or unsigned; undefined when it is not one. */
export const toInt32 = (hash: number) =>
  Number.isInteger(hash) && hash >= -(2 ** 31) && hash < 2 ** 32 ? hash | 0 : undefined

const bits = (hash: number) => (hash >>> 0).toString(16).padStart(8, '0')

/** Hashes the keys, shortest first, and says in which way they are wrong, if that is known. */
export function checkHashes(t: Trial<HashCase>, subject: Partitioning, keys: readonly Uint8Array[]): void {
  const samples = samplesOf(t, subject, keys)
  const wrong = samples.filter(({ bytes, got }) => got !== hashOf(bytes))
  const [first] = wrong
  const variant = first === undefined ? undefined : variantOf(samples)
  const facts = { wrong: wrong.length, all: samples.length }
  if (first !== undefined && variant !== undefined) {
    t.check(false, variant.id, { ...facts, ...variant.facts }, () => stepsBeside(variant.recipe, first.bytes))
  }
  if (first !== undefined && wrong.length === 1 && first.bytes.length === 0) {
    const hashes = { got: bits(first.got), expected: bits(hashOf(first.bytes)) }
    t.check(false, 'empty', { ...hashes, others: samples.length - 1 })
  }
  const unknown = first === undefined ? facts : { ...facts, key: hex(first.bytes), got: bits(first.got) }
  t.check(first === undefined, 'differs', unknown, () => stepsOfKafka(first?.bytes ?? new Uint8Array(0)))
}

/** The same for keys that are too long to show. */
export function checkLargeHashes(
  t: Trial<CaseOf<typeof text, 'hash-large'>>,
  subject: Partitioning,
  keys: readonly Uint8Array[],
): void {
  const samples = samplesOf(t, subject, keys)
  const wrong = samples.filter(({ bytes, got }) => got !== hashOf(bytes))
  const variant = wrong.length === 0 ? undefined : variantOf(samples)
  if (variant !== undefined)
    t.check(false, variant.id, { wrong: wrong.length, all: samples.length, ...variant.facts })
  t.check(wrong.length === 0, 'differs', { lengths: wrong.map(({ bytes }) => bytes.length).join(', ') })
}

function samplesOf(t: Trial<'no-hash'>, subject: Partitioning, keys: readonly Uint8Array[]): Sample[] {
  const sorted = [...keys].sort((a, b) => a.length - b.length)
  const samples: Sample[] = []
  for (const bytes of sorted) {
    const hash = subject.murmur2(bytes)
    const got = toInt32(hash)
    const key = bytes.length > 24 ? `${hex(bytes.subarray(0, 24))}…` : hex(bytes)
    t.check(got !== undefined, 'no-hash', { key, got: show(hash) })
    samples.push({ bytes, got: got ?? 0 })
  }
  return samples
}

/** The same bytes alone and inside a larger memory. */
export function checkView(t: Trial<CaseOf<typeof text, 'hash-view'>>, subject: Partitioning): void {
  for (const [length, kind] of [
    [8, 'Buffer'],
    [11, 'Uint8Array'],
    [18, 'Buffer'],
    [20, 'Uint8Array'],
    [130, 'Buffer'],
    [891, 'Uint8Array'],
    [66_002, 'Buffer'],
  ] as const) {
    const size = length + 17
    const at = t.dice.int(3, 12)
    const pool = t.dice.bytes(size)
    const key = pool.slice(at, at + length)
    const memory = t.tools.memory(size)
    memory.write(0, pool)
    const alone = subject.murmur2(key)
    const got = subject.murmur2(memory.view(at, length, kind))
    const isSame = got === alone
    const isRight = toInt32(alone) === hashOf(key)
    const facts = { length, size, at, got: show(got), alone: show(alone) }
    if (!isSame && isRight) {
      t.check(toInt32(got) !== hashOf(pool), 'whole-memory', facts)
      t.check(toInt32(got) !== hashOf(pool.subarray(0, length)), 'from-the-start', facts)
    }
    t.check(isSame, 'differs', facts)
  }
}

/** One memory, filled with key after key: as the same object each time, and as two. */
export function checkAnew(t: Trial<CaseOf<typeof text, 'hash-anew'>>, subject: Partitioning): void {
  for (const kind of ['Buffer', 'Uint8Array'] as const) {
    for (const length of [t.dice.int(9, 23), t.dice.int(200, 300), 20_001]) {
      const memory = t.tools.memory(length)
      const large = t.dice.bytes(Math.min(length, 500))
      const keys = [1, 2, 3, 4].map(() => {
        const key = new Uint8Array(length).map((_, i) => large[i % large.length] ?? 0)
        key.set(t.dice.bytes(8), t.dice.int(0, length - 8))
        return key
      })
      // One after the other, and nothing in between; only then each in memory of its own.
      const hashes = keys.map((key) => {
        memory.write(0, key)
        return subject.murmur2(memory.view(0, length, kind))
      })
      for (const [i, key] of keys.entries()) {
        const [got, before] = [hashes[i], hashes[i - 1]]
        const alone = subject.murmur2(key)
        const facts = { got: show(got), alone: show(alone) }
        t.check(got === alone || got !== before, 'remembered', facts)
        t.check(got === alone, 'differs', facts)
      }
    }
  }
}
