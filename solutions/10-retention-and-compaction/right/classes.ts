/** Lab 10, right: a class for a partition's table and one for its reader; batch by batch. */
import { randomUUID } from 'node:crypto'
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import type { LogRecord, NextPass, PartitionLog, Pass, Row, Segment, Snapshot, Table } from '../starter.ts'

class SegmentView {
  readonly segment: Segment
  readonly end: number
  readonly isActive: boolean
  readonly bytesAfter: number
  constructor(log: PartitionLog, i: number) {
    this.segment = log.segments[i] as Segment
    this.end = log.segments[i + 1]?.baseOffset ?? log.endOffset
    this.isActive = i + 1 === log.segments.length
    this.bytesAfter = log.segments.slice(i + 1).reduce((sum, { bytes }) => sum + bytes, 0)
  }
  static all(log: PartitionLog): SegmentView[] {
    return log.segments.map((_, i) => new SegmentView(log, i))
  }
}

export function expiredSegments(log: PartitionLog, now: number): number[] {
  const { config } = log
  const stays = ({ segment, end, isActive, bytesAfter }: SegmentView) => {
    if (end > log.highWatermark) return true
    if (isActive && segment.bytes === 0) return true
    const reasons = [
      !isActive && end <= log.startOffset,
      config.cleanupPolicy !== 'compact' &&
        config.retentionMs >= 0 &&
        now - segment.maxTimestamp > config.retentionMs,
      config.cleanupPolicy !== 'compact' && config.retentionBytes >= 0 && bytesAfter >= config.retentionBytes,
    ]
    return !reasons.includes(true)
  }
  const views = SegmentView.all(log)
  const first = views.findIndex(stays)
  return views.slice(0, first === -1 ? views.length : first).map(({ segment }) => segment.baseOffset)
}

export function nextPass(log: PartitionLog, now: number): NextPass {
  const { minCompactionLagMs, maxCompactionLagMs, minCleanableDirtyRatio } = log.config
  const waits = ({ segment, end, isActive }: SegmentView): NextPass['waitsFor'] => {
    if (isActive) return 'roll'
    if (end > log.lastStableOffset) return 'transaction'
    if (minCompactionLagMs === 0) return null
    return now - segment.maxTimestamp < minCompactionLagMs ? 'age' : null
  }
  const views = SegmentView.all(log)
  const dirty = views.filter(({ segment }) => segment.baseOffset >= log.cleanedTo)
  const stop = dirty.find((view) => waits(view) !== null)
  const upTo = stop?.segment.baseOffset ?? log.cleanedTo
  const taken = dirty.slice(0, stop === undefined ? 0 : dirty.indexOf(stop))
  const answer = (waitsFor: NextPass['waitsFor']) => ({ from: log.cleanedTo, upTo, waitsFor })
  if (taken.length === 0) return answer(stop === undefined ? 'roll' : waits(stop))
  if (taken.some(({ segment }) => now - segment.firstTimestamp > maxCompactionLagMs)) return answer(null)
  const bytes = (list: SegmentView[]) => list.reduce((sum, { segment }) => sum + segment.bytes, 0)
  const below = views.filter(({ segment }) => segment.baseOffset < upTo)
  return answer(bytes(taken) / bytes(below) > minCleanableDirtyRatio ? null : 'ratio')
}

export function compact(records: LogRecord[], pass: Pass): LogRecord[] {
  const newest = new Map<string, LogRecord>()
  for (const record of records)
    if (record.key !== null && record.offset < pass.upTo) newest.set(record.key, record)
  const kept = new Set(newest.values())
  const left: LogRecord[] = []
  for (const record of records) {
    if (record.offset >= pass.upTo || (kept.has(record) && record.value !== null)) left.push(record)
    else if (kept.has(record) && record.goesAt === null)
      left.push({ ...record, goesAt: pass.now + pass.deleteRetentionMs })
    else if (kept.has(record) && pass.now < Number(record.goesAt)) left.push(record)
  }
  return left
}

class PartitionTable {
  readonly partition: number
  readonly end: number
  readonly isNew: boolean
  next: number
  readonly #rows = new Map<string, Row>()

  constructor(partition: number, start: number, end: number, snapshot: Snapshot | null) {
    this.partition = partition
    this.end = end
    const known = snapshot?.offsets.find((one) => one.partition === partition)
    this.isNew = known === undefined || known.offset < start || known.offset > end
    this.next = this.isNew || known === undefined ? start : known.offset
    if (this.isNew || snapshot === null) return
    for (const row of snapshot.rows)
      if (row.partition === partition && row.offset >= start) this.#rows.set(row.key, row)
  }

  get isDone(): boolean {
    return this.next >= this.end
  }

  get rows(): Row[] {
    return [...this.#rows.values()]
  }

  take({ messages }: EachBatchPayload['batch']): void {
    for (const message of messages) {
      const offset = Number(message.offset)
      if (offset < this.next) continue
      this.next = offset + 1
      if (message.key === null) continue
      const key = message.key.toString('utf8')
      if (message.value === null) this.#rows.delete(key)
      else
        this.#rows.set(key, { partition: this.partition, offset, key, value: message.value.toString('utf8') })
    }
  }

  cameTo(lastOffset: string): void {
    const next = Number(lastOffset) + 1
    if (next > this.next) this.next = next
  }
}

export async function loadTable(kafka: Kafka, topic: string, snapshot: Snapshot | null): Promise<Table> {
  const takenAt = Date.now()
  const tables = await tablesOf(kafka, topic, snapshot, takenAt)
  if (tables.some(({ isDone }) => !isDone)) {
    const consumer = kafka.consumer({ groupId: `table of ${topic} ${randomUUID()}`, maxWaitTimeInMs: 200 })
    try {
      await read(consumer, topic, tables)
    } finally {
      await consumer.disconnect()
    }
  }
  return {
    takenAt,
    offsets: tables.map(({ partition, next }) => ({ partition, offset: next })),
    rows: tables.flatMap(({ rows }) => rows),
    fromStart: tables.filter(({ isNew }) => isNew).map(({ partition }) => partition),
  }
}

async function tablesOf(kafka: Kafka, topic: string, snapshot: Snapshot | null, now: number) {
  const admin = kafka.admin()
  try {
    await admin.connect()
    const configNames = ['delete.retention.ms']
    const described = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: topic, configNames }],
    })
    const kept = Number(described.resources[0]?.configEntries[0]?.configValue)
    const trusted = snapshot !== null && now - snapshot.takenAt <= kept ? snapshot : null
    const offsets = await admin.fetchTopicOffsets(topic)
    return offsets
      .map(({ partition, low, high }) => new PartitionTable(partition, Number(low), Number(high), trusted))
      .sort((one, other) => one.partition - other.partition)
  } finally {
    await admin.disconnect()
  }
}

async function read(consumer: Consumer, topic: string, tables: PartitionTable[]): Promise<void> {
  const byPartition = new Map(tables.map((table) => [table.partition, table]))
  let finish: () => void = () => {}
  let fail: (error: Error) => void = () => {}
  const finished = new Promise<void>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error))
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    byPartition.get(payload.partition)?.cameTo(payload.lastOffset)
    if (tables.every(({ isDone }) => isDone)) finish()
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => byPartition.get(batch.partition)?.take(batch),
  })
  for (const { partition, next } of tables) consumer.seek({ topic, partition, offset: String(next) })
  await finished
}
