import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'least-counts-all-partitions',
  belief: {
    en: 'Every tenth record is committed, whichever partition it is of.',
    ru: 'Фиксируется каждая десятая запись, из какой бы партиции она ни была.',
  },
  fails: ['least-crash'],
  breaks: ['least-repeats'],
  explains: 'least-crash.tooMany',
}

import type { Consumer, EachMessagePayload, Kafka } from 'kafkajs'

interface Received {
  partition: number
  offset: number
  key: string | null
  value: string
}
type Handle = (record: Received) => Promise<void>
interface Outgoing {
  key: string | null
  value: string
}

abstract class Reader {
  protected readonly consumer: Consumer
  protected readonly topic: string
  protected readonly handle: Handle
  readonly #working = new Set<Promise<void>>()
  #isStopping = false

  constructor(kafka: Kafka, topic: string, groupId: string, handle: Handle) {
    this.consumer = kafka.consumer({ groupId })
    this.topic = topic
    this.handle = handle
  }

  async start(): Promise<this> {
    try {
      await this.consumer.connect()
      await this.consumer.subscribe({ topics: [this.topic], fromBeginning: true })
    } catch (error) {
      await this.consumer.disconnect()
      throw error
    }
    await this.consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: 3,
      eachMessage: (payload) => this.#take(payload),
    })
    return this
  }

  /** While kafkajs stops, commitOffsets does nothing: so what has begun is waited for first, commit included. */
  readonly stop = async (): Promise<void> => {
    this.#isStopping = true
    await Promise.allSettled([...this.#working])
    await this.finish()
    await this.consumer.disconnect()
  }

  async #take(payload: EachMessagePayload): Promise<void> {
    // Not committed, so it comes again when the group is read again.
    if (this.#isStopping) return
    const work = this.work(payload)
    this.#working.add(work)
    try {
      await work
    } finally {
      this.#working.delete(work)
    }
  }

  /** Before the consumer is stopped. */
  protected async finish(): Promise<void> {}

  protected abstract work(payload: EachMessagePayload): Promise<void>

  protected async commit({ partition, message }: EachMessagePayload): Promise<void> {
    const offset = String(Number(message.offset) + 1)
    await this.consumer.commitOffsets([{ topic: this.topic, partition, offset }])
  }

  protected async handleOne({ partition, message }: EachMessagePayload): Promise<void> {
    await this.handle({
      partition,
      offset: Number(message.offset),
      key: message.key?.toString() ?? null,
      value: String(message.value),
    })
  }
}

class AtMostOnce extends Reader {
  protected async work(payload: EachMessagePayload): Promise<void> {
    await this.commit(payload)
    await this.handleOne(payload).then(
      () => {},
      () => {},
    )
  }
}

class AtLeastOnce extends Reader {
  readonly #next = new Map<number, string>()
  #handled = 0

  protected override async finish(): Promise<void> {
    const offsets = [...this.#next].map(([partition, offset]) => ({ topic: this.topic, partition, offset }))
    if (offsets.length > 0) await this.consumer.commitOffsets(offsets)
  }

  protected async work(payload: EachMessagePayload): Promise<void> {
    for (let waitMs = 20; ; waitMs = Math.min(2_000, waitMs * 2)) {
      const isDone = await this.handleOne(payload).then(
        () => true,
        () => false,
      )
      if (isDone) break
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
    this.#next.set(payload.partition, String(Number(payload.message.offset) + 1))
    if (++this.#handled % 10 === 0) await this.commit(payload)
  }
}

export async function consumeAtMostOnce(kafka: Kafka, topic: string, group: string, handle: Handle) {
  const { stop } = await new AtMostOnce(kafka, topic, group, handle).start()
  return { stop }
}

export async function consumeAtLeastOnce(kafka: Kafka, topic: string, group: string, handle: Handle) {
  const { stop } = await new AtLeastOnce(kafka, topic, group, handle).start()
  return { stop }
}

class Sender {
  readonly #kafka: Kafka
  readonly #retries: number
  constructor(kafka: Kafka, retries: number) {
    this.#kafka = kafka
    this.#retries = retries
  }

  async send(topic: string, records: readonly Outgoing[]): Promise<void> {
    const producer = this.#kafka.producer({ retry: { retries: this.#retries, maxRetryTime: 1_000 } })
    await producer.connect()
    await producer
      .send({ topic, messages: records.map(({ key, value }) => ({ key, value })) })
      .finally(() => producer.disconnect())
  }
}

export async function sendAtMostOnce(kafka: Kafka, topic: string, records: readonly Outgoing[]) {
  await new Sender(kafka, 0).send(topic, records)
}

export async function sendAtLeastOnce(kafka: Kafka, topic: string, records: readonly Outgoing[]) {
  await new Sender(kafka, 6).send(topic, records)
}
