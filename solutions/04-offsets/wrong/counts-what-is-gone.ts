import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'counts-what-is-gone',
  belief: {
    en: 'Between the committed offset and the end lies what there is to process.',
    ru: 'Между зафиксированным смещением и концом лежит то, что надо обработать.',
  },
  fails: ['resume-trimmed', 'resume-nothing'],
  breaks: ['resume-trimmed'],
  explains: 'resume-nothing.deleted',
}

import type { Admin, EachMessagePayload, Kafka } from 'kafkajs'

type Handle = (record: {
  partition: number
  offset: string
  key: string | null
  value: string
}) => Promise<void>

export async function resume(kafka: Kafka, groupId: string, topic: string, handle: Handle): Promise<number> {
  const due = await withAdmin(kafka, (admin) => dueIn(admin, groupId, topic))
  if (due.size === 0) return 0

  const next = new Map<number, bigint>()
  let count = 0
  const consumer = kafka.consumer({ groupId })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    try {
      await new Promise<void>((resolve, reject) => {
        const eachMessage = async ({ partition, message }: EachMessagePayload) => {
          const end = due.get(partition)
          if (end === undefined) return
          const { offset, key, value } = message
          try {
            await handle({ partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? '' })
          } catch (error) {
            due.clear()
            reject(error)
            return
          }
          count++
          next.set(partition, BigInt(offset) + 1n)
          if (BigInt(offset) + 1n >= end) due.delete(partition)
          if (due.size === 0) resolve()
        }
        consumer.run({ autoCommit: false, eachMessage }).catch(reject)
      })
    } finally {
      const offsets = [...next].map(([partition, offset]) => ({ topic, partition, offset: String(offset) }))
      if (offsets.length > 0) await consumer.commitOffsets(offsets)
    }
    return count
  } finally {
    await consumer.disconnect()
  }
}

export function lag(kafka: Kafka, groupId: string, topic: string) {
  return withAdmin(kafka, async (admin) => {
    const committed = await committedBy(admin, groupId, topic)
    const ends = await admin.fetchTopicOffsets(topic)
    return ends
      .map(({ partition, high }) => {
        const offset = committed.get(partition)
        if (offset === undefined) return { partition, committed: null, end: high, lag: null }
        return { partition, committed: offset, end: high, lag: BigInt(high) - offset }
      })
      .sort((a, b) => a.partition - b.partition)
  })
}

export function resetToTime(kafka: Kafka, groupId: string, topic: string, time: number) {
  return withAdmin(kafka, async (admin) => {
    const partitions = await admin.fetchTopicOffsetsByTimestamp(topic, time)
    await admin.setOffsets({ groupId, topic, partitions })
    return partitions.sort((a, b) => a.partition - b.partition)
  })
}

async function withAdmin<T>(kafka: Kafka, ask: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    return await ask(admin)
  } finally {
    await admin.disconnect()
  }
}

/** What the group has committed, by partition; nothing where it has committed nothing. */
async function committedBy(admin: Admin, groupId: string, topic: string): Promise<Map<number, bigint>> {
  const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] })
  const committed = new Map<number, bigint>()
  for (const { partition, offset } of answer?.partitions ?? []) {
    if (offset !== '-1') committed.set(partition, BigInt(offset))
  }
  return committed
}

/** Of each partition in which there is something to process: the end offset, as it is now. */
async function dueIn(admin: Admin, groupId: string, topic: string): Promise<Map<number, bigint>> {
  const committed = await committedBy(admin, groupId, topic)
  const due = new Map<number, bigint>()
  for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
    const from = committed.get(partition) ?? BigInt(low)
    if (from < BigInt(high)) due.set(partition, BigInt(high))
  }
  return due
}
