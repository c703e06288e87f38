/** A broker with Node's own clock and timers, over TCP, while the machine's clock is set: as clock-jumps.test.ts, without simulation. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { ListOffsetsRequest, ListOffsetsResponse } from '../src/messages/list-offsets.ts'
import { ProduceRequest, ProduceResponse } from '../src/messages/produce.ts'
import { type RunningBroker, startBroker } from '../src/node/index.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import { RawClient } from './raw-client.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const EARLIEST = -2

let aheadMs = 0
let broker: RunningBroker
let client: RawClient
const machine = Date.now

beforeEach(async () => {
  aheadMs = 0
  vi.spyOn(Date, 'now').mockImplementation(() => machine.call(Date) + aheadMs)
  const often = { 'log.retention.check.interval.ms': '20', 'log.initial.task.delay.ms': '20' }
  broker = await startBroker({ config: often })
  client = await RawClient.to(broker.bootstrap)
})

afterEach(async () => {
  client.end()
  await broker.stop()
  vi.restoreAllMocks()
})

async function create(name: string, configs: Record<string, string>): Promise<void> {
  const entries = Object.entries(configs).map(([name, value]) => ({ name, value }))
  const topic = { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: entries }
  await client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics: [topic] })
}

/** Produces a record; returns its timestamp in the log. */
async function produce(topic: string, timestamp: number): Promise<number> {
  const records = buildBatch([{ key: null, value: new Uint8Array(10), timestamp }])
  const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }]
  const body = { acks: -1, timeoutMs: 1000, topicData }
  const answer = await client.call(ProduceRequest, ProduceResponse, 9, body)
  return Number(answer!.responses[0]!.partitionResponses[0]!.logAppendTimeMs)
}

async function logStart(topic: string): Promise<number> {
  const topics = [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: EARLIEST }] }]
  const answer = await client.call(ListOffsetsRequest, ListOffsetsResponse, 5, { replicaId: -1, topics })
  return Number(answer!.topics[0]!.partitions[0]!.offset)
}

test('WEB-TIME-1: LogAppendTime is an hour ahead while the clock is, and right again at once', async () => {
  await create('stamped', { 'message.timestamp.type': 'LogAppendTime' })
  aheadMs = HOUR_MS
  expect(await produce('stamped', 1)).toBeGreaterThan(machine.call(Date) + HOUR_MS / 2)
  aheadMs = 0
  expect(await produce('stamped', 1)).toBeLessThanOrEqual(machine.call(Date))
})

test('SETTLED-TIME-3: a check of retention that falls into a jump of ten days deletes nothing that is a minute old', async () => {
  await create('kept', { 'retention.ms': String(7 * DAY_MS) })
  await produce('kept', machine.call(Date) - 60_000)
  aheadMs = 10 * DAY_MS
  // Retention checks a later topic after an earlier one: when its record is deleted, both have been checked.
  await create('old', { 'retention.ms': '1' })
  await produce('old', 1)
  await vi.waitFor(async () => expect(await logStart('old')).toBe(1), { timeout: 10_000 })
  expect(await logStart('kept')).toBe(0)
})
