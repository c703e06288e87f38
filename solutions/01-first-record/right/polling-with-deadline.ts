/** Right, other structure: a class, a polling loop, a deadline that fails loudly instead of returning half of it. */
import type { Admin, Kafka } from 'kafkajs'

type Record = { partition: number; offset: string; key: string | null; value: string }

class Topic {
  private readonly kafka: Kafka
  private readonly name: string

  constructor(kafka: Kafka, name: string) {
    this.kafka = kafka
    this.name = name
  }

  async describe() {
    return this.withAdmin(async (admin) => {
      const offsets = await admin.fetchTopicOffsets(this.name)
      const { topics } = await admin.fetchTopicMetadata({ topics: [this.name] })
      const partitions = topics.find(({ name }) => name === this.name)?.partitions ?? []
      return offsets
        .map(({ partition, low, high }) => ({
          partition,
          leader: partitions.find((p) => p.partitionId === partition)?.leader ?? -1,
          startOffset: low,
          endOffset: high,
        }))
        .sort((a, b) => a.partition - b.partition)
    })
  }

  async read(): Promise<Record[]> {
    const ends = (await this.describe()).filter((p) => BigInt(p.endOffset) > BigInt(p.startOffset))
    if (ends.length === 0) return []
    const positions = new Map<number, bigint>()
    const records: Record[] = []
    const consumer = this.kafka.consumer({ groupId: crypto.randomUUID() })
    try {
      await consumer.connect()
      await consumer.subscribe({ topics: [this.name], fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ partition, message }) => {
          const { offset, key, value } = message
          records.push({ partition, offset, key: key === null ? null : String(key), value: String(value) })
          positions.set(partition, BigInt(offset) + 1n)
        },
      })
      const deadline = Date.now() + 30_000
      while (ends.some((end) => (positions.get(end.partition) ?? 0n) < BigInt(end.endOffset))) {
        if (Date.now() > deadline) throw new Error(`${this.name}: the records did not come within 30 s`)
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
    } finally {
      await consumer.disconnect()
    }
    return records
  }

  async withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin()
    try {
      await admin.connect()
      return await work(admin)
    } finally {
      await admin.disconnect()
    }
  }
}

export async function createTopic(kafka: Kafka, topic: string, partitions: number): Promise<boolean> {
  const topics = [{ topic, numPartitions: partitions }]
  return new Topic(kafka, topic).withAdmin((admin) => admin.createTopics({ topics }))
}

export function describeTopic(kafka: Kafka, topic: string) {
  return new Topic(kafka, topic).describe()
}

export function readAll(kafka: Kafka, topic: string) {
  return new Topic(kafka, topic).read()
}

export async function sendRecord(kafka: Kafka, topic: string, record: { key: string | null; value: string }) {
  const producer = kafka.producer()
  let place: { partition: number; offset: string } | undefined
  let failure: unknown
  try {
    await producer.connect()
    const [first] = await producer.send({ topic, messages: [record], acks: 1 })
    place = { partition: first?.partition ?? -1, offset: first?.baseOffset ?? first?.offset ?? '-1' }
  } catch (error) {
    failure = error
  }
  await producer.disconnect()
  if (place === undefined) throw failure
  return place
}
