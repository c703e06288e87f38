import { describe, expect, test, vi } from 'vitest'
import { type TestApi, testApi } from '../../../test/api-fixtures.ts'
import { CLUSTER_ID, newTopic } from '../../../test/controller-fixtures.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import { CreatePartitions } from './create-partitions.ts'
import { CreateTopics } from './create-topics.ts'
import { DeleteTopics } from './delete-topics.ts'
import { DescribeTopicPartitions } from './describe-topic-partitions.ts'
import { Metadata } from './metadata.ts'

interface Topic {
  errorCode: number
  name: string | null
  topicId: string
  partitions: { partitionIndex: number; leaderId: number; errorCode: number }[]
}
const NOT_ASKED = -0x8000_0000
const timeoutMs = 30_000

function create(node: TestApi, ...topics: [name: string, partitions: number][]): void {
  const wanted = topics.map(([name, numPartitions]) => ({ name, numPartitions, replicationFactor: -1 }))
  node.call(CreateTopics, 7, { topics: wanted })
}

/** Sends a Metadata request; returns the topics as `name: error, partitions`. */
function ask(node: TestApi, version: number, topics: object[] | null, more: object = {}): string[] {
  const answer = node.call(Metadata, version, { topics, ...more })
  return (answer.topics as Topic[]).map(
    ({ name, errorCode, partitions }) => `${name}: ${errorCode}, ${partitions.length}`,
  )
}

describe('Metadata', () => {
  test('all topics: an empty list in version 0, null later; then an empty list means none', () => {
    const node = testApi()
    create(node, ['a', 1], ['b', 3])
    expect(ask(node, 0, [])).toEqual(['a: 0, 1', 'b: 0, 3'])
    expect(ask(node, 1, null)).toEqual(['a: 0, 1', 'b: 0, 3'])
    expect(ask(node, 13, null)).toEqual(['a: 0, 1', 'b: 0, 3'])
    expect(ask(node, 13, [])).toEqual([])
  })

  test('brokers, cluster, controller; allowed operations only if requested', () => {
    const node = testApi({ nodes: [1, 2] })
    create(node, ['a', 1])
    const broker = (nodeId: number) => ({ nodeId, host: `host-${nodeId}`, port: 9092, rack: null })
    const answer = node.call(Metadata, 10, { topics: null })
    expect(answer).toMatchObject({ brokers: [broker(1), broker(2)], clusterId: CLUSTER_ID, controllerId: 1 })
    expect(answer).toMatchObject({
      clusterAuthorizedOperations: NOT_ASKED,
      topics: [{ topicAuthorizedOperations: NOT_ASKED }],
    })
    const asked = {
      topics: null,
      includeTopicAuthorizedOperations: true,
      includeClusterAuthorizedOperations: true,
    }
    expect(node.call(Metadata, 10, asked)).toMatchObject({
      clusterAuthorizedOperations: 0b1_1111_1010_0000,
      topics: [{ topicAuthorizedOperations: 0b1101_1111_1000 }],
    })
  })

  test('allowed operations on a topic by name, whether or not it exists; none for an unknown id', () => {
    const asking = { allowAutoTopicCreation: false, includeTopicAuthorizedOperations: true }
    const operationsOf = (...topics: object[]) =>
      (testApi().call(Metadata, 12, { topics, ...asking }).topics as object[]).map(
        (topic) => 'topicAuthorizedOperations' in topic && topic.topicAuthorizedOperations,
      )
    const all = 0b1101_1111_1000
    expect(operationsOf({ name: 'missing' }, { name: 'not a name' })).toEqual([all, all])
    expect(operationsOf({ topicId: 'AAAAAAAAAAAAAAAAAAAACQ', name: null })).toEqual([NOT_ASKED])
  })

  test('by id, with a name that is null or, as the Java client sends it, empty', () => {
    const node = testApi()
    create(node, ['a', 1])
    const topicId = node.controller.image.topic('a')!.id
    const other = 'AAAAAAAAAAAAAAAAAAAACQ'
    expect(
      ask(node, 12, [
        { topicId, name: null },
        { topicId: other, name: null },
      ]),
    ).toEqual(['a: 0, 1', `null: ${ErrorCode.UNKNOWN_TOPIC_ID}, 0`])
    expect(ask(node, 13, [{ topicId, name: '' }])).toEqual(['a: 0, 1'])
    expect(ask(node, 11, [{ topicId, name: 'a' }])).toEqual([`a: ${ErrorCode.INVALID_REQUEST}, 0`])
  })

  test('METADATA-2: a request for an unknown topic creates it, if the client and the broker allow it', () => {
    const unknown = [`a: ${ErrorCode.UNKNOWN_TOPIC_OR_PARTITION}, 0`]
    const node = testApi({ settings: { 'num.partitions': '4' } })
    expect(ask(node, 4, [{ name: 'a' }], { allowAutoTopicCreation: false })).toEqual(unknown)
    expect(ask(node, 4, [{ name: 'a' }], { allowAutoTopicCreation: false })).toEqual(unknown)
    expect(ask(node, 4, [{ name: 'a' }, { name: 'a' }])).toEqual(unknown)
    expect(ask(node, 4, [{ name: 'a' }])).toEqual(['a: 0, 4'])
    expect(ask(node, 4, [{ name: 'a/b' }])).toEqual([`a/b: ${ErrorCode.INVALID_TOPIC_EXCEPTION}, 0`])
    const closed = testApi({ settings: { 'auto.create.topics.enable': 'false' } })
    expect(ask(closed, 4, [{ name: 'a' }])).toEqual(unknown)
    expect(ask(closed, 4, [{ name: 'a' }])).toEqual(unknown)
  })

  test('BROKER-DECISIONS-1: a partition whose broker is down has no leader', () => {
    const first = testApi({ nodes: [1, 2] })
    create(first, ['a', 2])
    const left = testApi({ storage: first.storage, nodes: [1] })
    const answer = left.call(Metadata, 13, { topics: [{ name: 'a' }] })
    expect((answer.brokers as unknown[]).length).toBe(1)
    const [{ partitions }] = answer.topics as [{ partitions: { leaderId: number }[] }]
    expect(partitions.sort((a, b) => b.leaderId - a.leaderId)).toMatchObject([
      { leaderId: 1, errorCode: 0 },
      { leaderId: -1, errorCode: ErrorCode.LEADER_NOT_AVAILABLE, offlineReplicas: [2] },
    ])
  })
})

