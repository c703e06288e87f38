import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'seek-says-where-to-begin',
  belief: {
    en: 'I seek in each partition, so fromBeginning does not matter.',
    ru: 'Я вызываю seek в каждой партиции, так что fromBeginning ничего не решает.',
  },
  fails: ['table-meanwhile'],
  breaks: ['table-meanwhile'],
  explains: 'table-meanwhile.jumped',
}

import { randomUUID } from 'node:crypto'
import type { Admin, Kafka } from 'kafkajs'

interface Segment {
  baseOffset: number
  bytes: number
  firstTimestamp: number
  maxTimestamp: number
}
interface PartitionLog {
  segments: Segment[]
  startOffset: number
  endOffset: number
  highWatermark: number
  lastStableOffset: number
  cleanedTo: number
  config: {
    cleanupPolicy: string
    retentionMs: number
    retentionBytes: number
    minCleanableDirtyRatio: number
    minCompactionLagMs: number
    maxCompactionLagMs: number
  }
}
type LogRecord = { offset: number; key: string | null; value: string | null; goesAt: number | null }
type Row = { partition: number; offset: number; key: string; value: string }
interface Snapshot {
  takenAt: number
  offsets: { partition: number; offset: number }[]
  rows: Row[]
}

const sizeOf = (segments: readonly Segment[]) => segments.reduce((sum, { bytes }) => sum + bytes, 0)

export function expiredSegments(log: PartitionLog, now: number): number[] {
  const { segments, startOffset, highWatermark } = log
  const { cleanupPolicy, retentionMs, retentionBytes } = log.config
  const isLimited = cleanupPolicy.includes('delete')
  const gone: number[] = []
  for (const [i, segment] of segments.entries()) {
    const isActive = i === segments.length - 1
    const end = segments[i + 1]?.baseOffset ?? log.endOffset
    if (end > highWatermark || (isActive && segment.bytes === 0)) break
    const isBelowStart = !isActive && end <= startOffset
    const isOld = isLimited && retentionMs >= 0 && now - segment.maxTimestamp > retentionMs
    const isTooMuch = isLimited && retentionBytes >= 0 && sizeOf(segments.slice(i + 1)) >= retentionBytes
    if (!isBelowStart && !isOld && !isTooMuch) break
    gone.push(segment.baseOffset)
  }
  return gone
}

export function nextPass(log: PartitionLog, now: number) {
  const { segments, cleanedTo: from, config } = log
  const first = segments.findIndex(({ baseOffset }) => baseOffset === from)
  let end = first
  while (obstacle(log, end, now) === null) end++
  const dirty = segments.slice(first, end)
  const upTo = segments[end]?.baseOffset ?? from
  if (dirty.length === 0) return { from, upTo, waitsFor: obstacle(log, first, now) }
  const share = sizeOf(dirty) / sizeOf(segments.slice(0, end))
  const isOverdue = dirty.some(({ firstTimestamp }) => now - firstTimestamp > config.maxCompactionLagMs)
  return { from, upTo, waitsFor: share > config.minCleanableDirtyRatio || isOverdue ? null : 'ratio' }
}

/** Why the segment cannot be compacted now. */
function obstacle(log: PartitionLog, i: number, now: number): 'roll' | 'transaction' | 'age' | null {
  const [segment, next] = log.segments.slice(i)
  if (segment === undefined || next === undefined) return 'roll'
  if (next.baseOffset > log.lastStableOffset) return 'transaction'
  const { minCompactionLagMs } = log.config
  return minCompactionLagMs > 0 && now - segment.maxTimestamp < minCompactionLagMs ? 'age' : null
}

export function compact(
  records: readonly LogRecord[],
  pass: { upTo: number; now: number; deleteRetentionMs: number },
): LogRecord[] {
  const last = new Map<string, number>()
  for (const { offset, key } of records) if (offset < pass.upTo && key !== null) last.set(key, offset)
  return records.flatMap((record) => {
    const { offset, key, value, goesAt } = record
    if (offset >= pass.upTo) return [record]
    if (key === null || last.get(key) !== offset) return []
    if (value !== null) return [record]
    if (goesAt === null) return [{ ...record, goesAt: pass.now + pass.deleteRetentionMs }]
    return goesAt > pass.now ? [record] : []
  })
}

