/** Right, other structure: classes, a consumer that seeks to the start of each partition, batches resolved by hand. */
import { randomUUID } from 'node:crypto'
import type { Admin, EachBatchPayload, Kafka } from 'kafkajs'

class Row {
  readonly partition: number
  readonly offset: string
  readonly key: string | null
  readonly value: string
  constructor(partition: number, message: { offset: string; key: Buffer | null; value: Buffer | null }) {
    this.partition = partition
    this.offset = message.offset
    this.key = message.key === null ? null : message.key.toString('utf-8')
    this.value = (message.value ?? Buffer.alloc(0)).toString('utf-8')
  }
}

class TopicAdmin {
  readonly #admin: Admin
  private constructor(admin: Admin) {
    this.#admin = admin
  }

  static async use<T>(kafka: Kafka, work: (admin: TopicAdmin) => Promise<T>): Promise<T> {
    const admin = kafka.admin()
    await admin.connect()
    try {
      return await work(new TopicAdmin(admin))
    } finally {
      await admin.disconnect()
    }
  }

  create(topic: string, numPartitions: number): Promise<boolean> {
    return this.#admin.createTopics({ validateOnly: false, topics: [{ topic, numPartitions }] })
  }

  async describe(topic: string) {
    const { topics } = await this.#admin.fetchTopicMetadata({ topics: [topic] })
    const offsets = await this.#admin.fetchTopicOffsets(topic)
    const find = (partition: number) => offsets.find((one) => one.partition === partition)
    const partitions = [...(topics[0]?.partitions ?? [])].sort((a, b) =>
      a.partitionId < b.partitionId ? -1 : 1,
    )
    return partitions.map(({ partitionId, leader }) => ({
      partition: partitionId,
      leader,
      startOffset: find(partitionId)?.low ?? '0',
      endOffset: find(partitionId)?.high ?? '0',
    }))
  }
}

export async function createTopic(kafka: Kafka, topic: string, partitions: number): Promise<boolean> {
  return TopicAdmin.use(kafka, (admin) => admin.create(topic, partitions))
}

export async function describeTopic(kafka: Kafka, topic: string) {
  return TopicAdmin.use(kafka, (admin) => admin.describe(topic))
}

export async function sendRecord(kafka: Kafka, topic: string, record: { key: string | null; value: string }) {
  const producer = kafka.producer({ idempotent: true })
  await producer.connect()
  try {
    const key = record.key === null ? null : Buffer.from(record.key, 'utf-8')
    const [answer] = await producer.send({
      topic,
      messages: [{ key, value: Buffer.from(record.value, 'utf-8') }],
    })
    return { partition: answer?.partition, offset: BigInt(answer?.baseOffset ?? '-1') }
  } finally {
    await producer.disconnect()
  }
}

export async function readAll(kafka: Kafka, topic: string): Promise<Row[]> {
  const views = await describeTopic(kafka, topic)
  const left = new Map(
    views
      .map(
        ({ partition, startOffset, endOffset }) =>
          [partition, BigInt(endOffset) - BigInt(startOffset)] as const,
      )
      .filter(([, count]) => count > 0n),
  )
  const rows: Row[] = []
  if (left.size === 0) return rows
  const consumer = kafka.consumer({ groupId: randomUUID(), sessionTimeout: 10_000 })
  await consumer.connect()
  try {
    await consumer.subscribe({ topic })
    let finish = () => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    const eachBatch = async ({ batch, resolveOffset, heartbeat }: EachBatchPayload) => {
      for (const message of batch.messages) {
        rows.push(new Row(batch.partition, message))
        left.set(batch.partition, (left.get(batch.partition) ?? 0n) - 1n)
        resolveOffset(message.offset)
      }
      await heartbeat()
      if ([...left.values()].every((count) => count <= 0n)) finish()
    }
    await consumer.run({ eachBatchAutoResolve: false, autoCommit: false, eachBatch })
    for (const { partition, startOffset } of views) consumer.seek({ topic, partition, offset: startOffset })
    await finished
    return rows
  } finally {
    await consumer.disconnect()
  }
}
