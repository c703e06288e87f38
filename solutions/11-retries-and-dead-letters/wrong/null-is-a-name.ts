import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'no-key-is-called-null',
  belief: {
    en: 'A record without a key has the key "null".',
    ru: 'У записи без ключа ключ «null».',
  },
  fails: ['order'],
  breaks: ['order'],
  explains: 'order.overtakes',
}

import type { Consumer, IHeaders, Kafka, KafkaMessage, Message, Producer } from 'kafkajs'

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

export const planRetries = (
  topic: string,
  { retries, firstMs, maxMs }: { retries: number; firstMs: number; maxMs: number },
): Retry[] =>
  [...Array(retries).keys()].map((index) => ({
    topic: `${topic}-retry-${index + 1}`,
    delayMs: Math.min(maxMs, firstMs * 2 ** index),
  }))

const OWN = ['retry-topic', 'retry-partition', 'retry-offset', 'retry-attempts', 'retry-due', 'retry-error']
const LOOK_EVERY_MS = 60_000

function header(message: KafkaMessage, name: string): string | undefined {
  const value = (message.headers as IHeaders | undefined)?.[name]
  if (value === undefined) return undefined
  return (Array.isArray(value) ? value[0] : value)?.toString()
}

class Sleeper {
  private stopped = false
  private wake = new Set<() => void>()

  async until(time: number): Promise<boolean> {
    while (!this.stopped && Date.now() < time) {
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer)
          this.wake.delete(end)
          resolve()
        }
        const timer = setTimeout(end, Math.min(LOOK_EVERY_MS, time - Date.now()))
        this.wake.add(end)
      })
    }
    return !this.stopped
  }

  get isStopped() {
    return this.stopped
  }

  stop() {
    this.stopped = true
    for (const end of [...this.wake]) end()
  }
}

/** Where each key's last copy lies in the partitions of one retry topic. */
class Ledger {
  private keys = new Map<string, { partition: number; offset: bigint } | 'on its way'>()
  private done = new Map<number, bigint>()

  announce(key: string) {
    this.keys.set(key, 'on its way')
  }

  settle(key: string, partition: number, offset: bigint) {
    this.keys.set(key, { partition, offset })
  }

  finish(partition: number, offset: bigint) {
    this.done.set(partition, offset)
  }

  has(key: string): boolean {
    const place = this.keys.get(key)
    if (place === undefined) return false
    if (place === 'on its way') return true
    const done = this.done.get(place.partition)
    if (done === undefined || done < place.offset) return true
    this.keys.delete(key)
    return false
  }
}

interface Context {
  options: Options
  handle: Handle
  producer: Producer
  consumer: Consumer
  sleeper: Sleeper
  ledgers: Ledger[]
}

const keyName = (message: KafkaMessage) => {
  const name = String(message.key)
  return name === 'null' ? null : Buffer.from(message.key ?? '').toString('base64')
}