describe('CreateTopics', () => {
  test('returns id, partitions, configs and their sources', () => {
    const node = testApi()
    const configs = [{ name: 'retention.ms', value: '5000' }]
    const answer = node.call(CreateTopics, 7, {
      topics: [{ name: 'a', numPartitions: 2, replicationFactor: 1, configs }],
    })
    const [topic] = answer.topics as (Topic & { configs: { name: string }[] })[]
    expect(topic).toMatchObject({
      name: 'a',
      errorCode: 0,
      errorMessage: null,
      numPartitions: 2,
      replicationFactor: 1,
    })
    expect(topic!.topicId).toBe(node.controller.image.topic('a')!.id)
    expect(topic!.configs.find(({ name }) => name === 'retention.ms')).toMatchObject({
      value: '5000',
      configSource: 1,
    })
    expect(topic!.configs.find(({ name }) => name === 'segment.bytes')).toMatchObject({ configSource: 5 })
  })

  test('an invalid topic does not affect the others; a duplicate name is refused once', () => {
    const node = testApi()
    const wish = (name: string) => ({ name, numPartitions: 1, replicationFactor: 1 })
    const answer = node.call(CreateTopics, 7, {
      topics: ['a', 'b', 'a', '.', '__cluster_metadata'].map(wish),
    })
    expect((answer.topics as Topic[]).map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['b', ErrorCode.NONE],
      ['.', ErrorCode.INVALID_TOPIC_EXCEPTION],
      ['a', ErrorCode.INVALID_REQUEST],
      ['__cluster_metadata', ErrorCode.INVALID_REQUEST],
    ])
  })

  test('an empty request gets a response', () => {
    expect(testApi().call(CreateTopics, 7, { topics: [] })).toMatchObject({ topics: [] })
  })
})

