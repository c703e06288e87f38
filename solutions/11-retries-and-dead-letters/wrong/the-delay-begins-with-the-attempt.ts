import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'the-delay-begins-with-the-attempt',
  belief: {
    en: 'The delay counts from the moment at which the attempt began.',
    ru: 'Задержка отсчитывается от начала попытки.',
  },
  fails: ['stages'],
  breaks: ['due'],
  explains: 'stages.early',
}

import type { Kafka, KafkaMessage } from 'kafkajs'

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

const LONGEST_TIMER = 2 ** 31 - 1

export function planRetries(
  topic: string,
  { retries, firstMs, maxMs }: { retries: number; firstMs: number; maxMs: number },
): Retry[] {
  return Array.from({ length: retries }, (_, i) => ({
    topic: `${topic}-retry-${i + 1}`,
    delayMs: Math.min(firstMs * 2 ** i, maxMs),
  }))
}

interface Place {
  partition: number
  offset: bigint
}

/** For one retry topic: where the last copy of each key lies, and how far each partition is done. */
class Level {
  readonly last = new Map<string, Place>()
  readonly done = new Map<number, bigint>()
  readonly sending = new Map<string, number>()

  waits(key: string): boolean {
    if (this.sending.get(key)) return true
    const place = this.last.get(key)
    if (!place) return false
    if (place.offset > (this.done.get(place.partition) ?? -1n)) return true
    this.last.delete(key)
    return false
  }
}

const text = (header: unknown): string => String(Array.isArray(header) ? header[0] : (header ?? ''))
const nameOf = (key: Buffer | null): string | null => (key === null ? null : key.toString('latin1'))

