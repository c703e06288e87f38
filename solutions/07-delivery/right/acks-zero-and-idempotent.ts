/**
 * At most once resolves first and commits what is resolved; at least once commits by threshold, ten at a time. One sender
 * waits for nothing, the other is idempotent, sends in portions, and tries again by itself.
 */
import type { Kafka } from 'kafkajs'

type Handle = (record: {
  partition: number
  offset: string
  key: string | null
  value: string
}) => Promise<void>

export async function consumeAtMostOnce(kafka: Kafka, topic: string, group: string, handle: Handle) {
  const consumer = kafka.consumer({ groupId: group, sessionTimeout: 20_000 })
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
  await consumer.run({
    autoCommit: true,
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary, uncommittedOffsets, isRunning }) => {
      for (const { offset, key, value } of batch.messages) {
        if (!isRunning()) return
        resolveOffset(offset)
        await commitOffsetsIfNecessary(uncommittedOffsets())
        const record = {
          partition: batch.partition,
          offset,
          key: key === null ? null : `${key}`,
          value: `${value}`,
        }
        await handle(record).catch((error: unknown) => error)
      }
    },
  })
  return { stop: async () => consumer.disconnect() }
}

export async function consumeAtLeastOnce(kafka: Kafka, topic: string, group: string, handle: Handle) {
  const consumer = kafka.consumer({ groupId: group })
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
  await consumer.run({
    autoCommit: true,
    autoCommitThreshold: 10,
    eachMessage: async ({ partition, message: { offset, key, value }, heartbeat }) => {
      const record = { partition, offset, key: key === null ? null : `${key}`, value: `${value}` }
      for (let isDone = false; !isDone; ) {
        try {
          await handle(record)
          isDone = true
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 100))
          await heartbeat()
        }
      }
    },
  })
  return { stop: async () => consumer.disconnect() }
}

export async function sendAtMostOnce(
  kafka: Kafka,
  topic: string,
  records: { key: string | null; value: string }[],
) {
  const producer = kafka.producer()
  await producer.connect()
  try {
    await producer.send({ topic, acks: 0, messages: records.map((record) => ({ ...record })) })
  } finally {
    await producer.disconnect()
  }
}

const portion = 250

export async function sendAtLeastOnce(
  kafka: Kafka,
  topic: string,
  records: { key: string | null; value: string }[],
) {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry: { retries: 4 } })
  await producer.connect()
  try {
    for (let at = 0; at < records.length; at += portion)
      await producer.send({
        topic,
        messages: records.slice(at, at + portion).map((record) => ({ ...record })),
      })
  } finally {
    await producer.disconnect()
  }
}
