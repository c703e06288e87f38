/** Right, other structure: all partitions at once, each with a consumer and a group of its own. */
import { randomUUID } from 'node:crypto'
import type { Kafka } from 'kafkajs'

type Offset = number
interface Row {
  partition: number
  offset: Offset
  key: string | null
  value: string
}

export function createTopic(kafka: Kafka, topic: string, partitions: number): Promise<boolean> {
  const admin = kafka.admin()
  return admin
    .connect()
    .then(() => admin.createTopics({ topics: [{ topic, numPartitions: partitions }], timeout: 8_000 }))
    .finally(() => admin.disconnect())
}

export function sendRecord(kafka: Kafka, topic: string, record: { key: string | null; value: string }) {
  const producer = kafka.producer({ retry: { retries: 3 } })
  return producer
    .connect()
    .then(() => producer.sendBatch({ topicMessages: [{ topic, messages: [{ ...record }] }] }))
    .then(([answer]) => ({ partition: answer?.partition, offset: answer?.baseOffset }))
    .finally(() => producer.disconnect())
}

export function describeTopic(kafka: Kafka, topic: string) {
  const admin = kafka.admin()
  return admin
    .connect()
    .then(() => Promise.all([admin.fetchTopicOffsets(topic), admin.fetchTopicMetadata({ topics: [topic] })]))
    .then(([offsets, { topics }]) => {
      const leaders: Record<number, number> = {}
      for (const { partitionId, leader } of topics[0]?.partitions ?? []) leaders[partitionId] = leader
      return offsets
        .slice()
        .sort((a, b) => a.partition - b.partition)
        .map(({ partition, low, high }) => ({
          partition,
          leader: leaders[partition] ?? -1,
          startOffset: Number(low),
          endOffset: Number(high),
        }))
    })
    .finally(() => admin.disconnect())
}

export async function readAll(kafka: Kafka, topic: string): Promise<Row[]> {
  const views = await describeTopic(kafka, topic)
  const parts = views
    .filter(({ startOffset, endOffset }) => endOffset > startOffset)
    .map(({ partition, endOffset }) => readPartition(kafka, topic, partition, endOffset))
  return (await Promise.all(parts)).flat()
}

/** A consumer gets all partitions; it keeps one, and pauses what it does not need. */
async function readPartition(kafka: Kafka, topic: string, wanted: number, end: Offset): Promise<Row[]> {
  const rows: Row[] = []
  const consumer = kafka.consumer({ groupId: `p${wanted}-${randomUUID()}` })
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          eachMessage: async ({ partition, message, pause }) => {
            if (partition !== wanted) {
              pause()
              return
            }
            const offset = Number(message.offset)
            if (offset >= end) return
            rows.push({
              ...{ partition, offset },
              ...{ key: message.key ? message.key.toString() : null, value: message.value?.toString() ?? '' },
            })
            if (offset === end - 1) resolve()
          },
        })
        .catch(reject)
    })
  } finally {
    await consumer.disconnect()
  }
  return rows
}
