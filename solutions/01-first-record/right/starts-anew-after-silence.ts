/** Right, other structure: when nothing has come for ten seconds, the consumer is thrown away and a new one goes on. */
import { randomUUID } from 'node:crypto'
import type { Kafka } from 'kafkajs'

const silenceMs = 10_000

export async function createTopic(kafka: Kafka, topic: string, partitions: number): Promise<boolean> {
  const admin = kafka.admin()
  await admin.connect()
  return admin
    .createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor: 1 }] })
    .finally(() => admin.disconnect())
}

export async function sendRecord(kafka: Kafka, topic: string, record: { key: string | null; value: string }) {
  const producer = kafka.producer()
  await producer.connect()
  const answers = await producer
    .send({ topic, messages: [{ key: record.key, value: record.value }], acks: -1 })
    .finally(() => producer.disconnect())
  const place = answers.find((answer) => answer.topicName === topic)
  return { partition: place?.partition ?? -1, offset: Number(place?.baseOffset) }
}

export async function describeTopic(kafka: Kafka, topic: string) {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const [metadata, offsets] = [
      await admin.fetchTopicMetadata({ topics: [topic] }),
      await admin.fetchTopicOffsets(topic),
    ]
    const views: { partition: number; leader: number; startOffset: string; endOffset: string }[] = []
    for (const { partition, low, high } of offsets) {
      const found = metadata.topics[0]?.partitions.find((one) => one.partitionId === partition)
      views[partition] = { partition, leader: found?.leader ?? -1, startOffset: low, endOffset: high }
    }
    return views
  } finally {
    await admin.disconnect()
  }
}

export async function readAll(kafka: Kafka, topic: string) {
  const views = await describeTopic(kafka, topic)
  const next = new Map(views.map(({ partition, startOffset }) => [partition, BigInt(startOffset)]))
  const isDone = () => views.every(({ partition, endOffset }) => next.get(partition) === BigInt(endOffset))
  const records: { partition: number; offset: string; key: string | null; value: string }[] = []

  async function untilSilent(): Promise<void> {
    const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}` })
    try {
      await consumer.connect()
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      await new Promise<void>((resolve, reject) => {
        let silence = setTimeout(resolve, silenceMs)
        const eachMessage = async ({
          partition,
          message,
        }: {
          partition: number
          message: { offset: string; key: Buffer | null; value: Buffer | null }
        }) => {
          clearTimeout(silence)
          silence = setTimeout(resolve, silenceMs)
          const { offset, key, value } = message
          if (BigInt(offset) === next.get(partition)) {
            records.push({ partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? '' })
            next.set(partition, BigInt(offset) + 1n)
          }
          if (!isDone()) return
          clearTimeout(silence)
          resolve()
        }
        consumer.run({ eachMessage }).catch(reject)
      })
    } finally {
      await consumer.disconnect()
    }
  }

  while (!isDone()) await untilSilent()
  return records
}
