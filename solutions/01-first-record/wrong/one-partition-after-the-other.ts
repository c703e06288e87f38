import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'joining-takes-no-time',
  belief: {
    en: 'To join a group takes no time: a consumer for each partition, one after the other, will do.',
    ru: 'Войти в группу ничего не стоит: можно читать партиции по очереди, каждую своим консюмером.',
  },
  fails: ['read-all'],
  breaks: ['time'],
  explains: 'read-all.inTurn',
  hangs: true,
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

interface Row {
  partition: number
  offset: string
  key: string | null
  value: string
}

export async function readAll(kafka: Kafka, topic: string) {
  const records: Row[] = []
  for (const { partition, startOffset, endOffset } of await describeTopic(kafka, topic))
    if (startOffset !== endOffset)
      records.push(...(await readPartition(kafka, topic, partition, BigInt(endOffset) - 1n)))
  return records
}

async function readPartition(kafka: Kafka, topic: string, wanted: number, last: bigint): Promise<Row[]> {
  const records: Row[] = []
  const consumer = kafka.consumer({ groupId: `read-${wanted}-${randomUUID()}` })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      const eachMessage = async ({ partition, message, pause }: EachMessagePayload) => {
        if (partition !== wanted) return void pause()
        const { offset, key, value } = message
        records.push({ partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? '' })
        if (BigInt(offset) === last) resolve()
      }
      consumer.run({ eachMessage }).catch(reject)
    })
    return records
  } finally {
    await consumer.disconnect()
  }
}
