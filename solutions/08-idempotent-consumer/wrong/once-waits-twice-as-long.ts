import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'wait-twice-as-long',
  belief: {
    en: 'After each error one waits twice as long.',
    ru: 'После каждой ошибки ждут вдвое дольше.',
  },
  fails: ['fails'],
  breaks: ['fails'],
  explains: 'fails.slow',
}

import type { EachMessagePayload, Kafka } from 'kafkajs'

interface Place {
  partition: number
  offset: number
}
interface Identified {
  id: string
  timestamp: number
}
interface Numbered {
  producer: string
  epoch: number
  sequence: number
}
interface Received extends Place, Identified {
  key: string | null
  value: string
}
type Changes = Record<string, string | null>
interface Options {
  keepMs: number
  handle(record: Received): Promise<Changes>
  store: {
    load(name: string): Promise<string | null>
    save(changes: Changes): Promise<void>
  }
}

export function rememberOffsets(saved: string | null) {
  const next = new Map<number, number>(saved === null ? [] : (JSON.parse(saved) as [number, number][]))
  return {
    isNew: ({ partition, offset }: Place) => {
      if (offset < (next.get(partition) ?? 0)) return false
      next.set(partition, offset + 1)
      return true
    },
    saved: () => JSON.stringify([...next]),
  }
}

export function rememberIds(keepMs: number, saved: string | null) {
  const known =
    saved === null ? { nowMs: 0, ids: [] } : (JSON.parse(saved) as { nowMs: number; ids: [string, number][] })
  const times = new Map<string, number>(known.ids)
  let { nowMs } = known
  return {
    isNew: ({ id, timestamp }: Identified) => {
      nowMs = Math.max(nowMs, timestamp)
      for (const [old, atMs] of times) if (nowMs >= atMs + keepMs) times.delete(old)
      if (times.has(id)) return false
      times.set(id, timestamp)
      return true
    },
    saved: () => JSON.stringify({ nowMs, ids: [...times] }),
  }
}

export function rememberSequences(saved: string | null) {
  type Last = [producer: string, { epoch: number; sequence: number }]
  const lasts = new Map(saved === null ? [] : (JSON.parse(saved) as Last[]))
  return {
    isNew: ({ producer, epoch, sequence }: Numbered) => {
      const last = lasts.get(producer) ?? { epoch: -1, sequence: -1 }
      if (epoch < last.epoch) return false
      if (epoch === last.epoch && sequence <= last.sequence) return false
      lasts.set(producer, { epoch, sequence })
      return true
    },
    saved: () => JSON.stringify([...lasts]),
  }
}

/** What was handled of one partition: by offset for ever, by id for a while. */
function remember(keepMs: number, saved: string | null) {
  const [offsets, ids] = saved === null ? [null, null] : (JSON.parse(saved) as [string, string])
  const byOffset = rememberOffsets(offsets)
  const byId = rememberIds(keepMs, ids)
  return {
    isNew: (record: Received) => byOffset.isNew(record) && byId.isNew(record),
    saved: () => JSON.stringify([byOffset.saved(), byId.saved()]),
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

export async function consumeOnce(kafka: Kafka, topic: string, group: string, options: Options) {
  const { keepMs, handle, store } = options
  const memories = new Map<number, ReturnType<typeof remember>>()

  const take = async (payload: EachMessagePayload) => {
    const { partition } = payload
    const name = `memory:${partition}`
    const memory = memories.get(partition) ?? remember(keepMs, await store.load(name))
    memories.set(partition, memory)
    const record = received(payload)
    if (!memory.isNew(record)) return
    try {
      const changes = await handle(record)
      await store.save({ ...changes, [name]: memory.saved() })
    } catch (cause) {
      // The memory knows the record already; only the store knows whether it was handled.
      memories.delete(partition)
      // A TypeError and its like would stop the consumer for good: kafkajs does not try those again.
      throw new Error('not saved, the record has to come again', { cause })
    }
  }
  const keepTrying = async (payload: EachMessagePayload) => {
    for (let ms = 2_000; ; ms *= 2) {
      try {
        return await take(payload)
      } catch {
        await pause(ms)
      }
    }
  }
  return consume(kafka, topic, group, keepTrying)
}

function received({ partition, message }: EachMessagePayload): Received {
  return {
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    id: String(message.headers?.id),
    key: message.key?.toString() ?? null,
    value: message.value?.toString() ?? '',
  }
}

/** Starts a consumer that begins with the oldest record; hangs up when it cannot. */
async function consume(
  kafka: Kafka,
  topic: string,
  group: string,
  eachMessage: (payload: EachMessagePayload) => Promise<void>,
) {
  const consumer = kafka.consumer({ groupId: group })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ eachMessage })
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
  return { stop: () => consumer.disconnect() }
}
