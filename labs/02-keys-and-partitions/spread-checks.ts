/** Lab 02: the tests of records without a key: each partition of a topic gets its share, whatever goes in between. */
import type { CaseOf } from '../engine/lab.ts'
import { columns, compareTable, type TablePicture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { text } from './lab.ts'
import { type Message, metadata, type Partitioner, partitionCount } from './oracle.ts'
import type { Partitioning } from './suite.ts'

type TrialOf<T extends keyof (typeof text)['tests']> = Trial<CaseOf<typeof text, T>>
export type Args = Parameters<Partitioner>[0]

/** So many records without a key are sent for each partition, and at least so many must come to each. */
export const share = 800
export const floor = 200

const keyless = (i: number): Message =>
  ({ ...([{}, { key: null }, { key: undefined }][i % 3] as Pick<Message, 'key'>), value: `v${i}` }) as Message

/** A function that gives records without a key for one topic, all alike but for how "no key" is said. */
export function keylessTo(topic: string, count: number): (i: number) => readonly [Args] {
  const some = [0, 1, 2].map(
    (i) => [{ topic, partitionMetadata: metadata(count), message: keyless(i) }] as const,
  )
  return (i) => some[i % 3] as readonly [Args]
}

/** How many records each of `count` partitions got; the numbers that are none of them are left out. */
export function shares(got: readonly number[], count: number): number[] {
  const each = Array.from({ length: count }, () => 0)
  for (const partition of got) if (each[partition] !== undefined) each[partition]++
  return each
}

export const isInside = (partition: number, count: number) =>
  Number.isInteger(partition) && partition >= 0 && partition < count

export const sharesTable = (each: readonly number[]): TablePicture =>
  compareTable(
    each.map((n, p) => ({
      left: [String(p)],
      expected: `≥ ${floor}`,
      got: n >= floor ? `≥ ${floor}` : String(n),
    })),
    [columns.partition],
  )

export function checkSpread(t: TrialOf<'no-key'>, subject: Partitioning): void {
  for (const count of [partitionCount(t.dice), 2, 1]) {
    const to = keylessTo(t.dice.freshWord(), count)
    const all = share * count
    const calls = Array.from({ length: all }, (_, i) => to(i))
    const got = t.tools.each(subject.createPartitioner(), calls as [Args][])
    const outside = got.find((partition) => !isInside(partition, count))
    t.check(outside === undefined, 'outside', { got: show(outside), last: count - 1 })
    const each = shares(got, count)
    if (count > 1) t.check(new Set(got).size > 1, 'one', { all, got: got[0] ?? '' }, () => sharesTable(each))
    t.check(
      each.every((n) => n >= floor),
      'uneven',
      { all, floor },
      () => sharesTable(each),
    )
  }
  checkLongSpread(t, subject)
}

/** As many records without a key as one topic gets here: a counter may grow out of its type. */
function checkLongSpread(t: TrialOf<'no-key'>, subject: Partitioning): void {
  const [count, all] = [3, 40_000]
  const to = keylessTo(t.dice.freshWord(), count)
  const got = inPortions(
    t,
    subject.createPartitioner(),
    Array.from({ length: all }, (_, i) => to(i)) as [Args][],
  )
  const at = got.findIndex((partition) => !isInside(partition, count))
  t.check(at === -1, 'late', { n: at + 1, got: show(got[at]), last: count - 1 })
  const each = shares(got.slice(-share * count), count)
  t.check(
    each.every((n) => n >= floor),
    'uneven',
    { all: share * count, floor },
    () => sharesTable(each),
  )
}

/** Records without a key in turn with something else: with a key, in another topic, by another partitioner. */
export function checkSpreadBetween(t: TrialOf<'no-key-between'>, subject: Partitioning): void {
  const even = () => 2 * t.dice.freshInt(2, 5)
  const fair = (
    got: readonly number[],
    topic: string,
    count: number,
    says: 'keyed' | 'named' | 'topics' | 'instances' | 'name-uneven',
  ) => {
    const outside = got.find((partition) => !isInside(partition, count))
    const facts = { got: show(outside), topic, last: count - 1 }
    t.check(outside === undefined || !(topic in {}), 'name', facts)
    t.check(outside === undefined, 'outside', facts)
    const each = shares(got, count)
    t.check(
      each.every((n) => n >= floor),
      says,
      { all: share * count, floor, topic },
      () => sharesTable(each),
    )
  }
  const [count, topic] = [even(), t.dice.freshWord()]
  const to = keylessTo(topic, count)
  const [key, asked] = [t.dice.freshWord(), t.dice.int(0, count - 1)]
  const others = {
    keyed: { key, value: 'v' },
    named: { key: null, value: 'v', partition: asked },
  }
  for (const says of ['keyed', 'named'] as const) {
    const other = [{ topic, partitionMetadata: metadata(count), message: others[says] }] as const
    const mixed = t.tools.each(
      subject.createPartitioner(),
      Array.from({ length: 2 * share * count }, (_, i) => (i % 2 === 0 ? to(i) : other)) as [Args][],
    )
    fair(
      mixed.filter((_, i) => i % 2 === 0),
      topic,
      count,
      says,
    )
  }

  // Names among them that every object made by {} knows already; one in which others are contained, and one in capitals.
  const names = ['constructor', '__proto__', 'toString', topic, `${topic}-${topic}`, topic.toUpperCase()]
  const topics = t.dice.shuffle(names).map((name) => ({ name, count: 4, to: keylessTo(name, 4) }))
  const turns = t.tools.each(
    subject.createPartitioner(),
    Array.from({ length: topics.length * share * 4 }, (_, i) => {
      const turn = Math.floor(i / topics.length)
      return topics[i % topics.length]?.to(turn)
    }) as [Args][],
  )
  const goTo = (at: number) => turns.filter((_, i) => i % topics.length === at)
  const isFair = (at: number) => shares(goTo(at), 4).every((n) => n >= floor)
  const isOrdinaryFair = topics.every(({ name }, at) => name in {} || isFair(at))
  // An ordinary one first: only if these are all right, a special name has to do with it.
  const order = [...topics.entries()].sort(([, a], [, b]) => Number(a.name in {}) - Number(b.name in {}))
  for (const [at, { name }] of order)
    fair(goTo(at), name, 4, isOrdinaryFair && name in {} ? 'name-uneven' : 'topics')

  // In turn, one record each: a counter that both share would give each of them every second number.
  const [one, two] = [subject.createPartitioner(), subject.createPartitioner()]
  const toTwo = keylessTo(topic, 2)
  const both = t.tools.each(
    [one, two],
    Array.from({ length: share * 4 }, (_, i) => toTwo(Math.floor(i / 2))) as [Args][],
  )
  for (const instance of [0, 1])
    fair(
      both.filter((_, i) => i % 2 === instance),
      topic,
      2,
      'instances',
    )
}

/** Many calls in several crossings, so that none takes long. */
export function inPortions(t: Trial<string>, partition: Partitioner, calls: [Args][]): number[] {
  const portion = 10_000
  return Array.from({ length: Math.ceil(calls.length / portion) }, (_, i) =>
    t.tools.each(partition, calls.slice(i * portion, (i + 1) * portion)),
  ).flat()
}
