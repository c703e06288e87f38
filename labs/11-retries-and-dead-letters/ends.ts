/** Lab 11: how a program stops, several at once, and how calls end. */
import { learnerClient } from '../engine/wire/learner-client.ts'
import { Desk, factsOf, type Known } from './desk.ts'
import { placeName, repeated } from './history.ts'
import { type Checks, hourMs } from './subject.ts'

type EndsId = 'stop' | 'together' | 'ends'

/** A program that does not wait for `handle` leaves its group within this time, ms. */
const leaveMs = 400
/** The page: a second. A little more, for the machine may be busy, ms. */
const closedMs = 1_500
const stopMs = 3_500

export const endsChecks: Checks<EndsId> = {
  stop: async (t, subject, bench) => {
    const desk = await Desk.open(t, bench, { delays: [t.dice.int(110, 140), hourMs] })
    const gate = t.gate()
    const [waits] = (await desk.send([{ key: t.dice.freshWord(), fails: 2 }, {}])) as [Known]
    const client = learnerClient(t, bench)
    const running = await subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
    const [first, slow] = desk.options.retries.map(({ topic }) => topic) as [string, string]
    const isAway = () => desk.calls(waits).length > 1 && desk.sentTo(client, slow) > 0
    await desk.goesOn(client, isAway)
    t.check(isAway(), 'never', { place: placeName(waits), times: desk.calls(waits).length })
    // From now on one waits for an hour; this one is held at its second attempt.
    const [works] = (await desk.send([
      {
        key: t.dice.freshWord(),
        fails: 1,
        meanwhile: ({ attempt }) => (attempt === 1 ? undefined : gate.pass()),
      },
      {},
    ])) as [Known]
    const isRest = () => desk.records.every((record) => desk.calls(record).length > 0)
    await desk.goesOn(client, () => gate.waiting > 0 && isRest())
    t.check(gate.waiting > 0, 'never', { place: placeName(works), times: desk.calls(works).length })
    const stopping = running.stop()
    const early = await t.until(() => client.asked('LeaveGroup').length > 0, {
      during: stopping,
      ms: leaveMs,
    })
    t.check(early === 'late', 'early', { place: placeName(works) })
    const calls = desk.history.calls.length
    gate.open()
    const ended = await t.until(() => false, { during: stopping, ms: stopMs })
    t.check(ended === 'ended', 'slow', { place: placeName(waits), seconds: 3 })
    t.check(desk.history.open.length === 0, 'early', { place: placeName(works) })
    const after = await t.quiet(() => desk.history.calls.length, 60)
    t.check(after === calls, 'afterwards', { count: after - calls })

    const at = async (topic: string) => {
      const lag = await bench.lag(desk.options.group, topic)
      return {
        left: lag.reduce((sum, one) => sum + one.lag, 0),
        committed: Math.max(...lag.map(({ committed = 0 }) => committed)),
      }
    }
    const skipped = await at(slow)
    t.check(skipped.left === 1, 'skipped', {
      place: placeName(waits),
      topic: slow,
      committed: skipped.committed,
    })
    for (const topic of [desk.options.topic, first]) {
      const { left, committed } = await at(topic)
      t.check(left === 0 || !isRest(), 'behind', { topic, count: left, committed })
    }

    // Meanwhile another program has put a record aside; the group has gone on behind it.
    const key = t.dice.freshWord()
    const [aside] = (await desk.send([{ key }])) as [Known]
    await desk.putCopy({ topic: slow, delayMs: hourMs }, aside, { into: 0, attempts: 2, dueInMs: hourMs })
    await bench.setCommitted(desk.options.group, desk.options.topic, { 0: desk.records.length })
    const next = learnerClient(t, bench)
    const again = await subject.consumeWithRetries(next.kafka, desk.options, desk.handle())
    const [follows, fresh] = (await desk.send([{ key }, {}])) as [Known, Known]
    await desk.goesOn(next, () => desk.history.isSettled(fresh))
    t.check(desk.history.isSettled(fresh), 'missing', { place: placeName(fresh) })
    await t.quiet(() => desk.history.moves, 200)
    t.check(desk.calls(follows).length === 0, 'forgotten', {
      place: placeName(follows),
      earlier: placeName(aside),
      topic: slow,
    })
    const twice = repeated(desk.history.calls)
    t.check(twice === undefined, 'twice', { place: twice === undefined ? '' : placeName(twice) })
    await t.attemptLater(() => again.stop())
  },

  together: async (t, subject, bench) => {
    const delays = [hourMs]
    const desks = [await Desk.open(t, bench, { delays }), await Desk.open(t, bench, { delays })] as const
    const [one, other] = desks
    const key = t.dice.freshWord()
    await one.send([{ key, fails: 99 }])
    const client = learnerClient(t, bench)
    const start = (desk: Desk) => subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
    const first = await start(one)
    const isCopied = (desk: Desk) => desk.sentTo(client, desk.options.retries[0]?.topic ?? '') > 0
    await one.goesOn(client, () => isCopied(one))
    t.check(isCopied(one), 'never', { topic: one.options.retries[0]?.topic ?? '' })
    await t.quiet(() => client.asked('OffsetCommit').length, 60)
    const records = await other.send([{ key }, {}])
    const second = await start(other)
    await other.goesOn(client, () => records.every((record) => other.history.isSettled(record)))
    const held = records.find((record) => !other.history.isSettled(record))
    t.check(held === undefined, 'held', {
      ...factsOf(held ?? (records[0] as Known)),
      topic: one.options.topic,
    })
    // Who stops one, stops that one.
    await t.attemptLater(() => second.stop())
    const [later] = (await one.send([{}])) as [Known]
    await one.goesOn(client, () => one.history.isSettled(later))
    t.check(one.history.isSettled(later), 'stopped', { place: placeName(later) })
    await t.attemptLater(() => first.stop())
  },

  ends: async (t, subject, bench) => {
    const desk = await Desk.open(t, bench, { delays: [hourMs] })
    const [one, two] = t.dice.freshWords(2)
    const isClosed = async (says: 'open' | 'openAfterError', client: ReturnType<typeof learnerClient>) => {
      await t.until(() => client.openSockets() === 0, { ms: closedMs })
      const count = client.openSockets()
      if (count > 0) client.isAsked()
      t.check(count === 0, says, { count })
    }
    const refused = async () => {
      const client = learnerClient(t, bench)
      const options = { ...desk.options, group: bench.topicName('group'), topic: ` ${one} ${two}` }
      const { error } = await t.attemptLater(() =>
        subject.consumeWithRetries(client.kafka, options, async () => {}),
      )
      if (error === undefined) client.isAsked()
      t.check(error !== undefined, 'resolved', { topic: `" ${one} ${two}"` })
      await isClosed('openAfterError', client)
    }
    const stopped = async () => {
      await desk.send([{ fails: 99 }, {}])
      const client = learnerClient(t, bench)
      const running = await subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
      await desk.goesOn(client, () => desk.sentTo(client, desk.options.retries[0]?.topic ?? '') > 0)
      await running.stop()
      await isClosed('open', client)
    }
    await Promise.all([refused(), stopped()])
  },
}
