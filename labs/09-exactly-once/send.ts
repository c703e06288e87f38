/** Lab 09: the idempotent send: what it sends, and what becomes of it when the connection breaks. */
import { differing, hardPairs } from '../engine/texts.ts'
import type { Trial } from '../engine/trial.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import type { Checks, Outgoing } from './subject.ts'
import { misplacedKey, withKeys } from './texts.ts'

type SendId = 'send-all' | 'send-breaks'

/** A call that does not wait for the broker has resolved after so long, ms. */
const waitMs = 80
const listMax = 1_000

const somethingToSend = (t: Trial<string>): Outgoing[] =>
  t.dice.freshWords(t.dice.int(3, 6)).map((value) => ({ key: t.dice.freshWord(), value }))

export const sendChecks: Checks<SendId> = {
  'send-all': async (t, subject, bench) => {
    const { kafka } = learnerClient(t, bench)
    const one = await bench.topic(t.dice.freshWord(), 1)
    const hard = withKeys(hardPairs(t.dice, { key: 1_000, value: 100_000 }))
    // An equal record a second time is a record too.
    const lists: Outgoing[][] = [hard, hard.slice(0, 1), []]
    for (const list of lists) await subject.sendOnce(kafka, one, list)
    const wanted = lists.flat()
    const read = await bench.read(one)
    t.check(read.length === wanted.length, 'count', { wanted: wanted.length, got: read.length })
    const pairs = wanted.map((record, i) => ({ wanted: record, got: read[i] ?? { key: null, value: null } }))
    const loss = differing(pairs)
    t.check(loss === undefined, 'differs', { count: loss?.count ?? 0 }, loss?.picture)

    const [few, keys] = [await bench.topic(t.dice.freshWord(), 3), t.dice.freshWords(4)]
    const many = Array.from({ length: listMax }, (_, i) => ({
      key: keys[(i * 7) % keys.length] ?? '',
      value: `${i}`,
    }))
    await subject.sendOnce(kafka, few, many)
    const all = await bench.read(few)
    t.check(all.length === many.length, 'count', { wanted: many.length, got: all.length })
    const misplaced = misplacedKey(many, all)
    const isSpread = (misplaced?.partitions ?? 0) > 1
    t.check(misplaced === undefined, isSpread ? 'spread' : 'order', {
      key: misplaced?.key ?? '',
      count: misplaced?.partitions ?? 0,
    })
  },

  'send-breaks': async (t, subject, bench) => {
    const begin = async () => ({
      topic: await bench.topic(t.dice.freshWord(), 1),
      records: somethingToSend(t),
      client: learnerClient(t, bench),
    })
    const waits = async () => {
      const { topic, records, client } = await begin()
      const point = client.at('Produce', {}, 'hold-request')
      const sending = t.attemptLater(() => subject.sendOnce(client.kafka, topic, records))
      await t.until(() => point.isReached, { during: sending })
      const waited = await t.until(() => false, { during: sending, ms: waitMs })
      if (waited === 'ended') {
        const { error } = await sending
        if (error !== undefined) throw error
      }
      t.check(waited === 'late', 'early', { wanted: records.length })
      point.release()
      const { error } = await sending
      if (error !== undefined) throw error
    }
    const breaks = async (...cuts: ('cut-before' | 'cut-after')[]) => {
      const { topic, records, client } = await begin()
      // A request that one point takes is not seen by the next: the first cut is at the first Produce, the second at the second.
      const points = cuts.map((what) => client.at('Produce', {}, what))
      const { error } = await t.attemptLater(() => subject.sendOnce(client.kafka, topic, records))
      await t.quiet(() => client.asked('Produce').length, 100)
      const read = await bench.read(topic)
      const times = records.map(({ value }) => read.filter((record) => record.value === value).length)
      const twice = times.filter((one) => one > 1).length
      if (twice > 0 || error !== undefined) client.isAsked()
      t.check(twice === 0, 'twice', { count: twice, wanted: records.length, times: Math.max(...times) })
      t.check(error === undefined, 'gaveUp', { message: error?.message ?? '' })
      const lost = times.filter((one) => one === 0).length
      t.check(lost === 0, 'lost', { count: lost, wanted: records.length })
      t.inFlight(points.every(({ isReached }) => isReached) ? records.length : 0, 1)
    }
    await Promise.all([
      waits(),
      breaks('cut-after', 'cut-after'),
      breaks('cut-before', 'cut-before'),
      breaks('cut-before', 'cut-after'),
    ])
  },
}
