/** Lab 11: a record waits for long: nothing else waits with it, and the group keeps its member. */
import { learnerClient } from '../engine/wire/learner-client.ts'
import { Desk, type Known } from './desk.ts'
import { placeName } from './history.ts'
import { type Checks, hourMs } from './subject.ts'

/** kafkajs sends a heartbeat at most so often unless the code says otherwise, and the page forbids a longer interval, ms. */
const heartbeatMs = 3_000
/** The page: stop() resolves within 3 seconds. A little more, for the machine may be busy, ms. */
const stopMs = 3_500

export const waitChecks: Checks<'waits'> = {
  waits: async (t, subject, bench) => {
    // A day in the second topic: nothing of it comes back. The first one is quick.
    const desk = await Desk.open(t, bench, {
      partitions: 2,
      delays: [t.dice.int(120, 150), 24 * hourMs],
      counts: [3, 2],
    })
    const [waiting] = (await desk.send([
      { partition: 0, key: t.dice.freshWord(), fails: 2 },
      { partition: 1 },
    ])) as [Known]
    const client = learnerClient(t, bench)
    const running = await subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
    const [quick, slow] = desk.options.retries
    await desk.goesOn(
      client,
      () => desk.calls(waiting).length > 1 && desk.sentTo(client, slow?.topic ?? '') > 0,
    )
    t.check(desk.calls(waiting).length > 1, 'never', {
      place: placeName(waiting),
      times: desk.calls(waiting).length,
    })
    // Now it has been read, and there is nothing to do for it.
    await t.until(() => client.asked('Fetch').length > 0, { ms: 200 })
    await t.quiet(() => desk.history.moves, 120)
    const beats = client.asked('Heartbeat').length
    const later = await desk.send([
      { partition: 0, key: t.dice.freshWord() },
      { partition: 1, key: t.dice.freshWord(), fails: 1 },
      { partition: 0 },
    ])
    const isDone = () => later.every((record) => desk.history.isSettled(record))
    await desk.goesOn(client, isDone)
    const held = later.find((record) => !desk.history.isSettled(record))
    const isSilent = client.asked('Heartbeat').length === beats
    const facts = {
      place: placeName(waiting),
      later: held === undefined ? '' : placeName(held),
      topic: (held?.fails ?? 0) > 0 ? (quick?.topic ?? '') : desk.options.topic,
      seconds: desk.stillMs / 1_000,
    }
    t.check(held === undefined || !isSilent, 'asleep', facts)
    t.check(held === undefined, 'blocked', facts, () => desk.picture([waiting]))
    await t.until(() => client.asked('Heartbeat').length > beats, { ms: heartbeatMs + 1_000 })
    t.check(client.asked('Heartbeat').length > beats, 'silent', facts)
    const hasty = client
      .asked('OffsetCommit')
      .flatMap(({ offsets = [] }) => offsets)
      .find(({ topic, offset }) => topic === slow?.topic && Number(offset) > 0)
    t.check(hasty === undefined, 'committed', { ...facts, topic: slow?.topic ?? '', committed: 1 })
    t.check(desk.calls(waiting).length === 2, 'early', { ...facts, times: desk.calls(waiting).length })

    const stopping = running.stop()
    const isStopped = await t.until(() => false, { during: stopping, ms: stopMs })
    t.check(isStopped === 'ended', 'slowStop', { ...facts, seconds: stopMs / 1_000 })
  },
}
