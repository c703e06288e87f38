/** Lab 07: the two senders: what they send, and what becomes of it when the connection breaks. */
import { columns, compareTable } from '../engine/picture.ts'
import { differing } from '../engine/texts.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import type { sendAllCases } from './messages-send.ts'
import { hardRecords } from './records.ts'
import { type Checks, type Delivery, type Outgoing, senders } from './subject.ts'

type SendId = 'send-all' | 'send-most' | 'send-least'
type Sender = (typeof senders)[number]

/** A call that does not wait for the broker has resolved after so long, ms. */
const waitMs = 80

const listMax = 1_000

async function sendsAll(
  t: Trial<keyof typeof sendAllCases>,
  subject: Delivery,
  bench: KafkaBench,
  name: Sender,
): Promise<void> {
  const { kafka } = learnerClient(t, bench)
  const one = await bench.topic(t.dice.freshWord(), 1)
  const hard = hardRecords(t.dice)
  // An equal record a second time is a record too, in one list or in two.
  const lists: Outgoing[][] = [[...hard, ...hard.slice(-1)], hard.slice(0, 1), []]
  for (const list of lists) await subject[name](kafka, one, list)
  const wanted = lists.flat()
  const read = await bench.read(one)
  t.check(read.length === wanted.length, 'count', { name, wanted: wanted.length, got: read.length })
  const pairs = wanted.map((record, i) => ({ wanted: record, got: read[i] ?? { key: null, value: null } }))
  const loss = differing(pairs)
  t.check(loss === undefined, 'differs', { name, count: loss?.count ?? 0 }, loss?.picture)

  const [few, keys] = [await bench.topic(t.dice.freshWord(), 3), t.dice.freshWords(4)]
  const many = Array.from({ length: listMax }, (_, i) => ({
    key: keys[(i * 7) % keys.length] ?? null,
    value: `${i}`,
  }))
  await subject[name](kafka, few, many)
  const all = await bench.read(few)
  t.check(all.length === many.length, 'count', { name, wanted: many.length, got: all.length })
  const rows = keys.map((key) => {
    const sent = many.filter((record) => record.key === key).map(({ value }) => value)
    const got = all.filter((record) => record.key === key)
    const partitions = new Set(got.map(({ partition }) => partition))
    const inOrder = got.map(({ value }) => value)
    return {
      key,
      partitions: partitions.size,
      isOrdered: inOrder.length === sent.length && inOrder.every((value, i) => value === sent[i]),
      left: [key],
      expected: sent.slice(0, 8).join(' '),
      got: inOrder.slice(0, 8).join(' '),
    }
  })
  const spread = rows.find(({ partitions }) => partitions > 1)
  t.check(spread === undefined, 'spread', { name, key: spread?.key ?? '', count: spread?.partitions ?? 0 })
  const mixed = rows.find(({ isOrdered }) => !isOrdered)
  t.check(mixed === undefined, 'order', { name, key: mixed?.key ?? '' }, () =>
    compareTable(rows, [columns.key]),
  )
}

/** How often each of the records is in the topic. */
async function timesIn(bench: KafkaBench, topic: string, records: readonly Outgoing[]) {
  const read = await bench.read(topic)
  return records.map(({ value }) => read.filter((record) => record.value === value).length)
}

const somethingToSend = (t: Trial<string>): Outgoing[] =>
  t.dice.freshWords(t.dice.int(3, 6)).map((value) => ({ key: t.dice.freshWord(), value }))

export const sendChecks: Checks<SendId> = {
  'send-all': async (t, subject, bench) => {
    await Promise.all(senders.map((name) => sendsAll(t, subject, bench, name)))
  },

  'send-most': async (t, subject, bench) => {
    // A record without a key may go to another partition each time that it is sent: there nobody knows that it has been there.
    const alone = [{ key: null, value: t.dice.freshWord() }]
    const scenes = [
      ['cut-after', 1, somethingToSend(t)],
      ['cut-before', 1, somethingToSend(t)],
      ['cut-after', 3, alone],
    ] as const
    await Promise.all(
      scenes.map(async ([what, partitions, records]) => {
        const topic = await bench.topic(t.dice.freshWord(), partitions)
        const client = learnerClient(t, bench)
        const point = client.at('Produce', {}, what)
        await t.attemptLater(() => subject.sendAtMostOnce(client.kafka, topic, records))
        await t.quiet(() => client.asked('Produce').length, 150)
        const times = await timesIn(bench, topic, records)
        const twice = times.filter((one) => one > 1).length
        // acks: 0 has no answer that could be cut off.
        t.inFlight(point.isReached || what === 'cut-after' ? records.length : 0, 1)
        const sent = client.asked('Produce').length
        t.check(twice === 0, 'twice', {
          count: twice,
          wanted: records.length,
          times: Math.max(...times),
          sent,
        })
      }),
    )
  },

  'send-least': async (t, subject, bench) => {
    const begin = async () => ({
      topic: await bench.topic(t.dice.freshWord(), 1),
      records: somethingToSend(t),
      client: learnerClient(t, bench),
    })
    const waits = async () => {
      const { topic, records, client } = await begin()
      const point = client.at('Produce', {}, 'hold-request')
      const sending = t.attemptLater(() => subject.sendAtLeastOnce(client.kafka, topic, records))
      await t.until(() => point.isReached, { during: sending })
      const waited = await t.until(() => false, { during: sending, ms: waitMs })
      t.check(waited === 'late', 'early', { wanted: records.length })
      point.release()
      const { error } = await sending
      if (error !== undefined) throw error
    }
    const breaks = async (what: 'cut-before' | 'cut-after') => {
      const { topic, records, client } = await begin()
      const points = [1, 2].map((nth) => client.at('Produce', { nth }, what))
      const { error } = await t.attemptLater(() => subject.sendAtLeastOnce(client.kafka, topic, records))
      const times = await timesIn(bench, topic, records)
      const lost = times.filter((one) => one === 0).length
      t.check(error === undefined, 'gaveUp', { message: error?.message ?? '' })
      t.check(lost === 0, 'lost', { count: lost, wanted: records.length })
      t.inFlight(points[0]?.isReached === true ? records.length : 0, 1)
    }
    await Promise.all([waits(), breaks('cut-before'), breaks('cut-after')])
  },
}
