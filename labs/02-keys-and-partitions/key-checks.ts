/** Lab 02: the tests of what the partitioner does with keys. */
import type { CaseOf } from '../engine/lab.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { text } from './lab.ts'
import {
  borders,
  emptyKeyCount,
  hashOf,
  type Message,
  metadata,
  type Partitioner,
  partitionCount,
  partitionOf,
} from './oracle.ts'
import { isElsewhere, partitionTable } from './partition-checks.ts'
import { type Chosen, changeOf } from './partition-variants.ts'
import type { Partitioning } from './suite.ts'

type KeyCase = CaseOf<typeof text, 'string-key'>

/** Asks for each key; messages carry a value, and whatever `more` adds. */
export function choose(
  t: Trial<string>,
  partition: Partitioner,
  keys: readonly (Buffer | string)[],
  count: number,
  more: (index: number) => Partial<Message> = () => ({}),
): Chosen[] {
  const topic = t.dice.freshWord()
  return keys.map((key, i) => ({
    key,
    count,
    got: partition({
      topic,
      partitionMetadata: metadata(count),
      message: { key, value: `v${i}`, ...more(i) },
    }),
  }))
}

/** Compares with Kafka, and says what was done to the keys, if that is known. */
export function judgeKeys(t: Trial<KeyCase>, subject: Partitioning, all: readonly Chosen[]): void {
  const wrong = all.filter(isElsewhere)
  const facts = { wrong: wrong.length, all: all.length }
  const draw = () => partitionTable(all)
  const change = changeOf(all)
  if (change !== undefined) t.check(false, change, facts, draw)
  if (wrong.length > 0) t.check(!isOwnPartition(t, subject, all), 'own-partition', facts, draw)
  t.check(wrong.length === 0, 'differs', facts, draw)
}

/** Whether the partitioner does what the learner's partitionForKey says of the right bytes. */
function isOwnPartition(t: Trial<KeyCase>, subject: Partitioning, all: readonly Chosen[]): boolean {
  return all.every(({ key, count, got }) => {
    const own = t.attempt(() => subject.partitionForKey(Buffer.from(key as Uint8Array), count))
    return own.got === got
  })
}

export function checkStrings(t: Trial<KeyCase>, subject: Partitioning): void {
  // Bytes that are no UTF-8 among them: a key that takes the way over a string comes out another one.
  const keys = t.dice
    .freshWords(40)
    .map((word, i) => (i % 2 === 0 ? word : Buffer.from([t.dice.int(0x80, 0xbf), ...Buffer.from(word)])))
  judgeKeys(t, subject, choose(t, subject.createPartitioner(), keys, partitionCount(t.dice)))
}

export function checkAlphabets(t: Trial<CaseOf<typeof text, 'utf8-key'>>, subject: Partitioning): void {
  const keys = Array.from({ length: 30 }, () => t.dice.freshForeignWord())
  judgeKeys(t, subject, choose(t, subject.createPartitioner(), keys, partitionCount(t.dice)))
  // Where UTF-8 needs a byte more, and what lies around the surrogates. With many partitions no key is right by luck.
  const letters = borders.flatMap((letter) => t.dice.freshWords(3).map((word) => `${word}${letter}`))
  const all = choose(t, subject.createPartitioner(), letters, t.dice.int(90, 190))
  const wrong = all.filter(isElsewhere)
  const lost = borders.filter((letter) => wrong.some(({ key }) => String(key).endsWith(letter)))
  const numbers = lost.map(
    (letter) => `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
  const facts = { wrong: wrong.length, all: all.length, letters: numbers.join(', ') }
  // All of them: that is no matter of borders.
  if (lost.length < borders.length) t.check(wrong.length === 0, 'border', facts, () => partitionTable(all))
  judgeKeys(t, subject, all)
}

/** Keys that every object made by {} knows already. */
const named = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__']

/** Keys that are changed by what looks like good manners; and messages with all that they may carry. */
export function checkExact(t: Trial<CaseOf<typeof text, 'exact-key'>>, subject: Partitioning): void {
  const word = () => t.dice.freshWord()
  const strings = [
    ` ${word()}`,
    `${word()} `,
    `\t${word()}\n`,
    ' ',
    `\u00a0${word()}`,
    `\uFEFF${word()}`,
    `${word()}e\u0301`,
    `и\u0306${word()}`,
    `${word()}\u00e9`,
    `ﬁ${word()}`,
    word().toUpperCase(),
    `${word()}\0${word()}`,
    '\0',
    'null',
    'undefined',
    '0',
    'false',
    ...named,
    `"${word()}"`,
    `${word()}%20${word()}`,
    `😀${word()}`,
    `${word()}${'x'.repeat(t.dice.int(300, 900))}`,
    `щ${'x'.repeat(100_000)}${word()}`,
  ]
  const buffers = [strings[0], strings[5], strings[6], strings[10], strings[21]].map((key) =>
    Buffer.from(`b${key}`),
  )
  const keys = [
    ...strings,
    ...buffers,
    Buffer.from('\uFEFFmark'),
    Buffer.from('e\u0301'),
    Buffer.from(' edge '),
    // ASCII: whether bytes may take the way over a string is asked in another test.
    Buffer.from(t.dice.bytes(100_003).map((byte) => byte & 0x7f)),
    // Of each kind several: one alone may stay in its partition by luck.
    ...['\uFEFF', ' ', '\t', '\u00a0', 'и\u0306', 'ﬁ'].flatMap((lead) =>
      t.dice.freshWords(6).map((rest) => `${lead}${rest}`),
    ),
  ]
  const values = ['', ' v ', 'e\u0301', '\uFEFFv', '😀', 'v'.repeat(100_000)]
  const rest = (i: number): Partial<Message> =>
    [
      { value: null },
      { headers: { trace: Buffer.from(t.dice.bytes(1 + (i % 5))), key: `other${i}` } },
      { timestamp: String(i) },
      { timestamp: `17000000000${i + 10}`, value: values[Math.floor(i / 4) % values.length] ?? '' },
    ][i % 4] as Partial<Message>
  const all = choose(t, subject.createPartitioner(), keys, partitionCount(t.dice), rest)
  const wrong = all.filter(isElsewhere)
  const isValue = wrong.length > 0 && all.every((one, i) => !isElsewhere(one) || rest(i).value === null)
  const facts = { wrong: wrong.length, all: all.length }
  const isName = wrong.length > 0 && wrong.every(({ key }) => named.includes(String(key)))
  t.check(
    !isName,
    'named',
    { ...facts, keys: [...new Set(wrong.map(({ key }) => String(key)))].join(', ') },
    () => partitionTable(all),
  )
  if (changeOf(all) === undefined) t.check(!isValue, 'no-value', facts, () => partitionTable(all))
  judgeKeys(t, subject, all)
}

export function checkEmptyKey(t: Trial<CaseOf<typeof text, 'empty-key'>>, subject: Partitioning): void {
  for (let round = 0; round < 5; round++) {
    const count = emptyKeyCount(t.dice)
    const expected = partitionOf('', count)
    const keys = ['', Buffer.alloc(0), '', '', Buffer.alloc(0), '']
    const got = choose(t, subject.createPartitioner(), keys, count).map((one) => one.got)
    const seen = [...new Set(got)]
    const facts = {
      expected,
      partitions: count,
      got: seen.map(show).join(', '),
      hash: hashOf(Buffer.alloc(0)),
    }
    t.check(seen.length === 1, 'spread', facts)
    t.check(seen[0] === expected, 'differs', facts)
  }
}
