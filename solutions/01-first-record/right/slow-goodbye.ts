/** Right, other structure: one function that lends a client out, and takes its time to hang up. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, Kafka } from 'kafkajs'

interface Client {
  connect(): Promise<void>
  disconnect(): Promise<void>
}

async function lend<C extends Client, T>(client: C, use: (client: C) => Promise<T>): Promise<T> {
  try {
    await client.connect()
    return await use(client)
  } finally {
    await sleep(1_500)
    await client.disconnect()
  }
}

export const createTopic = (kafka: Kafka, topic: string, numPartitions: number) =>
  lend(kafka.admin(), (admin) => admin.createTopics({ topics: [{ topic, numPartitions }] }))

export const sendRecord = (kafka: Kafka, topic: string, record: { key: string | null; value: string }) =>
  lend(kafka.producer({ maxInFlightRequests: 1 }), async (producer) => {
    const [answer] = await producer.send({ topic, messages: [{ ...record }] })
    return { partition: Number(answer?.partition), offset: BigInt(answer?.baseOffset ?? -1) }
  })

async function look(admin: Admin, topic: string) {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const offsets = new Map((await admin.fetchTopicOffsets(topic)).map((one) => [one.partition, one]))
  const views = topics.flatMap(({ partitions }) =>
    partitions.map(({ partitionId: partition, leader }) => {
      const { low = '', high = '' } = offsets.get(partition) ?? {}
      return { partition, leader, startOffset: low, endOffset: high }
    }),
  )
  return views.sort((a, b) => a.partition - b.partition)
}

export const describeTopic = (kafka: Kafka, topic: string) =>
  lend(kafka.admin(), (admin) => look(admin, topic))

export async function readAll(kafka: Kafka, topic: string) {
  const views = await describeTopic(kafka, topic)
  const wanted = views.map(({ startOffset, endOffset }) => Number(BigInt(endOffset) - BigInt(startOffset)))
  const count = wanted.reduce((sum, one) => sum + one, 0)
  if (count === 0) return []
  return lend(kafka.consumer({ groupId: randomUUID() }), async (consumer) => {
    const records: { partition: number; offset: string; key: string | null; value: string }[] = []
    await consumer.subscribe({ topic, fromBeginning: true })
    let done = () => {}
    const all = new Promise<void>((resolve) => {
      done = resolve
    })
    await consumer.run({
      async eachMessage({ partition, message: { offset, key, value } }) {
        records.push({ partition, offset, key: key && String(key), value: String(value) })
        if (records.length === count) done()
      },
    })
    await all
    return records
  })
}
