/** Transforms the batch first, and begins the transaction only when all results are there; one function writes records with or without offsets. */
import type { EachBatchPayload, Kafka, Offsets, Producer } from 'kafkajs'

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

const transactionalProducer = (kafka: Kafka, transactionalId: string) =>
  kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })

/** Opens a producer, gives it to `use`, and hangs up whatever happens. */
async function withProducer(producer: Producer, use: () => Promise<unknown>): Promise<void> {
  await producer.connect()
  try {
    await use()
  } finally {
    await producer.disconnect()
  }
}

export async function sendOnce(kafka: Kafka, topic: string, records: readonly Outgoing[]) {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await withProducer(producer, () =>
    producer.send({ topic, messages: records.map(({ key, value }) => ({ key, value })) }),
  )
}

/** Writes records and offsets in one transaction. */
async function write(
  producer: Producer,
  records: readonly Addressed[],
  offsets?: Offsets & { consumerGroupId: string },
): Promise<void> {
  const transaction = await producer.transaction()
  const undo = async (error: unknown) => {
    if (transaction.isActive()) await transaction.abort()
    throw error
  }
  const topicMessages = records.map(({ topic, key, value }) => ({ topic, messages: [{ key, value }] }))
  await transaction
    .sendBatch({ topicMessages })
    .then(async () => {
      if (offsets !== undefined) await transaction.sendOffsets(offsets)
      await transaction.commit()
    })
    .catch(undo)
}

export async function writeTogether(kafka: Kafka, transactionalId: string, records: readonly Addressed[]) {
  const producer = transactionalProducer(kafka, transactionalId)
  await withProducer(producer, () => write(producer, records))
}

export async function startProcessor(kafka: Kafka, settings: Settings) {
  const { source, target, group, transactionalId } = settings
  const producer = transactionalProducer(kafka, transactionalId)
  const consumer = kafka.consumer({ groupId: group })

  const eachBatch = async ({ batch: { partition, messages }, heartbeat, isRunning }: EachBatchPayload) => {
    const results: Addressed[] = []
    let done = 0
    for (const { offset, key, value } of messages) {
      if (!isRunning()) break
      const record = { partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? '' }
      const given = await plainly(() => settings.transform(record))
      results.push(...given.map((result) => ({ topic: target, ...result })))
      done++
      await heartbeat()
    }
    const last = messages[done - 1]
    if (last === undefined) return
    const offset = (BigInt(last.offset) + 1n).toString()
    const topics = [{ topic: source, partitions: [{ partition, offset }] }]
    await write(producer, results, { consumerGroupId: group, topics })
  }

  consumer.on(consumer.events.CRASH, async ({ payload }) => {
    if (payload.restart) return
    await producer.disconnect()
    await settings.onEnded(typesIn(payload.error).has('INVALID_PRODUCER_EPOCH') ? 'fenced' : 'failed')
  })
  const opening = async () => {
    await producer.connect()
    // An empty transaction: nothing is written, and the id is ours from here on.
    await write(producer, [])
    await consumer.connect()
    await consumer.subscribe({ topics: [source], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatch })
  }
  const stop = async () => {
    await consumer.disconnect()
    await producer.disconnect()
  }
  await opening().catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return { stop }
}

/** The same call; what it throws is an error after which kafkajs tries again. */
async function plainly<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw new Error(error instanceof Error ? error.message : 'transform has failed')
  }
}

function typesIn(error: unknown, types = new Set<unknown>()): Set<unknown> {
  if (!(error instanceof Error)) return types
  types.add((error as { type?: unknown }).type)
  return typesIn(error.cause, types)
}
