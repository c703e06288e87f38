/** Dynamic configs: a change takes effect at once, and survives a restart. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { batchOf } from '../../test/log-fixtures.ts'
import { RawClient } from '../../test/raw-client.ts'
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../messages/consumer-group-heartbeat.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../messages/create-topics.ts'
import { DescribeConfigsRequest, DescribeConfigsResponse } from '../messages/describe-configs.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../messages/find-coordinator.ts'
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../messages/incremental-alter-configs.ts'
import { ProduceRequest, ProduceResponse } from '../messages/produce.ts'
import { ErrorCode } from '../wire/errors.ts'
import { randomUuid } from '../wire/uuid.ts'
import { dice } from './core-of-node.ts'
import { type RunningBroker, startBroker } from './index.ts'

const [TOPIC, BROKER, GROUP] = [2, 4, 32] as const
const [SET, DELETE] = [0, 1] as const

let dataDir: string
let broker: RunningBroker
let client: RawClient

async function start(settings = {}): Promise<void> {
  broker = await startBroker({ dataDir, config: { ...settings, 'offsets.topic.num.partitions': '1' } })
  client = await RawClient.to(broker.bootstrap)
}

async function restart(settings = {}): Promise<void> {
  client.end()
  await broker.stop()
  await start(settings)
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offset-zero-dynamic-'))
  await start()
  const topics = [{ name: 'orders', numPartitions: 1, replicationFactor: 1 }]
  await client.call(CreateTopicsRequest, CreateTopicsResponse, 7, { topics, timeoutMs: 5000 })
})
afterEach(async () => {
  client.end()
  await broker.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function alter(resourceType: number, resourceName: string, name: string, value: string | null) {
  const configs = [{ name, value, configOperation: value === null ? DELETE : SET }]
  const resources = [{ resourceType, resourceName, configs }]
  const answer = await client.call(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, 1, {
    resources,
  })
  expect(answer!.responses[0]!.errorMessage).toBeNull()
}

/** The effective value, and the sources that define one. */
async function seen(resourceType: number, resourceName: string, key: string) {
  const resources = [{ resourceType, resourceName, configurationKeys: [key] }]
  const asked = { resources, includeSynonyms: true }
  const answer = await client.call(DescribeConfigsRequest, DescribeConfigsResponse, 4, asked)
  const { value, synonyms } = answer!.results[0]!.configs[0]!
  return [value, ...synonyms.map(({ source }) => source)]
}

async function produce(value: string): Promise<number> {
  const partitionData = [{ index: 0, records: batchOf([value]) }]
  const body = { acks: -1, timeoutMs: 5000, topicData: [{ name: 'orders', partitionData }] }
  const answer = await client.call(ProduceRequest, ProduceResponse, 9, body)
  return answer!.responses[0]!.partitionResponses[0]!.errorCode
}

/** The heartbeat interval that a new member of the group gets, in ms. */
async function heartbeatMs(groupId: string): Promise<number> {
  for (;;) {
    const memberId = randomUuid((length) => dice.bytes(length))
    const body = {
      groupId,
      memberId,
      memberEpoch: 0,
      rebalanceTimeoutMs: 5000,
      subscribedTopicNames: ['orders'],
      topicPartitions: [],
    }
    const answer = await client.call(ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, 1, body)
    if (answer!.errorCode === ErrorCode.NONE) return answer!.heartbeatIntervalMs
    await client.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, {
      coordinatorKeys: [groupId],
      keyType: 0,
    })
  }
}

describe('settings of brokers', () => {
  test('advertised.listeners is shown as a static config of the broker', async () => {
    const address = `PLAINTEXT://${broker.bootstrap}`
    expect(await seen(BROKER, '1', 'listeners')).toEqual([address, 4, 5])
    expect(await seen(BROKER, '1', 'advertised.listeners')).toEqual([address, 4])
  })

  test('take effect at once: the cluster default, and before it the value of the one broker', async () => {
    expect(await produce('x'.repeat(900))).toBe(ErrorCode.NONE)
    await alter(BROKER, '', 'message.max.bytes', '500')
    expect(await produce('x'.repeat(900))).toBe(ErrorCode.MESSAGE_TOO_LARGE)
    await alter(BROKER, '1', 'message.max.bytes', '5000')
    expect(await produce('x'.repeat(900))).toBe(ErrorCode.NONE)
    await alter(TOPIC, 'orders', 'max.message.bytes', '600')
    expect(await produce('x'.repeat(900))).toBe(ErrorCode.MESSAGE_TOO_LARGE)
    expect(await seen(TOPIC, 'orders', 'max.message.bytes')).toEqual(['600', 1, 2, 3, 5])
  })

  test('survive a restart, until they are deleted', async () => {
    await alter(BROKER, '', 'message.max.bytes', '500')
    await alter(BROKER, '1', 'log.retention.ms', '700000')
    await restart()
    expect(await produce('x'.repeat(900))).toBe(ErrorCode.MESSAGE_TOO_LARGE)
    expect(await seen(TOPIC, 'orders', 'retention.ms')).toEqual(['700000', 2, 5])
    await alter(BROKER, '', 'message.max.bytes', null)
    expect(await produce('x'.repeat(900))).toBe(ErrorCode.NONE)
  })
})

test('GROUP-CONFIG-1: a group has configs of its own, which its members get, also after a restart', async () => {
  expect(await heartbeatMs('plain')).toBe(5000)
  await alter(GROUP, 'hasty', 'consumer.heartbeat.interval.ms', '7000')
  expect(await heartbeatMs('hasty')).toBe(7000)
  expect(await heartbeatMs('plain')).toBe(5000)
  await restart()
  expect(await heartbeatMs('hasty')).toBe(7000)
  expect(await seen(GROUP, 'hasty', 'consumer.heartbeat.interval.ms')).toEqual(['7000', 8, 5])
})

test("a group's config outside of new bounds takes the value of the bound, and is shown as it was set", async () => {
  await alter(GROUP, 'hasty', 'consumer.heartbeat.interval.ms', '15000')
  await restart({ 'group.consumer.max.heartbeat.interval.ms': '10000' })
  expect(await heartbeatMs('hasty')).toBe(10_000)
  expect(await seen(GROUP, 'hasty', 'consumer.heartbeat.interval.ms')).toEqual(['15000', 8, 5])
})
