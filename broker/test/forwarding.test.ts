/**
 * What only the controller can do, asked of another broker: the client must not see the difference (KIP-590).
 */
import { describe, expect, test } from 'vitest'
import { AddRaftVoterRequest, AddRaftVoterResponse } from '../src/messages/add-raft-voter.ts'
import { AlterClientQuotasRequest, AlterClientQuotasResponse } from '../src/messages/alter-client-quotas.ts'
import { AlterConfigsRequest, AlterConfigsResponse } from '../src/messages/alter-configs.ts'
import { ApiVersionsRequest, ApiVersionsResponse } from '../src/messages/api-versions.ts'
import { CreatePartitionsRequest, CreatePartitionsResponse } from '../src/messages/create-partitions.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { DeleteTopicsRequest, DeleteTopicsResponse } from '../src/messages/delete-topics.ts'
import { DescribeConfigsRequest, DescribeConfigsResponse } from '../src/messages/describe-configs.ts'
import { DescribeQuorumRequest, DescribeQuorumResponse } from '../src/messages/describe-quorum.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../src/messages/find-coordinator.ts'
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../src/messages/incremental-alter-configs.ts'
import { MetadataRequest, MetadataResponse } from '../src/messages/metadata.ts'
import { UnregisterBrokerRequest, UnregisterBrokerResponse } from '../src/messages/unregister-broker.ts'
import { UpdateFeaturesRequest, UpdateFeaturesResponse } from '../src/messages/update-features.ts'
import type { SimClient } from '../src/sim/sim-client.ts'
import { Simulation } from '../src/sim/simulation.ts'
import { ErrorCode, errorName } from '../src/wire/errors.ts'

function started(seed = 5, config: Record<string, string> = {}): Simulation {
  const run = new Simulation({ seed, brokers: 3, config })
  run.start()
  return run
}

const newTopic = (name: string, numPartitions = 1, replicationFactor = 1) => ({
  name,
  numPartitions,
  replicationFactor,
  assignments: [],
  configs: [],
})

const createTopics = (client: SimClient, ...names: string[]) =>
  client.call(CreateTopicsRequest, CreateTopicsResponse, 7, { topics: names.map((name) => newTopic(name)) })

/** Without what is random. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, each) =>
      /topicId|Timestamp|logEndOffset|highWatermark/.test(key) ? '' : each,
    ),
  )

/** Requests that a client of any node may send, in this order; each with the responses that it gets. */
function story(nodeId: number): unknown[] {
  const run = started()
  const client = run.client(nodeId)
  const set = (name: string, value: string) => ({ name, configOperation: 0, value })
  const topics = [newTopic('a', 3), newTopic('a b'), newTopic('c', 1, 9), newTopic('d', -1)]
  return [
    client.call(CreateTopicsRequest, CreateTopicsResponse, 7, { topics, timeoutMs: 1000 }),
    client.call(CreateTopicsRequest, CreateTopicsResponse, 2, { topics: [newTopic('a'), newTopic('old')] }),
    client.call(CreatePartitionsRequest, CreatePartitionsResponse, 3, {
      topics: [
        { name: 'a', count: 4, assignments: null },
        { name: 'b', count: 4, assignments: null },
      ],
      timeoutMs: 1000,
    }),
    client.call(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, 1, {
      resources: [
        { resourceType: 2, resourceName: 'a', configs: [set('retention.ms', '1000')] },
        { resourceType: 2, resourceName: 'nowhere', configs: [set('retention.ms', '1000')] },
        { resourceType: 4, resourceName: '', configs: [set('log.retention.ms', 'x')] },
        {
          resourceType: 2,
          resourceName: 'd',
          configs: [set('segment.bytes', '1'), set('segment.bytes', '2')],
        },
        { resourceType: 2, resourceName: 'd', configs: [set('retention.ms', '7')] },
      ],
    }),
    client.call(AlterConfigsRequest, AlterConfigsResponse, 2, {
      resources: [{ resourceType: 2, resourceName: 'd', configs: [{ name: 'retention.ms', value: '5000' }] }],
      validateOnly: true,
    }),
    client.call(AlterClientQuotasRequest, AlterClientQuotasResponse, 1, {
      entries: [
        {
          entity: [{ entityType: 'client-id', entityName: 'x' }],
          ops: [{ key: 'producer_byte_rate', value: 1000, remove: false }],
        },
        { entity: [{ entityType: 'planet', entityName: 'x' }], ops: [] },
      ],
      validateOnly: false,
    }),
    client.call(UpdateFeaturesRequest, UpdateFeaturesResponse, 2, {
      featureUpdates: [{ feature: 'group.version', maxVersionLevel: 9, upgradeType: 1 }],
    }),
    client.call(DescribeQuorumRequest, DescribeQuorumResponse, 2, {
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    }),
    client.call(AddRaftVoterRequest, AddRaftVoterResponse, 0, { voterId: 7, clusterId: 'another' }),
    client.call(UnregisterBrokerRequest, UnregisterBrokerResponse, 0, { brokerId: 9 }),
    client.call(DeleteTopicsRequest, DeleteTopicsResponse, 6, {
      topics: [{ name: 'old' }, { name: 'nowhere' }],
      timeoutMs: 1000,
    }),
    client.call(DeleteTopicsRequest, DeleteTopicsResponse, 3, { topicNames: ['d'], timeoutMs: 1000 }),
    client.call(MetadataRequest, MetadataResponse, 12, { topics: null }).topics.map(({ name }) => name),
  ].map(plain)
}

