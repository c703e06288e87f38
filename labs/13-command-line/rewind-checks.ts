/** The checks of `rewind`: the lines are run, and what the group has committed is read. */
import type { Dice } from '../engine/dice.ts'
import { columns, compareTable } from '../engine/picture.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { Checks } from './subject.ts'
import { eventually } from './terminal.ts'
import { succeed } from './together.ts'

type RewindId = 'rewind-time' | 'rewind-end' | 'rewind-only'

const hourMs = 3_600_000
/** Old records are not deleted meanwhile. */
const keepsAll = { 'retention.ms': '-1' }

/** A moment some days ago, late enough in its second for records of the same second to be older. */
const momentOf = (dice: Dice) =>
  Math.floor((Date.now() - dice.int(30, 150) * hourMs) / 1_000) * 1_000 + dice.int(400, 900)

/** A topic with records of these times, by partition. */
async function timedTopic(
  dice: Dice,
  bench: KafkaBench,
  times: readonly (readonly number[])[],
): Promise<string> {
  const topic = await bench.topic(dice.freshWord(), times.length, keepsAll)
  await bench.fill(
    topic,
    times.flatMap((own, partition) =>
      own.map((timestamp) => ({ partition, key: dice.freshWord(), value: dice.freshWord(), timestamp })),
    ),
  )
  return topic
}

/** Offsets by partition. */
type Offsets = Readonly<Record<number, number>>

async function committedIn(bench: KafkaBench, group: string, topic: string): Promise<Offsets> {
  const committed = await bench.committed(group, topic)
  return Object.fromEntries(
    committed.flatMap(({ partition, offset }) => (offset === undefined ? [] : [[partition, offset]])),
  )
}

const sameOffsets = (a: Offsets, b: Offsets) => JSON.stringify(a) === JSON.stringify(b)

/** One row for each partition: what was committed, what should be, what is. */
function pictureOf(before: Offsets, wanted: Offsets, got: Offsets) {
  return compareTable(
    Object.keys(wanted).map((partition) => ({
      left: [partition, String(before[Number(partition)])],
      expected: String(wanted[Number(partition)]),
      got: String(got[Number(partition)]),
    })),
    [columns.partition, { en: 'before', ru: 'было' }],
  )
}

/** The offset of the first record that is not older, or the end. */
function placeOf(times: readonly number[], time: number): number {
  const at = times.findIndex((timestamp) => timestamp >= time)
  return at < 0 ? times.length : at
}

const minutesMax = 14 * 60
/**
 * By how many minutes another moment, off by half hours as zones are, explains what is committed in all partitions; undefined:
 * none does, or it is the same as in the beginning or the end.
 */
function zoneShift(times: readonly (readonly number[])[], time: number, got: Offsets): number | undefined {
  const hasPlace = (placeIn: (own: readonly number[]) => number) =>
    times.every((own, partition) => got[partition] === placeIn(own))
  if (hasPlace(() => 0) || hasPlace((own) => own.length)) return undefined
  const shifts = Array.from({ length: (2 * minutesMax) / 30 + 1 }, (_, i) => i * 30 - minutesMax)
  return shifts.find((minutes) => minutes !== 0 && hasPlace((own) => placeOf(own, time + minutes * 60_000)))
}

const later = { en: 'later', ru: 'позже' }
const earlier = { en: 'earlier', ru: 'раньше' }

/** Times around a moment, some of them in its second; one that is too old comes late. */
function around(dice: Dice, time: number): number[] {
  const older = [dice.int(5, 9) * hourMs, dice.int(2_000, 90_000), dice.int(200, 390), 1]
  const newer = [dice.int(1, 90), dice.int(200, 5_000), -dice.int(1_000, 9_000), 2 * hourMs]
  const isExact = dice.pick([true, false])
  return [
    ...older.slice(dice.int(0, 2)).map((ms) => time - ms),
    ...(isExact ? [time] : []),
    ...newer.map((ms) => time + ms),
    time + dice.int(4, 9) * hourMs,
  ]
}

