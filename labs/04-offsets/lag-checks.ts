/** The checks of `lag`. */
import { columns, compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { member } from './member.ts'
import { asSaid, type Checks, committedIn } from './subject.ts'

type LagId = 'lag-list' | 'lag-none' | 'lag-running' | 'lag-again'

/** What `lag` gives for one partition, as far as anybody knows. */
export type View =
  | { partition?: unknown; committed?: unknown; end?: unknown; lag?: unknown }
  | null
  | undefined

export const viewsOf = (list: readonly unknown[]) => list as readonly View[]

/** `4 / 9 / 5`, as right or as said. */
const inWords = (committed: unknown, end: unknown, lag: unknown) =>
  `${asSaid(committed)} / ${asSaid(end)} / ${asSaid(lag)}`

/** A row for each partition: what is so, and what was said. */
async function rowsOf(kafka: KafkaBench, group: string, topic: string, views: readonly View[]) {
  const committed = await committedIn(kafka, group, topic)
  return (await kafka.offsets(topic)).map(({ partition, start, end }) => {
    const view = views.find((one) => one?.partition === partition)
    const at = committed[partition] === '-' ? null : Number(committed[partition])
    return {
      left: [String(partition)],
      expected: inWords(at, end, at === null ? null : end - at),
      got: view === undefined || view === null ? '—' : inWords(view.committed, view.end, view.lag),
      ...{ view, start, end, committed: at },
    }
  })
}

type Row = Awaited<ReturnType<typeof rowsOf>>[number]

const tableOf = (rows: readonly Row[]) => () => compareTable(rows, [columns.partition], 8)

const isRight = (row: Row) => row.expected === row.got

/** The numbers of partitions, as they were given. */
const listed = (list: readonly unknown[]) => list.map(show).join(' ')

export const lagChecks: Checks<LagId> = {
  'lag-list': async (t, subject, kafka) => {
    const count = t.dice.freshInt(11, 13)
    const topic = await kafka.topic(t.dice.freshWord(), count)
    const group = kafka.topicName(t.dice.freshWord())
    // Every partition has a length and a bookmark of its own, so that none can stand for another.
    const lengths = t.dice.shuffle(Array.from({ length: count }, (_, i) => 3 + 2 * i))
    const bookmarks = lengths.map((length) => t.dice.int(2, length - 1))
    await kafka.fill(
      topic,
      lengths.flatMap((length, partition) => Array.from({ length }, () => ({ partition, value: 'x' }))),
    )
    await kafka.setCommitted(group, topic, { ...bookmarks })
    // The group reads another topic too, whose name comes first.
    const other = await kafka.topic(`0-${t.dice.freshWord()}`, 2)
    await kafka.setCommitted(group, other, { 0: 1, 1: 1 })
    // The longest has lost records beyond the bookmark.
    const trimmed = lengths.indexOf(Math.max(...lengths))
    const gone = (bookmarks[trimmed] ?? 0) + t.dice.int(1, 2)
    await kafka.trim(topic, trimmed, Math.min(gone, lengths[trimmed] ?? 0))
    const views = viewsOf(await subject.lag(learnerClient(t, kafka).kafka, group, topic))
    const partitions = views.map((view) => view?.partition)
    const wanted = Array.from({ length: count }, (_, partition) => partition)
    const facts = { got: listed(partitions), wanted: `0–${count - 1}` }
    const isSet = partitions.length === count && wanted.every((one) => partitions.includes(one))
    t.check(isSet, 'set', facts)
    t.check(
      partitions.every((one, i) => one === i),
      'order',
      facts,
    )
    const rows = await rowsOf(kafka, group, topic, views)
    const wrong = rows.filter((row) => !isRight(row))
    const picture = tableOf(rows)
    const said = ({ view }: Row, what: 'committed' | 'end' | 'lag') => asSaid(view?.[what])
    const isLeft = wrong.length === 1 && wrong[0]?.left[0] === String(trimmed)
    t.check(!isLeft, 'trimmed', {}, picture)
    const isLast =
      wrong.length > 0 &&
      wrong.every((row) => Number(said(row, 'lag')) === row.end - 1 - Number(row.committed))
    t.check(!isLast, 'lastRecord', {}, picture)
    const areMixed =
      wrong.length > 0 &&
      rows
        .map((row) => said(row, 'committed'))
        .sort()
        .join() === bookmarks.map(String).sort().join()
    t.check(!areMixed, 'mixed', {}, picture)
    t.check(wrong.length === 0, 'differs', {}, picture)
  },

  'lag-none': async (t, subject, kafka) => {
    const topic = await kafka.topic(t.dice.freshWord(), 3)
    const group = kafka.topicName(t.dice.freshWord())
    const [zero, none, empty] = t.dice.shuffle([0, 1, 2])
    await kafka.fill(
      topic,
      [zero, none].flatMap((partition, i) =>
        Array.from({ length: 4 + i }, () => ({ partition: partition ?? 0, value: 'x' })),
      ),
    )
    await kafka.setCommitted(group, topic, { [zero ?? 0]: 0 })
    const before = await committedIn(kafka, group, topic)
    const client = learnerClient(t, kafka).kafka
    const views = viewsOf(await subject.lag(client, group, topic))
    const rows = await rowsOf(kafka, group, topic, views)
    const picture = tableOf(rows)
    const after = await committedIn(kafka, group, topic)
    t.check(after.join() === before.join(), 'moved', { before: before.join(' '), after: after.join(' ') })
    const of = (partition: number | undefined) => rows.find(({ left }) => left[0] === String(partition))
    const said = (row: Row | undefined) => asSaid(row?.view?.lag)
    const [atZero, atNone, atEmpty] = [of(zero), of(none), of(empty)]
    const isNull = (row: Row | undefined) => row?.view?.lag === null && row.view.committed === null
    t.check(
      isNull(atNone) && isNull(atEmpty),
      'none',
      { got: said(isNull(atNone) ? atEmpty : atNone) },
      picture,
    )
    t.check(!isNull(atZero), 'zero', {}, picture)
    t.check(rows.every(isRight), 'differs', {}, picture)
    // A group that nobody has ever seen has committed nothing anywhere.
    const { got, error } = await t.attemptLater(() =>
      subject.lag(client, kafka.topicName(t.dice.freshWord()), topic),
    )
    t.check(error === undefined, 'unknown', { message: error?.message ?? '' })
    const unknown = viewsOf(got ?? [])
    const odd = unknown.find((view) => view?.lag !== null || view.committed !== null)
    t.check(unknown.length === 3 && odd === undefined, 'unknownNone', { got: show(odd ?? unknown) })
  },

  'lag-running': async (t, subject, kafka) => {
    const topic = await kafka.topic(t.dice.freshWord(), 2)
    const group = kafka.topicName(t.dice.freshWord())
    await kafka.fill(
      topic,
      Array.from({ length: 13 }, (_, i) => ({ partition: i < 6 ? 0 : 1, value: 'x' })),
    )
    await kafka.setCommitted(group, topic, { 0: 2, 1: 4 })
    const before = await committedIn(kafka, group, topic)
    const one = await member(kafka, group, topic)
    try {
      await one.hasRead(4 + 3)
      const client = learnerClient(t, kafka)
      const views = viewsOf(await subject.lag(client.kafka, group, topic))
      const rows = await rowsOf(kafka, group, topic, views)
      const picture = tableOf(rows)
      const joined = client.asked('JoinGroup').filter((exchange) => exchange.group === group).length
      t.check(joined === 0, 'joined')
      const after = await committedIn(kafka, group, topic)
      t.check(after.join() === before.join(), 'moved', { before: before.join(' '), after: after.join(' ') })
      const isRead = rows.every((row) => asSaid(row.view?.lag) === '0')
      t.check(!isRead, 'position', {}, picture)
      t.check(rows.every(isRight), 'differs', {}, picture)
    } finally {
      await one.leave()
    }
  },

  'lag-again': async (t, subject, kafka) => {
    const topic = await kafka.topic(t.dice.freshWord(), 3)
    const group = kafka.topicName(t.dice.freshWord())
    const add = (times: number) =>
      kafka.fill(
        topic,
        Array.from({ length: 3 * times }, (_, i) => ({ partition: i % 3, value: 'x' })),
      )
    await add(4)
    await kafka.setCommitted(group, topic, { 0: 1, 1: 3, 2: 2 })
    const client = learnerClient(t, kafka).kafka
    const first = viewsOf(await subject.lag(client, group, topic))
    const rowsBefore = await rowsOf(kafka, group, topic, first)
    t.check(rowsBefore.every(isRight), 'differs', {}, tableOf(rowsBefore))
    await add(3)
    await kafka.setCommitted(group, topic, { 0: 5, 1: 4, 2: 6 })
    const second = viewsOf(await subject.lag(client, group, topic))
    const rows = await rowsOf(kafka, group, topic, second)
    const isStale = rows.every((row, i) => row.got === rowsBefore[i]?.got)
    t.check(!isStale, 'stale', {}, tableOf(rows))
    t.check(rows.every(isRight), 'differs', {}, tableOf(rows))
    await Promise.all([overtaken(t, subject, kafka), meanwhile(t, subject, kafka)])
  },
}

type Lag = Parameters<(typeof lagChecks)['lag-again']>[1]

/**
 * While the answers are on their way to the learner's client, a record is sent and processed each time: what was asked
 * first is older than what was asked last.
 */
async function overtaken(t: Trial<'negative' | 'unequal'>, subject: Lag, kafka: KafkaBench): Promise<void> {
  const topic = await kafka.topic(t.dice.freshWord(), 1)
  const group = kafka.topicName(t.dice.freshWord())
  await kafka.fill(topic, [{ partition: 0, value: 'x' }])
  await kafka.setCommitted(group, topic, { 0: 1 })
  let end = 1
  const beforeAnswer = async ({ api }: { api: string }) => {
    if (api !== 'ListOffsets' && api !== 'OffsetFetch') return
    await kafka.fill(topic, [{ partition: 0, value: 'x' }])
    // A client that has joined the group keeps others from committing for it: then nothing more is to be seen.
    await kafka.setCommitted(group, topic, { 0: ++end }).catch(() => {})
  }
  const [view] = viewsOf(await subject.lag(learnerClient(t, kafka, { beforeAnswer }).kafka, group, topic))
  const facts = { got: asSaid(view?.lag), committed: asSaid(view?.committed), end: asSaid(view?.end) }
  t.check(Number(facts.got) >= 0, 'negative', facts)
  t.check(Number(facts.end) - Number(facts.committed) === Number(facts.got), 'unequal', facts)
}

/** So long a call may take that does not wait for another one, ms. */
const aloneMsMax = 1_000

/** While one call waits for its answer, things change; a call that is made then has to say so. */
async function meanwhile(t: Trial<'shared' | 'differs'>, subject: Lag, kafka: KafkaBench): Promise<void> {
  const topic = await kafka.topic(t.dice.freshWord(), 1)
  const group = kafka.topicName(t.dice.freshWord())
  const add = (count: number) =>
    kafka.fill(
      topic,
      Array.from({ length: count }, () => ({ partition: 0, value: 'x' })),
    )
  await add(4)
  await kafka.setCommitted(group, topic, { 0: 1 })
  const [slow, quick] = [learnerClient(t, kafka), learnerClient(t, kafka)]
  const answer = slow.at(['OffsetFetch', 'ListOffsets'], {}, 'hold-answer')
  const first = t.attemptLater(() => subject.lag(slow.kafka, group, topic))
  await t.until(() => answer.isReached, { during: first })
  await add(3)
  // A client that has joined the group keeps others from committing for it: another check says so.
  const isSet = await kafka.setCommitted(group, topic, { 0: 3 }).then(
    () => true,
    () => false,
  )
  const second = subject.lag(quick.kafka, group, topic)
  await t.until(() => false, { during: second, ms: aloneMsMax })
  answer.release()
  const views = viewsOf(await second)
  await first
  const [row] = await rowsOf(kafka, group, topic, views)
  if (row === undefined || !isSet) return
  const isOld = asSaid(row.view?.committed) === '1' || asSaid(row.view?.end) === '4'
  t.check(!isOld, 'shared', { got: row.got, wanted: row.expected })
  t.check(isRight(row), 'differs', {}, tableOf([row]))
}
