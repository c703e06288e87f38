/** The checks of `createTopic`. */
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import type { Checks, FirstRecord } from './subject.ts'

/** The most partitions that the page asks for. */
export const partitionsMax = 60

type CreateId = 'create-topic' | 'create-name' | 'create-again' | 'create-together'

/** Fails when the topic has another number of partitions than asked for. */
async function checkPartitions(
  t: Trial<'partitions'>,
  kafka: KafkaBench,
  topic: string,
  wanted: number,
): Promise<void> {
  const got = (await kafka.offsets(topic)).length
  t.check(got === wanted, 'partitions', { wanted, got })
}

export const createChecks: Checks<CreateId> = {
  'create-topic': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      for (const wanted of t.dice.shuffle([t.dice.freshInt(5, 9), 1, partitionsMax])) {
        const topic = kafka.topicName(t.dice.freshWord())
        const got = await subject.createTopic(learnerClient(t, kafka).kafka, topic, wanted)
        const topics = await kafka.admin((admin) => admin.listTopics())
        t.check(topics.includes(topic), 'missing', { got: show(got), topic })
        await checkPartitions(t, kafka, topic, wanted)
        t.check(got === true, 'answer', { got: show(got), topic })
      }
    }),

  'create-name': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const client = learnerClient(t, kafka).kafka
      const topic = kafka.topicName(`ab${t.dice.freshWord()}`)
      const others = [
        `${topic}-old`,
        `new-${topic}`,
        topic.slice(0, -1),
        topic.replace('ab', 'Ab'),
        topic.slice(1),
      ]
      for (const other of others) await kafka.make(other, 2)
      const got = await subject.createTopic(client, topic, t.dice.freshInt(3, 9))
      const isThere = (await kafka.admin((admin) => admin.listTopics())).includes(topic)
      const facts = { topic, got: show(got), alike: others.join(', ') }
      t.check(isThere, 'alike', facts)
      t.check(got === true, 'answer', facts)
      // On a cluster that was given, such a topic may be there.
      if (kafka.ours) await meetBuiltIn(t, subject, kafka)
    }),

  'create-again': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const before = t.dice.freshInt(4, 9)
      for (const asked of [before + 3, before, before - 2]) {
        const topic = await kafka.topic(t.dice.freshWord(), before)
        const words = t.dice.freshWords(4)
        await kafka.fill(
          topic,
          words.map((value) => ({ partition: 1, value })),
        )
        const { got, error } = await t.attemptLater(() =>
          subject.createTopic(learnerClient(t, kafka).kafka, topic, asked),
        )
        t.check(error === undefined, 'threw', { message: error?.message ?? '' })
        const after = (await kafka.offsets(topic)).length
        const values = (await kafka.read(topic)).map(({ value }) => value)
        t.check(values.join() === words.join(), 'changed')
        t.check(after === before, 'grown', { before, after })
        t.check(got === false, 'answer', { got: show(got) })
      }
    }),

  'create-together': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const wanted = t.dice.freshInt(3, 6)
      const topic = kafka.topicName(t.dice.freshWord())
      // All ask at the same time; the answers come one after the other.
      const beforeAnswer = async ({ api }: { api: string }, nth: number) => {
        if (api === 'CreateTopics' && nth > 1) await new Promise((resolve) => setTimeout(resolve, 250))
      }
      const [one, two] = [learnerClient(t, kafka, { beforeAnswer }).kafka, learnerClient(t, kafka).kafka]
      const clients = [one, one, one, two, two]
      const answers = await Promise.all(
        clients.map((client) => t.attemptLater(() => subject.createTopic(client, topic, wanted))),
      )
      const calls = clients.length
      const failed = answers.find(({ error }) => error !== undefined)
      t.check(failed === undefined, 'threw', { calls, message: failed?.error?.message ?? '' })
      const count = (value: boolean) => answers.filter(({ got }) => got === value).length
      const [trues, falses] = [count(true), count(false)]
      t.check(trues === 1 && falses === calls - 1, 'answers', { calls, trues, falses })
      await checkPartitions(t, kafka, topic, wanted)
      for (const nth of [1, 2, 3]) await meetRival(t, subject, kafka, nth)
    }),
}

/** Names that every plain object seems to hold, and Kafka takes as any other. */
async function meetBuiltIn(t: Trial<'builtIn'>, subject: FirstRecord, kafka: KafkaBench): Promise<void> {
  const topic = t.dice.pick(['constructor', 'toString', 'valueOf', 'hasOwnProperty'])
  const got = await subject.createTopic(learnerClient(t, kafka).kafka, topic, t.dice.freshInt(5, 14))
  const isThere = (await kafka.admin((admin) => admin.listTopics())).includes(topic)
  t.check(isThere && got === true, 'builtIn', { topic, got: show(got) })
}

/**
 * Another program creates the topic while the broker's `nth` answer about topics is on its way to the learner's
 * client: after that client has looked, and before it creates, wherever it looks. One of the two has created it.
 */
async function meetRival(
  t: Trial<'rival'>,
  subject: FirstRecord,
  kafka: KafkaBench,
  nth: number,
): Promise<void> {
  const topic = kafka.topicName(t.dice.freshWord())
  const numPartitions = t.dice.freshInt(2, 9)
  const rival: Promise<boolean>[] = []
  const beforeAnswer = async ({ api }: { api: string }, count: number) => {
    if (api !== 'Metadata' || count !== nth) return
    const topics = [{ topic, numPartitions }]
    rival.push(kafka.admin((admin) => admin.createTopics({ topics, waitForLeaders: false })))
    await rival[0]
  }
  const client = learnerClient(t, kafka, { beforeAnswer })
  const got = await subject.createTopic(client.kafka, topic, numPartitions)
  t.check(got !== ((await rival[0]) ?? false), 'rival', { got: String(got) })
}
