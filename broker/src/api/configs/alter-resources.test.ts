import { expect, test } from 'vitest'
import { testApi } from '../../../test/api-fixtures.ts'
import { newTopic } from '../../../test/controller-fixtures.ts'
import { batchPositions } from '../../record/batch.ts'
import type { MemoryStorage } from '../../sim/memory-storage.ts'
import { AlterConfigs } from './alter-configs.ts'
import { IncrementalAlterConfigs } from './incremental-alter-configs.ts'

const [TOPIC, LOGGER] = [2, 8]

function batchesIn(storage: MemoryStorage): number {
  const logs = storage.list('t-0').filter((name) => name.endsWith('.log'))
  return logs.reduce((sum, name) => sum + [...batchPositions(storage.readFile(`t-0/${name}`)!)].length, 0)
}

function withTopics(...names: string[]) {
  const node = testApi()
  for (const name of names) node.controller.createTopic(newTopic(name), () => {})
  node.settle()
  return node
}

test('ALTER-RESOURCES-1, ALTER-RESOURCES-2, INCREMENTAL-CONFIGS-1: the valid resources of a request are one batch; results are in its order', () => {
  const node = withTopics('a', 'b', 'c')
  const retention = (resourceName: string, value: string, resourceType = TOPIC) => ({
    resourceType,
    resourceName,
    configs: [{ name: 'retention.ms', configOperation: 0, value }],
  })
  const level = { name: 'root', configOperation: 0, value: 'WARN' }
  const resources = [
    retention('c', '3'),
    retention('a', 'soon'),
    { resourceType: LOGGER, resourceName: '1', configs: [level] },
    retention('gone', '1'),
    retention('b', '2'),
  ]
  const before = batchesIn(node.storage)
  const { responses } = node.call(IncrementalAlterConfigs, 1, { resources, validateOnly: false })
  expect(responses).toMatchObject([
    { resourceName: 'c', errorCode: 0 },
    { resourceName: 'a', errorCode: 40 },
    { resourceName: '1', errorCode: 0 },
    { resourceName: 'gone', errorCode: 3 },
    { resourceName: 'b', errorCode: 0 },
  ])
  expect(batchesIn(node.storage)).toBe(before + 1)
  const own = (topic: string) => node.controller.image.configs.get(`topic:${topic}`)?.get('retention.ms')
  expect(['a', 'b', 'c'].map(own)).toEqual([undefined, '2', '3'])
})

test('ALTER-RESOURCES-1, ALTER-CONFIGS-1: AlterConfigs deletes what it does not name, of the valid resources only', () => {
  const node = withTopics('a', 'b')
  const set = (resourceName: string, name: string, value: string) => ({
    resourceType: TOPIC,
    resourceName,
    configs: [{ name, value }],
  })
  const alter = (resources: unknown[]) =>
    node.call(AlterConfigs, 2, { resources, validateOnly: false }).responses
  alter([set('a', 'retention.ms', '1'), set('b', 'retention.ms', '1')])
  expect(alter([set('a', 'segment.ms', '100'), set('b', 'segment.ms', '-5')])).toMatchObject([
    { resourceName: 'a', errorCode: 0 },
    { resourceName: 'b', errorCode: 40 },
  ])
  expect(Object.fromEntries(node.controller.image.configs.get('topic:a')!)).toEqual({ 'segment.ms': '100' })
  expect(Object.fromEntries(node.controller.image.configs.get('topic:b')!)).toEqual({ 'retention.ms': '1' })
})

test('a request with more records than a decision may have changes nothing', () => {
  const node = testApi()
  const resources = Array.from({ length: 10_001 }, (_, i) => ({
    resourceType: 32,
    resourceName: `group-${i}`,
    configs: [{ name: 'consumer.session.timeout.ms', configOperation: 0, value: '50000' }],
  }))
  const call = (count: number) => {
    const request = { resources: resources.slice(0, count), validateOnly: false }
    const { responses } = node.call(IncrementalAlterConfigs, 1, request) as {
      responses: { errorCode: number }[]
    }
    return [...new Set(responses.map(({ errorCode }) => errorCode))]
  }
  expect(call(10_001)).toEqual([44])
  expect(node.controller.image.configs.has('group:group-0')).toBe(false)
  expect(call(10_000)).toEqual([0])
  expect(node.controller.image.configs.has('group:group-9999')).toBe(true)
})
