/** The checks of heartbeats: an idle worker, one with a slow handler, one that is in the middle of a record at a rebalance. */
import type { LearnerClient } from '../engine/wire/learner-client.ts'
import { Crew, topicWith, Written, whereOf, write } from './crew.ts'
import { text } from './lab.ts'
import type { Checks } from './subject.ts'

type SlowId = 'beats' | 'slow' | 'rebalance-in-hand'

const beatsOf = (client: LearnerClient) => client.answered('Heartbeat').length

/** A session so long that a third of it says nothing in time. */
const longMs = 60_000

/** What the page allows beyond heartbeatMs, ms. */
const graceMs = 500

export const slowChecks: Checks<SlowId> = {
  beats: (t, subject, rooms) =>
    rooms.use(t, async (bench) => {
      const crew = new Crew(t, subject, bench)
      const { topic } = await topicWith(bench, t.dice.freshWord(), 2)
      const heartbeatMs = t.dice.freshInt(250, 290)
      try {
        const hand = await crew.join({
          groupId: bench.topicName(t.dice.freshWord()),
          topics: [topic],
          heartbeatMs,
          sessionMs: longMs,
        })
        const before = beatsOf(hand.client)
        const times = 3
        const since = performance.now()
        const beats = () => beatsOf(hand.client) - before
        await t.until(() => beats() >= times, { ms: 2 * times * (heartbeatMs + graceMs) })
        const ms = Math.round(performance.now() - since)
        t.check(beats() >= times, 'rare', { ms, got: beats(), wanted: heartbeatMs })
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
          // Two parts of a session, together longer than one: who sends a heartbeat in between is there afterwards.
          for (let part = 0; part < 2; part++) {
            await bench.passTime(0.6 * session, { elsewhere: () => {} })
            const [slowly, quickly] = [beatsOf(slow.client), beatsOf(other.client)]
            const ms = heartbeatMs + 2 * graceMs
            await t.until(() => beatsOf(slow.client) > slowly && beatsOf(other.client) > quickly, { ms })
          }
          const ids = slow.client.answered('JoinGroup').map(({ memberId }) => memberId)
          const { members } = await bench.group(slow.client.asked('JoinGroup').at(-1)?.group ?? terms.groupId)
          const isThere = members.some(({ memberId }) => ids.includes(memberId))
          t.check(isThere, 'thrownOut', { session, beats: beats() })
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
      const terms = { groupId: bench.topicName(t.dice.freshWord()), topics: [topic], sessionMs: longMs }
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
