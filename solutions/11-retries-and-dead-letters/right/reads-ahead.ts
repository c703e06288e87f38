/**
 * The consumer only reads: each partition has a queue in memory and a worker of its own, which sleeps until its first record is
 * due. Which keys wait is seen while reading, so that nothing has to be read twice.
 */
import type { Consumer, IHeaders, Kafka, KafkaMessage, Producer } from 'kafkajs'

interface Retry {
  topic: string
  delayMs: number
}
interface Options {
  topic: string
  group: string
  retries: Retry[]
  dead: string
}
interface Received {
  partition: number
  offset: number
  key: Buffer | null
  value: Buffer | null
  attempt: number
}
type Handle = (record: Received) => Promise<void>

export const planRetries = (
  topic: string,
  { retries, firstMs, maxMs }: { retries: number; firstMs: number; maxMs: number },
): Retry[] =>
  [...Array(retries).keys()].map((i) => ({
    topic: [topic, 'retry', i + 1].join('-'),
    delayMs: Math.min(maxMs, firstMs * 2 ** i),
  }))

class Program {
  readonly #options: Options
  readonly #handle: Handle
  readonly #consumer: Consumer
  readonly #producer: Producer
  readonly #stages: readonly string[]
  /** By key in hexadecimal: the stages at which records of it wait, one entry each. */
  readonly #waiting = new Map<string, number[]>()
  readonly #queues = new Map<string, KafkaMessage[]>()
  readonly #workers = new Map<string, Promise<void>>()
  readonly #wakers = new Set<() => void>()
  /** What had been copied before the start, by partition of a retry topic: the next offset to see, and the end. */
  readonly #before = new Map<string, { next: number; end: number }>()
  #isStopping = false
  #haveSeenAll: () => void = () => {}
  readonly #seenAll = new Promise<void>((resolve) => {
    this.#haveSeenAll = resolve
  })

  constructor(kafka: Kafka, options: Options, handle: Handle) {
    this.#options = options
    this.#handle = handle
    this.#stages = [options.topic, ...options.retries.map(({ topic }) => topic)]
    this.#consumer = kafka.consumer({ groupId: options.group })
    this.#producer = kafka.producer()
  }

  async start(kafka: Kafka): Promise<void> {
    await this.#producer.connect()
    await this.#consumer.connect()
    await this.#consumer.subscribe({ topics: [...this.#stages], fromBeginning: true })
    await this.#lookBack(kafka)
    await this.#consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { topic, partition, messages } }) => {
        for (const message of messages) this.#read(topic, partition, message)
      },
    })
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    for (const wake of this.#wakers) wake()
    this.#haveSeenAll()
    await Promise.all(this.#workers.values())
    await this.#consumer.disconnect()
    await this.#producer.disconnect()
  }

  async #lookBack(kafka: Kafka): Promise<void> {
    const admin = kafka.admin()
    await admin.connect()
    try {
      for (const topic of this.#stages.slice(1)) {
        const [known] = await admin.fetchOffsets({ groupId: this.#options.group, topics: [topic] })
        for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
          const committed = known?.partitions.find((one) => one.partition === partition)?.offset
          const next = Math.max(Number(low), Number(committed ?? -1))
          if (next < Number(high)) this.#before.set(`${topic} ${partition}`, { next, end: Number(high) })
        }
      }
    } finally {
      await admin.disconnect()
    }
    if (this.#before.size === 0) this.#haveSeenAll()
  }

  #read(topic: string, partition: number, message: KafkaMessage): void {
    const name = `${topic} ${partition}`
    const before = this.#before.get(name)
    if (before !== undefined) {
      const offset = Number(message.offset)
      if (offset < before.end) this.#waits(message.key, this.#stages.indexOf(topic))
      if (offset + 1 >= before.end) this.#before.delete(name)
      if (this.#before.size === 0) this.#haveSeenAll()
    }
    const queue = this.#queues.get(name) ?? []
    this.#queues.set(name, queue)
    queue.push(message)
    if (!this.#workers.has(name)) this.#workers.set(name, this.#work(topic, partition, queue))
    else for (const wake of this.#wakers) wake()
  }

  async #work(topic: string, partition: number, queue: KafkaMessage[]): Promise<void> {
    const stage = this.#stages.indexOf(topic)
    await this.#seenAll
    while (!this.#isStopping) {
      const [message] = queue
      if (message === undefined) {
        await this.#sleep(60_000)
        continue
      }
      const leftMs = stage === 0 ? 0 : Number(message.headers?.['retry-due']) - Date.now()
      if (leftMs > 0) {
        await this.#sleep(leftMs)
        continue
      }
      try {
        await this.#deal(stage, partition, message)
      } catch {
        await this.#sleep(100)
        continue
      }
      queue.shift()
      const offset = String(Number(message.offset) + 1)
      await this.#consumer.commitOffsets([{ topic, partition, offset }])
    }
  }

  /** Until that time, news, or the end. */
  async #sleep(ms: number): Promise<void> {
    if (this.#isStopping) return
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#wakers.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, Math.min(ms, 60_000))
      this.#wakers.add(wake)
    })
  }

  async #deal(stage: number, partition: number, message: KafkaMessage): Promise<void> {
    const own: IHeaders =
      stage > 0
        ? { ...message.headers }
        : {
            ...message.headers,
            'retry-topic': this.#options.topic,
            'retry-partition': String(partition),
            'retry-offset': message.offset,
            'retry-attempts': '0',
            'retry-error': '',
          }
    const stages = message.key === null ? [] : (this.#waiting.get(message.key.toString('hex')) ?? [])
    if (stages.some((one) => one > stage)) await this.#copy(message, own, stage + 1)
    else {
      const attempt = Number(own['retry-attempts']) + 1
      try {
        const { key, value } = message
        const place = { partition: Number(own['retry-partition']), offset: Number(own['retry-offset']) }
        await this.#handle({ ...place, key, value, attempt })
      } catch (error) {
        const { message: reason, retriable } = error as Error & { retriable?: unknown }
        const next = retriable === false ? this.#stages.length : stage + 1
        await this.#copy(message, { ...own, 'retry-attempts': String(attempt), 'retry-error': reason }, next)
      }
    }
    this.#leaves(message.key, stage)
  }

  async #copy({ key, value }: KafkaMessage, headers: IHeaders, to: number): Promise<void> {
    const topic = this.#stages[to]
    const due = String(Date.now() + (this.#options.retries[to - 1]?.delayMs ?? 0))
    const copy = { key, value, headers: { ...headers, 'retry-due': due } }
    // Before it is sent: it may be read before the answer has come.
    if (topic !== undefined) this.#waits(key, to)
    try {
      await this.#producer.send({ topic: topic ?? this.#options.dead, messages: [copy] })
    } catch (error) {
      if (topic !== undefined) this.#leaves(key, to)
      throw error
    }
  }

  #leaves(key: Buffer | null, stage: number): void {
    const stages = key === null ? undefined : this.#waiting.get(key.toString('hex'))
    const at = stages?.indexOf(stage) ?? -1
    if (at >= 0) stages?.splice(at, 1)
  }

  #waits(key: Buffer | null, stage: number): void {
    if (key === null) return
    const name = key.toString('hex')
    this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), stage])
  }
}

export async function consumeWithRetries(kafka: Kafka, options: Options, handle: Handle) {
  const program = new Program(kafka, options, handle)
  try {
    await program.start(kafka)
  } catch (error) {
    await program.stop()
    throw error
  }
  return { stop: () => program.stop() }
}
