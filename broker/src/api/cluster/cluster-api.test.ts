import { describe, expect, test } from 'vitest'
import { type TestApi, testApi } from '../../../test/api-fixtures.ts'
import { CLUSTER_ID, newTopic } from '../../../test/controller-fixtures.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { AlterConfigs } from '../configs/alter-configs.ts'
import { DescribeConfigs } from '../configs/describe-configs.ts'
import { IncrementalAlterConfigs } from '../configs/incremental-alter-configs.ts'
import { ListConfigResources } from '../configs/list-config-resources.ts'
import { AlterPartitionReassignments } from '../topics/alter-partition-reassignments.ts'
import { ElectLeaders } from '../topics/elect-leaders.ts'
import { ListPartitionReassignments } from '../topics/list-partition-reassignments.ts'
import { DescribeCluster } from './describe-cluster.ts'
import { DescribeQuorum } from './describe-quorum.ts'
import { UpdateFeatures } from './update-features.ts'

const [TOPIC, BROKER, LOGGER, CLIENT_METRICS, GROUP] = [2, 4, 8, 16, 32]

function withTopic(options: Parameters<typeof testApi>[0] = {}): TestApi {
  const node = testApi(options)
  node.controller.createTopic(newTopic('orders'), () => {})
  node.settle()
  return node
}

interface Described {
  errorCode: number
  errorMessage: string | null
  configs: {
    name: string
    value: string | null
    synonyms: { name: string; value: string; source: number }[]
  }[]
}

function describeOne(node: TestApi, type: number, name: string, keys: string[] | null = null): Described {
  const resources = [{ resourceType: type, resourceName: name, configurationKeys: keys }]
  const request = { resources, includeSynonyms: true, includeDocumentation: true }
  return (node.call(DescribeConfigs, 4, request).results as Described[])[0]!
}

