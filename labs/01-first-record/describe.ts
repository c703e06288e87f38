/** The checks of `describeTopic`. */
import { columns, compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { partitionsMax } from './create.ts'
import { farAges } from './lists.ts'
import type { Checks, FirstRecord } from './subject.ts'

type DescribeId = 'describe-partitions' | 'describe-leaders' | 'describe-offsets' | 'describe-again'

/** What describeTopic gives for one partition, as far as anybody knows. */
type View = { partition?: unknown; leader?: unknown; startOffset?: unknown; endOffset?: unknown } | undefined

const asViews = (list: readonly unknown[]) => list as readonly View[]

/** `0–9 12 11`: a run of numbers is shown by its first and its last. */
function inRuns(list: readonly unknown[]): string {
  const runs: unknown[][] = []
  for (const one of list) {
    const last = runs.at(-1)
    if (typeof one === 'number' && last?.at(-1) === one - 1) last.push(one)
    else runs.push([one])
  }
  return runs
    .map((run) => (run.length < 3 ? run.map(show).join(' ') : `${show(run[0])}–${show(run.at(-1))}`))
    .join(' ')
}

/** A row for each partition: the broker's start and end, and what was said of them. */
async function offsetRows(kafka: KafkaBench, topic: string, got: readonly unknown[]) {
  return (await kafka.offsets(topic)).map(({ partition, start, end }) => {
    const view = asViews(got).find((one) => one?.partition === partition)
    const said = view === undefined ? '—' : `${view.startOffset}–${view.endOffset}`
    return { left: [String(partition)], start, end, expected: `${start}–${end}`, view, got: said }
  })
}

export const describeChecks: Checks<DescribeId> = {
  'describe-partitions': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      for (const count of [t.dice.freshInt(11, 14), 1, partitionsMax]) {
        const topic = await kafka.topic(t.dice.freshWord(), count)
        const views = asViews(await subject.describeTopic(learnerClient(t, kafka).kafka, topic))
        const listed = views.map((view) => view?.partition)
        const wanted = Array.from({ length: count }, (_, partition) => partition)
        const facts = { got: inRuns(listed), wanted: inRuns(wanted) }
        const isSet = listed.length === count && wanted.every((partition) => listed.includes(partition))
        t.check(isSet, 'set', facts)
        const asText = inRuns(wanted.map(String).sort().map(Number))
        const isSorted = listed.every((partition, i) => partition === i)
        t.check(isSorted || inRuns(listed) !== asText, 'asText', facts)
        t.check(isSorted, 'order', facts)
      }
    }),

  'describe-leaders': (t, subject, rooms) =>
    rooms.use(t, { brokers: 3 }, async (kafka) => {
      const client = learnerClient(t, kafka)
      const topic = await kafka.topic(t.dice.freshWord(), t.dice.freshInt(6, 9))
      const got = asViews(await subject.describeTopic(client.kafka, topic))
      const { topics } = await kafka.admin((admin) => admin.fetchTopicMetadata({ topics: [topic] }))
      const real = (topics[0]?.partitions ?? []).sort((a, b) => a.partitionId - b.partitionId)
      const rows = real.map(({ partitionId, leader }) => {
        const said = got.find((view) => view?.partition === partitionId)?.leader
        return { left: [String(partitionId)], expected: String(leader), got: show(said) }
      })
      const wrong = rows.filter((row) => row.expected !== row.got)
      const picture = () => compareTable(rows, [columns.partition])
      const facts = { wrong: wrong.length }
      const isFirst = wrong.length > 0 && wrong.every((row) => row.got === String(client.absentBroker))
      t.check(!isFirst, 'firstReplica', facts, picture)
      t.check(wrong.length === 0, 'leaders', facts, picture)
    }),

  'describe-offsets': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const client = learnerClient(t, kafka).kafka
      // Partitions of different lengths, one of them empty; of three the oldest records are deleted, of one all.
      const lengths = t.dice.shuffle([0, 13, 4, 7, 9, 5])
      // The oldest records have timestamps of long ago, and of some minutes from now.
      const topic = await kafka.topic(t.dice.freshWord(), lengths.length, { 'retention.ms': '-1' })
      const now = Date.now()
      await kafka.fill(
        topic,
        lengths.flatMap((length, partition) =>
          Array.from({ length }, (_, i) => ({
            ...{ partition, value: 'x' },
            timestamp: String(now - (farAges[i] ?? 0)),
          })),
        ),
      )
      for (const [length, below] of [
        [13, t.dice.int(2, 11)],
        [9, t.dice.int(2, 7)],
        [5, 5],
      ] as const)
        await kafka.trim(topic, lengths.indexOf(length), below)
      const rows = await offsetRows(kafka, topic, await subject.describeTopic(client, topic))
      const picture = () => compareTable(rows, [columns.partition])
      const isEvery = (holds: (row: (typeof rows)[number]) => boolean) => rows.every(holds)
      const holds = isEvery((row) => row.expected === row.got)
      const areEndsRight = isEvery((row) => String(row.view?.endOffset) === String(row.end))
      const isLastRecord = isEvery(
        (row) => row.end === 0 || String(row.view?.endOffset) === String(row.end - 1),
      )
      t.check(holds || !isLastRecord, 'lastRecord', {}, picture)
      t.check(holds || !areEndsRight, 'starts', {}, picture)
      const said = rows.map((row) => row.got).sort()
      const isMixed =
        said.join() ===
        rows
          .map((row) => row.expected)
          .sort()
          .join()
      t.check(holds || !isMixed, 'mixed', {}, picture)
      t.check(holds, 'differs', {}, picture)
    }),

  'describe-again': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const client = learnerClient(t, kafka).kafka
      const before = t.dice.freshInt(3, 5)
      const topic = await kafka.topic(t.dice.freshWord(), before)
      const add = (partitions: number, times: number) =>
        kafka.fill(
          topic,
          Array.from({ length: partitions * times }, (_, i) => ({ partition: i % partitions, value: 'x' })),
        )
      await add(before, 3)
      const first = await offsetRows(kafka, topic, await subject.describeTopic(client, topic))
      await kafka.grow(topic, before + 2)
      await add(before + 2, 2)
      await kafka.trim(topic, 1, 2)
      const rows = await offsetRows(kafka, topic, await subject.describeTopic(client, topic))
      const picture = () => compareTable(rows, [columns.partition])
      const holds = rows.every((row) => row.expected === row.got)
      const isStale = rows.every((row, i) => row.got === (first[i]?.got ?? '—'))
      t.check(holds || !isStale, 'stale', {}, picture)
      t.check(holds, 'differs', {}, picture)
      for (const isOneClient of [false, true]) await overtake(t, subject, kafka, isOneClient)
      for (let times = 0; times < 2; times++) await askAtOnce(t, subject, kafka)
    }),
}

