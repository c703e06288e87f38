import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'old-groups-know-where-to-begin',
  belief: {
    en: 'fromBeginning is for new groups only.',
    ru: 'fromBeginning нужен только новым группам.',
  },
  fails: ['stop'],
  breaks: ['begins', 'once'],
  explains: 'stop.lateMissing',
}

import type { Consumer, ConsumerRunConfig, EachMessagePayload, Kafka } from 'kafkajs'

interface Received {
  partition: number
  offset: string
  key: string | null
  value: string
}
type Handle = (record: Received) => Promise<void>
type Outgoing = { key: string | null; value: string }

export async function consumeAtMostOnce(kafka: Kafka, topic: string, group: string, handle: Handle) {
  return consume(kafka, topic, group, (consumer) => ({
    autoCommit: false,
    eachMessage: async (payload) => {
      const { partition, message } = payload
      const next = (BigInt(message.offset) + 1n).toString()
      await consumer.commitOffsets([{ topic, partition, offset: next }])
      // An error that gets through to kafkajs would make it fetch this record again.
      await handle(received(payload)).catch(() => {})
    },
  }))
}

export async function consumeAtLeastOnce(kafka: Kafka, topic: string, group: string, handle: Handle) {
  return consume(kafka, topic, group, () => ({
    // kafkajs itself commits what has been handled, also while it stops: then commitOffsets does nothing any more.
    autoCommitThreshold: 1,
    eachMessage: async (payload) => {
      try {
        await handle(received(payload))
      } catch (cause) {
        // A TypeError, a RangeError and their like would stop the consumer for good: kafkajs does not try those again.
        throw new Error('handle failed, the record has to come again', { cause })
      }
    },
  }))
}

export async function sendAtMostOnce(kafka: Kafka, topic: string, records: readonly Outgoing[]) {
  await send(kafka, topic, records, 0)
}

export async function sendAtLeastOnce(kafka: Kafka, topic: string, records: readonly Outgoing[]) {
  await send(kafka, topic, records, 5)
}

function received({ partition, message }: EachMessagePayload): Received {
  const { offset, key, value } = message
  return { partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? '' }
}

/** Whether the group has committed nothing in this topic. */
async function isNew(kafka: Kafka, topic: string, groupId: string): Promise<boolean> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    const [of] = await admin.fetchOffsets({ groupId, topics: [topic] })
    return (of?.partitions ?? []).every(({ offset }) => offset === '-1')
  } finally {
    await admin.disconnect()
  }
}

/** Starts a consumer that begins with the oldest record; hangs up when it cannot. */
async function consume(
  kafka: Kafka,
  topic: string,
  group: string,
  configFor: (consumer: Consumer) => ConsumerRunConfig,
) {
  const fromBeginning = await isNew(kafka, topic, group)
  const consumer = kafka.consumer({ groupId: group })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning })
    await consumer.run(configFor(consumer))
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
  return { stop: () => consumer.disconnect() }
}

/** Sends in one call, waits for all in-sync replicas, and repeats it so many times when it fails. */
async function send(kafka: Kafka, topic: string, records: readonly Outgoing[], retries: number) {
  const producer = kafka.producer({ retry: { retries } })
  try {
    await producer.connect()
    await producer.send({ topic, acks: -1, messages: [...records] })
  } finally {
    await producer.disconnect()
  }
}
