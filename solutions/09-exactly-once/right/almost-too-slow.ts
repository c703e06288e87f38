/** Right, and as slow as the page allows: it starts late, takes its time for each batch, tries again late, and stops late. */
import type { EachBatchPayload, Kafka, Producer } from 'kafkajs'

interface Outgoing {
  key: string
  value: string
}
interface Addressed extends Outgoing {
  topic: string
}
interface Received {
  partition: number
  offset: string
  key: string | null
  value: string
}
interface Settings {
  source: string
  target: string
  group: string
  transactionalId: string
  transform: (record: Received) => Promise<Outgoing[]>
  onEnded: (why: 'fenced' | 'failed') => Promise<void>
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

export async function sendOnce(kafka: Kafka, topic: string, records: readonly Outgoing[]) {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    retry: { initialRetryTime: 800, maxRetryTime: 3_000 },
  })
  try {
    await pause(1_000)
    await producer.connect()
    await producer.send({ topic, acks: -1, messages: records.map(({ key, value }) => ({ key, value })) })
  } finally {
    await pause(500)
    await producer.disconnect()
  }
}

const open = (kafka: Kafka, transactionalId: string) =>
  kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1, transactionTimeout: 30_000 })

export async function writeTogether(kafka: Kafka, transactionalId: string, records: readonly Addressed[]) {
  const producer = open(kafka, transactionalId)
  try {
    await pause(1_000)
    await producer.connect()
    const transaction = await producer.transaction()
    try {
      // One topic after the other: records of a topic stay in order.
      for (const topic of new Set(records.map((record) => record.topic))) {
        const messages = records.filter((record) => record.topic === topic)
        await transaction.send({ topic, messages: messages.map(({ key, value }) => ({ key, value })) })
        await pause(200)
      }
    } catch (error) {
      await transaction.abort()
      throw error
    }
    await transaction.commit()
  } finally {
    await producer.disconnect()
  }
}

export async function startProcessor(kafka: Kafka, settings: Settings) {
  const producer = open(kafka, settings.transactionalId)
  const consumer = kafka.consumer({ groupId: settings.group, readUncommitted: false })
  const hangUp = async () => {
    await consumer.disconnect()
    await producer.disconnect()
  }
  consumer.on(consumer.events.CRASH, async ({ payload }) => {
    if (payload.restart) return
    await hangUp()
    const types: unknown[] = []
    for (let error: unknown = payload.error; error instanceof Error; error = error.cause)
      types.push((error as { type?: unknown }).type)
    await settings.onEnded(types.includes('INVALID_PRODUCER_EPOCH') ? 'fenced' : 'failed')
  })
  try {
    await pause(1_000)
    await producer.connect()
    await (await producer.transaction()).abort()
    await consumer.connect()
    await consumer.subscribe({ topics: [settings.source], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatch: (payload) => take(producer, settings, payload) })
  } catch (error) {
    await hangUp()
    throw error
  }
  return {
    stop: async () => {
      await hangUp()
      await pause(1_000)
    },
  }
}

async function take(
  producer: Producer,
  settings: Settings,
  { batch, isRunning, heartbeat }: EachBatchPayload,
) {
  await pause(50)
  const transaction = await producer.transaction()
  try {
    let offset: string | undefined
    for (const message of batch.messages) {
      if (!isRunning()) break
      const record = {
        partition: batch.partition,
        offset: message.offset,
        key: message.key?.toString() ?? null,
        value: message.value?.toString() ?? '',
      }
      let results: Outgoing[]
      try {
        results = await settings.transform(record)
      } catch {
        await pause(1_000)
        throw new Error('transform has failed')
      }
      if (results.length > 0) await transaction.send({ topic: settings.target, messages: results })
      offset = String(BigInt(message.offset) + 1n)
      await heartbeat()
    }
    if (offset === undefined) return await transaction.abort()
    await transaction.sendOffsets({
      consumerGroupId: settings.group,
      topics: [{ topic: settings.source, partitions: [{ partition: batch.partition, offset }] }],
    })
    await pause(50)
    await transaction.commit()
  } catch (error) {
    if (transaction.isActive()) await transaction.abort()
    throw error
  }
}
