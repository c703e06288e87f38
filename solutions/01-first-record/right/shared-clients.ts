/** Right, other structure: calls at the same time share an admin and a producer; the last one to leave hangs up. */
import { randomUUID } from 'node:crypto'
import type { Kafka } from 'kafkajs'

interface Client {
  connect(): Promise<void>
  disconnect(): Promise<void>
}

/** A client for each kafka, as long as somebody uses it. */
class Shared<C extends Client> {
  readonly #make: (kafka: Kafka) => C
  readonly #inUse = new Map<Kafka, { client: C; ready: Promise<void>; users: number }>()
  constructor(make: (kafka: Kafka) => C) {
    this.#make = make
  }

  async use<T>(kafka: Kafka, work: (client: C) => Promise<T>): Promise<T> {
    let entry = this.#inUse.get(kafka)
    if (entry === undefined) {
      const client = this.#make(kafka)
      entry = { client, ready: client.connect(), users: 0 }
      this.#inUse.set(kafka, entry)
    }
    entry.users++
    try {
      await entry.ready
      return await work(entry.client)
    } finally {
      entry.users--
      if (entry.users === 0) {
        this.#inUse.delete(kafka)
        await entry.client.disconnect()
      }
    }
  }
}

const admins = new Shared((kafka) => kafka.admin())
const producers = new Shared((kafka) => kafka.producer())

export const createTopic = (kafka: Kafka, topic: string, partitions: number) =>
  admins.use(kafka, (admin) => admin.createTopics({ topics: [{ topic, numPartitions: partitions }] }))

export const sendRecord = (kafka: Kafka, topic: string, record: { key: string | null; value: string }) =>
  producers.use(kafka, async (producer) => {
    const [answer] = await producer.send({ topic, messages: [{ key: record.key, value: record.value }] })
    return { partition: answer?.partition ?? -1, offset: answer?.baseOffset ?? '' }
  })

export const describeTopic = (kafka: Kafka, topic: string) =>
  admins.use(kafka, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    const offsets = await admin.fetchTopicOffsets(topic)
    const views = []
    for (const { partitionId: partition, leader } of topics[0]?.partitions ?? [])
      for (const { low, high } of offsets.filter((one) => one.partition === partition))
        views.push({ partition, leader, startOffset: low, endOffset: high })
    return views.sort((a, b) => a.partition - b.partition)
  })

export async function readAll(kafka: Kafka, topic: string) {
  const views = await describeTopic(kafka, topic)
  const records: { partition: number; offset: string; key: string | null; value: string }[] = []
  const isOpen = new Set(views.filter((view) => view.startOffset !== view.endOffset).map((v) => v.partition))
  if (isOpen.size === 0) return records
  const consumer = kafka.consumer({ groupId: `shared-${randomUUID()}`, maxWaitTimeInMs: 500 })
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      const ends = new Map(views.map(({ partition, endOffset }) => [partition, BigInt(endOffset) - 1n]))
      consumer
        .run({
          partitionsConsumedConcurrently: 3,
          eachMessage: async ({ partition, message }) => {
            const { offset, key, value } = message
            records.push({ partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? '' })
            if (BigInt(offset) === ends.get(partition)) isOpen.delete(partition)
            if (isOpen.size === 0) resolve()
          },
        })
        .catch(reject)
    })
    return records
  } finally {
    await consumer.disconnect()
  }
}
