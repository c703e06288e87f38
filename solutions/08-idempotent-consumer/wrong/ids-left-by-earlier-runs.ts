import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'what-i-saved-i-remember',
  belief: {
    en: 'The program knows which names it has saved, and removes them when they are over.',
    ru: 'Программа помнит, какие имена сохранила, и удалит их, когда выйдет срок.',
  },
  fails: ['bounded'],
  breaks: ['bounded'],
  explains: 'bounded.left',
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

export async function consumeOnce(kafka: Kafka, topic: string, group: string, options: Options) {
  const { keepMs, handle, store } = options
  const memories = new Map<number, { nowMs: number; names: Map<string, number> }>()

  const take = async (payload: EachMessagePayload) => {
    const { partition } = payload
    const record = received(payload)
    const placeName = `memory:${partition}`
    const idName = `memory:${partition}:${record.id}`
    const memory = memories.get(partition) ?? { nowMs: 0, names: new Map<string, number>() }
    memories.set(partition, memory)
    const byOffset = rememberOffsets(await store.load(placeName))
    if (!byOffset.isNew(record)) return
    memory.nowMs = Math.max(memory.nowMs, record.timestamp)
    const isOver = (atMs: number) => memory.nowMs >= atMs + keepMs
    const atMs = await store.load(idName)
    if (atMs !== null && !isOver(Number(atMs))) return
    try {
      const over = [...memory.names].filter(([, ms]) => isOver(ms)).map(([name]) => name)
      const changes: Changes = { ...(await handle(record)), [placeName]: byOffset.saved() }
      for (const name of over) changes[name] = null
      await store.save({ ...changes, [idName]: String(record.timestamp) })
      for (const name of over) memory.names.delete(name)
      memory.names.set(idName, record.timestamp)
    } catch (cause) {
      throw new Error('not saved, the record has to come again', { cause })
    }
  }
  return consume(kafka, topic, group, take)
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
