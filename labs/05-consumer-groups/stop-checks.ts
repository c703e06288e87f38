/** The checks of leaving, of a refusal, and of connections. */
import { learnerClient } from '../engine/wire/learner-client.ts'
import { Crew, has, lastTold, shown, topicWith, Written, write } from './crew.ts'
import type { Checks } from './subject.ts'

type StopId = 'leave' | 'refused'

/** Longer than any broker allows by default (group.max.session.timeout.ms is 30 minutes). */
const forbiddenMs = { least: 2_000_000, most: 2_100_000 }

export const stopChecks: Checks<StopId> = {
  leave: (t, subject, rooms) =>
    rooms.use(t, async (bench) => {
      const crew = new Crew(t, subject, bench)
      const { topic, all } = await topicWith(bench, t.dice.freshWord(), 4)
      const written = new Written()
      const gate = crew.gate()
      // Longer than a record is in hand where nothing holds it.
      const heartbeatMs = t.dice.freshInt(300, 400)
      const terms = { groupId: bench.topicName(t.dice.freshWord()), topics: [topic], heartbeatMs }
      try {
        const leaver = await crew.join({ ...terms, work: () => gate.pass() })
        const other = await crew.join(terms)
        await crew.shared([leaver, other], all)
        await write(bench, written, all, t.dice.freshWords(5))
        const ms = crew.patienceMs
        await crew.inHand(gate)
        const inHand = leaver.handed.length
        const stopping = crew.stop(leaver)
        await t.until(() => stopping.isOver, { ms: 600 })
        t.check(!stopping.isOver, 'early')
        gate.open()
        await stopping.call
        t.check(leaver.client.asked('LeaveGroup').length > 0, 'noLeave')
        const count = leaver.handed.length - inHand
        t.check(count === 0, 'goesOn', { count })
        const open = leaver.client.hungUp()
        await t.until(() => has(other).length === all.length, { ms })
        const facts = { seconds: ms / 1_000, got: lastTold(other), wanted: shown(all) }
        t.check(has(other).length === all.length, 'notTaken', facts)
        const handed = () => [...leaver.handed, ...other.handed]
        await t.until(() => written.among(handed()) === written.size, { ms: 1_500 })
        await t.quiet(() => handed().length, 100)
        written.check(t, handed())
        const left = await open
        t.check(left === 0, 'open', { count: left })
      } finally {
        await crew.end()
      }
    }),

  refused: (t, subject, rooms) =>
    rooms.use(t, async (bench) => {
      const { topic } = await topicWith(bench, t.dice.freshWord(), 2)
      const client = learnerClient(t, bench)
      const sessionMs = t.dice.freshInt(forbiddenMs.least, forbiddenMs.most)
      const { got, error } = await t.attemptLater(() =>
        subject.startWorker(client.kafka, {
          groupId: bench.topicName(t.dice.freshWord()),
          topics: [topic],
          sessionMs,
          heartbeatMs: t.dice.freshInt(150, 290),
          onAssigned: async () => {},
          onRecord: async () => {},
        }),
      )
      got?.stop().catch(() => {})
      const refusal =
        client
          .answered('JoinGroup')
          .flatMap(({ errors }) => errors)
          .at(-1) ?? ''
      t.check(error !== undefined, 'resolved', { session: sessionMs, error: refusal })
      const count = await client.hungUp()
      t.check(count === 0, 'openAfterError', { count })
    }),
}
