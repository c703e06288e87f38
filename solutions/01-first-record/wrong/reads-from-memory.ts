import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'i-know-what-i-sent',
  belief: { en: 'What I have sent is what the topic holds.', ru: 'В топике лежит то, что я отправил.' },
  fails: [
    'read-all',
    'read-order',
    'read-text',
    'read-again',
    'read-together',
    'read-late',
    'read-trimmed',
    'read-large',
    'far-offsets',
    'refused',
  ],
  breaks: ['read-all'],
  explains: 'read-all.nothing',
}

import type { Kafka } from 'kafkajs'

export async function createTopic(kafka: Kafka, topic: string, partitions: number): Promise<boolean> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    return await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] })
  } finally {
    await admin.disconnect()
  }
}

interface Kept {
  partition: number
  offset: string
  key: string | null
  value: string
}
const memory = new Map<string, Kept[]>()

export async function sendRecord(kafka: Kafka, topic: string, record: { key: string | null; value: string }) {
  const producer = kafka.producer()
  try {
    await producer.connect()
    const [answer] = await producer.send({ topic, messages: [{ key: record.key, value: record.value }] })
    if (answer?.baseOffset === undefined) throw new Error('the broker did not say where the record lies')
    const place = { partition: answer.partition, offset: answer.baseOffset }
    memory.set(topic, [...(memory.get(topic) ?? []), { ...place, ...record }])
    return place
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

export async function readAll(_kafka: Kafka, topic: string) {
  return memory.get(topic) ?? []
}
