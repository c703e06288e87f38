/** Asks the store anew for each record and keeps nothing; commits by hand, which stop waits for; tries again by itself. */
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
  const largest = JSON.parse(saved ?? '{}') as Record<number, number>
  return {
    isNew({ partition, offset }: Place) {
      const before = largest[partition]
      if (before !== undefined && offset <= before) return false
      largest[partition] = offset
      return true
    },
    saved: () => JSON.stringify(largest),
  }
}

export function rememberIds(keepMs: number, saved: string | null) {
  // The time, then id and end of each.
  const [start = 0, ...flat] = JSON.parse(saved ?? '[]') as (string | number)[]
  let now = Number(start)
  const ends = new Map<string, number>()
  for (let i = 0; i < flat.length; i += 2) ends.set(String(flat[i]), Number(flat[i + 1]))
  const isKept = (id: string) => (ends.get(id) ?? 0) > now
  return {
    isNew({ id, timestamp }: Identified) {
      now = Math.max(now, timestamp)
      if (isKept(id)) return false
      ends.set(id, timestamp + keepMs)
      return true
    },
    saved() {
      for (const id of [...ends.keys()]) if (!isKept(id)) ends.delete(id)
      return JSON.stringify([now, ...[...ends].flat()])
    },
  }
}

export function rememberSequences(saved: string | null) {
  const epochs = new Map<string, number>()
  const sequences = new Map<string, number>()
  for (const [producer, epoch, sequence] of JSON.parse(saved ?? '[]') as [string, number, number][]) {
    epochs.set(producer, epoch)
    sequences.set(producer, sequence)
  }
  return {
    isNew({ producer, epoch, sequence }: Numbered) {
      const lastEpoch = epochs.get(producer) ?? Number.NEGATIVE_INFINITY
      if (epoch > lastEpoch) sequences.delete(producer)
      const lastSequence = sequences.get(producer) ?? Number.NEGATIVE_INFINITY
      if (epoch < lastEpoch || sequence <= lastSequence) return false
      epochs.set(producer, epoch)
      sequences.set(producer, sequence)
      return true
    },
    saved: () =>
      JSON.stringify([...epochs].map(([producer, epoch]) => [producer, epoch, sequences.get(producer)])),
  }
}

export async function consumeOnce(kafka: Kafka, topic: string, groupId: string, options: Options) {
  const { keepMs, handle, store } = options
  const consumer = kafka.consumer({ groupId })
  const working = new Set<Promise<void>>()
  let isStopping = false

  async function attempt(record: Received): Promise<void> {
    const name = `memory:${record.partition}`
    const saved = JSON.parse((await store.load(name)) ?? '[-1,null]') as [number, string | null]
    const ids = rememberIds(keepMs, saved[1])
    if (record.offset <= saved[0]) return
    // A duplicate changes nothing but the time; nothing is kept here, so the store has to know that.
    const changes = ids.isNew(record) ? await handle(record) : {}
    await store.save({ ...changes, [name]: JSON.stringify([record.offset, ids.saved()]) })
  }

  async function work({ partition, message }: EachMessagePayload): Promise<void> {
    const record: Received = {
      partition,
      offset: Number(message.offset),
      timestamp: Number(message.timestamp),
      id: String(message.headers?.id ?? ''),
      key: message.key?.toString('utf8') ?? null,
      value: (message.value ?? '').toString(),
    }
    for (let waitMs = 20; ; waitMs = Math.min(1_000, waitMs * 2)) {
      const isDone = await attempt(record).then(
        () => true,
        () => false,
      )
      if (isDone) break
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
    const offset = (BigInt(message.offset) + 1n).toString()
    await consumer.commitOffsets([{ topic, partition, offset }])
  }

  async function eachMessage(payload: EachMessagePayload): Promise<void> {
    // Not committed, so it comes again when the group is read again.
    if (isStopping) return
    const begun = work(payload)
    working.add(begun)
    await begun.finally(() => working.delete(begun))
  }

  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachMessage })
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
  return {
    // While kafkajs stops, commitOffsets does nothing: so what has begun is waited for first.
    stop: async () => {
      isStopping = true
      await Promise.allSettled([...working])
      await consumer.disconnect()
    },
  }
}