describe('DescribeConfigs', () => {
  test('TOPIC-CONFIG-1: a value, its source, and its synonyms', () => {
    const node = withTopic({ settings: { 'log.retention.ms': '4' } })
    const set = (type: number, name: string, key: string, value: string) =>
      node.controller.alterConfigs(
        [{ type, name, changes: [{ name: key, operation: 0, value }], replaces: false }],
        false,
        () => {},
      )
    set(TOPIC, 'orders', 'retention.ms', '1')
    node.settle()
    expect(describeOne(node, TOPIC, 'orders', ['retention.ms']).configs).toMatchObject([
      {
        name: 'retention.ms',
        value: '1',
        readOnly: false,
        configSource: 1,
        isSensitive: false,
        configType: 5,
        synonyms: [
          { name: 'retention.ms', value: '1', source: 1 },
          { name: 'log.retention.ms', value: '4', source: 4 },
          { name: 'log.retention.hours', value: '168', source: 5 },
        ],
      },
    ])
  })

  test('CONFIG-ENTRIES-1, CONFIG-ENTRIES-2: passwords are hidden, and so are keys for tests unless they are set', () => {
    const node = testApi({
      settings: { 'ssl.key.password': 'open sesame', 'log.initial.task.delay.ms': '7' },
    })
    const { configs } = describeOne(node, BROKER, '1')
    expect(configs.find(({ name }) => name === 'ssl.key.password')).toMatchObject({
      value: null,
      isSensitive: true,
    })
    expect(JSON.stringify(configs).includes('sesame')).toBe(false)
    const named = new Map(configs.map(({ name, value }) => [name, value]))
    expect(named.get('log.initial.task.delay.ms')).toBe('7')
    expect(named.has('unstable.api.versions.enable')).toBe(false)
    expect(named.size).toBeGreaterThan(330)
  })

  test('CONFIG-ENTRIES-3: a value is shown as it was parsed, its synonym as it was written', () => {
    const node = testApi({ settings: { 'auto.create.topics.enable': 'TRUE ' } })
    expect(describeOne(node, BROKER, '1', ['auto.create.topics.enable']).configs).toMatchObject([
      {
        value: 'true',
        synonyms: [
          { value: 'TRUE ', source: 4 },
          { value: 'true', source: 5 },
        ],
      },
    ])
  })

  test('configs that are set for all brokers', () => {
    expect(describeOne(testApi(), BROKER, '').configs).toMatchObject([
      { name: 'min.insync.replicas', value: '1', configSource: 3 },
    ])
  })

  test('the broker config of a group has a longer name', () => {
    const node = testApi({ settings: { 'group.consumer.session.timeout.ms': '50000' } })
    const [timeout] = describeOne(node, GROUP, 'g', ['consumer.session.timeout.ms']).configs
    expect(timeout).toMatchObject({ value: '50000', configSource: 4 })
  })

  test.each<[number, string, number]>([
    [TOPIC!, 'nope', ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
    [TOPIC!, 'a/b', ErrorCode.INVALID_TOPIC_EXCEPTION],
    [BROKER!, '7', ErrorCode.INVALID_REQUEST],
    [BROKER!, 'one', ErrorCode.INVALID_REQUEST],
    [LOGGER!, '1', ErrorCode.NONE],
    [LOGGER!, '2', ErrorCode.INVALID_REQUEST],
    [GROUP!, '', ErrorCode.INVALID_REQUEST],
    [CLIENT_METRICS!, '', ErrorCode.INVALID_REQUEST],
    [CLIENT_METRICS!, 'm', ErrorCode.NONE],
    [3, 'x', ErrorCode.INVALID_REQUEST],
  ])('type %d, name %j: error %d', (type, name, wanted) => {
    expect(describeOne(testApi(), type, name).errorCode).toBe(wanted)
  })
})

describe('altering configs', () => {
  const retention = (node: TestApi) => node.controller.image.configs.get('topic:orders')?.get('retention.ms')
  const resource = (name: string, configs: object[]) => ({ resourceType: TOPIC, resourceName: name, configs })
  const codes = (answer: Record<string, unknown>) =>
    (answer.responses as { errorCode: number }[]).map(({ errorCode }) => errorCode)

  test('INCREMENTAL-CONFIGS-1: key by key: one resource may fail while the next is changed', () => {
    const node = withTopic()
    const set = (value: string) => [{ name: 'retention.ms', configOperation: 0, value }]
    const resources = [resource('nope', set('1')), resource('orders', set('2'))]
    expect(codes(node.call(IncrementalAlterConfigs, 1, { resources }))).toEqual([
      ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      ErrorCode.NONE,
    ])
    expect(retention(node)).toBe('2')
  })

  test('a resource that occurs twice is refused both times', () => {
    const node = withTopic()
    const set = [{ name: 'retention.ms', configOperation: 0, value: '1' }]
    const answer = node.call(IncrementalAlterConfigs, 1, {
      resources: [resource('orders', set), resource('orders', set)],
    })
    expect(codes(answer)).toEqual([ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_REQUEST])
    expect(retention(node)).toBeUndefined()
  })

  test('as a whole: keys that are not named go back to their defaults', () => {
    const node = withTopic()
    const alter = (configs: object[]) =>
      codes(node.call(AlterConfigs, 2, { resources: [resource('orders', configs)] }))
    expect(alter([{ name: 'retention.ms', value: '1' }])).toEqual([0])
    expect(retention(node)).toBe('1')
    expect(alter([{ name: 'segment.ms', value: '1' }])).toEqual([0])
    expect(retention(node)).toBeUndefined()
  })

  test('ALTER-CONFIGS-1: as a whole, each resource separately: all of its configs, or none', () => {
    const node = withTopic()
    node.controller.createTopic(newTopic('bills'), () => {})
    node.settle()
    const good = { name: 'retention.ms', value: '3' }
    const bad = { name: 'segment.ms', value: 'soon' }
    const resources = [resource('orders', [good, bad]), resource('bills', [good])]
    expect(codes(node.call(AlterConfigs, 2, { resources }))).toEqual([ErrorCode.INVALID_CONFIG, 0])
    expect(retention(node)).toBeUndefined()
    expect(node.controller.image.configs.get('topic:bills')?.get('retention.ms')).toBe('3')
  })
})

test('DescribeCluster: a request for controllers is refused, because this is a broker endpoint', () => {
  const node = testApi({ nodes: [1, 2] })
  expect(node.call(DescribeCluster, 2, {})).toMatchObject({
    errorCode: 0,
    clusterId: CLUSTER_ID,
    brokers: [{ brokerId: 1, isFenced: false }, { brokerId: 2 }],
  })
  expect(node.call(DescribeCluster, 1, { endpointType: 2 })).toMatchObject({
    errorCode: ErrorCode.MISMATCHED_ENDPOINT_TYPE,
  })
  expect(node.call(DescribeCluster, 1, { endpointType: 3 })).toMatchObject({
    errorCode: ErrorCode.UNSUPPORTED_ENDPOINT_TYPE,
  })
})

test('DescribeCluster: a fenced broker is listed only if fenced brokers are requested', () => {
  const first = testApi({ nodes: [1, 2] })
  const node = testApi({ storage: first.storage, nodes: [1] })
  const ids = (request: object) =>
    (node.call(DescribeCluster, 2, request).brokers as { brokerId: number }[])
      .map(({ brokerId }) => brokerId)
      .sort()
  expect(ids({})).toEqual([1])
  expect(ids({ includeFencedBrokers: true })).toEqual([1, 2])
})

test('DescribeQuorum: one voter, which is the leader, and no other log', () => {
  const node = testApi({ nodes: [1, 2] })
  const ask = (...indexes: number[]) =>
    node.call(DescribeQuorum, 2, {
      topics: [
        {
          topicName: '__cluster_metadata',
          partitions: indexes.map((partitionIndex) => ({ partitionIndex })),
        },
      ],
    })
  const highWatermark = node.controller.metadataLog.endOffset
  const [currentVoters, observers] = [[{ replicaId: 1 }], [{ replicaId: 2 }]]
  const quorum = { leaderId: 1, leaderEpoch: 1, highWatermark, currentVoters, observers }
  expect(ask(0)).toMatchObject({ topics: [{ partitions: [quorum] }] })
  const unknown = { errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION }
  expect(ask(0, 1)).toMatchObject({ topics: [{ partitions: [unknown, unknown] }] })
})

test('ElectLeaders: a current leader needs no election', () => {
  const node = withTopic()
  const elect = (topicPartitions: object[] | null) =>
    node.call(ElectLeaders, 2, { electionType: 0, topicPartitions }).replicaElectionResults
  expect(elect([{ topic: 'orders', partitions: [0, 7] }])).toMatchObject([
    {
      partitionResult: [
        { errorCode: ErrorCode.ELECTION_NOT_NEEDED },
        { errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION },
      ],
    },
  ])
  expect(elect(null)).toEqual([{ topic: 'orders', partitionResult: [] }])
})

test('AlterPartitionReassignments: a move begins, is listed, and is cancelled', () => {
  const node = withTopic({ nodes: [1, 2] })
  const reassign = (replicas: number[] | null) => {
    const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, replicas }] }]
    const { responses } = node.call(AlterPartitionReassignments, 1, { topics })
    return (responses as { partitions: { errorCode: number }[] }[])[0]!.partitions[0]!.errorCode
  }
  const { leader } = node.controller.image.topic('orders')!.partitions[0]!
  expect(reassign([leader])).toBe(ErrorCode.NONE)
  const moving = () => node.call(ListPartitionReassignments, 0, { topics: null }).topics
  expect(moving()).toEqual([])
  expect(reassign([3 - leader])).toBe(ErrorCode.NONE)
  const replicas = [3 - leader, leader]
  const move = { partitionIndex: 0, replicas, addingReplicas: [3 - leader], removingReplicas: [leader] }
  expect(moving()).toEqual([{ name: 'orders', partitions: [move] }])
  expect(reassign(null)).toBe(ErrorCode.NONE)
  expect(moving()).toEqual([])
  expect(reassign(null)).toBe(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS)
})

