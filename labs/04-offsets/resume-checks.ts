/** The checks of `resume`. */
import { columns, compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import {
  checkHanded,
  Handled,
  type Known,
  placeOf,
  placeOfKnown,
  recordsFor,
  topicOf,
  write,
} from './records.ts'
import { begin, dueOf, freshIn, groupAt, resumed } from './rooms.ts'
import { type Checks, committedIn, isInTime, limit } from './subject.ts'

type ResumeId =
  | 'resume-rest'
  | 'resume-commit'
  | 'resume-waits'
  | 'resume-trimmed'
  | 'resume-nothing'
  | 'resume-large'

/** Fails when a partition's committed offset is not what it should be after `resume`. */
function checkCommitted(
  t: Trial<'last' | 'none' | 'some' | 'moved' | 'differs'>,
  before: readonly string[],
  after: readonly string[],
  wanted: readonly string[],
): void {
  const rows = wanted.map((expected, partition) => ({
    left: [String(partition), before[partition] ?? '-'],
    expected,
    got: after[partition] ?? '-',
  }))
  const picture = () => compareTable(rows, [columns.partition, { en: 'before', ru: 'было' }])
  const isWrong = (row: (typeof rows)[number]) => row.got !== row.expected
  const processed = rows.filter((row) => row.expected !== row.left[1])
  const wrong = processed.filter(isWrong)
  const facts = { wrong: wrong.length, wanted: processed.length }
  const isLast = wrong.length > 0 && wrong.every((row) => Number(row.got) === Number(row.expected) - 1)
  t.check(!isLast, 'last', facts, picture)
  const unchanged = wrong.filter((row) => row.got === row.left[1])
  const isNone = processed.length > 0 && unchanged.length === processed.length
  t.check(!isNone, 'none', facts, picture)
  const isSome = wrong.length > 0 && unchanged.length === wrong.length
  t.check(!isSome, 'some', facts, picture)
  t.check(wrong.length === 0, 'differs', facts, picture)
  const moved = rows.filter((row) => isWrong(row) && !processed.includes(row)).length
  t.check(moved === 0, 'moved', { moved }, picture)
}

export const resumeChecks: Checks<ResumeId> = {
  'resume-rest': async (t, subject, kafka) => {
    // One partition has nothing to do, one no records; of one, the offsets have one digit and then two.
    const begun = t.dice.shuffle([
      { length: 9, committed: 4 },
      { length: 6 },
      { length: 0 },
      { length: 7, committed: 7 },
      { length: 12, committed: 9 },
    ])
    const room = await begin(t, kafka, begun)
    // A second group on the same topic has stopped elsewhere, and goes on at the same time.
    const others = begun.map(({ length }, i) =>
      i === 0 || length < 4 ? { length } : { length, committed: 3 },
    )
    const other = {
      ...room,
      group: await groupAt(t, kafka, room.topic, others),
      due: dueOf(room.all, others),
      fresh: freshIn(others),
    }
    const client = learnerClient(t, kafka).kafka
    const handled = [new Handled(), new Handled()] as const
    const calls = [room, other].map((one, i) =>
      subject.resume(client, one.group, one.topic, (handled[i] as Handled).handle),
    )
    const isDone = await Promise.all(calls.map((call) => isInTime(call)))
    const facts = { ...limit, got: handled[0].records.length, wanted: room.due.length }
    const fromStart = freshIn(begun).flatMap((one) => room.due.filter(({ partition }) => partition === one))
    const came = new Set(handled[0].places)
    const isDeaf = fromStart.every((one) => !came.has(placeOfKnown(one)))
    t.check(isDone.every(Boolean) || !isDeaf, 'silentFresh', facts)
    t.check(isDone.every(Boolean), 'silent', facts)
    const isShared = handled.some(({ records }) => records.length === 0)
    t.check(!isShared || handled.every(({ records }) => records.length === 0), 'shared', facts)
    checkHanded(t, handled[0].records, room.due, room.all, room.fresh)
    checkHanded(t, handled[1].records, other.due, room.all, other.fresh)
    for (const [i, call] of calls.entries()) {
      const [got, wanted] = [await call, handled[i as 0 | 1].records.length]
      t.check(got === wanted, 'count', { got, wanted })
    }
  },

  'resume-commit': async (t, subject, kafka) => {
    const begun = t.dice.shuffle([
      { length: 8, committed: 3 },
      { length: 5 },
      { length: 0 },
      { length: 6, committed: 6 },
      { length: 4, committed: 1 },
    ])
    const room = await begin(t, kafka, begun)
    const client = learnerClient(t, kafka).kafka
    const before = await committedIn(kafka, room.group, room.topic)
    const { handled } = await resumed(t, subject, client, room)
    const wanted = begun.map(({ length, committed }) =>
      committed === undefined && length === 0 ? '-' : String(length),
    )
    checkCommitted(t, before, await committedIn(kafka, room.group, room.topic), wanted)
    checkHanded(t, handled.records, room.due, room.all, room.fresh)
    // And again: only what has come since, in one partition.
    const one = t.dice.int(0, begun.length - 1)
    const added = recordsFor(
      t.dice,
      begun.map((_, partition) => (partition === one ? 2 : 0)),
      begun.map(({ length }) => length),
    )
    await write(kafka, room.topic, added)
    const between = await committedIn(kafka, room.group, room.topic)
    const next = await resumed(t, subject, client, { ...room, due: added })
    checkHanded(t, next.handled.records, added, [...room.all, ...added])
    const last = wanted.map((offset, partition) =>
      partition === one ? String((begun[one]?.length ?? 0) + 2) : offset,
    )
    checkCommitted(t, between, await committedIn(kafka, room.group, room.topic), last)
  },

  'resume-waits': async (t, subject, kafka) => {
    const begun = t.dice.shuffle([{ length: 6, committed: 2 }, { length: 5 }, { length: 3 }])
    const room = await begin(t, kafka, begun)
    const atWork = new Map<unknown, string>()
    let overlap: { first: string; second: string } | undefined
    let early: { place: string; committed: number } | undefined
    const handled = new Handled(async (record) => {
      const { partition, offset } = (record ?? {}) as { partition?: unknown; offset?: unknown }
      const place = placeOf(record)
      const other = atWork.get(partition)
      if (other !== undefined) overlap ??= { first: other, second: place }
      atWork.set(partition, place)
      const committed = await kafka.committed(room.group, room.topic)
      const known = committed.find((one) => one.partition === partition)?.offset
      if (known !== undefined && known > Number(offset)) early ??= { place, committed: known }
      if (atWork.get(partition) === place) atWork.delete(partition)
    })
    const { handled: all } = await resumed(t, subject, learnerClient(t, kafka).kafka, room, handled)
    t.check(overlap === undefined, 'together', { first: overlap?.first ?? '', second: overlap?.second ?? '' })
    t.check(early === undefined, 'early', { place: early?.place ?? '', committed: early?.committed ?? 0 })
    checkHanded(t, all.records, room.due, room.all, room.fresh)
    for (const [partition] of begun.entries()) {
      const offsets = all.records
        .map((one) => (one ?? {}) as { partition?: unknown; offset?: unknown })
        .filter((one) => one.partition === partition)
        .map(({ offset }) => Number(offset))
      const isRising = offsets.every((offset, i) => i === 0 || offset > (offsets[i - 1] ?? 0))
      t.check(isRising, 'order', { partition, got: offsets.join(' ') })
    }
  },

  'resume-trimmed': async (t, subject, kafka) => {
    // Deleted: up to beyond the committed offset, up to somewhere without one, all that was left to do; and up to a start offset
    // of fewer digits than the committed one has.
    const begun = [
      { length: 9, committed: 2 },
      { length: 6 },
      { length: 5, committed: 1 },
      { length: 13, committed: 10 },
    ]
    const room = await begin(t, kafka, begun)
    const starts = [t.dice.int(4, 7), t.dice.int(2, 4), 5, 9]
    for (const [partition, start] of starts.entries()) await kafka.trim(room.topic, partition, start)
    const due = room.due.filter(({ partition, offset }) => offset >= (starts[partition] ?? 0))
    const client = learnerClient(t, kafka).kafka
    const call = new Handled()
    const running = subject.resume(client, room.group, room.topic, call.handle)
    const isDone = await isInTime(running)
    const places = new Set(call.places)
    const isAll = due.every((one) => places.has(placeOfKnown(one)))
    const facts = { ...limit, got: call.records.length, wanted: due.length }
    t.check(isDone || !isAll, 'waitsForDeleted', facts)
    t.check(isDone, 'silent', facts)
    const left = room.all.filter(({ partition, offset }) => offset >= (starts[partition] ?? 0))
    checkHanded(t, call.records, due, left)
    const count = await running
    t.check(count === due.length, 'count', { got: count, wanted: due.length })
    const committed = await committedIn(kafka, room.group, room.topic)
    const rows = [0, 1, 3].map((partition) => ({
      left: [String(partition)],
      expected: String(begun[partition]?.length),
      got: committed[partition] ?? '-',
    }))
    const holds = rows.every(({ expected, got }) => expected === got)
    t.check(holds, 'committed', {}, () => compareTable(rows, [columns.partition]))
  },

  'resume-nothing': async (t, subject, kafka) => {
    const client = learnerClient(t, kafka).kafka
    const done = await begin(t, kafka, [
      { length: 4, committed: 4 },
      { length: 0 },
      { length: 6, committed: 6 },
    ])
    const empty = await begin(t, kafka, [{ length: 0 }, { length: 0 }])
    const deleted = await begin(t, kafka, [{ length: 5, committed: 2 }, { length: 3 }])
    await kafka.trim(deleted.topic, 0, 5)
    await kafka.trim(deleted.topic, 1, 3)
    const rooms = [
      ['done', done],
      ['empty', empty],
      ['deleted', deleted],
    ] as const
    const ended = await Promise.all(
      rooms.map(async ([says, room]) => {
        const handled = new Handled()
        const call = subject.resume(client, room.group, room.topic, handled.handle)
        return { says, handled, call, isDone: await isInTime(call) }
      }),
    )
    for (const { says, isDone } of ended) t.check(isDone, says, limit)
    for (const { call, handled } of ended) {
      const [first] = handled.records
      t.check(first === undefined, 'handed', { got: show(first), count: handled.records.length })
      const got = await call
      t.check(got === 0, 'count', { got, wanted: 0 })
    }
    const before = ['4', '-', '6']
    checkCommitted(t, before, await committedIn(kafka, done.group, done.topic), before)
  },

  'resume-large': async (t, subject, kafka) => {
    const lengths = [1_540, 230, 230]
    const all = lengths.flatMap((length, partition) =>
      Array.from({ length }, (_, offset): Known => ({ partition, offset, key: null, value: `v${offset}` })),
    )
    const topic = await topicOf(kafka, t.dice, lengths.length, [])
    // Several batches in each partition, so that they come in portions.
    for (const [from, to] of [
      [0, 100],
      [100, 1_300],
      [1_300, 1_540],
    ] as const)
      await write(
        kafka,
        topic,
        all.filter(({ offset }) => offset >= from && offset < to),
      )
    const group = kafka.topicName(t.dice.freshWord())
    const client = learnerClient(t, kafka, { isSlow: true })
    const handled = new Handled()
    const call = subject.resume(client.kafka, group, topic, handled.handle)
    const { error } = await t.attemptLater(async () => {
      const facts = { ...limit, got: handled.records.length, wanted: all.length }
      t.check(await isInTime(call), 'silent', { ...facts, got: handled.records.length })
    })
    const wasLate = client.wasHeldBack()
    const facts = { got: handled.records.length, wanted: all.length }
    t.check(error === undefined || !wasLate, 'gaveUp', { message: error?.message ?? '' })
    if (error !== undefined) throw error
    t.check(!wasLate || facts.got >= facts.wanted, 'early', facts)
    const again = facts.got - new Set(handled.places).size
    const isExpelled = client.exchanges.some(({ errors }) => errors.includes('UNKNOWN_MEMBER_ID'))
    const [join] = client.asked('JoinGroup')
    const session = Number(join?.request?.sessionTimeoutMs ?? 0)
    t.check(again === 0 || !isExpelled, 'expelled', { session, again })
    checkHanded(t, handled.records, all, all)
    const committed = await committedIn(kafka, group, topic)
    const rows = lengths.map((length, partition) => ({
      left: [String(partition)],
      expected: String(length),
      got: committed[partition] ?? '-',
    }))
    const holds = rows.every(({ expected, got }) => expected === got)
    t.check(holds, 'committed', {}, () => compareTable(rows, [columns.partition]))
  },
}
