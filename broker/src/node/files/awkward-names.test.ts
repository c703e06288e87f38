/**
 * Names that every JavaScript object has as properties. For a client they are ordinary names, known or unknown.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RawClient } from '../../../test/raw-client.ts'
import { AlterClientQuotasRequest, AlterClientQuotasResponse } from '../../messages/alter-client-quotas.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../../messages/create-topics.ts'
import {
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
} from '../../messages/describe-client-quotas.ts'
import { DescribeConfigsRequest, DescribeConfigsResponse } from '../../messages/describe-configs.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../../messages/find-coordinator.ts'
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../../messages/incremental-alter-configs.ts'
import { InitProducerIdRequest, InitProducerIdResponse } from '../../messages/init-producer-id.ts'
import { OffsetCommitRequest, OffsetCommitResponse } from '../../messages/offset-commit.ts'
import { OffsetFetchRequest, OffsetFetchResponse } from '../../messages/offset-fetch.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { type RunningBroker, startBroker } from '../index.ts'

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
const [TOPIC, BROKER] = [2, 4] as const
const [GROUP_KEY, TRANSACTION_KEY] = [0, 1] as const

let broker: RunningBroker
let client: RawClient

beforeAll(async () => {
  const few = { 'offsets.topic.num.partitions': '1', 'transaction.state.log.num.partitions': '1' }
  broker = await startBroker({ config: few })
  client = await RawClient.to(broker.bootstrap)
  const topics = NAMES.map((name) => ({ name, numPartitions: 1, replicationFactor: 1 }))
  const made = await client.call(CreateTopicsRequest, CreateTopicsResponse, 7, { topics, timeoutMs: 5000 })
  expect(made!.topics.map(({ errorCode }) => errorCode)).toEqual(NAMES.map(() => ErrorCode.NONE))
})
afterAll(async () => {
  client.end()
  await broker.stop()
})

/** Retries until the coordinator's topic exists. */
async function coordinated(keyType: number, key: string): Promise<void> {
  for (;;) {
    const request = { keyType, coordinatorKeys: [key] }
    const found = await client.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, request)
    if (found!.coordinators[0]!.errorCode === ErrorCode.NONE) return
  }
}

test.each(NAMES)('%s is a group that commits offsets of a topic of that name', async (name) => {
  await coordinated(GROUP_KEY, name)
  const topics = [{ name, partitions: [{ partitionIndex: 0, committedOffset: 7, committedMetadata: name }] }]
  await client.call(OffsetCommitRequest, OffsetCommitResponse, 8, { groupId: name, topics })
  const asked = { groups: [{ groupId: name, topics: null }] }
  const fetched = await client.call(OffsetFetchRequest, OffsetFetchResponse, 8, asked)
  expect(fetched!.groups[0]).toMatchObject({
    groupId: name,
    topics: [{ name, partitions: [{ committedOffset: 7, metadata: name }] }],
  })
})

test.each(NAMES)('%s is a transactional id', async (name) => {
  await coordinated(TRANSACTION_KEY, name)
  const request = { transactionalId: name, transactionTimeoutMs: 1000 }
  const answer = await client.call(InitProducerIdRequest, InitProducerIdResponse, 4, request)
  expect(answer).toMatchObject({ errorCode: ErrorCode.NONE, producerEpoch: 0 })
})

test.each(NAMES)('%s is a user with a quota, and not the key of a quota', async (name) => {
  const entity = [{ entityType: 'user', entityName: name }]
  const alter = async (key: string) => {
    const entries = [{ entity, ops: [{ key, value: 1000, remove: false }] }]
    const answer = await client.call(AlterClientQuotasRequest, AlterClientQuotasResponse, 1, {
      entries,
      validateOnly: false,
    })
    return answer!.entries[0]!.errorCode
  }
  expect(await alter('producer_byte_rate')).toBe(ErrorCode.NONE)
  expect(await alter(name)).toBe(ErrorCode.INVALID_REQUEST)
  const components = [{ entityType: 'user', matchType: 0, match: name }]
  const found = await client.call(DescribeClientQuotasRequest, DescribeClientQuotasResponse, 1, {
    components,
  })
  expect(found!.entries).toMatchObject([{ entity, values: [{ key: 'producer_byte_rate', value: 1000 }] }])
})

test.each(NAMES)(
  '%s is not a topic config; for a broker it may be the config of a plugin, and is shown',
  async (name) => {
    const change = async (resourceType: number, resourceName: string) => {
      const resources = [{ resourceType, resourceName, configs: [{ name, configOperation: 0, value: '1' }] }]
      const answer = await client.call(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, 1, {
        resources,
      })
      return answer!.responses[0]!.errorCode
    }
    expect(await change(TOPIC, name)).toBe(ErrorCode.INVALID_CONFIG)
    expect(await change(BROKER, '1')).toBe(ErrorCode.NONE)
    const resources = [{ resourceType: BROKER, resourceName: '1', configurationKeys: [name] }]
    const asked = { resources, includeDocumentation: true, includeSynonyms: true }
    const told = await client.call(DescribeConfigsRequest, DescribeConfigsResponse, 4, asked)
    expect(told!.results[0]).toMatchObject({
      errorCode: ErrorCode.NONE,
      configs: [{ name, isSensitive: true, value: null }],
    })
  },
)
