/** Lab 09: how calls end: refused by Kafka, and with all connections closed. */
import type { Kafka } from 'kafkajs'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { type LearnerClient, learnerClient } from '../engine/wire/learner-client.ts'
import type { Checks, ExactlyOnce, Settings } from './subject.ts'

type EndsId = 'refused' | 'closed'

/** The page: a second. A little more, for the machine may be busy, ms. */
const closedMs = 1_500
/** Connections that close within this time after the page's second do close, too late, ms. */
const lateMs = 4_000

type Call = (kafka: Kafka, topic: string) => Promise<unknown>

const settingsFor = (t: Trial<string>, bench: KafkaBench, source: string, target: string): Settings => ({
  source,
  target,
  group: bench.topicName(t.dice.freshWord()),
  transactionalId: bench.topicName(t.dice.freshWord()),
  transform: async () => [],
  onEnded: async () => {},
})

/** One call of each function, by its name; `topic` is what Kafka may refuse. */
function callsOf(t: Trial<string>, subject: ExactlyOnce, bench: KafkaBench, target: string) {
  const value = t.dice.freshWord()
  const send: Call = (kafka, topic) => subject.sendOnce(kafka, topic, [{ key: value, value }])
  const together: Call = (kafka, topic) =>
    subject.writeTogether(kafka, bench.topicName(t.dice.freshWord()), [{ topic, key: value, value }])
  const start: Call = (kafka, topic) => subject.startProcessor(kafka, settingsFor(t, bench, topic, target))
  return [
    ['sendOnce', send, (topic: string) => `sendOnce(kafka, ${show(topic)}, records)`],
    [
      'writeTogether',
      together,
      (topic: string) => `writeTogether(kafka, id, [{ topic: ${show(topic)}, … }])`,
    ],
    ['startProcessor', start, (topic: string) => `startProcessor(kafka, { source: ${show(topic)}, … })`],
  ] as const
}

export const endsChecks: Checks<EndsId> = {
  refused: async (t, subject, bench) => {
    const [one, two] = t.dice.freshWords(2)
    const topic = `\ufeff${one} ${two}e\u0301😀 `
    const target = await bench.topic(t.dice.freshWord(), 1)
    await Promise.all(
      callsOf(t, subject, bench, target).map(async ([, call, words]) => {
        const client = learnerClient(t, bench)
        const { error } = await t.attemptLater(() => call(client.kafka, topic))
        if (error === undefined) client.isAsked()
        t.check(error !== undefined, 'resolved', { call: words(topic) })
      }),
    )
  },

  closed: async (t, subject, bench) => {
    const topic = await bench.topic(t.dice.freshWord(), 2)
    const bad = `${t.dice.freshWord()} ${t.dice.freshWord()}`
    const isClosed = async (
      name: string,
      says: 'open' | 'openAfterStop' | 'openAfterError',
      run: (client: LearnerClient) => Promise<boolean>,
    ) => {
      const client = learnerClient(t, bench)
      if (!(await run(client))) return
      await t.until(() => client.openSockets() === 0, { ms: closedMs })
      const count = client.openSockets()
      if (count > 0) client.isAsked()
      const isLate =
        count > 0 && (await t.until(() => client.openSockets() === 0, { ms: lateMs })) === 'holds'
      t.check(count === 0, isLate ? 'late' : says, { name, count })
    }
    const endsWell = async (call: () => Promise<unknown>) => (await t.attemptLater(call)).error === undefined
    const calls = callsOf(t, subject, bench, topic)
    await Promise.all([
      isClosed('startProcessor', 'openAfterStop', ({ kafka }) =>
        endsWell(async () => {
          const running = await subject.startProcessor(kafka, settingsFor(t, bench, topic, topic))
          await running.stop()
        }),
      ),
      ...calls
        .slice(0, 2)
        .map(([name, call]) => isClosed(name, 'open', ({ kafka }) => endsWell(() => call(kafka, topic)))),
      ...calls.map(([name, call]) =>
        isClosed(name, 'openAfterError', async ({ kafka }) => !(await endsWell(() => call(kafka, bad)))),
      ),
    ])
  },
}
