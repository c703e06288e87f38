/** Lab 02: the tests of the partitioner's other rules: partitions that a record names, metadata, growth, many topics. */
import type { CaseOf } from '../engine/lab.ts'
import { columns, compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { text } from './lab.ts'
import { keyNotIn, type Message, metadata, type Partitioner, partitionCount, partitionOf } from './oracle.ts'
import { isElsewhere, partitionTable, whatever } from './partition-checks.ts'
import type { Chosen } from './partition-variants.ts'
import {
  type Args,
  floor,
  inPortions,
  isInside,
  keylessTo,
  share,
  shares,
  sharesTable,
} from './spread-checks.ts'
import type { Partitioning } from './suite.ts'

type TrialOf<T extends keyof (typeof text)['tests']> = Trial<CaseOf<typeof text, T>>
export function checkNamed(t: TrialOf<'explicit-partition'>, subject: Partitioning): void {
  const count = partitionCount(t.dice)
  const partition = subject.createPartitioner()
  const asks = t.dice.shuffle(metadata(count).map(({ partitionId }) => partitionId))
  const topic = t.dice.freshWord()
  const ask = (asked: number, key: string | null) =>
    partition({
      topic,
      partitionMetadata: metadata(count),
      message: { key, value: 'v', partition: asked },
    })
  const all = asks.flatMap((asked) => {
    const key = keyNotIn(t.dice, asked, count)
    return [
      { asked, isKeyed: true, got: ask(asked, key) },
      { asked, isKeyed: false, got: ask(asked, null) },
    ]
  })
  const wrong = all.filter(({ asked, got }) => got !== asked)
  const [first] = wrong
  const facts = { asked: first?.asked ?? '', got: show(first?.got) }
  if (first !== undefined) {
    t.check(!wrong.every(({ asked }) => asked === 0), 'zero', facts)
    t.check(!wrong.every(({ isKeyed }) => isKeyed), 'keyed', facts)
  }
  t.check(first === undefined, 'ignored', facts)
  // Partitions that kafkajs has not heard of yet: its metadata is some minutes old.
  for (const asked of [count, count + t.dice.int(1, 9), t.dice.int(1_000, 9_999)]) {
    for (const key of [null, t.dice.freshWord()]) {
      const got = ask(asked, key)
      t.check(got === asked, 'beyond', { asked, got: show(got), partitions: count })
    }
  }
  checkUnset(t, subject)
}

/** A message that has the property, but no partition in it: as `{ ...options }` makes it. */
function checkUnset(t: TrialOf<'explicit-partition'>, subject: Partitioning): void {
  const [count, topic, partition] = [partitionCount(t.dice), t.dice.freshWord(), subject.createPartitioner()]
  const to = (message: Message) => partition({ topic, partitionMetadata: metadata(count), message })
  const unset = { partition: undefined } as unknown as Pick<Message, 'partition'>
  for (const key of [...t.dice.freshWords(4), null]) {
    const got = whatever(() => to({ key, value: 'v', ...unset }))
    // Whether it is the right one is for other tests.
    t.check(Number.isInteger(got), 'unset', { key: show(key), got: show(got), partitions: count })
  }
}

export function checkMetadata(t: TrialOf<'metadata-order'>, subject: Partitioning): void {
  const count = partitionCount(t.dice)
  const ids = t.dice.shuffle(metadata(count).map(({ partitionId }) => partitionId))
  const topic = t.dice.freshWord()
  const ask = (partition: Partitioner, leaders: readonly number[], keys: readonly string[]): Chosen[] =>
    keys.map((key) => ({
      key,
      count,
      got: partition({
        topic,
        partitionMetadata: ids.map((partitionId, i) => ({
          partitionId,
          leader: leaders[i % leaders.length] as number,
        })),
        message: { key, value: 'v' },
      }),
    }))
  const partition = subject.createPartitioner()
  const keys = t.dice.freshWords(40)
  const other = ask(partition, [t.dice.freshInt(2, 9), t.dice.freshInt(101, 900)], keys)
  const wrong = other.filter(isElsewhere)
  const facts = { wrong: wrong.length, all: other.length, order: ids.join(' ') }
  const isPlace = other.every(({ key, got }) => got === ids[partitionOf(key, count)])
  if (wrong.length > 0) t.check(!isPlace, 'place', facts, () => partitionTable(other))
  t.check(wrong.length === 0, 'differs', facts, () => partitionTable(other))
  const leaders = [0, t.dice.freshInt(2, 9), 0, t.dice.freshInt(11, 90)]
  const zero = ask(partition, leaders, t.dice.freshWords(40))
  const lost = zero.filter(isElsewhere)
  t.check(
    lost.length === 0,
    'leaders',
    { wrong: lost.length, all: zero.length, leaders: leaders.join(', ') },
    () => partitionTable(zero),
  )
  checkLeaderZero(t, subject)
  checkManyPartitions(t, subject)
}

/** Records without a key: partitions whose leader is broker 0 get their share too. */
function checkLeaderZero(t: TrialOf<'metadata-order'>, subject: Partitioning): void {
  const count = 8
  const leaderOf = (partition: number) => (partition % 2 === 0 ? 0 : 4)
  const infos = t.dice
    .shuffle(metadata(count))
    .map(({ partitionId }) => ({ partitionId, leader: leaderOf(partitionId) }))
  const topic = t.dice.freshWord()
  const args: [Args] = [{ topic, partitionMetadata: infos, message: { key: null, value: 'v' } }]
  const all = share * count
  const got = t.tools.each(
    subject.createPartitioner(),
    Array.from({ length: all }, () => args),
  )
  const each = shares(got, count)
  // Whether records are spread at all is for other tests.
  const isIdle = each.every((n, partition) => n >= floor === (leaderOf(partition) !== 0))
  t.check(!isIdle, 'idle', { all, floor }, () => sharesTable(each))
}

/** As many partitions as there may be. */
function checkManyPartitions(t: TrialOf<'metadata-order'>, subject: Partitioning): void {
  const count = 10_000
  const leaders = [t.dice.int(1_000, 9_000), 4, 0, t.dice.int(2, 9)]
  const partitionMetadata = t.dice
    .shuffle(metadata(count))
    .map(({ partitionId }) => ({ partitionId, leader: leaders[partitionId % 4] ?? 0 }))
  const topic = t.dice.freshWord()
  // By the learner's own partitionForKey: whether that is right with so many is for other tests.
  // Few keys: each costs a crossing with the whole list, and a limit below 10,000 moves nearly every key.
  const all = t.dice.freshWords(4).map((key) => {
    const [got] = t.tools.each(subject.createPartitioner(), [
      [{ topic, partitionMetadata, message: { key, value: 'v' } }],
    ] as [Args][])
    return { key, got, own: subject.partitionForKey(Buffer.from(key), count) }
  })
  const wrong = all.filter(({ got, own }) => got !== own)
  const rows = all.map(({ key, got, own }) => ({ left: [key], expected: String(own), got: show(got) }))
  t.check(wrong.length === 0, 'many', { wrong: wrong.length, all: all.length, count }, () =>
    compareTable(rows, [columns.key]),
  )
}

export function checkGrowth(t: TrialOf<'growth'>, subject: Partitioning): void {
  const [before, after] = [partitionCount(t.dice), partitionCount(t.dice)].sort((a, b) => a - b) as [
    number,
    number,
  ]
  const partition = subject.createPartitioner()
  const topic = t.dice.freshWord()
  const ask = (key: string, count: number) =>
    partition({ topic, partitionMetadata: metadata(count), message: { key, value: 'v' } })
  const keys = t.dice.freshWords(40)
  for (const key of keys) ask(key, before)
  const all = keys.map((key): Chosen => ({ key, count: after, got: ask(key, after) }))
  const wrong = all.filter(isElsewhere)
  const facts = { wrong: wrong.length, all: all.length, before, after }
  const draw = () => partitionTable(all)
  if (wrong.length > 0)
    t.check(!all.every(({ key, got }) => got === partitionOf(key, before)), 'remembered', facts, draw)
  t.check(wrong.length === 0, 'differs', facts, draw)
  // The same list, to which partitions were added.
  const list = t.tools.keep(metadata(before))
  const askList = (key: string) =>
    partition({ topic, partitionMetadata: list.value, message: { key, value: 'v' } })
  const others = t.dice.freshWords(20)
  for (const key of others) askList(key)
  list.become(metadata(after))
  const grown = others.map((key): Chosen => ({ key, count: after, got: askList(key) }))
  const stale = grown.filter(isElsewhere)
  t.check(stale.length === 0, 'same-list', { wrong: stale.length, all: grown.length, before, after }, () =>
    partitionTable(grown),
  )
  // Without a key: the partitions that are new get their share.
  const spread = subject.createPartitioner()
  const to = [keylessTo(topic, before), keylessTo(topic, after)] as const
  t.tools.each(spread, Array.from({ length: 100 }, (_, i) => to[0](i)) as [Args][])
  const got = t.tools.each(spread, Array.from({ length: share * after }, (_, i) => to[1](i)) as [Args][])
  const each = shares(got, after)
  // Whether records are spread at all is for other tests.
  const isSpread = new Set(got).size > 1
  t.check(!isSpread || each.slice(before).some((n) => n > 0), 'never-new', {
    all: share * after,
    before,
    after,
  })
}

/** 1,000 topics of different sizes, asked again later; odd names among them. */
export function checkTopics(t: TrialOf<'topics'>, subject: Partitioning): void {
  const partition = subject.createPartitioner()
  const odd = [
    'constructor',
    '__proto__',
    'prototype',
    'hasOwnProperty',
    'toString',
    'length',
    '0',
    'a.b_c-D',
    'x',
    't'.repeat(249),
    '__consumer_offsets',
  ]
  const names = [
    ...odd,
    ...Array.from({ length: 1_000 - odd.length }, (_, i) => `${t.dice.freshWord()}-${i}`),
  ]
  const metadataOf = Array.from({ length: 24 }, (_, count) => metadata(count))
  const topics = names.map((topic) => ({ topic, partitions: t.dice.int(1, 23) }))
  const argsOf = ({ topic, partitions }: (typeof topics)[number], key: string | null): [Args] => [
    { topic, partitionMetadata: metadataOf[partitions] ?? [], message: { key, value: 'v' } },
  ]
  for (const round of [1, 2]) {
    const keys = topics.map(() => (round === 1 ? t.dice.freshWord() : 'the-same'))
    const got = t.tools.each(
      partition,
      topics.map((topic, i) => argsOf(topic, keys[i] as string)),
    )
    for (const [i, { topic, partitions }] of topics.entries()) {
      const expected = partitionOf(keys[i] as string, partitions)
      t.check(got[i] === expected, 'differs', { topic, partitions, got: show(got[i]), expected, n: i + 1 })
    }
    const free = t.tools.each(
      partition,
      topics.map((topic) => argsOf(topic, null)),
    )
    const outside = topics.flatMap(({ topic, partitions }, i) =>
      isInside(free[i] as number, partitions) ? [] : [{ topic, partitions, got: show(free[i]) }],
    )
    t.check(outside.length === 0 || !outside.every(({ topic }) => topic in {}), 'name', outside[0])
    t.check(outside.length === 0, 'outside', outside[0])
  }
  checkForgotten(t, subject, names)
}

/** So many records without a key go to each of 1,000 topics, in turn; and so many partitions has each. */
const turns = 60
const someFew = 4
const partitionsOfEach = 2
/** So many topics that got stuck are looked at again, with as many records as the page says. */
const suspectsMax = 100

/**
 * Counters for 1,000 topics. Thrown away when they are many, each topic begins anew again and again; kept in a table of
 * fixed size, two topics share one, and each gets every second number.
 */
function checkForgotten(t: TrialOf<'topics'>, subject: Partitioning, names: readonly string[]): void {
  /** Where the records go, topic by topic, when these topics take turns. */
  const inTurn = (topics: readonly string[], times: number) => {
    const to = topics.map((topic) => keylessTo(topic, partitionsOfEach)(1))
    const calls = Array.from({ length: times * topics.length }, (_, i) => to[i % topics.length])
    const got = inPortions(t, subject.createPartitioner(), calls as [Args][])
    const each = topics.map(() => Array.from({ length: partitionsOfEach }, () => 0))
    for (const [i, partition] of got.entries()) {
      const own = each[i % topics.length]
      if (own?.[partition] !== undefined) own[partition]++
    }
    return each
  }
  const stuck = (topics: readonly string[], times: number) => {
    const each = inTurn(topics, times)
    return topics.filter((_, at) => each[at]?.some((n) => n === 0))
  }
  const suspects = stuck(names, turns)
  t.check(true, 'forgotten')
  // Records may go in runs, or at random: whether a topic is unlucky or stuck, more records tell.
  if (suspects.length === 0) return
  const all = share * partitionsOfEach
  const unfair = (topics: readonly string[]) => {
    const each = inTurn(topics, all)
    return topics.flatMap((topic, at) =>
      each[at]?.some((n) => n < floor) ? [{ topic, each: each[at] ?? [] }] : [],
    )
  }
  // What does not spread its records with a few topics is for other tests.
  if (unfair(names.slice(-someFew)).length > 0) return
  // Long runs of a right partitioner are long with few topics, too.
  if (suspects.length >= names.length / 2 && stuck(names.slice(-someFew), turns).length === 0) {
    const sizes = [900, 700, 500, 300, 150].filter((size) => stuck(names.slice(-size), turns).length === 0)
    const facts = { forgotten: suspects.length, topics: names.length, few: sizes[0] ?? someFew, each: turns }
    t.check(false, 'forgotten', facts)
  }
  const [first] = unfair(suspects.slice(0, suspectsMax))
  t.check(
    first === undefined,
    'shared',
    { topic: first?.topic ?? '', topics: names.length, all, floor, few: someFew },
    () => sharesTable(first?.each ?? []),
  )
}
