/** The checks of `resume`. */
import { columns, compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
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
import { type Checks, committedIn, isInTime, limit, type Offsets } from './subject.ts'

type ResumeId =
  | 'resume-rest'
  | 'resume-commit'
  | 'resume-waits'
  | 'resume-failed'
  | 'resume-new'
  | 'resume-trimmed'
  | 'resume-nothing'
  | 'resume-large'

/** A partition as a check begins: how many records it holds, and what the group has committed there. */
interface Begun {
  readonly length: number
  readonly committed?: number
}

/** A topic with these partitions, a group that has committed so, and the records that it has not processed. */
async function begin(t: Trial<string>, kafka: KafkaBench, begun: readonly Begun[]) {
  const all = recordsFor(
    t.dice,
    begun.map(({ length }) => length),
  )
  const topic = await topicOf(kafka, t.dice, begun.length, all)
  const group = await groupAt(t, kafka, topic, begun)
  return { topic, group, all, due: dueOf(all, begun), fresh: freshIn(begun) }
}

/** A group that has committed in a topic as `begun` says. Gives its id. */
async function groupAt(
  t: Trial<string>,
  kafka: KafkaBench,
  topic: string,
  begun: readonly Begun[],
): Promise<string> {
  const group = kafka.topicName(t.dice.freshWord())
  const bookmarks: Record<number, number> = {}
  for (const [partition, { committed }] of begun.entries())
    if (committed !== undefined) bookmarks[partition] = committed
  if (Object.keys(bookmarks).length > 0) await kafka.setCommitted(group, topic, bookmarks)
  return group
}

const dueOf = (all: readonly Known[], begun: readonly Begun[]) =>
  all.filter(({ partition, offset }) => offset >= (begun[partition]?.committed ?? 0))

/** The partitions that hold records and in which nothing is committed. */
const freshIn = (begun: readonly Begun[]) =>
  begun.flatMap(({ length, committed }, partition) =>
    length > 0 && committed === undefined ? [partition] : [],
  )

/** Runs one call of resume to its end, or to the page's limit. */
async function resumed(
  t: Trial<'silent'>,
  subject: Offsets,
  client: Parameters<Offsets['resume']>[0],
  room: { readonly group: string; readonly topic: string; readonly due: readonly Known[] },
  handled = new Handled(),
): Promise<{ readonly handled: Handled; readonly count: number }> {
  const call = subject.resume(client, room.group, room.topic, handled.handle)
  const facts = { ...limit, got: handled.records.length, wanted: room.due.length }
  const isDone = await isInTime(call)
  t.check(isDone, 'silent', { ...facts, got: handled.records.length })
  return { handled, count: await call }
}

/** The partition of a place, `2` of `2:17`. */
const partitionIn = (place: string) => place.split(':')[0] ?? ''

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

  'resume-failed': async (t, subject, kafka) => {
    const begun = t.dice.shuffle([{ length: 7, committed: 2 }, { length: 5 }, { length: 6, committed: 1 }])
    const room = await begin(t, kafka, begun)
    const message = t.dice.freshWord()
    const client = learnerClient(t, kafka).kafka
    // The second record of the second partition: by then something is done in two of them.
    let bad = ''
    const handled = new Handled(async (record) => {
      const places = handled.places
      const met = [...new Set(places.map(partitionIn))]
      const own = places.filter((place) => partitionIn(place) === met[1])
      if (bad === '' && own.length === 2) bad = placeOf(record)
      if (placeOf(record) === bad) throw new Error(message)
    })
    const call = t.attemptLater(() => subject.resume(client, room.group, room.topic, handled.handle))
    const timesBad = () => handled.places.filter((place) => place === bad).length
    const how = await t.until(() => timesBad() > 1, { during: call, ms: limit.seconds * 1_000 })
    const facts = { ...limit, place: bad, times: timesBad() }
    t.check(timesBad() <= 1, 'retried', facts)
    t.check(how !== 'late', 'silent', { ...limit, got: handled.records.length, wanted: room.due.length })
    const { error } = await call
    t.check(timesBad() === 1, 'unmet', { got: handled.records.length, wanted: room.due.length })
    t.check(error !== undefined, 'resolved', facts)
    // In other partitions handle may have been called once more before anybody could know.
    const after = handled.places.slice(handled.places.indexOf(bad) + 1).map(partitionIn)
    const isTooMany = after.some((one, i) => one === partitionIn(bad) || after.indexOf(one) < i)
    t.check(!isTooMany, 'wentOn', { ...facts, after: after.length })

    // What was processed before the failure is committed, and what was not is not.
    const committed = await committedIn(kafka, room.group, room.topic)
    const rows = begun.map((one, i) => {
      const done = handled.places.filter((place) => place.startsWith(`${i}:`) && place !== bad).length
      const from = one.committed === undefined ? '-' : String(one.committed)
      const expected = done === 0 ? from : String((one.committed ?? 0) + done)
      return { left: [String(i)], expected, got: committed[i] ?? '-' }
    })
    const picture = () => compareTable(rows, [columns.partition])
    const ofBad = rows[Number(partitionIn(bad))]
    const passed = ofBad !== undefined && Number(ofBad.got) > Number(bad.split(':')[1])
    t.check(!passed, 'passed', { place: bad, got: ofBad?.got ?? '' }, picture)
    const isBehind = rows.some((row) => row.expected !== row.got)
    t.check(!isBehind, 'behind', { place: bad }, picture)

    const done = new Set(handled.places.filter((place) => place !== bad))
    const rest = room.due.filter((one) => !done.has(placeOfKnown(one)))
    const next = await resumed(t, subject, client, { ...room, due: rest })
    checkHanded(t, next.handled.records, rest, room.all)
  },

  'resume-new': async (t, subject, kafka) => {
    const begun = [{ length: 4, committed: 1 }, { length: 4 }, { length: 4, committed: 2 }]
    const room = await begin(t, kafka, begun)
    const second = recordsFor(t.dice, [3, 3, 3], [4, 4, 4])
    await write(kafka, room.topic, second)
    const added = recordsFor(t.dice, [2, 2, 2], [7, 7, 7])
    // Records come while the first one is processed. Each fetch brings one batch, so there are more fetches to come.
    const client = learnerClient(t, kafka, { isHeld: () => false }).kafka
    const handled = new Handled(async (_record, nth) => {
      if (nth === 1) await write(kafka, room.topic, added)
    })
    const due = [...room.due, ...second]
    const first = await resumed(t, subject, client, { ...room, due }, handled)
    const early = new Set(first.handled.places)
    const missing = due.filter((one) => !early.has(placeOfKnown(one))).length
    t.check(missing === 0, 'missing', { got: due.length - missing, wanted: due.length })
    const next = await resumed(t, subject, client, { ...room, due: added })
    const places = [...first.handled.places, ...next.handled.places]
    const seen = new Set(places)
    const lost = added.filter((one) => !seen.has(placeOfKnown(one)))
    t.check(lost.length === 0, 'lost', { lost: lost.length, wanted: added.length })
    const twice = places.length - seen.size
    t.check(twice === 0, 'twice', { twice, got: places.length, wanted: due.length + added.length })
    const known = new Set([...due, ...added].map(placeOfKnown))
    const again = places.filter((place) => !known.has(place)).length
    t.check(again === 0, 'again', { again, got: places.length, wanted: known.size })
  },

  'resume-trimmed': async (t, subject, kafka) => {
    // Deleted: up to beyond the committed offset, up to somewhere without one, and all that was left to do.
    const begun = [{ length: 9, committed: 2 }, { length: 6 }, { length: 5, committed: 1 }]
    const room = await begin(t, kafka, begun)
    const starts = [t.dice.int(4, 7), t.dice.int(2, 4), 5]
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
    const rows = [0, 1].map((partition) => ({
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
