/** The suite of lab 01: four functions on a live broker. The tests wait for the network, so they run side by side. */
import type { Kafka } from 'kafkajs'
import type { Dice } from '../engine/dice.ts'
import { defineSuite } from '../engine/lab.ts'
import { columns, compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { text } from './lab.ts'
import { type Filling, fillTopic, placeOf, ReadingRooms, readCheck, unevenFilling } from './reading.ts'

/** What an implementation of the lab exports. */
export interface FirstRecord {
  createTopic(kafka: Kafka, topic: string, partitions: number): Promise<boolean>
  sendRecord(kafka: Kafka, topic: string, record: { key: string | null; value: string }): Promise<unknown>
  describeTopic(kafka: Kafka, topic: string): Promise<readonly unknown[]>
  readAll(kafka: Kafka, topic: string): Promise<readonly unknown[]>
}

export interface FirstRecordBench {
  readonly kafka: KafkaBench
  readonly rooms: ReadingRooms
}

/** What describeTopic gives for one partition, as far as anybody knows. */
type View = { partition?: unknown; leader?: unknown; startOffset?: unknown; endOffset?: unknown }

const freshPartitions = (dice: Dice) => dice.freshInt(4, 9)

export const suite = defineSuite<typeof text, FirstRecord, FirstRecordBench>(text, {
  parallel: true,
  wants: 'promise',
  isClientNeeded: true,
  gives: {
    createTopic: 'boolean',
    sendRecord: { object: { partition: 'anything', offset: 'anything' } },
    describeTopic: { list: 'anything' },
    readAll: { list: 'anything' },
  },
  open: async (surroundings) => {
    const kafka = await KafkaBench.open(surroundings, { brokers: 1 })
    return { kafka, rooms: new ReadingRooms(surroundings, kafka) }
  },
  close: async (bench) => {
    await Promise.all([bench.rooms.close(), bench.kafka.close()])
  },
  tests: {
    async 'create-topic'(t, subject, { kafka }) {
      const client = learnerClient(t, kafka).kafka
      for (const wanted of [freshPartitions(t.dice), freshPartitions(t.dice)]) {
        const topic = kafka.topicName(t.dice.freshWord())
        const got: unknown = await subject.createTopic(client, topic, wanted)
        const topics = await kafka.admin((admin) => admin.listTopics())
        t.check(topics.includes(topic), 'missing', { got: show(got), topic })
        const partitions = await kafka.offsets(topic)
        t.check(partitions.length === wanted, 'partitions', { wanted, got: partitions.length })
        t.check(got === true, 'answer', { got: show(got) })
      }
    },
    async 'create-again'(t, subject, { kafka }) {
      const client = learnerClient(t, kafka).kafka
      const partitions = freshPartitions(t.dice)
      const topic = await kafka.topic(t.dice.freshWord(), partitions)
      await kafka.fill(
        topic,
        t.dice.freshWords(4).map((value) => ({ partition: 1, value })),
      )
      const state = async () => {
        const offsets = await kafka.offsets(topic)
        return `${offsets.length} × ${offsets.map(({ start, end }) => `${start}–${end}`).join(' ')}`
      }
      const before = await state()
      const { got, error } = await t.attemptLater(() => subject.createTopic(client, topic, partitions + 3))
      t.check(error === undefined, 'threw', { message: error?.message ?? '' })
      const after = await state()
      t.check(after === before, 'changed', { before, after })
      t.check(got === false, 'answer', { got: show(got) })
    },
    async 'send-content'(t, subject, { kafka }) {
      const client = learnerClient(t, kafka).kafka
      const topic = await kafka.topic(t.dice.freshWord(), 1)
      const keys = [t.dice.freshWord(), null, '', t.dice.freshForeignWord(), t.dice.freshWord()]
      const records = keys.map((key, i) => ({
        key,
        value: i % 2 === 0 ? t.dice.freshForeignWord() : t.dice.freshWord(),
      }))
      for (const record of records) await subject.sendRecord(client, topic, { ...record })
      const read = await kafka.read(topic)
      t.check(read.length === records.length, 'lost', { wanted: records.length, got: read.length })
      const rows = records.map(({ key, value }, i) => ({
        left: [`#${i + 1}`],
        expected: `${show(key)}: ${show(value)}`,
        got: `${show(read[i]?.key)}: ${show(read[i]?.value)}`,
      }))
      t.check(
        rows.every((row) => row.expected === row.got),
        'differs',
        {},
        () => compareTable(rows, [columns.offset]),
      )
    },
    async 'send-place'(t, subject, { kafka }) {
      const client = learnerClient(t, kafka).kafka
      const partitions = freshPartitions(t.dice)
      const topic = await kafka.topic(t.dice.freshWord(), partitions)
      // Every partition has another end before the first record is sent.
      const lengths = t.dice.shuffle(Array.from({ length: partitions }, (_, n) => 2 + 2 * n))
      await kafka.fill(
        topic,
        lengths.flatMap((length, partition) =>
          Array.from({ length }, () => ({ partition, value: 'filler' })),
        ),
      )
      const answers = new Map<string, unknown>()
      for (const key of [...t.dice.freshWords(5), null]) {
        const value = t.dice.freshWord()
        const answer = await subject.sendRecord(client, topic, { key, value })
        answers.set(value, answer)
      }
      const read = await kafka.read(topic)
      const rows = [...answers].map(([value, answer]) => {
        const real = read.find((record) => record.value === value)
        return { left: [value], expected: `${real?.partition}:${real?.offset}`, got: placeOf(answer) ?? '' }
      })
      t.check(
        rows.every((row) => row.expected === row.got),
        'differs',
        {},
        () => compareTable(rows, [columns.value]),
      )
    },
    async 'describe-partitions'(t, subject, { kafka }) {
      const client = learnerClient(t, kafka).kafka
      const topic = await kafka.topic(t.dice.freshWord(), t.dice.freshInt(11, 14))
      const got = await subject.describeTopic(client, topic)
      const views = got as View[]
      const { topics } = await kafka.admin((admin) => admin.fetchTopicMetadata({ topics: [topic] }))
      const real = (topics[0]?.partitions ?? []).sort((a, b) => a.partitionId - b.partitionId)
      const [listed, wanted] = [
        views.map((view) => show(view?.partition)).join(' '),
        real.map((p) => p.partitionId).join(' '),
      ]
      t.check(listed === wanted, 'order', { got: listed, wanted })
      const rows = real.map((p, i) => ({
        left: [String(p.partitionId)],
        expected: String(p.leader),
        got: show(views[i]?.leader),
      }))
      t.check(
        rows.every((row) => row.expected === row.got),
        'leaders',
        {},
        () => compareTable(rows, [columns.partition]),
      )
    },
    async 'describe-offsets'(t, subject, { kafka }) {
      const client = learnerClient(t, kafka).kafka
      const filling = unevenFilling(t.dice, t.dice.freshInt(4, 6))
      const topic = await fillTopic(kafka, t.dice, filling)
      await kafka.trim(topic, filling.longest, 2)
      const got = await subject.describeTopic(client, topic)
      const views = got as View[]
      const rows = (await kafka.offsets(topic)).map(({ partition, start, end }) => {
        const view = views.find((one) => one?.partition === partition)
        return {
          left: [String(partition)],
          expected: `${start}–${end}`,
          got: `${view?.startOffset}–${view?.endOffset}`,
        }
      })
      t.check(
        rows.every((row) => row.expected === row.got),
        'differs',
        {},
        () => compareTable(rows, [columns.partition]),
      )
    },
    'read-all': (t, subject, { rooms }) =>
      rooms.use(t, async (kafka) => {
        const filling = unevenFilling(t.dice, 5)
        const topic = await fillTopic(kafka, t.dice, filling)
        readCheck(t, await subject.readAll(learnerClient(t, kafka).kafka, topic), filling.records)
      }),
    'read-order': (t, subject, { rooms }) =>
      rooms.use(t, async (kafka) => {
        const topic = await fillTopic(kafka, t.dice, longFilling(t.dice))
        const got = await subject.readAll(learnerClient(t, kafka).kafka, topic)
        for (const partition of [0, 1]) {
          const offsets = (got as { partition?: unknown; offset?: unknown }[])
            .filter((record) => record?.partition === partition)
            .map((record) => Number(record.offset))
          const isRising = offsets.every((offset, i) => i === 0 || offset > (offsets[i - 1] ?? 0))
          t.check(isRising, 'order', { partition, got: offsets.join(' ') })
        }
      }),
    'read-again': (t, subject, { rooms }) =>
      rooms.use(t, async (kafka) => {
        const filling = unevenFilling(t.dice, 3)
        const topic = await fillTopic(kafka, t.dice, filling)
        const client = learnerClient(t, kafka)
        for (let round = 0; round < 2; round++)
          readCheck(t, await subject.readAll(client.kafka, topic), filling.records, 'places')
      }),
    'read-empty': (t, subject, { rooms }) =>
      rooms.use(t, async (kafka) => {
        const topic = await kafka.topic(t.dice.freshWord(), freshPartitions(t.dice))
        readCheck(t, await subject.readAll(learnerClient(t, kafka).kafka, topic), [])
      }),
    'read-late': (t, subject, { rooms }) =>
      rooms.use(t, async (kafka) => {
        const filling = unevenFilling(t.dice, 4)
        const topic = await fillTopic(kafka, t.dice, filling)
        const client = learnerClient(t, kafka, { isSlow: true })
        const got = await subject.readAll(client.kafka, topic)
        const wanted = filling.records.length
        t.check(got.length >= wanted, 'early', { got: got.length, wanted })
      }),
    'read-trimmed': (t, subject, { rooms }) =>
      rooms.use(t, async (kafka) => {
        const filling = unevenFilling(t.dice, 3)
        const topic = await fillTopic(kafka, t.dice, filling)
        await kafka.trim(topic, filling.longest, 2)
        const left = filling.records.filter(
          (record) => record.partition !== filling.longest || record.offset >= 2,
        )
        readCheck(t, await subject.readAll(learnerClient(t, kafka).kafka, topic), left, 'places')
      }),
    'hang-up': (t, subject, { rooms }) =>
      rooms.use(t, async (kafka) => {
        const topic = await kafka.topic(t.dice.freshWord(), 2)
        const value = t.dice.freshWord()
        const calls: [string, (kafka: Kafka) => Promise<unknown>][] = [
          ['createTopic', (client) => subject.createTopic(client, kafka.topicName(value), 2)],
          ['sendRecord', (client) => subject.sendRecord(client, topic, { key: null, value })],
          ['describeTopic', (client) => subject.describeTopic(client, topic)],
          ['readAll', (client) => subject.readAll(client, topic)],
        ]
        for (const [name, call] of calls) {
          const client = learnerClient(t, kafka)
          await call(client.kafka)
          const count = await client.hungUp()
          t.check(count === 0, 'open', { name, count })
        }
      }),
  },
})

/** Two partitions, long enough that offsets as strings sort differently, values in no order. */
function longFilling(dice: Dice): Filling {
  const values = dice.shuffle(dice.freshWords(26))
  const records = values.map((value, i) => ({
    partition: i % 2,
    offset: Math.floor(i / 2),
    key: null,
    value,
  }))
  return { partitions: 2, records, longest: 0 }
}
