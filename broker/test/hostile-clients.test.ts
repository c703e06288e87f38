/**
 * A broker in a separate process, beside hostile clients, and after it was stopped for a while. Tests check an order,
 * never a duration: this machine may be slow.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildBroker } from '../build.mjs'
import { ApiVersionsRequest, ApiVersionsResponse } from '../src/messages/api-versions.ts'
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../src/messages/consumer-group-heartbeat.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { DescribeConfigsRequest } from '../src/messages/describe-configs.ts'
import { FetchRequest, FetchResponse } from '../src/messages/fetch.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../src/messages/find-coordinator.ts'
import { HeartbeatRequest, HeartbeatResponse } from '../src/messages/heartbeat.ts'
import { JoinGroupRequest, JoinGroupResponse } from '../src/messages/join-group.ts'
import { ListOffsetsRequest, ListOffsetsResponse } from '../src/messages/list-offsets.ts'
import { ProduceRequest } from '../src/messages/produce.ts'
import { SyncGroupRequest, SyncGroupResponse } from '../src/messages/sync-group.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import { frameOf } from '../src/sim/sim-client.ts'
import { Reader } from '../src/wire/reader.ts'
import { BrokerChild } from './long/kill/broker-child.ts'
import { RawClient } from './raw-client.ts'

const LOAD_BYTES = 262_144
const SESSION_MS = 3000

let data: string
let broker: BrokerChild
let bootstrap: string
beforeAll(async () => {
  await buildBroker()
})
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'offset-zero-hostile-'))
  broker = new BrokerChild(data, ['group.min.session.timeout.ms=100', 'group.initial.rebalance.delay.ms=0'])
  bootstrap = await broker.serving()
})
afterEach(async () => {
  await broker.kill()
  rmSync(data, { recursive: true, force: true })
})
const clients: RawClient[] = []
afterAll(() => {
  for (const client of clients) client.end()
})

async function connect(): Promise<RawClient> {
  const client = await RawClient.to(bootstrap)
  clients.push(client)
  return client
}

const describeBroker = frameOf(
  DescribeConfigsRequest,
  1,
  1,
  1,
  { resources: [{ resourceType: 4, resourceName: '1', configurationKeys: null }] },
  '',
)
const load = Buffer.concat(Array(Math.ceil(LOAD_BYTES / describeBroker.length)).fill(describeBroker))

async function createTopic(client: RawClient, name: string): Promise<void> {
  const topics = [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }]
  const made = await client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics, timeoutMs: 20_000 })
  expect(made?.topics[0]?.errorCode).toBe(0)
}

function produced(topic: string, acks: number): Uint8Array {
  const records = buildBatch([{ key: null, value: new Uint8Array(100), timestamp: 1 }])
  const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }]
  return frameOf(ProduceRequest, 9, 2, 1, { acks, timeoutMs: 1000, topicData })
}

test('a quiet client is served between the thousands of requests that another has sent in one piece', async () => {
  const [hostile, quiet] = [await connect(), await connect()]
  let answers = 0
  hostile.send(load)
  const all = load.length / describeBroker.length
  const count = (async () => {
    while (await hostile.frame()) answers++
  })()
  for (let i = 0; i < 20; i++) {
    expect((await quiet.call(ApiVersionsRequest, ApiVersionsResponse, 0, {}))?.errorCode).toBe(0)
  }
  expect(answers).toBeLessThan(all)
  hostile.socket.resetAndDestroy()
  await count
  // Its earlier requests are not handled any more: the signal is handled at once, and the stop is clean.
  expect(await broker.stop()).toBe('0')
}, 60_000)

test('a consumer’s requests are handled between a producer’s thousand requests', async () => {
  const [producer, consumer] = [await connect(), await connect()]
  await createTopic(producer, 'orders')
  // Both have sent everything before the broker reads: the order is the broker's, however busy this machine is.
  process.kill(broker.pid, 'SIGSTOP')
  producer.send(Buffer.concat(Array(1000).fill(produced('orders', -1))))
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1, currentLeaderEpoch: -1 }]
  const topics = [{ topic: 'orders', partitions }]
  const body = { maxWaitMs: 0, minBytes: 0, maxBytes: 1, sessionEpoch: -1, topics }
  const fetches = Array<Uint8Array>(300).fill(frameOf(FetchRequest, 12, 2, 1, body))
  consumer.send(Buffer.concat(fetches))
  process.kill(broker.pid, 'SIGCONT')
  const ends: unknown[] = []
  while (ends.length < fetches.length) {
    const answer = FetchResponse.decode(new Reader((await consumer.frame())!, 5), 12)
    ends.push(answer.responses[0]!.partitions[0]!.highWatermark)
  }
  // When all requests of a read were handled in a row, there were three: none, 600, 1000.
  expect(new Set(ends).size).toBeGreaterThan(20)
}, 60_000)

test('SOCKET-READS-2: what a producer with acks=0 has sent before it leaves is stored', async () => {
  const [producer, reader] = [await connect(), await connect()]
  await createTopic(reader, 'left')
  producer.send(Buffer.concat(Array(2000).fill(produced('left', 0))))
  producer.socket.end()
  await producer.closed
  const topics = [{ name: 'left', partitions: [{ partitionIndex: 0, timestamp: -1 }] }]
  const told = await reader.call(ListOffsetsRequest, ListOffsetsResponse, 2, { replicaId: -1, topics })
  expect(told?.topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, offset: 2000 })
}, 60_000)

test('a subscription that no record can hold is refused as Kafka refuses it, before anything is worked out', async () => {
  const [hostile, quiet] = [await connect(), await connect()]
  await quiet.call(FindCoordinatorRequest, FindCoordinatorResponse, 1, { key: 'g', keyType: 0 })
  const asked = {
    groupId: 'g',
    memberId: 'AAAAAAAAAAAAAAAAAAAAAA',
    memberEpoch: 0,
    rebalanceTimeoutMs: 30_000,
    topicPartitions: [],
  }
  const beat = (count: number) =>
    hostile.call(ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, 1, {
      ...asked,
      subscribedTopicNames: Array.from({ length: count }, (_, i) => `topic-${i}`),
    })
  let answer = await beat(200_000)
  // Until the topic of the coordinator exists.
  while ([14, 15, 16].includes(answer?.errorCode ?? 0)) answer = await beat(200_000)
  expect(answer?.errorCode).toBe(-1)
  expect((await beat(10_000))?.errorCode).toBe(0)
}, 60_000)

test('a broker that was stopped for longer than a session first handles a heartbeat that was sent in time', async () => {
  const member = await connect()
  await member.call(FindCoordinatorRequest, FindCoordinatorResponse, 1, { key: 'g', keyType: 0 })
  const asked = { groupId: 'g', sessionTimeoutMs: SESSION_MS, rebalanceTimeoutMs: SESSION_MS, memberId: '' }
  const protocols = [{ name: 'range', metadata: new Uint8Array(0) }]
  let joined = await member.call(JoinGroupRequest, JoinGroupResponse, 2, {
    ...asked,
    protocolType: 'consumer',
    protocols,
  })
  while (joined?.errorCode === 14 || joined?.errorCode === 15 || joined?.errorCode === 16) {
    joined = await member.call(JoinGroupRequest, JoinGroupResponse, 2, {
      ...asked,
      protocolType: 'consumer',
      protocols,
    })
  }
  const { memberId, generationId } = joined!
  const assignments = [{ memberId, assignment: new Uint8Array(0) }]
  const me = { groupId: 'g', generationId, memberId }
  expect(await member.call(SyncGroupRequest, SyncGroupResponse, 1, { ...me, assignments })).toMatchObject({
    errorCode: 0,
  })
  process.kill(broker.pid, 'SIGSTOP')
  const heartbeat = member.call(HeartbeatRequest, HeartbeatResponse, 1, me)
  await new Promise((resolve) => setTimeout(resolve, SESSION_MS + 500))
  process.kill(broker.pid, 'SIGCONT')
  expect(await heartbeat).toMatchObject({ errorCode: 0 })
  const quiet = await connect()
  await quiet.call(ApiVersionsRequest, ApiVersionsResponse, 0, {})
  expect(broker.log).toContain('the event loop stalled for')
}, 60_000)
