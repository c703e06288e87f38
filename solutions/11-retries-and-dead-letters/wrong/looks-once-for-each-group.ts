import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'a-group-is-looked-up-once',
  belief: {
    en: 'Within one process I know what the group waits for: one look is enough.',
    ru: 'Внутри процесса я знаю, чего ждёт группа: посмотреть достаточно один раз.',
  },
  fails: ['stop'],
  breaks: ['restart'],
  explains: 'stop.forgotten',
}

import type {
  Consumer,
  EachBatchPayload,
  IHeaders,
  Kafka,
  KafkaMessage,
  Producer,
  RecordMetadata,
} from 'kafkajs'

export type Offset = string | bigint | number

export interface Retry {
  topic: string
  delayMs: number
}

export interface Received {
  partition: number
  offset: Offset
  key: Buffer | null
  value: Buffer | null
  attempt: number
}

export type Handle = (record: Received) => Promise<void>

export interface Options {
  topic: string
  group: string
  retries: Retry[]
  dead: string
}

export interface Running {
  stop(): Promise<void>
}

export function planRetries(
  topic: string,
  { retries, firstMs, maxMs }: { retries: number; firstMs: number; maxMs: number },
): Retry[] {
  const list: Retry[] = []
  for (let i = 0, delay = firstMs; i < retries; i++, delay *= 2) {
    list.push({ topic: `${topic}-retry-${i + 1}`, delayMs: delay < maxMs ? delay : maxMs })
  }
  return list
}

interface Copy {
  level: number
  partition: number
  offset: bigint
}

const BEFORE_IT_IS_KNOWN = 1n << 62n

const remembered = new Map<string, Map<string, Copy[]>>()

class Retrier implements Running {
  private readonly producer: Producer
  private consumer: Consumer
  private copies = new Map<string, Copy[]>()
  private readonly timers = new Map<string, NodeJS.Timeout>()
  private readonly levels: Map<string, number>
  private stopping: Promise<void> | undefined

  private readonly kafka: Kafka
  private readonly options: Options
  private readonly handle: Handle

  constructor(kafka: Kafka, options: Options, handle: Handle) {
    this.kafka = kafka
    this.options = { ...options, retries: options.retries.map((one) => ({ ...one })) }
    this.handle = handle
    this.producer = kafka.producer({ retry: { retries: 7, maxRetryTime: 1000 } })
    this.consumer = kafka.consumer({ groupId: options.group, maxWaitTimeInMs: 250 })
    this.levels = new Map(
      [options.topic, ...options.retries.map((one) => one.topic)].map((name, i) => [name, i]),
    )
  }

  async start() {
    try {
      await this.producer.connect()
      await this.remember()
      await this.consumer.connect()
      await this.consumer.subscribe({ topics: [...this.levels.keys()], fromBeginning: true })
      await this.consumer.run({
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 10,
        eachBatch: (payload) => this.onBatch(payload),
      })
    } catch (error) {
      await this.stop().catch(() => {})
      throw error
    }
  }

  stop(): Promise<void> {
    this.stopping ??= (async () => {
      for (const timer of this.timers.values()) clearTimeout(timer)
      await this.consumer.disconnect()
      await this.producer.disconnect()
    })()
    return this.stopping
  }

  /** Looks at all that the group has not committed in the retry topics. */
  private async remember() {
    const { group, topic, dead, retries } = this.options
    const known = remembered.get(group)
    if (known) {
      this.copies = known
      return
    }
    remembered.set(group, this.copies)
    const admin = this.kafka.admin()
    await admin.connect()
    const ends = new Map<string, bigint>()
    try {
      await admin.fetchTopicOffsets(topic)
      await admin.fetchTopicOffsets(dead)
      const names = retries.map((one) => one.topic)
      for (const { topic: name, partitions } of await admin.fetchOffsets({ groupId: group, topics: names })) {
        for (const { partition, high, low } of await admin.fetchTopicOffsets(name)) {
          const committed = BigInt(partitions.find((one) => one.partition === partition)?.offset ?? '-1')
          const start = committed < 0n ? BigInt(low) : committed
          if (start < BigInt(high)) ends.set(`${name}|${partition}`, BigInt(high))
        }
      }
    } finally {
      await admin.disconnect()
    }
    if (retries.length === 0 || ends.size === 0) return
    const scout = this.kafka.consumer({ groupId: group, maxWaitTimeInMs: 50 })
    await scout.connect()
    try {
      await scout.subscribe({ topics: retries.map((one) => one.topic), fromBeginning: true })
      await new Promise<void>((resolve, reject) => {
        const eachBatch = async ({ batch }: EachBatchPayload) => {
          for (const { key, offset } of batch.messages) {
            if (key === null) continue
            const list = this.listOf(key)
            list.push({
              level: this.levels.get(batch.topic) ?? 0,
              partition: batch.partition,
              offset: BigInt(offset),
            })
          }
          const id = `${batch.topic}|${batch.partition}`
          if (BigInt(batch.lastOffset()) + 1n >= (ends.get(id) ?? 0n)) ends.delete(id)
          if (ends.size === 0) resolve()
        }
        scout.run({ autoCommit: false, eachBatch }).catch(reject)
      })
    } finally {
      await scout.disconnect()
    }
  }