test('FORWARDING-1: a broker gives the same responses as the controller itself', () => {
  const [ofController, ofBroker] = [story(1), story(3)]
  for (const [i, response] of ofBroker.entries()) expect(response).toEqual(ofController[i])
  expect(JSON.stringify(ofController[0])).toContain('"errorCode":17')
})

describe('configs', () => {
  test('of a broker are checked by that broker, and decided by the controller', () => {
    const run = started()
    const alter = (node: number, name: string, key: string, value: string) => {
      const configs = [{ name: key, configOperation: 0, value }]
      const { responses } = run
        .client(node)
        .call(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, 1, {
          resources: [{ resourceType: 4, resourceName: name, configs }],
        })
      return errorName(responses[0]!.errorCode as ErrorCode)
    }
    expect(alter(3, '3', 'log.cleaner.threads', '2')).toBe('NONE')
    expect(alter(3, '2', 'log.cleaner.threads', '2')).toBe('INVALID_REQUEST')
    expect(alter(3, '3', 'log.cleaner.threads', 'many')).toBe('INVALID_REQUEST')
    const resources = [{ resourceType: 4, resourceName: '3', configurationKeys: ['log.cleaner.threads'] }]
    const { results } = run.client(3).call(DescribeConfigsRequest, DescribeConfigsResponse, 4, { resources })
    expect(results[0]!.configs[0]).toMatchObject({ value: '2' })
  })

  test('the levels of loggers are those of the broker that was asked, beside what the controller decides', () => {
    const run = started()
    createTopics(run.client(), 'a')
    const { responses } = run
      .client(3)
      .call(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, 1, {
        resources: [
          {
            resourceType: 8,
            resourceName: '3',
            configs: [{ name: 'root', configOperation: 0, value: 'DEBUG' }],
          },
          {
            resourceType: 2,
            resourceName: 'a',
            configs: [{ name: 'no.such', configOperation: 0, value: '1' }],
          },
          {
            resourceType: 2,
            resourceName: 'a',
            configs: [{ name: 'retention.ms', configOperation: 0, value: '1' }],
          },
        ],
      })
    // The last two name one resource twice.
    expect(responses.map(({ resourceType, errorCode }) => [resourceType, errorCode])).toEqual([
      [8, 0],
      [2, ErrorCode.INVALID_REQUEST],
      [2, ErrorCode.INVALID_REQUEST],
    ])
    const levelOn = (node: number): string | null => {
      const resources = [{ resourceType: 8, resourceName: `${node}`, configurationKeys: ['root'] }]
      const { results } = run
        .client(node)
        .call(DescribeConfigsRequest, DescribeConfigsResponse, 4, { resources })
      return results[0]!.configs[0]!.value
    }
    expect(levelOn(3)).toBe('DEBUG')
    expect(levelOn(1)).not.toBe('DEBUG')
  })
})