test('ListConfigResources: client metrics in version 0, all or the requested types in version 1', () => {
  const node = withTopic()
  const list = (version: number, resourceTypes: number[]) => {
    const { errorCode, configResources } = node.call(ListConfigResources, version, { resourceTypes })
    return [
      errorCode,
      (configResources as { resourceName: string; resourceType: number }[]).map(
        (each) => `${each.resourceType} ${each.resourceName}`,
      ),
    ]
  }
  expect(list(0, [])).toEqual([0, []])
  expect(list(1, [])).toEqual([0, ['2 orders', '4 1', '8 1']])
  expect(list(1, [TOPIC!])).toEqual([0, ['2 orders']])
  expect(list(1, [99])).toEqual([ErrorCode.UNSUPPORTED_VERSION, []])
})

test('UpdateFeatures: the flag of version 0 corresponds to the upgrade type of version 1', () => {
  const node = testApi()
  const level = () => node.controller.image.features.get('group.version')
  const update = (version: number, how: object) =>
    node.call(UpdateFeatures, version, {
      featureUpdates: [{ feature: 'group.version', maxVersionLevel: 0, ...how }],
    }).errorCode
  expect(update(1, { upgradeType: 1 })).toBe(ErrorCode.INVALID_UPDATE_VERSION)
  expect(update(0, { allowDowngrade: false })).toBe(ErrorCode.INVALID_UPDATE_VERSION)
  expect(level()).toBe(1)
  expect(update(0, { allowDowngrade: true })).toBe(ErrorCode.NONE)
  expect(level()).toBe(0)
})
