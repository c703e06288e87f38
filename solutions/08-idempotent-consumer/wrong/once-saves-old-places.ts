import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'a-partition-is-alone',
  belief: {
    en: 'Places are small, so all partitions share one name; what a record changes there is its own number.',
    ru: 'Мест немного, хватит одного имени на все партиции: запись меняет там только свой номер.',
  },
  fails: ['replay'],
  breaks: ['replay'],
  explains: 'replay.overwritten',
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
  const ids = new Map<number, ReturnType<typeof rememberIds>>()
  let places: string | null | undefined

  const take = async (payload: EachMessagePayload) => {
    const { partition } = payload
    const name = `memory:ids ${partition}`
    places ??= await store.load('memory:places')
    const byOffset = rememberOffsets(places)
    const byId = ids.get(partition) ?? rememberIds(keepMs, await store.load(name))
    ids.set(partition, byId)
    const record = received(payload)
    if (!byOffset.isNew(record) || !byId.isNew(record)) return
    try {
      const changes = await handle(record)
      await store.save({ ...changes, [name]: byId.saved(), 'memory:places': byOffset.saved() })
      places = byOffset.saved()
    } catch (cause) {
      ids.delete(partition)
      places = undefined
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
    await consumer.run({ partitionsConsumedConcurrently: 4, eachMessage })
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
  return { stop: () => consumer.disconnect() }
}
