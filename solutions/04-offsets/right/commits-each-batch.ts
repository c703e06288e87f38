/** Right, other structure: a class, whole batches, a commit for each of them; the reset commits as a member of its own. */
import type { Kafka } from 'kafkajs'

interface Handed {
  partition: number
  offset: number
  key: string | null
  value: string
}
type Handle = (record: Handed) => Promise<void>

interface Stand {
  partition: number
  committed: number | null
  start: number
  end: number
}

class Group {
  private readonly kafka: Kafka
  private readonly id: string
  private readonly topic: string

  constructor(kafka: Kafka, id: string, topic: string) {
    this.kafka = kafka
    this.id = id
    this.topic = topic
  }

  /** Where the group stands in each partition, sorted by number. */
  async stands(): Promise<Stand[]> {
    const admin = this.kafka.admin()
    await admin.connect()
    try {
      const [mine] = await admin.fetchOffsets({ groupId: this.id, topics: [this.topic] })
      const logs = await admin.fetchTopicOffsets(this.topic)
      const stands: Stand[] = []
      for (const log of logs) {
        const bookmark = Number(mine?.partitions.find((one) => one.partition === log.partition)?.offset ?? -1)
        stands[log.partition] = {
          partition: log.partition,
          committed: bookmark < 0 ? null : bookmark,
          start: Number(log.low),
          end: Number(log.high),
        }
      }
      return stands
    } finally {
      await admin.disconnect()
    }
  }

  async process(handle: Handle): Promise<number> {
    const left = new Map<number, number>()
    for (const { partition, committed, start, end } of await this.stands())
      if (Math.max(committed ?? 0, start) < end) left.set(partition, end)
    if (left.size === 0) return 0
    const consumer = this.kafka.consumer({ groupId: this.id, maxBytesPerPartition: 100_000 })
    let count = 0
    let failure: { error: unknown } | undefined
    let finish: () => void = () => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    await consumer.connect()
    try {
      await consumer.subscribe({ topic: this.topic, fromBeginning: true })
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning }) => {
          const { partition } = batch
          let next: number | undefined
          for (const message of batch.messages) {
            const offset = Number(message.offset)
            const end = left.get(partition)
            if (end === undefined || offset >= end || failure !== undefined || !isRunning()) break
            const [key, value] = [message.key?.toString() ?? null, message.value?.toString() ?? '']
            try {
              await handle({ partition, offset, key, value })
            } catch (error) {
              failure = { error }
              break
            }
            count++
            next = offset + 1
            resolveOffset(message.offset)
            if (next === end) left.delete(partition)
            await heartbeat()
          }
          if (next !== undefined)
            await consumer.commitOffsets([{ topic: this.topic, partition, offset: String(next) }])
          if (left.size === 0 || failure !== undefined) finish()
        },
      })
      await finished
    } finally {
      await consumer.disconnect()
    }
    if (failure !== undefined) throw failure.error
    return count
  }

  async moveTo(time: number): Promise<{ partition: number; offset: string }[]> {
    const admin = this.kafka.admin()
    await admin.connect()
    let places: { partition: number; offset: string }[]
    try {
      const { groups } = await admin.describeGroups([this.id])
      const state = groups[0]?.state ?? 'Dead'
      if (state !== 'Empty' && state !== 'Dead') throw new Error(`group ${this.id} is at work: ${state}`)
      places = (await admin.fetchTopicOffsetsByTimestamp(this.topic, time))
        .map(({ partition, offset }) => ({ partition, offset }))
        .sort((a, b) => a.partition - b.partition)
    } finally {
      await admin.disconnect()
    }
    const consumer = this.kafka.consumer({ groupId: this.id })
    await consumer.connect()
    try {
      await consumer.subscribe({ topic: this.topic })
      await consumer.run({ autoCommit: false, eachMessage: async () => {} })
      await consumer.commitOffsets(places.map((place) => ({ topic: this.topic, ...place })))
    } finally {
      await consumer.disconnect()
    }
    return places
  }
}

export const resume = (kafka: Kafka, groupId: string, topic: string, handle: Handle) =>
  new Group(kafka, groupId, topic).process(handle)

export async function lag(kafka: Kafka, groupId: string, topic: string) {
  const stands = await new Group(kafka, groupId, topic).stands()
  return stands.map(({ partition, committed, end }) => ({
    ...{ partition, committed, end },
    lag: committed === null ? null : end - committed,
  }))
}

export const resetToTime = (kafka: Kafka, groupId: string, topic: string, time: number) =>
  new Group(kafka, groupId, topic).moveTo(time)
