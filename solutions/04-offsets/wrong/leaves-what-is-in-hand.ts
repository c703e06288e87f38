import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'leaves-what-is-in-hand',
  belief: {
    en: 'After an error there is nothing more to wait for.',
    ru: 'После ошибки ждать больше нечего.',
  },
  fails: ['resume-failed'],
  breaks: ['resume-failed'],
  explains: 'resume-failed.behind',
}

import type { Kafka, KafkaMessage } from 'kafkajs'

type Handle = (record: object) => Promise<void>

async function describe(kafka: Kafka, groupId: string, topic: string) {
  const admin = kafka.admin()
  try {
    await admin.connect()
    const [group] = await admin.fetchOffsets({ groupId, topics: [topic] })
    const committed = new Map(group?.partitions.map(({ partition, offset }) => [partition, offset]))
    const ends = await admin.fetchTopicOffsets(topic)
    return ends
      .sort((a, b) => a.partition - b.partition)
      .map(({ partition, low, high }) => {
        const offset = committed.get(partition)
        return { partition, low, high, committed: offset === '-1' || offset === undefined ? null : offset }
      })
  } finally {
    await admin.disconnect()
  }
}

export async function resume(kafka: Kafka, groupId: string, topic: string, handle: Handle): Promise<number> {
  const ends = new Map<number, bigint>()
  for (const { partition, low, high, committed } of await describe(kafka, groupId, topic)) {
    const isBehind = committed === null || BigInt(committed) < BigInt(high)
    if (isBehind && BigInt(low) < BigInt(high)) ends.set(partition, BigInt(high))
  }
  if (ends.size === 0) return 0
  const consumer = kafka.consumer({ groupId })
  const errors: unknown[] = []

  let count = 0
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      const one = async (partition: number, message: KafkaMessage) => {
        const end = ends.get(partition)
        if (errors.length > 0 || end === undefined || BigInt(message.offset) >= end) return
        const { offset, key, value } = message
        await handle({
          partition,
          offset: BigInt(offset),
          key: key === null ? null : key.toString('utf8'),
          value: value === null ? '' : value.toString('utf8'),
        })
        const next = BigInt(offset) + 1n
        await consumer.commitOffsets([{ topic, partition, offset: next.toString() }])
        count++
        if (next === end) ends.delete(partition)
        if (ends.size === 0) resolve()
      }
      consumer
        .run({
          autoCommit: false,
          partitionsConsumedConcurrently: 3,
          eachMessage: ({ partition, message }) => {
            return one(partition, message).catch((error: unknown) => {
              errors.push(error)
              reject(error)
            })
          },
        })
        .catch(reject)
    })
  } finally {
    await consumer.disconnect()
  }
  return count
}

export async function lag(kafka: Kafka, groupId: string, topic: string) {
  return (await describe(kafka, groupId, topic)).map(({ partition, high, committed }) =>
    committed === null
      ? { partition, committed, end: BigInt(high), lag: null }
      : { partition, committed: BigInt(committed), end: BigInt(high), lag: BigInt(high) - BigInt(committed) },
  )
}

export async function resetToTime(kafka: Kafka, groupId: string, topic: string, time: number) {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const found = await admin.fetchTopicOffsetsByTimestamp(topic, time)
    await admin.setOffsets({ groupId, topic, partitions: found })
    return found
      .sort((a, b) => (a.partition < b.partition ? -1 : 1))
      .map(({ partition, offset }) => ({ partition, offset: BigInt(offset) }))
  } finally {
    await admin.disconnect()
  }
}
