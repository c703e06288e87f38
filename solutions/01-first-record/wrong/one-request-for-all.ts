import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'a-batch-has-room',
  belief: {
    en: 'Records that are sent at the same time go best in one request: it has room for all of them.',
    ru: 'Записи, которые отправляют одновременно, лучше слать одним запросом: места в нём хватит на все.',
  },
  fails: ['send-together'],
  breaks: ['send-others'],
  explains: 'send-together.threw',
}

import { randomUUID } from 'node:crypto'
import type { EachMessagePayload, Kafka } from 'kafkajs'

export async function createTopic(kafka: Kafka, topic: string, partitions: number): Promise<boolean> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    return await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] })
  } finally {
    await admin.disconnect()
  }
}

interface Sending {
  record: { key: string | null; value: string }
  settle: (place: Promise<{ partition: number; offset: string }>) => void
}

const waiting = new WeakMap<Kafka, Map<string, Sending[]>>()

/** What comes within a moment goes together. */
export function sendRecord(kafka: Kafka, topic: string, record: { key: string | null; value: string }) {
  return new Promise<{ partition: number; offset: string }>((settle) => {
    const topics = waiting.get(kafka) ?? new Map<string, Sending[]>()
    waiting.set(kafka, topics)
    const sending = topics.get(topic) ?? []
    sending.push({ record: { key: record.key, value: record.value }, settle })
    if (sending.length > 1) return
    topics.set(topic, sending)
    setTimeout(() => {
      topics.delete(topic)
      const sent = sendAll(kafka, topic, sending)
      for (const [i, one] of sending.entries())
        one.settle(
          sent.then(({ partition, first }) => ({ partition, offset: String(BigInt(first) + BigInt(i)) })),
        )
    }, 60)
  })
}

async function sendAll(kafka: Kafka, topic: string, sending: readonly Sending[]) {
  const producer = kafka.producer()
  try {
    await producer.connect()
    const messages = sending.map(({ record: { key, value } }) => ({ key, value, partition: 0 }))
    const [answer] = await producer.send({ topic, messages })
    return { partition: 0, first: answer?.baseOffset ?? '' }
  } finally {
    await producer.disconnect()
  }
}

export async function describeTopic(kafka: Kafka, topic: string) {
  const admin = kafka.admin()
  try {
    await admin.connect()
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    const offsets = await admin.fetchTopicOffsets(topic)
    return (topics[0]?.partitions ?? [])
      .map(({ partitionId, leader }) => {
        const found = offsets.find(({ partition }) => partition === partitionId)
        return { partition: partitionId, leader, startOffset: found?.low ?? '', endOffset: found?.high ?? '' }
      })
      .sort((a, b) => a.partition - b.partition)
  } finally {
    await admin.disconnect()
  }
}

export async function readAll(kafka: Kafka, topic: string) {
  const records: { partition: number; offset: string; key: string | null; value: string }[] = []
  const last = new Map<number, bigint>()
  for (const { partition, startOffset, endOffset } of await describeTopic(kafka, topic)) {
    if (startOffset !== endOffset) last.set(partition, BigInt(endOffset) - 1n)
  }
  if (last.size === 0) return records

  const consumer = kafka.consumer({ groupId: `read-all-${randomUUID()}` })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      const eachMessage = async ({ partition, message }: EachMessagePayload) => {
        const { offset, key, value } = message
        records.push({ partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? '' })
        if (BigInt(offset) === last.get(partition)) last.delete(partition)
        if (last.size === 0) resolve()
      }
      consumer.run({ eachMessage }).catch(reject)
    })
    return records
  } finally {
    await consumer.disconnect()
  }
}
