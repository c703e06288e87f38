import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'log-starts-at-0',
  belief: { en: 'A partition starts at offset 0.', ru: 'Партиция начинается со смещения 0.' },
  fails: ['describe-offsets', 'describe-again', 'read-empty', 'far-offsets'],
  breaks: ['describe-offsets'],
  explains: 'describe-offsets.starts',
  hangs: true,
}

import { randomUUID } from 'node:crypto'
import type { Kafka } from 'kafkajs'

export async function createTopic(kafka: Kafka, topic: string, partitions: number): Promise<boolean> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true })
  } finally {
    await admin.disconnect()
  }
}

export async function sendRecord(kafka: Kafka, topic: string, record: { key: string | null; value: string }) {
  const producer = kafka.producer()
  await producer.connect()
  try {
    const [metadata] = await producer.send({ topic, messages: [{ key: record.key, value: record.value }] })
    if (metadata?.baseOffset === undefined) throw new Error('the broker did not say where the record lies')
    return { partition: metadata.partition, offset: metadata.baseOffset }
  } finally {
    await producer.disconnect()
  }
}

export async function describeTopic(kafka: Kafka, topic: string) {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    const offsets = await admin.fetchTopicOffsets(topic)
    return (topics[0]?.partitions ?? [])
      .map(({ partitionId, leader }) => {
        const found = offsets.find(({ partition }) => partition === partitionId)
        return { partition: partitionId, leader, startOffset: '0', endOffset: found?.high ?? '' }
      })
      .sort((a, b) => a.partition - b.partition)
  } finally {
    await admin.disconnect()
  }
}

export async function readAll(kafka: Kafka, topic: string) {
  const partitions = await describeTopic(kafka, topic)
  const open = new Map(
    partitions.filter((p) => p.endOffset !== p.startOffset).map((p) => [p.partition, BigInt(p.endOffset)]),
  )
  const records: { partition: number; offset: string; key: string | null; value: string }[] = []
  if (open.size === 0) return records

  const consumer = kafka.consumer({ groupId: `read-all-${randomUUID()}` })
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      const eachMessage = async ({
        partition,
        message,
      }: {
        partition: number
        message: { offset: string; key: Buffer | null; value: Buffer | null }
      }) => {
        if (!open.has(partition)) return
        const [key, value] = [message.key?.toString() ?? null, message.value?.toString() ?? '']
        records.push({ partition, offset: message.offset, key, value })
        if (BigInt(message.offset) + 1n >= (open.get(partition) ?? 0n)) open.delete(partition)
        if (open.size === 0) resolve()
      }
      consumer.run({ eachMessage }).catch(reject)
    })
    return records
  } finally {
    await consumer.disconnect()
  }
}
