import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'a-new-group-reads-everything',
  belief: {
    en: 'A new group reads everything that is in the topic.',
    ru: 'Новая группа читает всё, что есть в топике.',
  },
  fails: ['most-all', 'least-all', 'most-fails', 'least-fails', 'stop', 'groups'],
  breaks: ['begins', 'runs'],
  explains: 'most-all.fromNowOn',
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
      await handle(received(payload)).catch(() => {})
    },
  }))
}

export async function consumeAtLeastOnce(kafka: Kafka, topic: string, group: string, handle: Handle) {
  return consume(kafka, topic, group, () => ({
    autoCommitThreshold: 1,
    eachMessage: async (payload) => {
      try {
        await handle(received(payload))
      } catch (cause) {
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

async function consume(
  kafka: Kafka,
  topic: string,
  group: string,
  configFor: (consumer: Consumer) => ConsumerRunConfig,
) {
  const consumer = kafka.consumer({ groupId: group })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic] })
    await consumer.run(configFor(consumer))
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
  return { stop: () => consumer.disconnect() }
}

async function send(kafka: Kafka, topic: string, records: readonly Outgoing[], retries: number) {
  const producer = kafka.producer({ retry: { retries } })
  try {
    await producer.connect()
    await producer.send({ topic, acks: -1, messages: [...records] })
  } finally {
    await producer.disconnect()
  }
}
