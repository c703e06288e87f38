/** Lab 07: how calls end: refused by Kafka, and with all connections closed. */
import type { Kafka } from 'kafkajs'
import { show } from '../engine/show.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { type Checks, consumers, type Delivery, type Outgoing, senders } from './subject.ts'

type EndsId = 'refused' | 'closed'

/** The page: a second. A little more, for the machine may be busy, ms. */
const closedMs = 1_500
/** Connections that close within this time after the page's second do close, too late, ms. */
const lateMs = 4_000

type Call = (kafka: Kafka, topic: string) => Promise<unknown>

/** One call of each function, by its name. */
function callsOf(
  subject: Delivery,
  bench: KafkaBench,
  records: readonly Outgoing[],
): readonly (readonly [name: string, words: string, call: Call])[] {
  const handle = async () => {}
  return [
    ...consumers.map((name) => {
      const call: Call = (kafka, topic) => subject[name](kafka, topic, bench.topicName('group'), handle)
      return [name, 'group, handle', call] as const
    }),
    ...senders.map((name) => {
      const call: Call = (kafka, topic) => subject[name](kafka, topic, records)
      return [name, 'records', call] as const
    }),
  ]
}

export const endsChecks: Checks<EndsId> = {
  refused: async (t, subject, bench) => {
    const [one, two, three, four] = t.dice.freshWords(4)
    const topics = [` ${one} ${two} `, `\ufeff${three}`, `${four}e\u0301😀`]
    const records = [{ key: null, value: t.dice.freshWord() }]
    await Promise.all(
      callsOf(subject, bench, records).flatMap(([name, words, call]) =>
        topics.map(async (topic) => {
          const client = learnerClient(t, bench)
          const { error } = await t.attemptLater(() => call(client.kafka, topic))
          if (error === undefined) client.isAsked()
          t.check(error !== undefined, 'resolved', { call: `${name}(kafka, ${show(topic)}, ${words})` })
        }),
      ),
    )
  },

  closed: async (t, subject, bench) => {
    const topic = await bench.topic(t.dice.freshWord(), 2)
    const records = [{ key: null, value: t.dice.freshWord() }]
    const bad = `${t.dice.freshWord()} ${t.dice.freshWord()}`
    const isClosed = async (
      name: string,
      says: 'open' | 'openAfterStop' | 'openAfterError',
      run: (kafka: Kafka) => Promise<boolean>,
    ) => {
      const client = learnerClient(t, bench)
      if (!(await run(client.kafka))) return
      await t.until(() => client.openSockets() === 0, { ms: closedMs })
      const count = client.openSockets()
      if (count > 0) client.isAsked()
      const isLate =
        count > 0 && (await t.until(() => client.openSockets() === 0, { ms: lateMs })) === 'holds'
      t.check(count === 0, isLate ? 'late' : says, { name, count })
    }
    const endsWell = async (call: () => Promise<unknown>) => (await t.attemptLater(call)).error === undefined
    await Promise.all([
      ...consumers.map((name) =>
        isClosed(name, 'openAfterStop', (kafka) =>
          endsWell(async () => {
            const running = await subject[name](kafka, topic, bench.topicName('group'), async () => {})
            await running.stop()
          }),
        ),
      ),
      ...senders.map((name) =>
        isClosed(name, 'open', (kafka) => endsWell(() => subject[name](kafka, topic, records))),
      ),
      ...callsOf(subject, bench, records).map(([name, , call]) =>
        isClosed(name, 'openAfterError', async (kafka) => !(await endsWell(() => call(kafka, bad)))),
      ),
    ])
  },
}
