import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'one-question-at-a-time',
  belief: {
    en: 'Two calls at the same time may share one answer.',
    ru: 'Двум одновременным вызовам хватит одного ответа.',
  },
  fails: ['describe-again'],
  breaks: ['describe-began'],
  explains: 'describe-again.shared',
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

export async function sendRecord(kafka: Kafka, topic: string, record: { key: string | null; value: string }) {
  const producer = kafka.producer()
  try {
    await producer.connect()
    const [answer] = await producer.send({ topic, messages: [{ key: record.key, value: record.value }] })
    if (answer?.baseOffset === undefined) throw new Error('the broker did not say where the record lies')
    return { partition: answer.partition, offset: answer.baseOffset }
  } finally {
    await producer.disconnect()
  }
}

const asked = new Map<string, ReturnType<typeof describe>>()

export async function describeTopic(kafka: Kafka, topic: string) {
  const answer = asked.get(topic) ?? describe(kafka, topic).finally(() => asked.delete(topic))
  asked.set(topic, answer)
  return (await answer).map((view) => ({ ...view }))
}

async function describe(kafka: Kafka, topic: string) {
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