/**
 * A record comes while the answer to a call is on its way, and as soon as the call has ended another begins: it must know
 * of the record, however short the time between the two is.
 */
async function askAtOnce(t: Trial<'stale'>, subject: FirstRecord, kafka: KafkaBench): Promise<void> {
  const topic = await kafka.topic(t.dice.freshWord(), 1)
  const beforeAnswer = async ({ api }: { api: string }, nth: number) => {
    if (api === 'ListOffsets' && nth === 2)
      await kafka.fill(topic, [{ partition: 0, value: t.dice.freshWord() }])
  }
  const { kafka: client } = learnerClient(t, kafka, { beforeAnswer })
  await subject.describeTopic(client, topic)
  const rows = await offsetRows(kafka, topic, await subject.describeTopic(client, topic))
  const holds = rows.every((row) => row.expected === row.got)
  t.check(holds, 'stale', {}, () => compareTable(rows, [columns.partition]))
}

/**
 * One call is about to hear what the broker has answered; then a record comes, and another call begins. The second
 * must know of the record, and the first need not. Both calls get one client, or each its own.
 */
async function overtake(
  t: Trial<'shared'>,
  subject: FirstRecord,
  kafka: KafkaBench,
  isOneClient: boolean,
): Promise<void> {
  const topic = await kafka.topic(t.dice.freshWord(), 1)
  await kafka.fill(topic, [{ partition: 0, value: t.dice.freshWord() }])
  const second: Promise<readonly unknown[]>[] = []
  const beforeAnswer = async ({ api }: { api: string }, nth: number) => {
    if (api !== 'ListOffsets' || nth !== 2) return
    await kafka.fill(topic, [{ partition: 0, value: t.dice.freshWord() }])
    const call = subject.describeTopic(isOneClient ? client : learnerClient(t, kafka).kafka, topic)
    second.push(call)
    // A second call that waits for the first one's answer would wait for ever.
    await Promise.race([call.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 1_000))])
  }
  const { kafka: client } = learnerClient(t, kafka, { beforeAnswer })
  const first = await subject.describeTopic(client, topic)
  const [row] = await offsetRows(kafka, topic, (await second[0]) ?? first)
  t.check(row !== undefined && row.expected === row.got, 'shared', {
    wanted: row?.expected ?? '',
    got: row?.got ?? '',
  })
}
