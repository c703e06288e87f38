/** Lab 10, right: how far the consumer has come is told by what it commits; the three functions go backwards, or call themselves. */
import { randomUUID } from 'node:crypto'
import type { Kafka } from 'kafkajs'
import type { LogRecord, NextPass, PartitionLog, Pass, Row, Segment, Snapshot, Table } from '../starter.ts'

export function expiredSegments(log: PartitionLog, now: number): number[] {
  const [oldest, ...rest] = log.segments
  if (oldest === undefined || !goes(log, oldest, rest, now)) return []
  return [oldest.baseOffset, ...expiredSegments({ ...log, segments: rest }, now)]
}

function goes(log: PartitionLog, segment: Segment, rest: Segment[], now: number): boolean {
  const { cleanupPolicy, retentionMs, retentionBytes } = log.config
  const end = rest[0]?.baseOffset ?? log.endOffset
  if (log.highWatermark < end) return false
  if (rest.length === 0 && segment.bytes === 0) return false
  if (rest.length > 0 && log.startOffset >= end) return true
  if (cleanupPolicy === 'compact') return false
  const left = rest.reduce((sum, { bytes }) => sum + bytes, 0)
  return (
    (retentionMs !== -1 && segment.maxTimestamp + retentionMs < now) ||
    (retentionBytes !== -1 && left >= retentionBytes)
  )
}

export function nextPass(log: PartitionLog, now: number): NextPass {
  const { config, cleanedTo, segments, lastStableOffset } = log
  let [cleanBytes, dirtyBytes, isOverdue] = [0, 0, false]
  for (let i = 0; ; i++) {
    const segment = segments[i]
    if (segment === undefined) throw new Error('the active segment always waits')
    if (segment.baseOffset < cleanedTo) {
      cleanBytes += segment.bytes
      continue
    }
    const following = segments[i + 1]
    const isYoung = config.minCompactionLagMs > 0 && segment.maxTimestamp > now - config.minCompactionLagMs
    const obstacle =
      following === undefined
        ? 'roll'
        : following.baseOffset > lastStableOffset
          ? 'transaction'
          : isYoung
            ? 'age'
            : undefined
    if (obstacle === undefined) {
      dirtyBytes += segment.bytes
      isOverdue ||= segment.firstTimestamp < now - config.maxCompactionLagMs
      continue
    }
    const [from, upTo] = [cleanedTo, segment.baseOffset]
    if (from === upTo) return { from, upTo, waitsFor: obstacle }
    const isDue = isOverdue || dirtyBytes / (cleanBytes + dirtyBytes) > config.minCleanableDirtyRatio
    return { from, upTo, waitsFor: isDue ? null : 'ratio' }
  }
}

export function compact(records: LogRecord[], { upTo, now, deleteRetentionMs }: Pass): LogRecord[] {
  const seen = new Set<string>()
  const left: LogRecord[] = []
  for (const record of [...records].reverse()) {
    if (record.offset >= upTo) left.push(record)
    else if (record.key !== null && !seen.has(record.key)) {
      seen.add(record.key)
      const goesAt = record.value === null ? (record.goesAt ?? now + deleteRetentionMs) : null
      if (goesAt === null || record.goesAt === null || record.goesAt > now) left.push({ ...record, goesAt })
    }
  }
  return left.reverse()
}

export async function loadTable(kafka: Kafka, topic: string, snapshot: Snapshot | null): Promise<Table> {
  const takenAt = Date.now()
  const { bounds, keptMs } = await ask(kafka, topic)
  const isFresh = snapshot !== null && takenAt <= snapshot.takenAt + keptMs
  const reached = new Map<number, number>()
  const tables = new Map<number, Map<string, Row>>()
  const fromStart: number[] = []
  for (const { partition, low, high } of bounds) {
    const at = isFresh ? snapshot.offsets.find((one) => one.partition === partition)?.offset : undefined
    const table = new Map<string, Row>()
    tables.set(partition, table)
    if (at !== undefined && low <= at && at <= high) {
      reached.set(partition, at)
      for (const row of snapshot?.rows ?? [])
        if (row.partition === partition && row.offset >= low) table.set(row.key, row)
    } else {
      reached.set(partition, low)
      fromStart.push(partition)
    }
  }
  const result = (): Table => ({
    takenAt,
    offsets: bounds.map(({ partition }) => ({ partition, offset: reached.get(partition) ?? 0 })),
    rows: [...tables.values()].flatMap((table) => [...table.values()]),
    fromStart,
  })
  const isThere = () => bounds.every(({ partition, high }) => (reached.get(partition) ?? 0) >= high)
  if (isThere()) return result()

  const consumer = kafka.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 50 })
  try {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    return await new Promise<Table>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error))
      consumer.on('consumer.commit_offsets', ({ payload }) => {
        for (const { partitions } of payload.topics)
          for (const { partition, offset } of partitions) reached.set(Number(partition), Number(offset))
        if (isThere()) resolve(result())
      })
      const run = consumer.run({
        autoCommitThreshold: 1,
        eachBatch: async ({ batch }) => {
          const table = tables.get(batch.partition)
          for (const { offset, key, value } of batch.messages) {
            if (key === null || table === undefined) continue
            const name = key.toString()
            table.delete(name)
            if (value !== null)
              table.set(name, {
                partition: batch.partition,
                offset: Number(offset),
                key: name,
                value: value.toString(),
              })
          }
        },
      })
      run.catch(reject)
      void run.then(() => {
        for (const [partition, offset] of reached) consumer.seek({ topic, partition, offset: String(offset) })
      })
    })
  } finally {
    await consumer.disconnect()
  }
}

async function ask(kafka: Kafka, topic: string) {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const [offsets, configs] = await Promise.all([
      admin.fetchTopicOffsets(topic),
      admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: topic }] }),
    ])
    const entries = configs.resources.flatMap(({ configEntries }) => configEntries)
    const kept = entries.find(({ configName }) => configName === 'delete.retention.ms')
    const bounds = offsets.map(({ partition, low, high }) => ({
      partition,
      low: Number(low),
      high: Number(high),
    }))
    return { bounds: bounds.sort((a, b) => a.partition - b.partition), keptMs: Number(kept?.configValue) }
  } finally {
    await admin.disconnect()
  }
}
