/** The checks of `resetToTime`. */
import { columns, compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { type Member, member } from './member.ts'
import { asSaid, type Checks, committedIn, type Offsets } from './subject.ts'

type ResetId = 'reset-time' | 'reset-ends' | 'reset-active'

const minute = 60_000

/** Timestamps of the records of each partition, in minutes after a time `from` some hours ago. */
const clocks: readonly (readonly number[])[] = [
  // Rising; two at the same moment.
  [0, 10, 20, 30, 30, 40],
  // Clocks of several senders: 40 stands before 15 and 35.
  [5, 40, 15, 35, 50],
  // Nothing of the time that is asked for: everything earlier.
  [1, 2, 3],
  [],
]

/** A topic with these records, each partition in two batches. */
async function topicAt(t: Trial<string>, kafka: KafkaBench, from: number): Promise<string> {
  const topic = await kafka.topic(t.dice.freshWord(), clocks.length)
  const records = clocks.flatMap((minutes, partition) =>
    minutes.map((after, i) => ({
      partition,
      value: t.dice.freshWord(),
      timestamp: String(from + after * minute),
      isFirstHalf: i < 2,
    })),
  )
  for (const half of [true, false])
    await kafka.fill(
      topic,
      records
        .filter(({ isFirstHalf }) => isFirstHalf === half)
        .map(({ partition, value, timestamp }) => ({ partition, value, timestamp })),
    )
  return topic
}

/** The smallest offset whose record is late enough; the end where none is. */
function wantedAt(minutes: readonly number[], after: number): number {
  const found = minutes.findIndex((one) => one >= after)
  return found === -1 ? minutes.length : found
}

/** The partitions in which no record is late enough. */
const noneAt = (after: number) =>
  clocks.flatMap((minutes, partition) => (minutes.some((one) => one >= after) ? [] : [partition]))

interface Reset {
  readonly group: string
  readonly topic: string
  readonly time: number
  readonly wanted: readonly number[]
  /** The partitions in which no record is late enough. */
  readonly none: readonly number[]
  readonly before: readonly string[]
}

/** Calls resetToTime; gives a row for each partition: what was committed before, what should be, what is. */
async function reset(t: Trial<ResetCase>, subject: Offsets, kafka: KafkaBench, one: Reset) {
  const answer = await subject.resetToTime(learnerClient(t, kafka).kafka, one.group, one.topic, one.time)
  const committed = await committedIn(kafka, one.group, one.topic)
  const rows = one.wanted.map((wanted, partition) => ({
    left: [String(partition), one.before[partition] ?? '-'],
    expected: String(wanted),
    got: committed[partition] ?? '-',
  }))
  const picture = () => compareTable(rows, [columns.partition, { en: 'before', ru: 'было' }])
  const wrong = rows.filter((row) => row.expected !== row.got)
  return { answer, committed, rows, wrong, picture, none: one.none }
}

type ResetCase = 'none' | 'some' | 'differs' | 'minus' | 'start' | 'last' | 'answerSet' | 'answer'

/** What is true of every reset: it is committed in every partition, and the answer says what is committed. */
function checkReset(t: Trial<ResetCase>, done: Awaited<ReturnType<typeof reset>>): void {
  const { answer, committed, rows, wrong, picture, none } = done
  // Wrong only where no record is late enough: what was committed instead of the end?
  const ofNone = wrong.filter((row) => none.includes(Number(row.left[0])))
  const isOnly = (holds: (row: (typeof rows)[number]) => boolean) =>
    ofNone.length > 0 && ofNone.length === wrong.length && ofNone.every(holds)
  t.check(!isOnly((row) => row.got === '-' && row.left[1] !== '-'), 'minus', {}, picture)
  t.check(!isOnly((row) => row.got === '0'), 'start', {}, picture)
  t.check(!isOnly((row) => Number(row.got) === Number(row.expected) - 1), 'last', {}, picture)
  const isUnchanged = (row: (typeof rows)[number]) => row.got === row.left[1]
  const unchanged = wrong.filter(isUnchanged).length
  const facts = { wrong: wrong.length, count: rows.length }
  t.check(unchanged < rows.length, 'none', facts, picture)
  t.check(unchanged === 0 || unchanged < wrong.length, 'some', { ...facts, wrong: unchanged }, picture)
  t.check(wrong.length === 0, 'differs', facts, picture)
  type Place = { partition?: unknown; offset?: unknown } | null | undefined
  const places = answer as readonly Place[]
  const partitions = places.map((place) => place?.partition)
  const isSet = partitions.length === rows.length && rows.every((_, i) => partitions[i] === i)
  t.check(isSet, 'answerSet', {
    got: partitions.map(show).join(' '),
    wanted: rows.map((_, i) => i).join(' '),
  })
  const said = rows.map((row, i) => ({
    left: row.left,
    expected: row.expected,
    got: asSaid(places[i]?.offset),
  }))
  const isSaid = said.every((row) => row.expected === row.got)
  t.check(isSaid, 'answer', { got: said.map(({ got }) => got).join(' '), wanted: committed.join(' ') })
}

export const resetChecks: Checks<ResetId> = {
  'reset-time': async (t, subject, kafka) => {
    const from = Date.now() - t.dice.int(120, 300) * minute
    const topic = await topicAt(t, kafka, from)
    const group = kafka.topicName(t.dice.freshWord())
    // Two partitions have a bookmark, one of them behind and one ahead of where it goes.
    await kafka.setCommitted(group, topic, { 0: 6, 1: 1 })
    for (const after of [30, 12]) {
      const before = await committedIn(kafka, group, topic)
      const time = from + after * minute
      const wanted = clocks.map((minutes) => wantedAt(minutes, after))
      const none = noneAt(after)
      const done = await reset(t, subject, kafka, { group, topic, time, wanted, none, before })
      const { rows, picture } = done
      const is = (rule: (minutes: readonly number[]) => number) =>
        done.wrong.length > 0 &&
        rows.slice(0, 2).every((row, partition) => Number(row.got) === rule(clocks[partition] ?? []))
      const before1 = is((minutes) => Math.max(0, wantedAt(minutes, after) - 1))
      t.check(!before1, 'before', {}, picture)
      t.check(!is((minutes) => wantedAt(minutes, after + 0.001)), 'strictly', {}, picture)
      const byClock = (minutes: readonly number[]) =>
        minutes.indexOf(Math.min(...minutes.filter((one) => one >= after)))
      t.check(!is(byClock), 'byClock', {}, picture)
      checkReset(t, done)
    }
  },

  'reset-ends': async (t, subject, kafka) => {
    const from = Date.now() - t.dice.int(120, 300) * minute
    const topic = await topicAt(t, kafka, from)
    await kafka.trim(topic, 0, 2)
    // The last one has had records, and is empty: it begins where it ends, and not at 0.
    const gone = t.dice.int(3, 5)
    await kafka.fill(
      topic,
      Array.from({ length: gone }, () => ({ partition: 3, value: 'x', timestamp: String(from) })),
    )
    await kafka.trim(topic, 3, gone)
    const starts = [2, 0, 0, gone]
    const ends = clocks.map(({ length }, partition) => (partition === 3 ? gone : length))
    const lastOfAll = from + 50 * minute
    for (const time of [lastOfAll + 1, Date.now() + 90 * minute, 0, 1, 2 ** 40]) {
      const group = kafka.topicName(t.dice.freshWord())
      // One group is new: nobody has committed for it yet.
      if (time !== 1) await kafka.setCommitted(group, topic, { 0: 3, 1: 2, 2: 1 })
      const isAfter = time > lastOfAll
      const [wanted, none] = isAfter ? [ends, clocks.map((_, partition) => partition)] : [starts, [3]]
      const was = await committedIn(kafka, group, topic)
      const done = await reset(t, subject, kafka, { group, topic, time, wanted, none, before: was })
      const { rows, wrong, picture } = done
      const isEnd = wrong.length > 0 && rows.every((row, i) => Number(row.got) === ends[i])
      t.check(isAfter || !isEnd, 'end', { time }, picture)
      // Of one partition the oldest records are deleted: its start is not 0.
      const isStart =
        isAfter && wrong.length > 0 && wrong.every((row) => Number(row.got) === starts[Number(row.left[0])])
      t.check(!isStart, 'start', {}, picture)
      checkReset(t, done)
    }
  },

  'reset-active': async (t, subject, kafka) => {
    const from = Date.now() - t.dice.int(120, 300) * minute
    const topic = await topicAt(t, kafka, from)
    const another = await kafka.topic(t.dice.freshWord(), 1)
    await kafka.fill(another, [{ partition: 0, value: 'x' }])
    const after = 20
    const there = clocks.map((minutes) => wantedAt(minutes, after))
    const elsewhere = [5, 1, 3, 0]
    const scenes = [
      { committed: elsewhere, reads: topic, says: 'resolved' },
      { committed: there, reads: topic, says: 'same' },
      { committed: elsewhere, reads: another, says: 'otherTopic' },
      { committed: elsewhere, reads: another, isJoining: true, says: 'joining' },
    ] as const
    const rooms = await Promise.all(
      scenes.map(async (scene) => {
        const group = kafka.topicName(t.dice.freshWord())
        await kafka.setCommitted(group, topic, { ...scene.committed })
        const { kafka: client } = learnerClient(t, kafka)
        const call = () =>
          t.attemptLater(() => subject.resetToTime(client, group, topic, from + after * minute))
        return { ...scene, group, call }
      }),
    )
    const ended = await Promise.all(rooms.map((room) => whileMember(t, kafka, { topic, ...room })))
    for (const [i, { before, committed, got, error }] of ended.entries()) {
      const facts = { before: before.join(' '), after: committed.join(' '), got: show(got) }
      const isUnchanged = committed.join() === before.join()
      const says = rooms[i]?.says ?? 'resolved'
      t.check(isUnchanged || says !== 'resolved', 'changed', facts)
      t.check(isUnchanged && error !== undefined, says, facts)
    }
  },
}

/** A member that joins is let in after so long at the latest: whoever waits for the group waits no longer, ms. */
const joiningMs = 1_500

interface Active {
  readonly topic: string
  readonly group: string
  /** The topic that the group's member reads. */
  readonly reads: string
  /** There is a second member that waits to be let in, for the first one is busy with a record. */
  readonly isJoining?: boolean
  readonly call: () => Promise<{ readonly got?: unknown; readonly error?: unknown }>
}

/** What comes of a call while the group has a member, and what is committed before and after. */
async function whileMember(t: Trial<string>, kafka: KafkaBench, active: Active) {
  const { topic, group, reads, call } = active
  const gate = t.gate()
  const one = await member(kafka, group, reads, () =>
    active.isJoining === true ? gate.pass() : Promise.resolve(),
  )
  let joining: Promise<Member> | undefined
  try {
    await one.hasRead(1)
    if (active.isJoining === true) {
      joining = member(kafka, group, reads)
      joining.catch(() => {})
      const isWaiting = async () => (await kafka.group(group)).state === 'PreparingRebalance'
      for (let tries = 0; tries < 100 && !(await isWaiting()); tries++)
        await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const before = await committedIn(kafka, group, topic)
    const calling = call()
    await t.until(() => false, { during: calling, ms: joiningMs })
    gate.open()
    const came = await calling
    return { before, committed: await committedIn(kafka, group, topic), ...came }
  } finally {
    gate.open()
    await one.leave()
    await (await joining)?.leave()
  }
}
