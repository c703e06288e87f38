/**
 * Scenarios with kafkajs: the results that its user gets are recorded.
 */
import { type Admin, CompressionTypes, type Consumer, Kafka, logLevel, type Producer } from 'kafkajs'
import { type Recorder, scenario } from '../../scenario.ts'
import { untilServing } from '../until.ts'

const RECEIVE_MS_MAX = 30_000

interface Clients {
  readonly admin: Admin
  readonly producer: Producer
  readonly kafka: Kafka
}

/** A scenario with kafkajs; its admin and producer are connected, and closed at the end. */
function kafkajs(name: string, play: (recorder: Recorder, clients: Clients) => Promise<void>): void {
  scenario(`kafkajs: ${name}`, 'kafkajs 2.2', async (recorder) => {
    const brokers = recorder.bootstrap.split(',')
    const kafka = new Kafka({
      clientId: 'compare',
      brokers,
      logLevel: logLevel.NOTHING,
      retry: { retries: 8 },
    })
    const [admin, producer] = [kafka.admin(), kafka.producer({ allowAutoTopicCreation: false })]
    await Promise.all([admin.connect(), producer.connect()])
    try {
      await play(recorder, { admin, producer, kafka })
    } finally {
      await Promise.all([admin.disconnect(), producer.disconnect()])
    }
  })
}

/** The first `count` records that the group gets from the topic, in the order of partition and offset. */
async function receive(consumer: Consumer, topic: string, count: number): Promise<unknown[]> {
  const got: { partition: number; offset: number; key: string | undefined; value: string | undefined }[] = []
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${got.length} of ${count} records came`)), RECEIVE_MS_MAX)
    void consumer.run({
      eachMessage: async ({ partition, message }) => {
        const { offset, key, value } = message
        got.push({ partition, offset: Number(offset), key: key?.toString(), value: value?.toString() })
        if (got.length < count) return
        clearTimeout(late)
        resolve()
      },
    })
  })
  await consumer.disconnect()
  return got.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
}

/** The error of a promise, as the user of kafkajs gets it. */
async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    return { gave: await work }
  } catch (error) {
    const { name, type, code, message } = error as Error & { type?: string; code?: number }
    return { name, type, code, message }
  }
}

kafkajs('a topic made, described, grown, removed', async (recorder, { admin }) => {
  const { note, name } = recorder
  const topic = name('t')
  const topics = [{ topic, numPartitions: 2, configEntries: [{ name: 'retention.ms', value: '60000' }] }]
  note('createTopics', await admin.createTopics({ topics, waitForLeaders: true }))
  note('createTopics again', await refusal(admin.createTopics({ topics })))
  note('fetchTopicMetadata', await admin.fetchTopicMetadata({ topics: [topic] }))
  note('createPartitions', await refusal(admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })))
  note('fewer', await refusal(admin.createPartitions({ topicPartitions: [{ topic, count: 1 }] })))
  await untilServing(recorder, topic, 3) // kafkajs does not wait for the new one
  note('fetchTopicOffsets', (await admin.fetchTopicOffsets(topic)).length)
  note('deleteTopics', await refusal(admin.deleteTopics({ topics: [topic] })))
  note('not a name', await refusal(admin.createTopics({ topics: [{ topic: 'not a name' }] })))
})

kafkajs('records written, and read by a group', async ({ note, topic, name }, { kafka, producer, admin }) => {
  const { name: there } = await topic(3)
  const messages = Array.from({ length: 12 }, (_, index) => ({
    key: `key-${index % 5}`,
    value: `value-${index}`,
    headers: { h: `${index}` },
  }))
  const send = async (compression: CompressionTypes) =>
    (await producer.send({ topic: there, messages, compression })).sort((a, b) => a.partition - b.partition)
  note('send', await send(CompressionTypes.None))
  note('gzip', await send(CompressionTypes.GZIP))
  const groupId = name('group')
  note('received', await receive(kafka.consumer({ groupId }), there, 24))
  note('offsets', await admin.fetchOffsets({ groupId, topics: [there] }))
  const { groups } = await admin.describeGroups([groupId])
  note(
    'group',
    groups.map(({ state, protocolType, members }) => ({ state, protocolType, members })),
  )
  note('deleted', await refusal(admin.deleteGroups([groupId])))
  note('deleted again', await refusal(admin.deleteGroups([groupId])))
})

kafkajs('a transaction, and one that is aborted', async ({ note, topic, name }, { kafka, admin }) => {
  const { name: there } = await topic()
  const groupId = name('group')
  const settings = { transactionalId: name('id'), maxInFlightRequests: 1, idempotent: true }
  const producer = kafka.producer(settings)
  await producer.connect()
  for (const [value, ends] of [
    ['one', 'commit'],
    ['two', 'abort'],
    ['three', 'commit'],
  ] as const) {
    const transaction = await producer.transaction()
    note('send', await transaction.send({ topic: there, messages: [{ value }] }))
    const offsets = { topics: [{ topic: there, partitions: [{ partition: 0, offset: '1' }] }] }
    await transaction.sendOffsets({ consumerGroupId: groupId, ...offsets })
    await transaction[ends]()
  }
  await producer.disconnect()
  note('received', await receive(kafka.consumer({ groupId: name('reader') }), there, 2))
  note('offsets', await admin.fetchOffsets({ groupId, topics: [there] }))
  note('ends', await admin.fetchTopicOffsets(there))
})

kafkajs('settings of a topic', async ({ note, topic }, { admin }) => {
  const { name } = await topic(1, { 'retention.ms': '5000' })
  const resources = [{ type: 2, name, configNames: ['retention.ms', 'cleanup.policy'] }]
  note('describeConfigs', (await admin.describeConfigs({ resources, includeSynonyms: true })).resources)
  const change = (value: string) => [{ type: 2, name, configEntries: [{ name: 'retention.ms', value }] }]
  note('alterConfigs', await refusal(admin.alterConfigs({ resources: change('7000'), validateOnly: false })))
  note(
    'alterConfigs, badly',
    await refusal(admin.alterConfigs({ resources: change('x'), validateOnly: false })),
  )
})

kafkajs(
  'offsets: by time, set, deleted with their records',
  async ({ note, topic, name }, { admin, producer }) => {
    const { name: there } = await topic()
    const messages = [1000, 2000, 3000].map((time) => ({ value: `${time}`, timestamp: `${time}` }))
    await producer.send({ topic: there, messages })
    for (const time of [0, 1500, 9000])
      note(`by time ${time}`, await admin.fetchTopicOffsetsByTimestamp(there, time))
    const groupId = name('group')
    await admin.setOffsets({ groupId, topic: there, partitions: [{ partition: 0, offset: '2' }] })
    note('set', await admin.fetchOffsets({ groupId, topics: [there] }))
    await admin.resetOffsets({ groupId, topic: there, earliest: true })
    note('reset', await admin.fetchOffsets({ groupId, topics: [there] }))
    const partitions = [{ partition: 0, offset: '2' }]
    note('deleteTopicRecords', await refusal(admin.deleteTopicRecords({ topic: there, partitions })))
    note('after it', await admin.fetchTopicOffsets(there))
  },
)
