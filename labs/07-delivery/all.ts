/** Lab 07: a consumer while nothing fails: every record once, in order, one at a time, as it was sent. */
import { show } from '../engine/show.ts'
import { differing } from '../engine/texts.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { atOnce, foreign, outOfOrder, placeName, repeated, uncalled } from './history.ts'
import type { allCases } from './messages-shared.ts'
import { lives, placeIn, Reader } from './reader.ts'
import { hardRecords, type Known } from './records.ts'
import type { Checks, Consumer, Delivery, Received } from './subject.ts'

type AllCase = keyof typeof allCases

/** So long the first call of a partition takes, unless a second one of the same partition begins meanwhile, ms. */
const firstMsMax = 300
/** And every other call, ms. */
const workMs = 2
const tickMs = 10

/** Four partitions: one with hard texts, one without its oldest records, one empty at first, one with two records. */
async function readsAll(t: Trial<AllCase>, subject: Delivery, bench: KafkaBench, consume: Consumer) {
  const [hard, trimmed, empty, few] = t.dice.shuffle([0, 1, 2, 3]) as [number, number, number, number]
  const texts = hardRecords(t.dice)
  const topic = await bench.topic(t.dice.freshWord(), 4)
  const below = t.dice.int(2, 4)
  const plain = (partition: number, count: number, from = 0) =>
    t.dice.freshWords(count).map((value, i): Known => ({ partition, offset: from + i, key: null, value }))
  const before = [
    ...texts.map((text, offset): Known => ({ partition: hard, offset, ...text })),
    ...plain(trimmed, 11),
    ...plain(few, 2),
  ]
  const toSend = (records: readonly Known[]) =>
    records.map(({ partition, key, value }) => ({ partition, key, value }))
  await bench.fill(topic, toSend(before))
  await bench.trim(topic, trimmed, below)
  // Topics whose names hold this one's are none of its business.
  const other = await bench.make(`${topic}-old`, 1)
  await bench.fill(other, [{ partition: 0, value: t.dice.freshWord() }])

  const later = [...plain(empty, 2), ...plain(few, 2, 2)]
  const wanted = [...before.filter((one) => one.partition !== trimmed || one.offset >= below), ...later]
  const reader = new Reader(bench.topicName(t.dice.freshWord()), topic, wanted)
  const present = new Reader(reader.group, topic, wanted.slice(0, -later.length))
  const client = learnerClient(t, bench)
  const inHard = () => reader.history.calls.filter(({ partition }) => partition === hard).length
  const handle = reader.handle(async ({ partition, offset }) => {
    await new Promise((resolve) => setTimeout(resolve, workMs))
    if (partition !== hard || offset !== 0) return
    for (let ms = 0; ms < firstMsMax && inHard() === 1; ms += tickMs)
      await new Promise((resolve) => setTimeout(resolve, tickMs))
  })
  const running = await subject[consume](client.kafka, topic, reader.group, handle)
  const hasPresent = () => uncalled(reader.history.calls, present.wanted).length === 0
  const isWrong = () =>
    atOnce(reader.history.calls) !== undefined ||
    repeated(reader.history.calls, wanted).length > 0 ||
    outOfOrder(reader.history.calls) !== undefined ||
    foreign(reader.history.calls, wanted).length > 0
  const isEnough = () => hasPresent() || isWrong()
  await reader.readOn(t, client, { isEnough })
  const atFirst = uncalled(reader.history.calls, present.wanted)
  if (atFirst.length === 0) {
    await bench.fill(topic, toSend(later))
    await reader.readOn(t, undefined, {
      isEnough: () => uncalled(reader.history.calls, wanted).length === 0 || isWrong(),
    })
  }
  await t.attemptLater(() => running.stop())

  const { calls } = reader.history
  const [odd] = reader.received.filter((record) =>
    Number.isNaN(placeIn(record).partition + placeIn(record).offset),
  )
  t.check(odd === undefined, 'shape', { got: show(odd) })
  const strange = foreign(calls, wanted)
  t.check(strange.length === 0, 'foreign', {
    count: strange.length,
    place: strange[0] === undefined ? '' : placeName(strange[0]),
  })
  const overlap = atOnce(calls)
  const marked = overlap === undefined ? [] : [overlap.later]
  const picture = () => lives(reader, overlap?.later.partition ?? 0, marked)
  t.check(
    overlap === undefined,
    'together',
    {
      earlier: overlap === undefined ? '' : placeName(overlap.earlier),
      later: overlap === undefined ? '' : placeName(overlap.later),
    },
    picture,
  )
  const twice = repeated(calls, wanted)
  t.check(twice.length === 0, 'twice', {
    count: twice.length,
    place: twice[0] === undefined ? '' : placeName(twice[0]),
  })
  t.check(calls.length > 0 || client.recordsCame() > 0, 'fromNowOn', { wanted: present.wanted.length })
  const wrongOrder = outOfOrder(calls)
  t.check(wrongOrder === undefined, 'order', { place: wrongOrder === undefined ? '' : placeName(wrongOrder) })
  t.check(atFirst.length === 0, 'missing', {
    got: present.wanted.length - atFirst.length,
    wanted: present.wanted.length,
    place: atFirst[0] === undefined ? '' : placeName(atFirst[0]),
  })
  const atLast = uncalled(calls, wanted)
  t.check(atLast.length === 0, 'laterMissing', { wanted: later.length, got: later.length - atLast.length })
  const received = new Map<string, Received>(
    reader.received.map((record) => [placeName(placeIn(record)), record]),
  )
  const pairs = wanted.map((record) => ({
    wanted: record,
    got: received.get(placeName(record)) ?? { key: undefined, value: undefined },
  }))
  const loss = differing(pairs)
  t.check(loss === undefined, 'differs', { count: loss?.count ?? 0 }, loss?.picture)
}

export const allChecks: Checks<'most-all' | 'least-all'> = {
  'most-all': (t, subject, bench) => readsAll(t, subject, bench, 'consumeAtMostOnce'),
  'least-all': (t, subject, bench) => readsAll(t, subject, bench, 'consumeAtLeastOnce'),
}
