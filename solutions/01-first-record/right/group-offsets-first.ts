/** Right, other structure: the group's offsets are set by an admin before the consumer joins; the admin stays on. */
import { randomUUID } from 'node:crypto'
import type { Admin, Kafka } from 'kafkajs'

async function withAdmin<T>(kafka: Kafka, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    return await use(admin)
  } finally {
    await admin.disconnect()
  }
}

export const createTopic = (kafka: Kafka, topic: string, partitions: number): Promise<boolean> =>
  withAdmin(kafka, async (admin) => {
    try {
      return await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] })
    } catch (error) {
      if ((error as { type?: string }).type === 'TOPIC_ALREADY_EXISTS') return false
      throw error
    }
  })

export async function sendRecord(
  kafka: Kafka,
  topic: string,
  { key, value }: { key: string | null; value: string },
) {
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  try {
    await producer.connect()
    const answers = await producer.send({ topic, messages: [{ key, value }], acks: 1 })
    return answers.map(({ partition, baseOffset }) => ({ partition, offset: baseOffset ?? '' }))[0]
  } finally {
    await producer.disconnect()
  }
}

const describe = async (admin: Admin, topic: string) => {
  const offsets = await admin.fetchTopicOffsets(topic)
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const leaderOf = (partition: number) =>
    topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader ?? -1
  return offsets
    .map(({ partition, low, high }) => ({
      ...{ partition, leader: leaderOf(partition) },
      ...{ startOffset: BigInt(low), endOffset: BigInt(high) },
    }))
    .sort((a, b) => a.partition - b.partition)
}

export const describeTopic = (kafka: Kafka, topic: string) =>
  withAdmin(kafka, (admin) => describe(admin, topic))

export const readAll = (kafka: Kafka, topic: string) =>
  withAdmin(kafka, async (admin) => {
    const open = (await describe(admin, topic)).filter(
      ({ startOffset, endOffset }) => startOffset < endOffset,
    )
    const records: { partition: number; offset: bigint; key: string | null; value: string }[] = []
    if (open.length === 0) return records
    const groupId = `from-the-start-${randomUUID()}`
    const partitions = open.map(({ partition, startOffset }) => ({ partition, offset: String(startOffset) }))
    await admin.setOffsets({ groupId, topic, partitions })
    const ends = new Map(open.map(({ partition, endOffset }) => [partition, endOffset]))
    const consumer = kafka.consumer({ groupId })
    try {
      await consumer.connect()
      await consumer.subscribe({ topics: [topic] })
      await new Promise<void>((resolve, reject) => {
        const eachMessage = async ({
          partition,
          message,
        }: {
          partition: number
          message: { offset: string; key: Buffer | null; value: Buffer | null }
        }) => {
          const offset = BigInt(message.offset)
          const [key, value] = [message.key, message.value].map((bytes) => bytes?.toString('utf8') ?? null)
          records.push({ partition, offset, key: key ?? null, value: value ?? '' })
          if (offset + 1n === ends.get(partition)) ends.delete(partition)
          if (ends.size === 0) resolve()
        }
        consumer.run({ autoCommit: false, eachMessage }).catch(reject)
      })
    } finally {
      await consumer.disconnect()
    }
    return records
  })