export const rewindChecks: Checks<RewindId> = {
  'rewind-time': async (t, subject, bench) => {
    const { dice } = t
    const time = momentOf(dice)
    const times = Array.from({ length: 4 }, () => around(dice, time))
    const topic = await timedTopic(dice, bench, times)
    const group = bench.topicName(dice.freshWord())
    const before: Offsets = Object.fromEntries(times.map((own, partition) => [partition, own.length]))
    await bench.setCommitted(group, topic, before)
    const partitions = dice.shuffle([0, 1, 2, 3])
    await succeed(t, bench, subject.rewind({ group, topic, partitions, time }), [group, topic])
    const wanted: Offsets = Object.fromEntries(times.map((own, partition) => [partition, placeOf(own, time)]))
    const got = await eventually(
      bench,
      () => committedIn(bench, group, topic),
      (now) => sameOffsets(now, wanted),
    )
    const picture = () => pictureOf(before, wanted, got)
    const wrong = partitions.find((partition) => got[partition] !== wanted[partition])
    t.check(!sameOffsets(got, before), 'untouched', { group }, picture)
    const shift = wrong === undefined ? undefined : zoneShift(times, time, got)
    const zoneFacts = { time: new Date(time).toISOString(), direction: (shift ?? 0) > 0 ? later : earlier }
    t.check(shift === undefined, 'zone', zoneFacts, picture)
    const [is, due] = [got[wrong ?? 0] ?? -1, wanted[wrong ?? 0] ?? -1]
    const facts = { partition: wrong ?? 0, got: is, wanted: due, time: new Date(time).toISOString() }
    t.check(wrong === undefined || is > due, 'early', facts, picture)
    t.check(wrong === undefined, 'late', facts, picture)
  },

  'rewind-end': async (t, subject, bench) => {
    const { dice } = t
    const last = momentOf(dice)
    const times = Array.from({ length: 3 }, () => [
      last - dice.int(2_000, hourMs),
      last - dice.int(2, 900),
      last,
    ])
    const time = last + dice.int(5_000, hourMs)
    const topic = await timedTopic(dice, bench, times)
    const group = bench.topicName(dice.freshWord())
    const before: Offsets = { 0: dice.int(0, 1), 1: 0, 2: 2 }
    await bench.setCommitted(group, topic, before)
    const partitions = dice.shuffle([0, 1, 2])
    await succeed(t, bench, subject.rewind({ group, topic, partitions, time }), [group, topic])
    const wanted: Offsets = { 0: 3, 1: 3, 2: 3 }
    const got = await eventually(
      bench,
      () => committedIn(bench, group, topic),
      (now) => sameOffsets(now, wanted),
    )
    const picture = () => pictureOf(before, wanted, got)
    t.check(!sameOffsets(got, before), 'untouched', { group }, picture)
    const wrong = partitions.find((partition) => got[partition] !== wanted[partition])
    t.check(wrong === undefined, 'differs', { partition: wrong ?? 0, got: got[wrong ?? 0] ?? -1 }, picture)
  },

  'rewind-only': async (t, subject, bench) => {
    const { dice } = t
    const time = momentOf(dice)
    const times = Array.from({ length: 5 }, () => around(dice, time))
    const [topic, other] = [await timedTopic(dice, bench, times), await timedTopic(dice, bench, times)]
    const group = bench.topicName(dice.freshWord())
    const before: Offsets = Object.fromEntries(times.map((own, partition) => [partition, own.length]))
    await bench.setCommitted(group, topic, before)
    await bench.setCommitted(group, other, before)
    const partitions = dice.shuffle([0, 2, 3])
    await succeed(t, bench, subject.rewind({ group, topic, partitions, time }), [group, topic])
    const [got, gotOther] = [await committedIn(bench, group, topic), await committedIn(bench, group, other)]
    const otherPicture = () => pictureOf(before, before, gotOther)
    t.check(sameOffsets(gotOther, before), 'otherTopic', { topic: other }, otherPicture)
    const due: Offsets = {
      ...before,
      ...Object.fromEntries(partitions.map((each) => [each, got[each] ?? -1])),
    }
    const moved = [1, 4].filter((partition) => got[partition] !== before[partition])
    const list = moved.join(', ')
    const facts = { list, asked: partitions.join(', ') }
    t.check(moved.length === 0, 'otherPartition', facts, () => pictureOf(before, due, got))
  },
}
