/** The checks of heartbeats: an idle worker, one with a slow handler, one that is in the middle of a record at a rebalance. */
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { LearnerClient } from '../engine/wire/learner-client.ts'
import { Crew, type Hand, topicWith, Written, whereOf, write } from './crew.ts'
import { text } from './lab.ts'
import type { Checks } from './subject.ts'

type SlowId = 'beats' | 'slow' | 'rebalance-in-hand'

const beatsOf = (client: LearnerClient) => client.answered('Heartbeat').length

/** A session so long that a third of it says nothing in time. */
const longMs = 60_000

/** What the page allows beyond heartbeatMs, ms. */
const graceMs = 500
/** A little more, for the machine may be busy, ms. */
const noticeMs = 100

/** Lets more than a session pass, in two parts: a worker that sends a heartbeat in between is there afterwards. */
async function passSession(
  t: Trial<string>,
  bench: KafkaBench,
  sessionMs: number,
  hands: readonly Hand[],
): Promise<void> {
  for (let part = 0; part < 2; part++) {
    await bench.passTime(0.6 * sessionMs, { elsewhere: () => {} })
    const before = hands.map(({ client }) => beatsOf(client))
    const ms = Math.max(...hands.map(({ settings }) => settings.heartbeatMs)) + 2 * graceMs
    await t.until(() => hands.every(({ client }, i) => beatsOf(client) > (before[i] ?? 0)), { ms })
  }
}

/** Whether the coordinator has the worker among the members of its group. */
async function isMember(bench: KafkaBench, { client }: Hand, groupId: string): Promise<boolean> {
  const ids = client.answered('JoinGroup').map(({ memberId }) => memberId)
  const { members } = await bench.group(client.asked('JoinGroup').at(-1)?.group ?? groupId)
  return members.some(({ memberId }) => ids.includes(memberId))
}

export const slowChecks: Checks<SlowId> = {
  beats: (t, subject, rooms) =>
    rooms.use(t, async (bench) => {
      const crew = new Crew(t, subject, bench)
      const { topic } = await topicWith(bench, t.dice.freshWord(), 2)
      const beats = async (heartbeatMs: number, timesOf: (joinMs: number) => number, msMax: number) => {
        const groupId = bench.topicName(t.dice.freshWord())
        const begun = performance.now()
        const hand = await crew.join({ groupId, topics: [topic], heartbeatMs, sessionMs: longMs })
        const since = performance.now()
        const [before, times] = [beatsOf(hand.client), timesOf(since - begun)]
        const got = () => beatsOf(hand.client) - before
        let isLate = false
        for (let nth = 1; nth <= times && !isLate; nth++)
          isLate = (await t.until(() => got() >= nth, { ms: msMax })) === 'late'
        return { isLate, ms: Math.round(performance.now() - since), got: got(), wanted: heartbeatMs }
      }
      const [often, rarely] = [t.dice.freshInt(250, 290), t.dice.freshInt(1_950, 2_050)]
      // The client counts from before it joins: after a join that took long, the first heartbeat comes soon and shows nothing.
      const isShort = (joinMs: number) => joinMs < rarely / 15
      try {
        const all = await Promise.all([
          beats(often, () => 3, 2 * (often + graceMs)),
          beats(rarely, (joinMs) => (isShort(joinMs) ? 1 : 2), rarely + graceMs + noticeMs),
        ])
        for (const { isLate, ...facts } of all) t.check(!isLate, 'rare', facts)
      } finally {
        await crew.end()
      }
    }),

  slow: (t, subject, rooms) =>
    rooms.use(t, async (bench) => {
      const crew = new Crew(t, subject, bench)
      const { topic, all } = await topicWith(bench, t.dice.freshWord(), 4)
      const written = new Written()
      const gate = crew.gate()
      const heartbeatMs = t.dice.freshInt(100, 140)
      const session = longMs
      const terms = {
        groupId: bench.topicName(t.dice.freshWord()),
        topics: [topic],
        heartbeatMs,
        sessionMs: session,
      }
      try {
        const slow = await crew.join({ ...terms, work: () => gate.pass() })
        const other = await crew.join(terms)
        await crew.shared([slow, other], all)
        await write(bench, written, all, t.dice.freshWords(2))
        await crew.inHand(gate)
        const before = beatsOf(slow.client)
        const beats = () => beatsOf(slow.client) - before
        if (bench.ours) {
          await passSession(t, bench, session, [slow, other])
          t.check(await isMember(bench, slow, terms.groupId), 'thrownOut', { session, beats: beats() })
        } else {
          const [times, ms] = [3, 3 * (heartbeatMs + graceMs)]
          await t.until(() => beats() >= times, { ms })
          t.check(beats() >= times, 'silent', { ms, beats: beats(), wanted: heartbeatMs })
        }
        gate.open()
        const handed = () => [...slow.handed, ...other.handed]
        await t.until(() => written.among(handed()) === written.size, { ms: crew.patienceMs })
        await t.quiet(() => handed().length, 100)
        written.check(t, handed())
      } finally {
        await crew.end()
      }
    }),

  'rebalance-in-hand': (t, subject, rooms) =>
    rooms.use(t, async (bench) => {
      const crew = new Crew(t, subject, bench)
      const { topic, all } = await topicWith(bench, t.dice.freshWord(), 3)
      const written = new Written()
      await write(bench, written, all, t.dice.freshWords(3))
      const gate = crew.gate()
      const sessionMs = t.dice.freshInt(8_100, 8_900)
      const terms = { groupId: bench.topicName(t.dice.freshWord()), topics: [topic], sessionMs }
      try {
        const busy = await crew.join({ ...terms, work: () => gate.pass() })
        await crew.inHand(gate)
        const joins = busy.client.asked('JoinGroup').length
        const again = busy.client.at('JoinGroup', {}, 'hold-request')
        const second = crew.start(terms)
        // It hears of the rebalance if it sends heartbeats at this time; whether it does is not asked here.
        const hears = () => busy.client.answered('Heartbeat').some(({ errors }) => errors.length > 0)
        await t.until(() => second.client.asked('JoinGroup').length > 1, {
          during: second.starting,
          ms: text.callMs,
        })
        await t.until(hears, { ms: 1_000 })
        await t.until(() => busy.client.asked('JoinGroup').length > joins, { ms: 400 })
        t.check(busy.client.asked('JoinGroup').length === joins, 'early')
        if (bench.ours && hears()) {
          // The record takes longer than a session, and the rebalance waits for as long.
          const before = beatsOf(busy.client)
          await passSession(t, bench, sessionMs, [busy])
          const facts = { session: sessionMs, beats: beatsOf(busy.client) - before }
          t.check(await isMember(bench, busy, terms.groupId), 'thrownOut', facts)
        }
        // The client may hold batches of other partitions too; of the one in hand nothing may follow.
        const [inHand] = busy.handed
        const partition = whereOf(inHand).partition
        const handedOf = () => busy.handed.filter((record) => whereOf(record).partition === partition).length
        const before = handedOf()
        gate.open()
        const ms = crew.patienceMs
        await t.until(() => again.isReached, { ms })
        const count = handedOf() - before
        t.check(again.isReached, 'stuck', { seconds: ms / 1_000 })
        t.check(count === 0, 'goesOn', { count, partition })
        again.release()
        await second.starting
        await crew.shared([busy, second], all)
        const handed = () => [...busy.handed, ...second.handed]
        await t.until(() => written.among(handed()) === written.size, { ms })
        await t.quiet(() => handed().length, 100)
        written.check(t, handed())
      } finally {
        await crew.end()
      }
    }),
}
