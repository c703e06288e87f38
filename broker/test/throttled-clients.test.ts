/** Clients over their quotas: frames in, frames out, virtual time. */
import { beforeEach, expect, test } from 'vitest'
import { AlterClientQuotasRequest, AlterClientQuotasResponse } from '../src/messages/alter-client-quotas.ts'
import { ApiVersionsRequest, ApiVersionsResponse } from '../src/messages/api-versions.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { FetchRequest, FetchResponse } from '../src/messages/fetch.ts'
import { ProduceRequest, ProduceResponse } from '../src/messages/produce.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import { frameOf, type SimClient } from '../src/sim/sim-client.ts'
import { Simulation } from '../src/sim/simulation.ts'

/** The longest delay of the simulated network. */
const NETWORK_MS = 100
/** The client id of simulated clients. */
const CLIENT_ID = 'sim'

let run: Simulation
let client: SimClient

beforeEach(() => {
  run = new Simulation({ seed: 11 })
  run.start()
  client = run.client()
  create('orders', 1)
})

function create(name: string, numPartitions: number) {
  const topics = [{ name, numPartitions, replicationFactor: 1 }]
  const { throttleTimeMs, topics: made } = client.call(CreateTopicsRequest, CreateTopicsResponse, 7, {
    topics,
  })
  return { throttleTimeMs, errorCode: made[0]!.errorCode }
}

/** Sets a quota for this client, with the connection of an admin. */
function limit(key: string, value: number): void {
  const entity = [{ entityType: 'client-id', entityName: CLIENT_ID }]
  const entries = [{ entity, ops: [{ key, value }] }]
  const { entries: told } = run
    .client()
    .call(AlterClientQuotasRequest, AlterClientQuotasResponse, 1, { entries })
  expect(told[0]!.errorCode).toBe(0)
}

function produced(valueBytes: number, acks = 1) {
  const records = buildBatch([{ key: null, value: new Uint8Array(valueBytes), timestamp: 1000 }])
  return { acks, timeoutMs: 1000, topicData: [{ name: 'orders', partitionData: [{ index: 0, records }] }] }
}

/** The time until the next request of this connection is answered. */
function nextAnswerMs(): number {
  const before = run.time.now()
  client.call(ApiVersionsRequest, ApiVersionsResponse, 0, {})
  return run.time.now() - before
}

test('a throttled producer gets its response at once, and is not read from until the throttle time ends', () => {
  limit('producer_byte_rate', 1000)
  const before = run.time.now()
  const { responses, throttleTimeMs } = client.call(ProduceRequest, ProduceResponse, 9, produced(20_000))
  expect(responses[0]!.partitionResponses[0]!.errorCode).toBe(0)
  expect(run.time.now() - before).toBeLessThan(NETWORK_MS)
  // 2,000 bytes a second and a little more, over ten seconds, with a quota of 1,000.
  expect(throttleTimeMs).toBeGreaterThan(10_000)
  expect(throttleTimeMs).toBeLessThan(11_500)
  const waitedMs = nextAnswerMs()
  expect(waitedMs).toBeGreaterThan(throttleTimeMs - NETWORK_MS)
  expect(waitedMs).toBeLessThan(throttleTimeMs + NETWORK_MS)
  expect(nextAnswerMs()).toBeLessThan(NETWORK_MS)
})

test('so is a producer with acks=0, without a response', () => {
  limit('producer_byte_rate', 1000)
  client.sendRaw(frameOf(ProduceRequest, 9, 2, 1_000_000, produced(20_000, 0)))
  expect(nextAnswerMs()).toBeGreaterThan(10_000)
})

test('a consumer gets nothing while it waits, and everything afterwards', () => {
  client.call(ProduceRequest, ProduceResponse, 9, produced(15_000))
  limit('consumer_byte_rate', 1400)
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000, currentLeaderEpoch: -1 }]
  const wanted = { maxWaitMs: 0, minBytes: 1, maxBytes: 1_000_000, sessionEpoch: -1 }
  const fetch = () =>
    client.call(FetchRequest, FetchResponse, 12, { ...wanted, topics: [{ topic: 'orders', partitions }] })
  const first = fetch()
  expect(first.throttleTimeMs).toBeGreaterThan(500)
  expect(first.responses).toEqual([])
  const before = run.time.now()
  const second = fetch()
  expect(run.time.now() - before).toBeGreaterThan(first.throttleTimeMs - NETWORK_MS)
  expect(second).toMatchObject({ throttleTimeMs: 0, responses: [{ partitions: [{ errorCode: 0 }] }] })
})

test('partitions: the third wish is refused, and granted when the bucket has filled', () => {
  limit('controller_mutation_rate', 1)
  expect(create('big', 13)).toEqual({ errorCode: 0, throttleTimeMs: 0 })
  const { errorCode, throttleTimeMs } = create('small', 1)
  expect(errorCode).toBe(89)
  expect(throttleTimeMs).toBeGreaterThan(1500)
  // The connection is not read for that time: a request that was sent at once is answered after it.
  expect(create('small', 1)).toEqual({ errorCode: 0, throttleTimeMs: 0 })
})

test('a limit survives a crash, and so does who is under it', () => {
  limit('producer_byte_rate', 1000)
  run.crash()
  run.start()
  client = run.client()
  const { throttleTimeMs } = client.call(ProduceRequest, ProduceResponse, 9, produced(20_000))
  expect(throttleTimeMs).toBeGreaterThan(10_000)
})
