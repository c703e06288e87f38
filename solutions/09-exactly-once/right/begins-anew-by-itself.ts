/** Classes. A processor that has lost the answer to a commit begins anew by itself: it takes the id over and joins the group again. */
import type { Consumer, EachBatchPayload, Kafka, Producer, Transaction } from 'kafkajs'

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

const portion = 250

export async function sendOnce(kafka: Kafka, topic: string, records: readonly Outgoing[]) {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  try {
    for (let at = 0; at < records.length; at += portion)
      await producer.send({ topic, messages: records.slice(at, at + portion).map((one) => ({ ...one })) })
  } finally {
    await producer.disconnect()
  }
}

/** A producer with a transactional id, and what is done in a transaction of it. */
class Writer {
  readonly #producer: Producer

  constructor(kafka: Kafka, transactionalId: string) {
    this.#producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })
  }

  /** Connects and takes the id over. */
  async open(): Promise<void> {
    await this.#producer.connect()
    await this.transact(async () => {})
  }

  async transact(work: (transaction: Transaction) => Promise<void>): Promise<void> {
    const transaction = await this.#producer.transaction()
    try {
      await work(transaction)
    } catch (error) {
      await transaction.abort()
      throw error
    }
    await transaction.commit()
  }

  async close(): Promise<void> {
    await this.#producer.disconnect()
  }
}

export async function writeTogether(kafka: Kafka, transactionalId: string, records: readonly Addressed[]) {
  const writer = new Writer(kafka, transactionalId)
  try {
    await writer.open()
    await writer.transact(async (transaction) => {
      for (const { topic, key, value } of records)
        await transaction.send({ topic, messages: [{ key, value }] })
    })
  } finally {
    await writer.close()
  }
}

class Processor {
  readonly #kafka: Kafka
  readonly #settings: Settings
  #writer: Writer
  #consumer: Consumer
  #isStopping = false

  constructor(kafka: Kafka, settings: Settings) {
    this.#kafka = kafka
    this.#settings = settings
    this.#writer = new Writer(kafka, settings.transactionalId)
    this.#consumer = kafka.consumer({ groupId: settings.group })
  }

  async start(): Promise<void> {
    const [writer, consumer] = [this.#writer, this.#consumer]
    const { source } = this.#settings
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) void this.#ended(payload.error)
    })
    try {
      await writer.open()
      await consumer.connect()
      await consumer.subscribe({ topics: [source], fromBeginning: true })
      await consumer.run({ autoCommit: false, eachBatch: (payload) => this.#take(payload) })
    } catch (error) {
      await this.#close()
      throw error
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#close()
  }

  async #close(): Promise<void> {
    await this.#consumer.disconnect()
    await this.#writer.close()
  }

  async #ended(error: Error): Promise<void> {
    await this.#writer.close()
    if (this.#isStopping) return
    if (isOld(error)) return this.#settings.onEnded('fenced')
    this.#writer = new Writer(this.#kafka, this.#settings.transactionalId)
    this.#consumer = this.#kafka.consumer({ groupId: this.#settings.group })
    await this.start().catch(() => this.#settings.onEnded('failed'))
  }

  async #take({ batch, isRunning, heartbeat }: EachBatchPayload): Promise<void> {
    const { source, target, group } = this.#settings
    await this.#writer.transact(async (transaction) => {
      let offset: string | undefined
      for (const message of batch.messages) {
        if (!isRunning()) break
        const results = await this.#transform(batch.partition, message)
        if (results.length > 0) await transaction.send({ topic: target, messages: results })
        offset = String(Number(message.offset) + 1)
        await heartbeat()
      }
      if (offset === undefined) return
      await transaction.sendOffsets({
        consumerGroupId: group,
        topics: [{ topic: source, partitions: [{ partition: batch.partition, offset }] }],
      })
    })
  }

  async #transform(
    partition: number,
    { offset, key, value }: EachBatchPayload['batch']['messages'][number],
  ): Promise<Outgoing[]> {
    try {
      return await this.#settings.transform({
        partition,
        offset,
        key: key === null ? null : `${key}`,
        value: `${value}`,
      })
    } catch (error) {
      throw new Error(`transform: ${error}`)
    }
  }
}

function isOld(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause)
    if ((one as { type?: unknown }).type === 'INVALID_PRODUCER_EPOCH') return true
  return false
}

export async function startProcessor(kafka: Kafka, settings: Settings) {
  const processor = new Processor(kafka, settings)
  await processor.start()
  return { stop: () => processor.stop() }
}