export async function loadTable(kafka: Kafka, topic: string, snapshot: Snapshot | null) {
  const takenAt = Date.now()
  const admin = kafka.admin()
  try {
    await admin.connect()
    const ageMs = takenAt - (snapshot?.takenAt ?? 0)
    const isOld = ageMs > (await deleteRetentionMs(admin, topic))
    const known = snapshot === null || isOld ? { offsets: [], rows: [] } : snapshot
    const parts = (await admin.fetchTopicOffsets(topic))
      .map(({ partition, low, high }) => partOf(partition, Number(low), Number(high), known))
      .sort((a, b) => a.partition - b.partition)
    await readOn(kafka, topic, parts)
    return {
      takenAt,
      offsets: parts.map(({ partition, next }) => ({ partition, offset: next })),
      rows: parts.flatMap(({ rows }) => [...rows.values()]),
      fromStart: parts.filter(({ isNew }) => isNew).map(({ partition }) => partition),
    }
  } finally {
    await admin.disconnect()
  }
}

// ConfigResourceTypes.TOPIC: kafkajs does not export it to ES modules.
const TOPIC = 2

async function deleteRetentionMs(admin: Admin, topic: string): Promise<number> {
  const name = 'delete.retention.ms'
  const { resources } = await admin.describeConfigs({
    resources: [{ type: TOPIC, name: topic, configNames: [name] }],
    includeSynonyms: false,
  })
  return Number(resources[0]?.configEntries.find(({ configName }) => configName === name)?.configValue)
}

/** The table of one partition: its rows, the next offset to read, and the end to be reached. */
type Part = ReturnType<typeof partOf>

function partOf(partition: number, start: number, end: number, known: Omit<Snapshot, 'takenAt'>) {
  const offset = known.offsets.find((one) => one.partition === partition)?.offset
  const isNew = offset === undefined || offset < start || offset > end
  const rows = known.rows.filter((row) => !isNew && row.partition === partition && row.offset >= start)
  return {
    partition,
    isNew,
    end,
    next: isNew ? start : offset,
    rows: new Map(rows.map((row) => [row.key, row])),
  }
}

/** Reads each part on until its end. What is beyond the end and comes along is taken as well. */
async function readOn(kafka: Kafka, topic: string, parts: readonly Part[]): Promise<void> {
  const isDone = () => parts.every(({ next, end }) => next >= end)
  if (isDone()) return
  const consumer = kafka.consumer({ groupId: `table-${randomUUID()}`, maxWaitTimeInMs: 100 })
  const { CRASH, END_BATCH_PROCESS, GROUP_JOIN } = consumer.events
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: false })
    await new Promise<void>((resolve, reject) => {
      let fetches = 0
      let moved = true
      consumer.on(consumer.events.FETCH, () => {
        // Three answers with nothing new: what is missing below the ends is not there.
        fetches = moved ? 0 : fetches + 1
        moved = false
        if (fetches < 3) return
        for (const part of parts) part.next = Math.max(part.next, part.end)
        resolve()
      })
      consumer.on(CRASH, ({ payload }) => reject(payload.error))
      consumer.on(GROUP_JOIN, () => {
        for (const { partition, next } of parts) consumer.seek({ topic, partition, offset: String(next) })
      })
      // The last offsets may be those of markers and of aborted records: eachMessage never gets them.
      consumer.on(END_BATCH_PROCESS, ({ payload }) => {
        const part = parts.find(({ partition }) => partition === payload.partition)
        if (part !== undefined) part.next = Math.max(part.next, Number(payload.lastOffset) + 1)
        moved = true
        if (isDone()) resolve()
      })
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ partition, message }) => {
            const part = parts.find((one) => one.partition === partition)
            const [offset, key, value] = [Number(message.offset), message.key?.toString(), message.value]
            if (part === undefined || offset < part.next) return
            part.next = offset + 1
            if (key === undefined) return
            if (value === null) part.rows.delete(key)
            else part.rows.set(key, { partition, offset, key, value: value.toString() })
          },
        })
        .catch(reject)
    })
  } finally {
    await consumer.disconnect()
  }
}