describe('topics on demand', () => {
  test('a Metadata request to any broker creates them', () => {
    const run = started()
    for (const node of [1, 2, 3]) {
      const topics = [{ name: `t${node}` }, { name: 'not a name' }]
      const ask = () => run.client(node).call(MetadataRequest, MetadataResponse, 9, { topics }).topics[0]!
      expect(ask().errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
      run.run(200)
      expect(ask()).toMatchObject({ errorCode: ErrorCode.NONE, partitions: [{ partitionIndex: 0 }] })
    }
  })

  test('so does FindCoordinator, with the settings of the coordinators', () => {
    const run = started(5, { 'offsets.topic.num.partitions': '7' })
    const client = run.client(3)
    const body = { coordinatorKeys: ['g'], keyType: 0 }
    const ask = () => client.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body).coordinators[0]!
    expect(ask().errorCode).toBe(ErrorCode.COORDINATOR_NOT_AVAILABLE)
    run.run(200)
    expect(ask().errorCode).toBe(ErrorCode.NONE)
    const resources = [
      { resourceType: 2, resourceName: '__consumer_offsets', configurationKeys: ['cleanup.policy'] },
    ]
    const { results } = client.call(DescribeConfigsRequest, DescribeConfigsResponse, 4, { resources })
    expect(results[0]!.configs[0]!.value).toBe('compact')
    const topics = [{ name: '__consumer_offsets' }]
    const [topic] = client.call(MetadataRequest, MetadataResponse, 9, { topics }).topics
    expect(topic!.partitions.length).toBe(7)
  })

  test('many clients that ask at once for one topic cost one request', () => {
    const run = started()
    const asked = Array.from({ length: 50 }, () =>
      run.client(3).send(MetadataRequest, MetadataResponse, 9, { topics: [{ name: 'wanted' }] }),
    )
    for (const each of asked) each.wait()
    run.run(500)
    const envelopes = run.events.filter(({ event }) => event.api === 'EnvelopeRequest')
    expect(envelopes.length).toBeGreaterThan(0)
    expect(envelopes.length).toBeLessThan(10)
  })
})

describe('a broken connection to the controller', () => {
  test('the request is sent again; it may find its own work done', () => {
    const seen = new Set<string>()
    for (let seed = 1; seed <= 40; seed++) {
      const run = started(seed)
      const client = run.client(2)
      createTopics(client, 'first')
      run.time.after(seed % 20, () => run.breakLinks())
      const { topics } = createTopics(client, 'second')
      seen.add(errorName(topics[0]!.errorCode as ErrorCode))
      run.run(100)
      const { topics: listed } = client.call(MetadataRequest, MetadataResponse, 12, { topics: null })
      expect(listed.map(({ name }) => name).sort()).toEqual(['first', 'second'])
    }
    for (const error of seen) expect(['NONE', 'TOPIC_ALREADY_EXISTS']).toContain(error)
    expect(seen).toContain('NONE')
  })
})

test('the APIs between brokers and the controller are not offered to clients', () => {
  const run = started()
  for (const node of [1, 2]) {
    const body = { clientSoftwareName: 'test', clientSoftwareVersion: '1' }
    const { apiKeys } = run.client(node).call(ApiVersionsRequest, ApiVersionsResponse, 3, body)
    const keys = apiKeys.map(({ apiKey }) => apiKey)
    expect(keys).toContain(19)
    for (const key of [58, 67]) expect(keys).not.toContain(key)
  }
})
