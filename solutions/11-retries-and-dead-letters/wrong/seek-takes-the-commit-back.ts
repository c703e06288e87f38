import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'seek-takes-it-back',
  belief: {
    en: 'seek() puts the offset back, so whatever was committed before does no harm.',
    ru: 'seek() вернёт смещение назад, поэтому зафиксированное до этого не вредит.',
  },
  fails: ['waits'],
  breaks: ['safe'],
  explains: 'waits.committed',
}

import type { Admin, IHeaders, Kafka, KafkaMessage, Producer } from 'kafkajs'

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
  options: { retries: number; firstMs: number; maxMs: number },
): Retry[] {
  const plan: Retry[] = []
  let delayMs = options.firstMs
  for (let number = 1; number <= options.retries; number++) {
    plan.push({ topic: `${topic}-retry-${number}`, delayMs: Math.min(delayMs, options.maxMs) })
    delayMs = Math.min(delayMs * 2, options.maxMs)
  }
  return plan
}

interface Origin {
  partition: number
  offset: string
  attempts: number
}

function readHeader(headers: IHeaders | undefined, name: string): string {
  const value = headers?.[name]
  return value === undefined ? '' : String(Array.isArray(value) ? value[0] : value)
}

/** Which records wait, by key. */
class Waiting {
  #byKey = new Map<string, Map<string, number>>()

  add(key: Buffer | null, id: string, level: number) {
    if (key === null) return
    const name = key.toString('hex')
    const records = this.#byKey.get(name) ?? new Map<string, number>()
    records.set(id, Math.max(level, records.get(id) ?? 0))
    this.#byKey.set(name, records)
  }

  remove(key: Buffer | null, id: string, level: number) {
    if (key === null) return
    const name = key.toString('hex')
    const records = this.#byKey.get(name)
    if (records?.get(id) !== level) return
    records.delete(id)
    if (records.size === 0) this.#byKey.delete(name)
  }

  isBlocked(key: Buffer | null, level: number): boolean {
    if (key === null) return false
    const records = this.#byKey.get(key.toString('hex'))
    return records !== undefined && [...records.values()].some((other) => other > level)
  }
}

function originOf(level: number, partition: number, message: KafkaMessage): Origin {
  if (level === 0) return { partition, offset: message.offset, attempts: 0 }
  return {
    partition: Number(readHeader(message.headers, 'retry-partition')),
    offset: readHeader(message.headers, 'retry-offset'),
    attempts: Number(readHeader(message.headers, 'retry-attempts')),
  }
}

const idOf = ({ partition, offset }: Origin) => `${partition}:${offset}`

async function scan(kafka: Kafka, admin: Admin, group: string, names: string[], waiting: Waiting) {
  if (names.length === 0) return
  const missing = new Map<string, bigint>()
  const begin = new Map<string, bigint>()
  const committed = await admin.fetchOffsets({ groupId: group, topics: names })
  for (const { topic, partitions } of committed) {
    const bounds = await admin.fetchTopicOffsets(topic)
    for (const { partition, offset } of partitions) {
      const bound = bounds.find((one) => one.partition === partition)
      if (!bound) continue
      const from = BigInt(offset) < BigInt(bound.low) ? BigInt(bound.low) : BigInt(offset)
      begin.set(`${topic} ${partition}`, from)
      if (from < BigInt(bound.high)) missing.set(`${topic} ${partition}`, BigInt(bound.high))
    }
  }
  if (missing.size === 0) return
  const reader = kafka.consumer({
    groupId: `${group}.scan.${process.pid}.${Math.random()}`,
    maxWaitTimeInMs: 50,
  })
  await reader.connect()
  try {
    await reader.subscribe({ topics: names, fromBeginning: true })
    let finished = () => {}
    const finish = new Promise<void>((resolve) => {
      finished = resolve
    })
    await reader.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        const id = `${topic} ${partition}`
        const level = names.indexOf(topic) + 1
        if (BigInt(message.offset) >= (begin.get(id) ?? 0n)) {
          waiting.add(message.key, idOf(originOf(level, partition, message)), level)
        }
        if (BigInt(message.offset) + 1n >= (missing.get(id) ?? 0n)) missing.delete(id)
        if (missing.size === 0) finished()
      },
    })
    await finish
  } finally {
    await reader.disconnect()
  }
}

