/** The checks that concern how calls end, and what becomes of arguments. */
import { show } from '../engine/show.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { logOf, plansOf } from './logs.ts'
import type { Checks } from './subject.ts'
import { endsOf, load, recordsIn, snapshotAt } from './tables.ts'

type AllId = 'refused' | 'yours'

/** The page: a second. A little more, for the machine may be busy, ms. */
const closedMs = 1_500

export const allChecks: Checks<AllId> = {
  refused: async (t, subject, { bench }) => {
    const { dice } = t
    const [one, two, three, four] = dice.freshWords(4)
    const bad = [` ${one} ${two} `, `\ufeff${three}`, `${four}e\u0301😀`]
    const topic = await bench.topic(dice.freshWord(), 2)
    await bench.fill(topic, [{ partition: 1, key: one ?? '', value: two ?? '' }])
    const isClosed = async (name: string, isFine: boolean) => {
      const client = learnerClient(t, bench)
      const { error } = await t.attemptLater(() => subject.loadTable(client.kafka, name, null))
      if ((error === undefined) !== isFine) client.isAsked()
      const call = `loadTable(kafka, ${show(name)}, null)`
      if (!isFine) t.check(error !== undefined, 'resolved', { call })
      else if (error !== undefined) return
      await t.until(() => client.openSockets() === 0, { ms: closedMs })
      const count = client.openSockets()
      if (count > 0) client.isAsked()
      t.check(count === 0, isFine ? 'open' : 'openAfterError', { call, count })
    }
    await Promise.all([...bad.map((name) => isClosed(name, false)), isClosed(topic, true)])
  },

  yours: async (t, subject, { bench }) => {
    const { dice } = t
    const { log, now } = logOf(dice, plansOf(dice, [9_000, 8_000, 7_000, 6_000]))
    const key = dice.freshWord()
    const records = [3, 5, 8, 9].map((offset, i) => ({
      offset,
      key: i === 3 ? dice.freshWord() : key,
      value: i < 2 ? dice.freshWord() : null,
      goesAt: null,
    }))
    const [ofLog, ofRecords, pass] = [
      log,
      records,
      { upTo: 9, now, deleteRetentionMs: dice.int(2, 900_000) },
    ].map((value) => t.tools.keep(value as object))
    const topic = await bench.topic(dice.freshWord(), 2)
    const some = () => [0, 1].map((partition) => ({ partition, key, value: dice.freshWord() }))
    await bench.fill(topic, [...some(), ...some()])
    const snapshot = snapshotAt(await recordsIn(bench, topic), await endsOf(bench, topic), Date.now())
    await bench.fill(topic, [...some(), { partition: 0, key, value: null }])
    const ofSnapshot = t.tools.keep(snapshot)
    const isSame = (kept: { value: object; now(): unknown } | undefined, before: object, call: string) =>
      t.check(show(kept?.now()) === show(before), 'changed', { call })
    t.tools.each(subject.expiredSegments, [[ofLog?.value as typeof log, now]])
    t.tools.each(subject.nextPass, [[ofLog?.value as typeof log, now]])
    isSame(ofLog, log, 'expiredSegments, nextPass')
    t.tools.each(subject.compact, [[ofRecords?.value as typeof records, pass?.value as never]])
    isSame(ofRecords, records, 'compact')
    await load(t, bench, subject, learnerClient(t, bench), topic, ofSnapshot.value)
    isSame(ofSnapshot, snapshot, 'loadTable')
  },
}
