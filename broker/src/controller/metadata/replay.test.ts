import { array, assert, constantFrom, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { newTopic, type TestController, testController } from '../../../test/controller-fixtures.ts'
import type { MetadataRecord } from '../../messages/records/metadata-frame.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import { ImageBuilder, type MetadataImage } from './metadata-image.ts'
import { replayRecord } from './replay-record.ts'

/** The whole image as plain data, to compare. */
function facts(image: MetadataImage) {
  const { offset, brokers, topics, configs, features, quotas, nextProducerId } = image
  const byId = [...topics.values()].map(({ id }) => image.topicById(id)?.name)
  const maps = [brokers, topics, configs, features, quotas].map((each) => [...each])
  return { offset, maps, nextProducerId, byId }
}

const topicNames = ['a', 'b', 'c'] as const
const request = record({
  what: constantFrom('create', 'delete', 'grow', 'alter', 'ids', 'register'),
  topic: constantFrom(...topicNames),
  n: integer({ min: 1, max: 5 }),
})
type Wish = { what: string; topic: string; n: number }

function ask({ controller, note }: TestController, { what, topic, n }: Wish): void {
  const done = note(what)
  const id = controller.image.topic(topic)?.id
  if (what === 'create') controller.createTopic(newTopic(topic, { numPartitions: n }), done)
  if (what === 'delete' && id) controller.deleteTopics([id], {}, ([answer]) => done(answer!))
  if (what === 'grow')
    controller.createPartitions([{ name: topic, count: n, assignments: null }], {}, ([answer]) =>
      done(answer!),
    )
  if (what === 'ids') controller.allocateProducerIds(1, () => {})
  if (what === 'register')
    controller.registerBroker({ id: n, host: 'h', port: n, rack: null, directoryId: ZERO_UUID }, done)
  if (what !== 'alter') return
  const change = { name: 'retention.ms', operation: n % 2, value: n % 2 === 0 ? String(n) : null }
  const alteration = { type: 2, name: topic, changes: [change], replaces: false }
  controller.alterConfigs([alteration], false, ([answer]) => done(answer!))
}

test('METADATA-IMAGE-1: replaying the log gives the published image, for any sequence of requests', () => {
  assert(
    property(array(request, { maxLength: 40 }), integer({ min: 1, max: 4 }), (requests, flushEvery) => {
      const first = testController({ nodes: [1, 2] })
      for (const [at, each] of requests.entries()) {
        ask(first, each)
        if (at % flushEvery === 0) first.storage.finishFlushes()
      }
      first.settle()
      const published = facts(first.controller.image)
      const replayed = new ImageBuilder('', 1)
      first.controller.metadataLog.readAll((record, offset) => replayRecord(replayed, record, offset))
      expect(facts(replayed)).toEqual(published)
    }),
    { numRuns: 60 },
  )
})

test('METADATA-IMAGE-2: a deleted topic is found neither by name nor by id', () => {
  const image = new ImageBuilder('', 1)
  const replay = (record: unknown, offset: number) => replayRecord(image, record as MetadataRecord, offset)
  replay({ name: 'TopicRecord', value: { name: 'a', topicId: 'id-of-a' } }, 0)
  replay({ name: 'ConfigRecord', value: { resourceType: 2, resourceName: 'a', name: 'x', value: '1' } }, 1)
  replay({ name: 'RemoveTopicRecord', value: { topicId: 'id-of-a' } }, 2)
  expect([image.topic('a'), image.topicById('id-of-a'), image.configs.size, image.offset]).toEqual([
    undefined,
    undefined,
    0,
    2,
  ])
})

test('records of Apache Kafka that have no effect here are skipped', () => {
  const image = new ImageBuilder('', 1)
  replayRecord(image, { name: 'NoOpRecord', version: 0, value: {} }, 7)
  expect(facts(image)).toEqual({ ...facts(new ImageBuilder('', 1)), offset: 7 })
})