async function sendUntilDone(context: Context, topic: string, message: Message) {
  for (let failed = 0; ; failed++) {
    try {
      const [answer] = await context.producer.send({ topic, messages: [message] })
      return answer
    } catch (error) {
      if (failed >= 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

async function forward(
  context: Context,
  step: number,
  message: KafkaMessage,
  own: { partition: number; offset: string; attempts: number; error?: string | undefined },
) {
  const { options, ledgers } = context
  const retry = options.retries[step]
  const headers: IHeaders = Object.fromEntries(
    Object.entries(message.headers ?? {}).filter(([name]) => !OWN.includes(name)),
  )
  headers['retry-topic'] = options.topic
  headers['retry-partition'] = `${own.partition}`
  headers['retry-offset'] = own.offset
  headers['retry-attempts'] = `${own.attempts}`
  if (own.error !== undefined) headers['retry-error'] = own.error
  const { key, value } = message
  if (!retry) {
    await sendUntilDone(context, options.dead, { key, value, headers })
    return
  }
  headers['retry-due'] = `${Date.now() + retry.delayMs}`
  const name = keyName(message)
  if (name !== null) ledgers[step]?.announce(name)
  const answer = await sendUntilDone(context, retry.topic, { key, value, headers })
  if (name !== null && answer) ledgers[step]?.settle(name, answer.partition, BigInt(answer.baseOffset ?? '0'))
}

class Lane {
  private queue: KafkaMessage[] = []
  private running: Promise<void> = Promise.resolve()
  private next = -1n

  readonly context: Context
  readonly topic: string
  readonly partition: number
  /** -1: the original topic; otherwise the number of the retry topic, from 0. */
  readonly step: number

  constructor(context: Context, topic: string, partition: number, step: number) {
    this.context = context
    this.topic = topic
    this.partition = partition
    this.step = step
  }

  add(messages: KafkaMessage[], resume: () => void) {
    const fresh = messages.filter((message) => BigInt(message.offset) >= this.next)
    if (fresh.length === 0) {
      resume()
      return
    }
    this.next = BigInt(fresh[fresh.length - 1]?.offset ?? '0') + 1n
    this.queue.push(...fresh)
    this.running = this.running.then(() => this.run()).then(resume)
  }

  async idle() {
    await this.running
  }

  private async run() {
    const { sleeper, consumer, ledgers } = this.context
    for (;;) {
      const message = this.queue[0]
      if (!message || sleeper.isStopped) return
      const due = this.step < 0 ? 0 : Number(header(message, 'retry-due') ?? '0')
      if (!(await sleeper.until(due))) return
      await this.deal(message)
      ledgers[this.step]?.finish(this.partition, BigInt(message.offset))
      this.queue.shift()
      await consumer
        .commitOffsets([
          { topic: this.topic, partition: this.partition, offset: String(BigInt(message.offset) + 1n) },
        ])
        .catch(() => undefined) // the next one commits this one too; stop() commits the last ones
      this.committed = BigInt(message.offset) + 1n
    }
  }

  committed = -1n

  private async deal(message: KafkaMessage) {
    const { handle, ledgers, options } = this.context
    const first = this.step < 0
    const own = {
      partition: first ? this.partition : Number(header(message, 'retry-partition')),
      offset: first ? message.offset : (header(message, 'retry-offset') ?? ''),
      attempts: first ? 0 : Number(header(message, 'retry-attempts')),
      error: header(message, 'retry-error'),
    }
    const name = keyName(message)
    if (name !== null && ledgers.slice(this.step + 1).some((ledger) => ledger.has(name))) {
      return forward(this.context, this.step + 1, message, own)
    }
    own.attempts++
    try {
      await handle({
        partition: own.partition,
        offset: own.offset,
        key: message.key,
        value: message.value,
        attempt: own.attempts,
      })
    } catch (error) {
      const { message: why, retriable } = error as Error & { retriable?: boolean }
      await forward(this.context, retriable === false ? options.retries.length : this.step + 1, message, {
        ...own,
        error: why,
      })
    }
  }
}

async function recall(kafka: Kafka, context: Context) {
  const { options, ledgers } = context
  const topics = options.retries.map((retry) => retry.topic)
  const admin = kafka.admin()
  await admin.connect()
  const ranges: { topic: string; partition: number; from: bigint; to: bigint }[] = []
  try {
    for (const topic of [options.topic, options.dead]) await admin.fetchTopicOffsets(topic)
    for (const topic of topics) {
      const [found] = await admin.fetchOffsets({ groupId: options.group, topics: [topic] })
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        const committed = BigInt(found?.partitions.find((one) => one.partition === partition)?.offset ?? '-1')
        const from = committed < BigInt(low) ? BigInt(low) : committed
        ledgers[topics.indexOf(topic)]?.finish(partition, from - 1n)
        ranges.push({ topic, partition, from, to: BigInt(high) })
      }
    }
  } finally {
    await admin.disconnect()
  }
  const open = ranges.filter(({ from, to }) => from < to)
  if (open.length === 0) return
  const reader = kafka.consumer({ groupId: `${options.group}-recall-${Math.random()}` })
  await reader.connect()
  try {
    await reader.subscribe({ topics: [...new Set(open.map(({ topic }) => topic))], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      const left = new Set(open)
      reader
        .run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            const range = open.find((one) => one.topic === batch.topic && one.partition === batch.partition)
            if (!range) return
            for (const message of batch.messages) {
              const offset = BigInt(message.offset)
              const name = keyName(message)
              if (name !== null && offset >= range.from) {
                ledgers[topics.indexOf(batch.topic)]?.settle(name, batch.partition, offset)
              }
              if (offset + 1n >= range.to) left.delete(range)
            }
            if (left.size === 0) resolve()
          },
        })
        .catch(reject)
    })
  } finally {
    await reader.disconnect()
  }
}

export async function consumeWithRetries(kafka: Kafka, given: Options, handle: Handle): Promise<Running> {
  const options: Options = { ...given, retries: given.retries.map((retry) => ({ ...retry })) }
  const producer = kafka.producer()
  const consumer = kafka.consumer({ groupId: options.group })
  const sleeper = new Sleeper()
  const context: Context = {
    options,
    handle,
    producer,
    consumer,
    sleeper,
    ledgers: options.retries.map(() => new Ledger()),
  }
  const lanes = new Map<string, Lane>()
  const topics = [options.topic, ...options.retries.map((retry) => retry.topic)]
  const end = async () => {
    sleeper.stop()
    const all = [...lanes.values()]
    await Promise.allSettled(all.map((lane) => lane.idle()))
    const behind = all
      .filter((lane) => lane.committed >= 0n)
      .map((lane) => ({ topic: lane.topic, partition: lane.partition, offset: `${lane.committed}` }))
    if (behind.length > 0) await consumer.commitOffsets(behind).catch(() => undefined)
    await consumer.disconnect()
    await producer.disconnect()
  }
  try {
    await producer.connect()
    await recall(kafka, context)
    await consumer.connect()
    await consumer.subscribe({ topics, fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch, pause }) => {
        if (sleeper.isStopped) return
        const id = `${batch.partition} ${batch.topic}`
        let lane = lanes.get(id)
        if (!lane) {
          lane = new Lane(context, batch.topic, batch.partition, topics.indexOf(batch.topic) - 1)
          lanes.set(id, lane)
        }
        lane.add(batch.messages, pause())
      },
    })
  } catch (error) {
    await end().catch(() => undefined)
    throw error
  }
  let ended: Promise<void> | undefined
  return { stop: async () => (ended ??= end()) }
}