async function sendCopy(
  producer: Producer,
  topic: string,
  message: KafkaMessage,
  own: Record<string, string>,
) {
  const headers: IHeaders = {}
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    if (!Object.hasOwn(own, name) && name !== 'retry-due') headers[name] = value
  }
  await producer.send({
    topic,
    messages: [{ key: message.key, value: message.value, headers: { ...headers, ...own } }],
  })
}

export async function consumeWithRetries(kafka: Kafka, options: Options, handle: Handle): Promise<Running> {
  const { topic, group, dead } = options
  const delays = options.retries.map(({ delayMs }) => delayMs)
  const names = options.retries.map((retry) => retry.topic)
  const waiting = new Waiting()
  const admin = kafka.admin()
  const producer = kafka.producer({ retry: { retries: 10, initialRetryTime: 50, maxRetryTime: 2000 } })
  const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 50 })
  const timers = new Set<ReturnType<typeof setTimeout>>()
  const working = new Set<Promise<void>>()
  let stopping = false

  async function copy(level: number, message: KafkaMessage, origin: Origin, error?: Error) {
    const delay = delays[level - 1]
    const own: Record<string, string> = {
      'retry-topic': topic,
      'retry-partition': String(origin.partition),
      'retry-offset': origin.offset,
      'retry-attempts': String(origin.attempts),
    }
    if (error) own['retry-error'] = error.message
    if (delay !== undefined) {
      waiting.add(message.key, idOf(origin), level)
      own['retry-due'] = String(Date.now() + delay)
    }
    await sendCopy(producer, names[level - 1] ?? dead, message, own)
  }

  async function work(from: string, partition: number, message: KafkaMessage) {
    const level = from === topic ? 0 : names.indexOf(from) + 1
    const origin = originOf(level, partition, message)
    if (waiting.isBlocked(message.key, level)) {
      await copy(level + 1, message, origin)
    } else {
      const attempt = origin.attempts + 1
      try {
        await handle({
          partition: origin.partition,
          offset: origin.offset,
          key: message.key,
          value: message.value,
          attempt,
        })
      } catch (thrown) {
        const error = thrown as Error & { retriable?: boolean }
        const next = error.retriable === false ? names.length + 1 : level + 1
        await copy(next, message, { ...origin, attempts: attempt }, error)
      }
    }
    await consumer.commitOffsets([{ topic: from, partition, offset: String(BigInt(message.offset) + 1n) }])
    waiting.remove(message.key, idOf(origin), level)
  }

  async function shutDown() {
    stopping = true
    for (const timer of timers) clearTimeout(timer)
    await Promise.allSettled(working)
    await consumer.disconnect()
    await producer.disconnect()
    await admin.disconnect()
  }

  try {
    await admin.connect()
    await producer.connect()
    await consumer.connect()
    for (const name of [topic, ...names, dead]) await admin.fetchTopicOffsets(name)
    await scan(kafka, admin, group, names, waiting)
    await consumer.subscribe({ topics: [topic, ...names], fromBeginning: true })
    await consumer.run({
      autoCommit: true,
      autoCommitThreshold: 1,
      partitionsConsumedConcurrently: 6,
      eachMessage: async ({ topic: from, partition, message, pause }) => {
        const due = from === topic ? 0 : Number(readHeader(message.headers, 'retry-due'))
        const wait = due - Date.now()
        if (stopping || wait > 0) {
          const resume = pause()
          consumer.seek({ topic: from, partition, offset: message.offset })
          if (!stopping) {
            const timer = setTimeout(
              () => {
                timers.delete(timer)
                resume()
              },
              Math.min(wait, 1_000_000_000),
            )
            timers.add(timer)
          }
          return
        }
        const job = work(from, partition, message)
        working.add(job)
        try {
          await job
        } finally {
          working.delete(job)
        }
      },
    })
  } catch (error) {
    await shutDown().catch(() => {})
    throw error
  }
  let end: Promise<void> | undefined
  return {
    stop: () => {
      end ??= shutDown()
      return end
    },
  }
}