describe('DeleteTopics', () => {
  const errors = (answer: Record<string, unknown>) =>
    (answer.responses as Topic[]).map(({ name, errorCode }) => [name, errorCode])

  test('by name before version 6, by name or id since then', () => {
    const node = testApi()
    create(node, ['a', 1], ['b', 1], ['c', 1])
    const idOf = (name: string) => node.controller.image.topic(name)!.id
    expect(errors(node.call(DeleteTopics, 5, { topicNames: ['a', 'nope'], timeoutMs }))).toEqual([
      ['nope', ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
      ['a', 0],
    ])
    const topics = [{ name: 'b' }, { name: null, topicId: idOf('c') }]
    expect(errors(node.call(DeleteTopics, 6, { topics, timeoutMs }))).toEqual([
      ['c', 0],
      ['b', 0],
    ])
    expect(node.controller.image.topics.size).toBe(0)
  })

  test('DELETE-TOPICS-1: ambiguous requests are refused', () => {
    const node = testApi()
    create(node, ['a', 1])
    const { id: topicId } = node.controller.image.topic('a')!
    const asked = (...topics: object[]) => errors(node.call(DeleteTopics, 6, { topics, timeoutMs }))
    expect(asked({ name: 'a' }, { name: 'a' })).toEqual([['a', ErrorCode.INVALID_REQUEST]])
    expect(asked({ name: 'a', topicId })).toEqual([['a', ErrorCode.INVALID_REQUEST]])
    expect(asked({ name: null, topicId: ZERO_UUID })).toEqual([[null, ErrorCode.INVALID_REQUEST]])
    expect(asked({ name: null, topicId: 'AAAAAAAAAAAAAAAAAAAACQ' })).toEqual([
      [null, ErrorCode.UNKNOWN_TOPIC_ID],
    ])
    expect(node.controller.image.topics.size).toBe(1)
  })

  test('REQUEST-DEADLINE-1, REQUEST-DEADLINE-2: with a timeout of zero nothing is changed, and each topic gets an error', () => {
    const node = testApi()
    create(node, ['a', 1])
    const topics = [{ name: 'a' }, { name: 'nope' }, { name: 'b' }, { name: 'b' }]
    const late = ErrorCode.REQUEST_TIMED_OUT
    expect(errors(node.call(DeleteTopics, 6, { topics, timeoutMs: 0 }))).toEqual([
      ['a', late],
      ['nope', late],
      ['b', late],
      ['b', late],
    ])
    expect(node.controller.image.topics.size).toBe(1)
    expect(errors(node.call(DeleteTopics, 6, { topics: topics.slice(2), timeoutMs: 0 }))).toEqual([
      ['b', ErrorCode.INVALID_REQUEST],
    ])
  })

  test('can be disabled', () => {
    const node = testApi({ settings: { 'delete.topic.enable': 'false' } })
    create(node, ['a', 1])
    expect(errors(node.call(DeleteTopics, 3, { topicNames: ['a'] }))).toEqual([
      ['a', ErrorCode.TOPIC_DELETION_DISABLED],
    ])
    expect(errors(node.call(DeleteTopics, 2, { topicNames: ['a'] }))).toEqual([
      ['a', ErrorCode.INVALID_REQUEST],
    ])
  })
})

test('CreatePartitions: each topic has its own result', () => {
  const node = testApi()
  create(node, ['a', 1], ['b', 2])
  const topics = [
    { name: 'a', count: 3, assignments: null },
    { name: 'b', count: 1, assignments: null },
  ]
  const answer = node.call(CreatePartitions, 3, { topics, timeoutMs })
  expect((answer.results as Topic[]).map(({ name, errorCode }) => [name, errorCode])).toEqual([
    ['a', ErrorCode.NONE],
    ['b', ErrorCode.INVALID_PARTITIONS],
  ])
  expect(ask(node, 13, null)).toEqual(['a: 0, 3', 'b: 0, 2'])
})

describe('DescribeTopicPartitions', () => {
  test('topics that are named twice, and in any order, are returned once and in order', () => {
    const node = testApi()
    for (const name of ['b', 'a']) node.controller.createTopic(newTopic(name), () => {})
    node.settle()
    const asked = ['zz', 'b', 'a', 'b', 'zz', 'b'].map((name) => ({ name }))
    const namesFrom = (topicName: string | null, limit: number) => {
      const cursor = topicName === null ? null : { topicName, partitionIndex: 0 }
      const request = { topics: asked, responsePartitionLimit: limit, cursor }
      const page = node.call(DescribeTopicPartitions, 0, request) as unknown as Page
      return [page.topics.map(({ name }) => name), page.nextCursor?.topicName]
    }
    expect(namesFrom(null, 10)).toEqual([['a', 'b', 'zz'], undefined])
    expect(namesFrom(null, 1)).toEqual([['a'], 'b'])
    expect(namesFrom('b', 10)).toEqual([['b', 'zz'], undefined])
  })

  test('TOPIC-PAGES-3: a page of all topics is made once, until a topic is created', () => {
    const node = testApi()
    const create = (name: string): void => {
      node.controller.createTopic(newTopic(name), () => {})
      node.settle()
    }
    for (const name of ['b', 'a', 'c']) create(name)
    const names = (limit: number) => {
      const request = { topics: [], responsePartitionLimit: limit, cursor: null }
      const { topics } = node.call(DescribeTopicPartitions, 0, request) as { topics: { name: string }[] }
      return topics.map(({ name }) => name)
    }
    expect(names(2)).toEqual(['a', 'b'])
    const lookedUp = vi.spyOn(node.controller.image, 'topic')
    expect([names(2), lookedUp.mock.calls.length]).toEqual([['a', 'b'], 0])
    expect([names(3), lookedUp.mock.calls.length]).toEqual([['a', 'b', 'c'], 3])
    for (let limit = 4; limit < 50; limit++) names(limit)
    lookedUp.mockClear()
    expect([names(2), lookedUp.mock.calls.length]).toEqual([['a', 'b'], 2])
    create('aa')
    expect(names(2)).toEqual(['a', 'aa'])
  })

  interface Page {
    topics: Topic[]
    nextCursor: { topicName: string; partitionIndex: number } | null
  }

  /** All pages, each as a list of `topic-partition`. */
  function pages(node: TestApi, limit: number, topics: object[] = []): string[][] {
    const all: string[][] = []
    let cursor: Page['nextCursor'] = null
    do {
      const request = { topics, responsePartitionLimit: limit, cursor }
      const page = node.call(DescribeTopicPartitions, 0, request) as unknown as Page
      all.push(
        page.topics.flatMap(({ name, partitions }) =>
          partitions.map((each) => `${name}-${each.partitionIndex}`),
        ),
      )
      cursor = page.nextCursor
    } while (cursor)
    return all
  }

  test.each([1, 2, 3, 4, 100])(
    'TOPIC-PAGES-1, TOPIC-PAGES-2: pages of at most %d partitions contain all partitions together',
    (limit) => {
      const node = testApi()
      create(node, ['b', 2], ['a', 4], ['c', 1])
      const all = pages(node, limit)
      expect(all.flat()).toEqual(['a-0', 'a-1', 'a-2', 'a-3', 'b-0', 'b-1', 'c-0'])
      for (const page of all) expect(page.length).toBeLessThanOrEqual(limit)
    },
  )

  test('named topics, one of them unknown', () => {
    const node = testApi()
    create(node, ['a', 1], ['b', 1])
    const answer = node.call(DescribeTopicPartitions, 0, {
      topics: [{ name: 'z' }, { name: 'b' }],
    }) as unknown as Page
    expect(answer.topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['b', 0],
      ['z', ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ])
    expect(answer.nextCursor).toBeNull()
  })
})
