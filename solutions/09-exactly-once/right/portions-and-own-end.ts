/** Portions of fifty records a transaction, the place of the consumer moved by hand; errors end the processor from outside of kafkajs. */
import type { EachBatchPayload, Kafka, KafkaMessage, Transaction } from 'kafkajs'

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

const portion = 50

export async function sendOnce(kafka: Kafka, topic: string, records: readonly Outgoing[]) {
  const producer = kafka.producer({ idempotent: true })
  await producer.connect()
  try {
    const messages = records.map((record) => ({ ...record }))
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages }] })
  } finally {
    await producer.disconnect()
  }
}

const hasType = (error: unknown, type: string): boolean =>
  error instanceof Error && ((error as { type?: unknown }).type === type || hasType(error.cause, type))

/** The markers of the transaction before may still be on their way: kafkajs waits for that in send, and not in sendOffsets. */
async function patiently(call: () => Promise<void>): Promise<void> {
  for (let left = 20; ; left--) {
    try {
      return await call()
    } catch (error) {
      if (left === 0 || !hasType(error, 'CONCURRENT_TRANSACTIONS')) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

async function ending(transaction: Transaction, work: () => Promise<void>): Promise<void> {
  try {
    await work()
    await transaction.commit()
  } catch (error) {
    // Whether the abort succeeds does not matter to the caller: the first error is the one to tell.
    if (transaction.isActive()) await transaction.abort().catch(() => {})
    throw error
  }
}

export async function writeTogether(kafka: Kafka, transactionalId: string, records: readonly Addressed[]) {
  const producer = kafka.producer({ transactionalId, maxInFlightRequests: 1 })
  await producer.connect()
  try {
    const transaction = await producer.transaction()
    const byTopic = new Map<string, { key: string; value: string }[]>()
    for (const { topic, key, value } of records)
      byTopic.set(topic, [...(byTopic.get(topic) ?? []), { key, value }])
    await ending(transaction, async () => {
      await transaction.sendBatch({
        topicMessages: [...byTopic].map(([topic, messages]) => ({ topic, messages })),
      })
    })
  } finally {
    await producer.disconnect()
  }
}

export async function startProcessor(kafka: Kafka, settings: Settings) {
  const { source, target, group, transactionalId, transform, onEnded } = settings
  const producer = kafka.producer({ transactionalId, maxInFlightRequests: 1 })
  const consumer = kafka.consumer({ groupId: group })
  let isOver = false

  const hangUp = async () => {
    await consumer.disconnect()
    await producer.disconnect()
  }

  /** Ends once, and not from within eachBatch: disconnect waits for that. */
  const end = (error: unknown) => {
    if (isOver) return
    isOver = true
    const why = hasType(error, 'INVALID_PRODUCER_EPOCH') ? 'fenced' : 'failed'
    setTimeout(() => void hangUp().then(() => onEnded(why)), 0)
  }

  const transformed = async (partition: number, { offset, key, value }: KafkaMessage) => {
    const record = { partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? '' }
    for (let waitMs = 50; ; waitMs = Math.min(1_000, waitMs * 2)) {
      try {
        return await transform(record)
      } catch {
        if (isOver) return undefined
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
    }
  }

  /** One transaction; gives the offset of the last record that is in it. */
  const takePortion = async (partition: number, messages: readonly KafkaMessage[]) => {
    const results: Outgoing[] = []
    let last: string | undefined
    for (const message of messages) {
      const given = await transformed(partition, message)
      if (given === undefined) break
      results.push(...given)
      last = message.offset
      if (isOver) break
    }
    if (last === undefined) return undefined
    const offset = (BigInt(last) + 1n).toString()
    const transaction = await producer.transaction()
    await ending(transaction, async () => {
      if (results.length > 0) await transaction.send({ topic: target, messages: results })
      const topics = [{ topic: source, partitions: [{ partition, offset }] }]
      await patiently(() => transaction.sendOffsets({ consumerGroupId: group, topics }))
    })
    return last
  }

  const eachBatch = async ({ batch, resolveOffset, heartbeat, isRunning }: EachBatchPayload) => {
    for (let at = 0; at < batch.messages.length; at += portion) {
      if (isOver || !isRunning()) return
      try {
        const last = await takePortion(batch.partition, batch.messages.slice(at, at + portion))
        if (last !== undefined) resolveOffset(last)
      } catch (error) {
        // After anything that fails in a transaction a new start has to find out how it ended.
        return end(error)
      }
      await heartbeat()
    }
  }

  try {
    await producer.connect()
    const first = await producer.transaction()
    await first.commit()
    await consumer.connect()
    await consumer.subscribe({ topic: source, fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
  } catch (error) {
    await hangUp()
    throw error
  }
  return {
    stop: async () => {
      isOver = true
      await hangUp()
    },
  }
}
