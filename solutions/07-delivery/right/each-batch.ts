/** eachBatch for both: at most once commits blocks of ten ahead, at least once commits every ten behind. */
import type { EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs'

type Handle = (record: {
  partition: number
  offset: bigint
  key: string | null
  value: string
}) => Promise<void>
type Outgoing = { key: string | null; value: string }

const blockMax = 10
const asRecord = (partition: number, { offset, key, value }: KafkaMessage) => ({
  partition,
  offset: BigInt(offset),
  key: key === null ? null : key.toString('utf8'),
  value: value === null ? '' : value.toString('utf8'),
})

async function run(
  kafka: Kafka,
  topic: string,
  groupId: string,
  eachBatch: (payload: EachBatchPayload) => Promise<void>,
) {
  const consumer = kafka.consumer({ groupId })
  const stop = () => consumer.disconnect()
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true }).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
  return { stop }
}

export const consumeAtMostOnce = (kafka: Kafka, topic: string, group: string, handle: Handle) =>
  run(
    kafka,
    topic,
    group,
    async ({ batch, resolveOffset, commitOffsetsIfNecessary, heartbeat, isRunning }) => {
      const { partition, messages } = batch
      for (let at = 0; at < messages.length && isRunning(); at += blockMax) {
        const block = messages.slice(at, at + blockMax)
        const last = block[block.length - 1]?.offset ?? ''
        const offset = String(BigInt(last) + 1n)
        await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] })
        resolveOffset(last)
        // The block is committed, so all of it is handled, even if stop was called meanwhile.
        for (const message of block) {
          try {
            await handle(asRecord(partition, message))
          } catch {}
        }
        await heartbeat()
      }
    },
  )

export const consumeAtLeastOnce = (kafka: Kafka, topic: string, group: string, handle: Handle) =>
  run(kafka, topic, group, async (payload) => {
    const { batch, resolveOffset, commitOffsetsIfNecessary, uncommittedOffsets, heartbeat, isRunning } =
      payload
    const commit = () => commitOffsetsIfNecessary(uncommittedOffsets())
    let since = 0
    for (const message of batch.messages) {
      if (!isRunning()) break
      try {
        await handle(asRecord(batch.partition, message))
      } catch (error) {
        await commit()
        throw new Error(`record ${message.offset} failed: ${String(error)}`)
      }
      resolveOffset(message.offset)
      if (++since % blockMax === 0) await commit()
      await heartbeat()
    }
    await commit()
  })

const sender = (retries: number) => async (kafka: Kafka, topic: string, records: readonly Outgoing[]) => {
  const producer = kafka.producer({ retry: { retries } })
  await producer.connect()
  try {
    const messages = records.map(({ key, value }) => ({
      key: key === null ? null : Buffer.from(key),
      value: Buffer.from(value),
    }))
    await producer.sendBatch({ topicMessages: [{ topic, messages }] })
  } finally {
    await producer.disconnect()
  }
}

export const sendAtMostOnce = sender(0)
export const sendAtLeastOnce = sender(12)