  private listOf(key: Buffer): Copy[] {
    const name = key.toString('hex')
    let list = this.copies.get(name)
    if (!list) {
      list = []
      this.copies.set(name, list)
    }
    return list
  }

  /** All copies up to this one are done: the partition is read in order. */
  private forget(key: Buffer, level: number, partition: number, offset: bigint) {
    const rest = this.listOf(key).filter(
      (copy) => copy.level !== level || copy.partition !== partition || copy.offset > offset,
    )
    if (rest.length > 0) this.copies.set(key.toString('hex'), rest)
    else this.copies.delete(key.toString('hex'))
  }

  private async onBatch(payload: EachBatchPayload) {
    const {
      batch,
      resolveOffset,
      heartbeat,
      commitOffsetsIfNecessary,
      uncommittedOffsets,
      isRunning,
      pause,
    } = payload
    const level = this.levels.get(batch.topic) ?? 0
    for (const message of batch.messages) {
      if (!isRunning() || this.stopping) break
      const due = level === 0 ? 0 : Number(this.read(message, 'retry-due'))
      if (due > Date.now()) {
        this.wait(`${batch.topic}|${batch.partition}`, pause(), due)
        break
      }
      await this.work(level, batch.partition, message)
      this.passed.set(`${level}|${batch.partition}`, BigInt(message.offset))
      resolveOffset(message.offset)
      await commitOffsetsIfNecessary(uncommittedOffsets())
      if (level > 0 && message.key !== null) {
        this.forget(message.key, level, batch.partition, BigInt(message.offset))
      }
      await heartbeat()
    }
  }

  private wait(id: string, resume: () => void, due: number) {
    const left = due - Date.now()
    if (left <= 0) {
      this.timers.delete(id)
      resume()
      return
    }
    this.timers.set(
      id,
      setTimeout(() => this.wait(id, resume, due), Math.min(left, 3_600_000)),
    )
  }

  private read(message: KafkaMessage, name: string): string {
    const value = (message.headers as IHeaders | undefined)?.[name] ?? ''
    return Array.isArray(value) ? String(value[0]) : String(value)
  }

  private async work(level: number, partition: number, message: KafkaMessage) {
    const origin =
      level === 0
        ? { partition, offset: message.offset }
        : {
            partition: Number(this.read(message, 'retry-partition')),
            offset: this.read(message, 'retry-offset'),
          }
    const attempts = level === 0 ? 0 : Number(this.read(message, 'retry-attempts'))
    const { key, value } = message
    const follows = key !== null && this.copies.get(key.toString('hex'))?.some((copy) => copy.level > level)
    if (follows) return this.copy(level + 1, message, origin, attempts)
    let failure: (Error & { retriable?: boolean }) | undefined
    try {
      await this.handle({ ...origin, key, value, attempt: attempts + 1 })
    } catch (error) {
      failure = error as Error
    }
    if (!failure) return
    const to = failure.retriable === false ? this.levels.size : level + 1
    await this.copy(to, message, origin, attempts + 1, failure.message)
  }

  private async copy(
    to: number,
    message: KafkaMessage,
    origin: { partition: number; offset: string },
    attempts: number,
    why?: string,
  ) {
    const retry = this.options.retries[to - 1]
    const headers: IHeaders = {
      ...message.headers,
      'retry-topic': this.options.topic,
      'retry-partition': String(origin.partition),
      'retry-offset': origin.offset,
      'retry-attempts': String(attempts),
      'retry-due': String(Date.now() + (retry?.delayMs ?? 0)),
      ...(why === undefined ? {} : { 'retry-error': why }),
    }
    const { key, value } = message
    const waits = retry && key !== null ? { level: to, partition: -1, offset: BEFORE_IT_IS_KNOWN } : undefined
    if (waits && key) this.listOf(key).push(waits)
    let place: RecordMetadata | undefined
    try {
      ;[place] = await this.producer.send({
        topic: retry?.topic ?? this.options.dead,
        messages: [{ key, value, headers }],
      })
    } catch (error) {
      if (waits && key) waits.level = -1
      throw error
    }
    if (waits && key && place) {
      waits.partition = place.partition
      waits.offset = BigInt(place.baseOffset ?? '0')
      if ((this.passed.get(`${to}|${place.partition}`) ?? -1n) >= waits.offset) {
        this.forget(key, to, place.partition, waits.offset)
      }
    }
  }

  private readonly passed = new Map<string, bigint>()
}

export async function consumeWithRetries(kafka: Kafka, options: Options, handle: Handle): Promise<Running> {
  const retrier = new Retrier(kafka, options, handle)
  await retrier.start()
  return { stop: () => retrier.stop() }
}
