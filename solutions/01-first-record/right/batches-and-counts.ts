/** Right, other structure: one helper that opens and closes, batches instead of messages, counting instead of offsets. */
import type { EachBatchPayload, Kafka } from 'kafkajs'

interface Client {
  connect(): Promise<void>
  disconnect(): Promise<void>
}

async function using<C extends Client, T>(client: C, work: (client: C) => Promise<T>): Promise<T> {
  await client.connect()
  return work(client).finally(() => client.disconnect())
}

export const createTopic = (kafka: Kafka, topic: string, numPartitions: number): Promise<boolean> =>
  using(kafka.admin(), async (admin) => {
    const names = await admin.listTopics()
    if (names.includes(topic)) return false
    return admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor: 1 }] })
  })

export const sendRecord = (
  kafka: Kafka,
  topic: string,
  { key, value }: { key: string | null; value: string },
) =>
  using(kafka.producer({ idempotent: false }), async (producer) => {
    const message = { key: key === null ? null : Buffer.from(key), value: Buffer.from(value) }
    const answers = await producer.sendBatch({ topicMessages: [{ topic, messages: [message] }], acks: -1 })
    const { partition, baseOffset } = answers[0] as { partition: number; baseOffset: string }
    return { partition, offset: Number(baseOffset) }
  })

export const describeTopic = (kafka: Kafka, topic: string) =>
  using(kafka.admin(), async (admin) => {
    const [offsets, metadata] = await Promise.all([
      admin.fetchTopicOffsets(topic),
      admin.fetchTopicMetadata({ topics: [topic] }),
    ])
    const leaders = new Map(
      metadata.topics.flatMap((t) => t.partitions.map((p) => [p.partitionId, p.leader] as const)),
    )
    const views = []
    for (let partition = 0; partition < leaders.size; partition++) {
      const { low, high } = offsets.find((one) => one.partition === partition) ?? { low: '0', high: '0' }
      views.push({
        partition,
        leader: leaders.get(partition) ?? -1,
        startOffset: BigInt(low),
        endOffset: BigInt(high),
      })
    }
    return views
  })

export const readAll = async (kafka: Kafka, topic: string) => {
  const views = await describeTopic(kafka, topic)
  let missing = views.reduce((sum, { startOffset, endOffset }) => sum + Number(endOffset - startOffset), 0)
  const records: { partition: number; offset: bigint; key: string | null; value: string }[] = []
  if (missing === 0) return records
  const groupId = `reader-${Date.now()}-${Math.random()}`
  await using(kafka.consumer({ groupId, readUncommitted: true }), async (consumer) => {
    await consumer.subscribe({ topic, fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      const eachBatch = async ({ batch }: EachBatchPayload) => {
        for (const { offset, key, value } of batch.messages) {
          const record = { partition: batch.partition, offset: BigInt(offset) }
          records.push({ ...record, key: key?.toString('utf8') ?? null, value: `${value}` })
        }
        missing -= batch.messages.length
        if (missing <= 0) resolve()
      }
      consumer.run({ autoCommit: false, eachBatch }).catch(reject)
    })
  })
  return records
}
