/** Right, and as slow as the page allows: it starts late, tries again after four seconds, and stops late. */
import type { Consumer, EachMessagePayload, Kafka } from 'kafkajs'

interface Received {
  partition: number
  offset: string
  key: string | null
  value: string
}
type Handle = (record: Received) => Promise<void>
type Outgoing = { key: string | null; value: string }

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const receivedOf = ({ partition, message }: EachMessagePayload): Received => ({
  partition,
  offset: message.offset,
  key: message.key?.toString() ?? null,
  value: message.value?.toString() ?? '',
})

async function open(kafka: Kafka, topic: string, group: string): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId: group })
  try {
    await pause(1_500)
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    return consumer
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
}

const running = (consumer: Consumer) => ({
  stop: async () => {
    await consumer.disconnect()
    await pause(1_000)
  },
})

export async function consumeAtMostOnce(kafka: Kafka, topic: string, group: string, handle: Handle) {
  const consumer = await open(kafka, topic, group)
  await consumer.run({
    autoCommit: false,
    eachMessage: async (payload) => {
      const offset = String(BigInt(payload.message.offset) + 1n)
      await consumer.commitOffsets([{ topic, partition: payload.partition, offset }])
      await pause(20)
      try {
        await handle(receivedOf(payload))
      } catch {
        await pause(3_000)
      }
    },
  })
  return running(consumer)
}

export async function consumeAtLeastOnce(kafka: Kafka, topic: string, group: string, handle: Handle) {
  const consumer = await open(kafka, topic, group)
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async (payload) => {
      await pause(20)
      for (;;) {
        try {
          return await handle(receivedOf(payload))
        } catch {
          await pause(4_000)
        }
      }
    },
  })
  return running(consumer)
}

async function send(kafka: Kafka, topic: string, records: readonly Outgoing[], retries: number) {
  const producer = kafka.producer({ retry: { retries, initialRetryTime: 800, maxRetryTime: 3_000 } })
  try {
    await pause(1_000)
    await producer.connect()
    await producer.send({ topic, messages: [...records] })
  } finally {
    await pause(500)
    await producer.disconnect()
  }
}

export const sendAtMostOnce = (kafka: Kafka, topic: string, records: readonly Outgoing[]) =>
  send(kafka, topic, records, 0)

export const sendAtLeastOnce = (kafka: Kafka, topic: string, records: readonly Outgoing[]) =>
  send(kafka, topic, records, 5)