export async function consumeWithRetries(
  kafka: Kafka,
  { topic, group, retries, dead }: Options,
  handle: Handle,
): Promise<Running> {
  const steps = [{ topic, delayMs: 0 }, ...retries.map((retry) => ({ ...retry }))]
  const levels = steps.map(() => new Level())
  const levelOf = new Map(steps.map((step, level) => [step.topic, level]))
  const admin = kafka.admin()
  const producer = kafka.producer({ retry: { initialRetryTime: 100, retries: 8 } })
  const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 100 })
  const timers = new Set<NodeJS.Timeout>()
  let stopping = false

  async function put(
    to: number,
    message: KafkaMessage,
    own: { partition: number; offset: string; attempts: number },
    now: number,
    error?: Error,
  ) {
    const step = steps[to]
    const headers = { ...message.headers } as Record<string, Buffer | string | (Buffer | string)[]>
    delete headers['retry-due']
    headers['retry-topic'] = topic
    headers['retry-partition'] = String(own.partition)
    headers['retry-offset'] = own.offset
    headers['retry-attempts'] = String(own.attempts)
    if (error) headers['retry-error'] = error.message
    if (step) headers['retry-due'] = String(now + step.delayMs)
    const key = nameOf(message.key)
    const level = levels[to]
    if (level && key !== null) level.sending.set(key, (level.sending.get(key) ?? 0) + 1)
    try {
      const [place] = await producer.send({
        topic: step ? step.topic : dead,
        acks: -1,
        messages: [{ key: message.key, value: message.value, headers }],
      })
      if (level && key !== null && place) {
        level.last.set(key, { partition: place.partition, offset: BigInt(place.baseOffset ?? '0') })
      }
    } finally {
      if (level && key !== null) {
        const left = (level.sending.get(key) ?? 1) - 1
        if (left > 0) level.sending.set(key, left)
        else level.sending.delete(key)
      }
    }
  }

  async function deal(at: number, partition: number, message: KafkaMessage) {
    const headers = message.headers ?? {}
    const now = Date.now()
    const own =
      at === 0
        ? { partition, offset: message.offset, attempts: 0 }
        : {
            partition: Number(text(headers['retry-partition'])),
            offset: text(headers['retry-offset']),
            attempts: Number(text(headers['retry-attempts'])),
          }
    const key = nameOf(message.key)
    if (key !== null && levels.some((level, index) => index > at && level.waits(key))) {
      await put(at + 1, message, own, now)
      return
    }
    try {
      await handle({
        partition: own.partition,
        offset: own.offset,
        key: message.key,
        value: message.value,
        attempt: own.attempts + 1,
      })
    } catch (error) {
      const final = (error as { retriable?: boolean }).retriable === false
      await put(
        final ? steps.length : at + 1,
        message,
        { ...own, attempts: own.attempts + 1 },
        now,
        error as Error,
      )
    }
  }

  /** Reads what lies in the retry topics behind the committed offsets. */
  async function lookBack() {
    if (retries.length === 0) return
    const names = retries.map((retry) => retry.topic)
    const committed = await admin.fetchOffsets({ groupId: group, topics: names })
    const todo = new Map<string, { from: bigint; to: bigint }>()
    for (const name of names) {
      const partitions = committed.find((one) => one.topic === name)?.partitions ?? []
      for (const { partition, low, high } of await admin.fetchTopicOffsets(name)) {
        const offset = BigInt(partitions.find((one) => one.partition === partition)?.offset ?? '-1')
        const from = offset > BigInt(low) ? offset : BigInt(low)
        const level = levels[levelOf.get(name) ?? 0]
        level?.done.set(partition, from - 1n)
        if (from < BigInt(high)) todo.set(`${name}/${partition}`, { from, to: BigInt(high) })
      }
    }
    if (todo.size === 0) return
    const reader = kafka.consumer({
      groupId: `${group}-look-${Date.now()}-${Math.random().toString(36).slice(2)}`,
      maxWaitTimeInMs: 100,
    })
    try {
      await reader.connect()
      await reader.subscribe({ topics: names, fromBeginning: true })
      const left = new Set(todo.keys())
      await new Promise<void>((resolve, reject) => {
        reader
          .run({
            autoCommit: false,
            eachBatch: async ({ batch }) => {
              const id = `${batch.topic}/${batch.partition}`
              const range = todo.get(id)
              if (!range) return
              for (const { key, offset } of batch.messages) {
                const name = nameOf(key)
                const at = BigInt(offset)
                if (name === null || at < range.from) continue
                levels[levelOf.get(batch.topic) ?? 0]?.last.set(name, {
                  partition: batch.partition,
                  offset: at,
                })
              }
              if (BigInt(batch.lastOffset()) + 1n >= range.to) left.delete(id)
              if (left.size === 0) resolve()
            },
          })
          .then(() => {
            for (const [id, { from }] of todo) {
              const cut = id.lastIndexOf('/')
              reader.seek({
                topic: id.slice(0, cut),
                partition: Number(id.slice(cut + 1)),
                offset: String(from),
              })
            }
          })
          .catch(reject)
      })
    } finally {
      await reader.disconnect()
    }
  }

  async function close() {
    stopping = true
    for (const timer of timers) clearTimeout(timer)
    await consumer.disconnect()
    await Promise.all([producer.disconnect(), admin.disconnect()])
  }

  try {
    await Promise.all([admin.connect(), producer.connect(), consumer.connect()])
    await admin.fetchTopicMetadata({ topics: [...steps.map((step) => step.topic), dead] })
    await lookBack()
    await consumer.subscribe({ topics: steps.map((step) => step.topic), fromBeginning: true })
    await consumer.run({
      eachBatchAutoResolve: false,
      autoCommitThreshold: 1,
      partitionsConsumedConcurrently: 8,
      eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary, heartbeat, isRunning, pause }) => {
        const at = levelOf.get(batch.topic) ?? 0
        for (const message of batch.messages) {
          if (stopping || !isRunning()) return
          if (at > 0) {
            const waitMs = Number(text(message.headers?.['retry-due'])) - Date.now()
            if (waitMs > 0) {
              const resume = pause()
              const timer = setTimeout(
                () => {
                  timers.delete(timer)
                  resume()
                },
                Math.min(waitMs, LONGEST_TIMER),
              )
              timers.add(timer)
              return
            }
          }
          await deal(at, batch.partition, message)
          levels[at]?.done.set(batch.partition, BigInt(message.offset))
          resolveOffset(message.offset)
          await commitOffsetsIfNecessary()
          await heartbeat()
        }
      },
    })
  } catch (error) {
    await close().catch(() => undefined)
    throw error
  }
  let stopped: Promise<void> | undefined
  return { stop: () => (stopped ??= close()) }
}
