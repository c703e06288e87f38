import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'the-batch-reaches-the-high-watermark',
  belief: {
    en: 'A batch holds everything up to its high watermark.',
    ru: 'В пакете лежит всё до его верхней отметки.',
  },
  fails: ['process-all'],
  breaks: ['offsets', 'runs'],
  explains: 'process-all.passed',
}

import type { EachBatchPayload, Kafka, KafkaMessage, Producer } from 'kafkajs'

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

export async function sendOnce(kafka: Kafka, topic: string, records: readonly Outgoing[]) {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  try {
    await producer.connect()
    await producer.send({ topic, messages: [...records] })
  } finally {
    await producer.disconnect()
  }
}

export async function writeTogether(kafka: Kafka, transactionalId: string, records: readonly Addressed[]) {
  const producer = transactional(kafka, transactionalId)
  try {
    await producer.connect()
    const transaction = await producer.transaction()
    try {
      const topicMessages = records.map(({ topic, key, value }) => ({ topic, messages: [{ key, value }] }))
      await transaction.sendBatch({ topicMessages })
      await transaction.commit()
    } catch (error) {
      if (transaction.isActive()) await transaction.abort()
      throw error
    }
  } finally {
    await producer.disconnect()
  }
}

export async function startProcessor(kafka: Kafka, settings: Settings) {
  const { source, group, transactionalId, onEnded } = settings
  const producer = transactional(kafka, transactionalId)
  const consumer = kafka.consumer({ groupId: group })
  consumer.on(consumer.events.CRASH, async ({ payload: { error, restart } }) => {
    if (restart) return
    await producer.disconnect()
    await onEnded(isFenced(error) ? 'fenced' : 'failed')
  })
  try {
    await producer.connect()
    // Taken over before the group's offsets are read: what an earlier instance commits after that would be done again.
    const transaction = await producer.transaction()
    await transaction.abort()
    await consumer.connect()
    await consumer.subscribe({ topics: [source], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatch: (payload) => processBatch(producer, settings, payload),
    })
  } catch (error) {
    await consumer.disconnect()
    await producer.disconnect()
    throw error
  }
  return {
    stop: async () => {
      await consumer.disconnect()
      await producer.disconnect()
    },
  }
}

/** How far each partition was done: kafkajs may read it again after it has joined anew. */
const done = new WeakMap<Producer, Map<number, bigint>>()

async function processBatch(producer: Producer, settings: Settings, payload: EachBatchPayload) {
  const { source, target, group, transform } = settings
  const { batch, heartbeat, isRunning } = payload
  const { partition } = batch
  const transaction = await producer.transaction()
  try {
    const results: Outgoing[] = []
    let next = batch.messages[0]?.offset ?? '0'
    for (const message of batch.messages) {
      if (!isRunning()) break
      if (BigInt(message.offset) < (done.get(producer)?.get(partition) ?? 0n)) continue
      // A TypeError and its like would end the consumer for good: kafkajs does not try those again.
      const given = await transform(received(partition, message)).catch((cause: unknown) => {
        throw new Error('transform failed, the batch has to come again', { cause })
      })
      results.push(...given)
      next = (BigInt(message.offset) + 1n).toString()
      await heartbeat()
    }
    if (batch.messages.length > 0 && isRunning()) next = batch.highWatermark
    await transaction.send({ topic: target, messages: results })
    const topics = [{ topic: source, partitions: [{ partition, offset: next }] }]
    await transaction.sendOffsets({ consumerGroupId: group, topics })
    await transaction.commit()
    done.set(producer, (done.get(producer) ?? new Map()).set(partition, BigInt(next)))
  } catch (error) {
    // Without an answer to its commit it is not active, and the producer begins no other: the consumer ends then.
    if (transaction.isActive()) await transaction.abort()
    throw error
  }
}

function transactional(kafka: Kafka, transactionalId: string): Producer {
  return kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })
}

function received(partition: number, { offset, key, value }: KafkaMessage): Received {
  return { partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? '' }
}

/** Whether another instance has taken over the transactional id; kafkajs wraps the broker's error in others. */
function isFenced(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { type } = error as { type?: unknown }
  return type === 'INVALID_PRODUCER_EPOCH' || type === 'PRODUCER_FENCED' || isFenced(error.cause)
}
