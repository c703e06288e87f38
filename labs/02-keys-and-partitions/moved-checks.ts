/** Lab 02: the tests of movedKeys. */
import type { CaseOf } from '../engine/lab.ts'
import { compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import { Misfit } from '../engine/subject/membrane.ts'
import type { Trial } from '../engine/trial.ts'
import type { text } from './lab.ts'
import { borders, metadata, partitionCount, partitionOf } from './oracle.ts'
import type { Partitioning } from './suite.ts'

type MovedTrial = Trial<CaseOf<typeof text, 'moved-keys'>>

const columnsOfMove = [{ en: 'key no.', ru: 'ключ №' }] as const

export function checkMoved(t: MovedTrial, subject: Partitioning): void {
  // From 2n to 3n a third of the keys stays, and some of those that move land in an old partition. With these n the
  // keys '' and '__proto__' move too.
  const n = t.dice.pick([3, 5, 11, 13, 17])
  const foreign = () => Array.from({ length: 10 }, () => t.dice.freshForeignWord())
  const odd = ['', ' ', 'null', '__proto__', 'e\u0301', '00', '\uFEFFx']
  // Words that are there twice, small and in capitals, and of which the second one moves.
  const capitals = t.dice
    .freshWords(40)
    .filter((word) => partitionOf(word.toUpperCase(), 2 * n) !== partitionOf(word.toUpperCase(), 3 * n))
    .slice(0, 4)
    .flatMap((word) => [word, word.toUpperCase()])
  const lists: [string[], number, number][] = [
    [t.dice.shuffle([...t.dice.freshWords(60), ...foreign(), ...odd, ...capitals]), 2 * n, 3 * n],
    [t.dice.shuffle([...t.dice.freshWords(20), ...foreign()]), 8, 9_973],
    [[], 2 * n, 3 * n],
    [t.dice.freshWords(12), 1, 2],
    [t.dice.freshWords(1), 6, 23],
    [t.dice.freshWords(30), 1_250, 5_000],
    [t.dice.freshWords(60), 256, 512],
    [t.dice.freshWords(60), 1_024, 4_096],
    // So many with each letter that some of them move, or stay, only if they are encoded rightly.
    [borders.flatMap((letter) => t.dice.freshWords(16).map((word) => `${word}${letter}`)), 6, 9],
    [Array.from({ length: 10_000 }, (_, i) => `${t.dice.freshWord()}${(i * 7_919) % 10_000}`), 6, 7],
  ]
  for (const [keys, before, after] of lists) judge(t, subject, keys, before, after)
  judgeLong(t, subject)
}

/** Long keys, by the learner's own partitionForKey: whether that hashes long keys rightly is for other tests. */
function judgeLong(t: MovedTrial, subject: Partitioning): void {
  const [before, after] = [6, 9]
  const start = 'щ'.repeat(1_000)
  const keys = [...t.dice.freshWords(11).map((word) => `${start}${word}`), 'x'.repeat(100_000)]
  const own = t.attempt(() =>
    keys.filter((key) => {
      const bytes = Uint8Array.from(Buffer.from(key))
      return subject.partitionForKey(bytes, before) !== subject.partitionForKey(bytes, after)
    }),
  ).got
  if (own === undefined) return
  const list = subject.movedKeys([...keys], before, after)
  const isSame = list.length === own.length && list.every((key, i) => key === own[i])
  t.check(isSame, 'long', { all: keys.length, expected: own.length, got: list.length, before, after })
}

function judge(t: MovedTrial, subject: Partitioning, keys: string[], before: number, after: number): void {
  const moves = (key: string) => partitionOf(key, before) !== partitionOf(key, after)
  const expected = keys.filter(moves)
  const list = subject.movedKeys([...keys], before, after)
  const isList = (other: readonly string[]) =>
    other.length === list.length && other.every((key, i) => key === list[i])
  const facts = { before, after, expected: expected.length, all: keys.length, got: list.length }
  if (isList(expected)) return t.check(true, 'differs')
  const newPlace = (key: string) => partitionOf(key, after)
  t.check(!isList(keys.filter((key) => !moves(key))), 'stays', facts)
  t.check(!isList(expected.filter((key) => newPlace(key) >= before)), 'only-new', facts)
  t.check(!isList(expected.filter((key) => newPlace(key) > partitionOf(key, before))), 'upward', facts)
  const inLatin1 = (key: string, count: number) => partitionOf(Buffer.from(key, 'latin1'), count)
  t.check(!isList(keys.filter((key) => inLatin1(key, before) !== inLatin1(key, after))), 'as-latin1', facts)
  const composed = (key: string, count: number) => partitionOf(key.normalize('NFC'), count)
  t.check(!isList(keys.filter((key) => composed(key, before) !== composed(key, after))), 'as-composed', facts)
  t.check(!isList(expected.filter((key) => key !== '__proto__')), 'no-proto', facts)
  t.check(!isList(expected.filter((key) => key !== '')), 'no-empty', facts)
  const lowByte = (key: string) => (partitionOf(key, before) & 0xff) !== (newPlace(key) & 0xff)
  t.check(!isList(expected.filter(lowByte)), 'low-byte', facts)
  const isPrefix = list.length > 0 && list.length < expected.length && isList(expected.slice(0, list.length))
  t.check(!isPrefix, 'prefix', facts)
  const isOrderOnly = [...expected].sort().join('\n') === [...list].sort().join('\n')
  const table = () => differences(expected, list)
  t.check(!isOrderOnly, 'order', facts, table)
  t.check(!isOwn(t, subject, keys, before, after, list), 'own-partition', facts, table)
  t.check(false, 'differs', facts, table)
}

/** The lists side by side, from shortly before the place where they part. */
function differences(expected: readonly string[], got: readonly string[]) {
  const rows = Array.from({ length: Math.max(expected.length, got.length) }, (_, i) => ({
    left: [`${i + 1}`],
    expected: show(expected[i] ?? '—'),
    got: show(got[i] ?? '—'),
  }))
  const from = Math.max(0, rows.findIndex((row) => row.expected !== row.got) - 1)
  return compareTable(rows.slice(from, from + 6), columnsOfMove)
}

/** Whether the list follows from the learner's own partitionForKey. */
function isOwn(
  t: MovedTrial,
  subject: Partitioning,
  keys: readonly string[],
  before: number,
  after: number,
  list: readonly string[],
): boolean {
  if (keys.length > 200) return false
  const own = t.attempt(() =>
    keys.filter((key) => {
      const bytes = Buffer.from(key)
      return subject.partitionForKey(bytes, before) !== subject.partitionForKey(bytes, after)
    }),
  )
  return own.got !== undefined && own.got.length === list.length && own.got.every((key, i) => key === list[i])
}

/** The caller writes over what it got, and asks again. That its own list is unchanged is seen by the membrane. */
export function checkMovedList(t: Trial<CaseOf<typeof text, 'moved-list'>>, subject: Partitioning): void {
  const keys = t.dice.shuffle([...t.dice.freshWords(40)])
  const first = subject.movedKeys(keys, 6, 9)
  t.check(t.tools.overwrite(first, t.dice.int(1, 255)), 'frozen', { got: first.length })
  const again = listOrNothing(() => subject.movedKeys(keys, 6, 9))
  const isSame = again.length === first.length && again.every((key, i) => key === first[i])
  t.check(isSame, 'shared', { got: again.length, expected: first.length })
  // With no key at all, and with counts that move none of these.
  const still = keys.filter((key) => partitionOf(key, 2) === partitionOf(key, 4))
  for (const list of [[], still]) {
    const none = subject.movedKeys(list, 2, 4)
    t.check(t.tools.overwrite(none, 7), 'frozen', { got: none.length })
    const then = listOrNothing(() => subject.movedKeys(list, 2, 4))
    t.check(then.length === none.length, 'grown', { got: show(then) })
  }
  // Where every key moves, or none is given, the result has the content of the list that was given: it must be another.
  const all = keys.filter((key) => partitionOf(key, 2) !== partitionOf(key, 3))
  for (const own of [all, []]) {
    const list = t.tools.keep(own)
    const result = listOrNothing(() => subject.movedKeys(list.value, 2, 3))
    const isOwn = (left: unknown) =>
      Array.isArray(left) && left.length === own.length && own.every((key, i) => key === left[i])
    // Whether the call itself leaves its list alone is for other tests.
    if (!isOwn(list.now())) continue
    t.tools.overwrite(result, t.dice.int(1, 255))
    const left = list.now()
    t.check(isOwn(left), 'given-back', { all: own.length, got: show(left) })
  }
  // The caller changes its list, and asks again with the same one.
  const list = t.tools.keep(keys)
  subject.movedKeys(list.value, 6, 9)
  const others = [...t.dice.freshWords(30), ...keys.slice(0, 10)]
  list.become(others)
  const got = subject.movedKeys(list.value, 6, 9)
  const alone = subject.movedKeys([...others], 6, 9)
  const isNow = got.length === alone.length && got.every((key, i) => key === alone[i])
  t.check(isNow, 'same-list', { all: others.length, got: show(got), alone: show(alone) })
}

/** An array; what the caller has written into it may be of any type. */
function listOrNothing(ask: () => readonly unknown[]): readonly unknown[] {
  try {
    return ask()
  } catch (error) {
    if (error instanceof Misfit && Array.isArray(error.got)) return error.got
    throw error
  }
}

/** Each function, on the same memory again. What else changed in any test is seen by the membrane, and told here. */
export function checkGiven(t: Trial<CaseOf<typeof text, 'given'>>, subject: Partitioning): void {
  const length = t.dice.int(17, 30)
  const memory = t.tools.memory(length)
  memory.write(0, t.dice.bytes(length))
  const view = memory.view(0, length)
  const count = partitionCount(t.dice)
  const again = <T>(call: string, run: () => T) => {
    const [first, second] = [run(), run()]
    const [a, b] = [JSON.stringify(first), JSON.stringify(second)]
    t.check(a === b, 'again', { call, got: b.slice(0, 60), first: a.slice(0, 60) })
  }
  again('murmur2(bytes)', () => subject.murmur2(view))
  again(`partitionForKey(bytes, ${count})`, () => subject.partitionForKey(view, count))
  const partition = subject.createPartitioner()
  const args = {
    topic: t.dice.freshWord(),
    partitionMetadata: metadata(count),
    message: { key: view as Buffer, value: 'v' },
  }
  again('partitioner({ … })', () => partition(args))
  const keys = t.dice.freshWords(12)
  again(`movedKeys(keys, ${count}, ${count + 3})`, () => subject.movedKeys(keys, count, count + 3))
}
