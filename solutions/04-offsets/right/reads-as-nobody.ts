/** Right, other structure: reads with a group of its own, from where the group has stopped, and commits for the group. */
import { randomUUID } from 'node:crypto'
import type { Admin, Kafka } from 'kafkajs'

type Handle = (record: {
  partition: number
  offset: bigint
  key: string | null
  value: string
}) => Promise<void>

const asked = <T>(kafka: Kafka, ask: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = kafka.admin()
  return admin
    .connect()
    .then(() => ask(admin))
    .finally(() => admin.disconnect())
}

async function stand(admin: Admin, groupId: string, topic: string) {
  const answers = await admin.fetchOffsets({ groupId, topics: [topic] })
  const bookmarks: Record<number, bigint> = {}
  for (const { partitions } of answers)
    for (const { partition, offset } of partitions)
      if (BigInt(offset) >= 0n) bookmarks[partition] = BigInt(offset)
  const logs = await admin.fetchTopicOffsets(topic)
  logs.sort((a, b) => a.partition - b.partition)
  return logs.map(({ partition, low, high }) => ({
    partition,
    start: BigInt(low),
    end: BigInt(high),
    committed: bookmarks[partition],
  }))
}

export async function resume(kafka: Kafka, groupId: string, topic: string, handle: Handle): Promise<number> {
  const all = await asked(kafka, (admin) => stand(admin, groupId, topic))
  const places = new Map<number, { at: bigint; end: bigint; from: bigint }>()
  for (const { partition, start, end, committed = start } of all) {
    const from = committed < start ? start : committed
    if (from < end) places.set(partition, { at: from, from, end })
  }
  const isDone = () => [...places.values()].every(({ at, end }) => at === end)
  if (isDone()) return 0

  const consumer = kafka.consumer({ groupId: `reads-for-${randomUUID()}` })
  let failed = false
  let why: unknown
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        const place = places.get(partition)
        const offset = BigInt(message.offset)
        if (failed || place === undefined || offset < place.at || offset >= place.end) return
        try {
          const value = message.value === null ? '' : String(message.value)
          await handle({ partition, offset, key: message.key && String(message.key), value })
          place.at = offset + 1n
        } catch (error) {
          failed = true
          why = error
        }
      },
    })
    for (const [partition, { from }] of places) consumer.seek({ topic, partition, offset: String(from) })
    while (!failed && !isDone()) await new Promise((resolve) => setTimeout(resolve, 20))
  } finally {
    await consumer.disconnect()
  }
  const moved = [...places].filter(([, { at, from }]) => at > from)
  const partitions = moved.map(([partition, { at }]) => ({ partition, offset: String(at) }))
  if (partitions.length > 0) await asked(kafka, (admin) => admin.setOffsets({ groupId, topic, partitions }))
  if (failed) throw why
  return moved.reduce((sum, [, { at, from }]) => sum + Number(at - from), 0)
}

export async function lag(kafka: Kafka, groupId: string, topic: string) {
  const all = await asked(kafka, (admin) => stand(admin, groupId, topic))
  return all.map(({ partition, end, committed = null }) => ({
    partition,
    committed: committed === null ? null : String(committed),
    end: String(end),
    lag: committed === null ? null : String(end - committed),
  }))
}

/** Looks for the record by itself where Kafka has none: the end. */
export function resetToTime(kafka: Kafka, groupId: string, topic: string, time: number) {
  return asked(kafka, async (admin) => {
    const ends = new Map((await admin.fetchTopicOffsets(topic)).map((one) => [one.partition, one.high]))
    const found = await admin.fetchTopicOffsetsByTimestamp(topic, time)
    const partitions = found
      .map(({ partition, offset }) => ({
        partition,
        offset: Number(offset) < 0 ? (ends.get(partition) ?? offset) : offset,
      }))
      .sort((a, b) => a.partition - b.partition)
    await admin.setOffsets({ groupId, topic, partitions })
    return partitions
  })
}
