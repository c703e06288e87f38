import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'heartbeats-are-enough',
  belief: {
    en: 'Who sends heartbeats may wait in eachBatch for as long as he likes.',
    ru: 'Кто отправляет heartbeat, может ждать в eachBatch сколько угодно.',
  },
  fails: ['goes-on', 'waits', 'restart', 'stop', 'together'],
  breaks: ['member'],
  explains: 'goes-on.waitsWith',
}

import type { Consumer, Kafka, KafkaMessage, Producer } from 'kafkajs'

interface Retry {
  topic: string
  delayMs: number
}
interface Received {
  partition: number
  offset: string
  key: Buffer | null
  value: Buffer | null
  attempt: number
}
type Handle = (record: Received) => Promise<void>
interface Options {
  topic: string
  group: string
  retries: Retry[]
  dead: string
}

export function planRetries(
  topic: string,
  { retries, firstMs, maxMs }: { retries: number; firstMs: number; maxMs: number },
): Retry[] {
  return Array.from({ length: retries }, (_, i) => ({
    topic: `${topic}-retry-${i + 1}`,
    delayMs: Math.min(firstMs * 2 ** i, maxMs),
  }))
}

export async function consumeWithRetries(kafka: Kafka, options: Options, handle: Handle) {
  const { topic, group, retries } = options
  const topics = [topic, ...retries.map((retry) => retry.topic)]
  const producer = kafka.producer()
  const consumer = kafka.consumer({ groupId: group })
  const timers = new Set<NodeJS.Timeout>()
  const stop = async () => {
    for (const timer of timers) clearTimeout(timer)
    await consumer.disconnect()
    await producer.disconnect()
  }
  try {
    await producer.connect()
    await consumer.connect()
    await consumer.subscribe({ topics, fromBeginning: true })
    const waiting = await waitingFor(kafka, group, topics)
    const deal = dealer(producer, options, handle, waiting)
    await consumer.run({
      autoCommitThreshold: 1,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => {
        const { batch, resolveOffset, commitOffsetsIfNecessary, heartbeat, isRunning, isStale } = payload
        const stage = topics.indexOf(batch.topic)
        for (const message of batch.messages) {
          if (!isRunning() || isStale()) return
          const due = stage === 0 ? 0 : Number(headerOf(message, 'retry-due'))
          while (Date.now() < due && isRunning()) {
            await new Promise((resolve) => setTimeout(resolve, 20))
            await heartbeat()
          }
          if (!isRunning()) return
          await deal(stage, batch.partition, message)
          resolveOffset(message.offset)
          await commitOffsetsIfNecessary()
          await heartbeat()
        }
      },
    })
  } catch (error) {
    await stop()
    throw error
  }
  return { stop }
}

type Waiting = Map<string, number>[]

function dealer(producer: Producer, { topic, retries, dead }: Options, handle: Handle, waiting: Waiting) {
  const count = (stage: number, key: Buffer | null, by: number) => {
    const name = nameOf(key)
    const counts = waiting[stage]
    if (stage > 0 && name !== undefined) counts?.set(name, (counts.get(name) ?? 0) + by)
  }
  const waitsBehind = (stage: number, key: Buffer | null) => {
    const name = nameOf(key)
    return name !== undefined && waiting.slice(stage + 1).some((counts) => (counts.get(name) ?? 0) > 0)
  }
  return async (stage: number, partition: number, message: KafkaMessage): Promise<void> => {
    const { key, value, headers } = message
    const marks = {
      'retry-topic': topic,
      'retry-partition': stage === 0 ? String(partition) : headerOf(message, 'retry-partition'),
      'retry-offset': stage === 0 ? message.offset : headerOf(message, 'retry-offset'),
      'retry-attempts': stage === 0 ? '0' : headerOf(message, 'retry-attempts'),
    }
    const copyTo = async (next: number, more: Record<string, string>) => {
      const retry = retries[next - 1]
      const due = String(Date.now() + (retry?.delayMs ?? 0))
      const copy = { key, value, headers: { ...headers, ...marks, 'retry-due': due, ...more } }
      await producer.send({ topic: retry?.topic ?? dead, messages: [copy] })
      if (retry !== undefined) count(next, key, 1)
    }
    if (waitsBehind(stage, key)) await copyTo(stage + 1, {})
    else {
      const attempt = Number(marks['retry-attempts']) + 1
      const place = { partition: Number(marks['retry-partition']), offset: marks['retry-offset'] }
      try {
        await handle({ ...place, key, value, attempt })
      } catch (error) {
        const next = isForGood(error) ? retries.length + 1 : stage + 1
        await copyTo(next, { 'retry-attempts': String(attempt), 'retry-error': reasonOf(error) })
      }
    }
    count(stage, key, -1)
  }
}

const nameOf = (key: Buffer | null) => key?.toString('hex')
const headerOf = (message: KafkaMessage, name: string) => String(message.headers?.[name] ?? '')
const isForGood = (error: unknown) => (error as { retriable?: boolean } | undefined)?.retriable === false
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

async function waitingFor(kafka: Kafka, group: string, topics: string[]): Promise<Waiting> {
  const waiting: Waiting = topics.map(() => new Map())
  const left = await uncommitted(kafka, group, topics.slice(1))
  if (left.length === 0) return waiting
  const reader = kafka.consumer({ groupId: `${group}-look-${Date.now()}` })
  try {
    await reader.connect()
    await reader.subscribe({ topics: [...new Set(left.map(({ topic }) => topic))], fromBeginning: true })
    await readUpTo(reader, left, (topic, { key }) => {
      const counts = waiting[topics.indexOf(topic)]
      const name = nameOf(key)
      if (name !== undefined) counts?.set(name, (counts.get(name) ?? 0) + 1)
    })
  } finally {
    await reader.disconnect()
  }
  return waiting
}

interface Span {
  topic: string
  partition: number
  from: bigint
  end: bigint
}

async function uncommitted(kafka: Kafka, groupId: string, topics: string[]): Promise<Span[]> {
  if (topics.length === 0) return []
  const admin = kafka.admin()
  try {
    await admin.connect()
    const committed = await admin.fetchOffsets({ groupId, topics })
    const spans: Span[] = []
    for (const topic of topics) {
      const known = committed.find((one) => one.topic === topic)?.partitions ?? []
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        const offset = BigInt(known.find((one) => one.partition === partition)?.offset ?? -1)
        const from = offset > BigInt(low) ? offset : BigInt(low)
        if (from < BigInt(high)) spans.push({ topic, partition, from, end: BigInt(high) })
      }
    }
    return spans
  } finally {
    await admin.disconnect()
  }
}

async function readUpTo(
  reader: Consumer,
  spans: Span[],
  show: (topic: string, message: KafkaMessage) => void,
): Promise<void> {
  const left = new Map(spans.map((span) => [`${span.topic} ${span.partition}`, span]))
  await new Promise<void>((resolve, reject) => {
    const started = reader.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const name = `${batch.topic} ${batch.partition}`
        const span = left.get(name)
        if (span === undefined) return
        for (const message of batch.messages) {
          const offset = BigInt(message.offset)
          if (offset < span.from || offset >= span.end) continue
          show(batch.topic, message)
          span.from = offset + 1n
        }
        if (span.from >= span.end) left.delete(name)
        if (left.size === 0) resolve()
      },
    })
    started.catch(reject)
    for (const { topic, partition, from } of spans) reader.seek({ topic, partition, offset: from.toString() })
  })
}
