import { expect, test } from 'vitest'
import { newTopic, testController } from '../../../test/controller-fixtures.ts'
import { finish } from '../../turns.ts'
import { ALL_AT_ONCE } from '../in-turns.ts'
import { describedTopic, describedTopics } from './described-topics.ts'

test('a topic is described anew when the brokers have changed', () => {
  const { controller, settle } = testController()
  controller.createTopic(newTopic('a', { numPartitions: 2 }), () => {})
  settle()
  const { image } = controller
  const topic = image.topic('a')!
  const first = describedTopic(image, topic, 1)
  expect(first).toMatchObject({ name: 'a', topicId: topic.id, topicAuthorizedOperations: 1 })
  expect(first.partitions.map(({ leaderId }) => leaderId)).toEqual([1, 1])
  expect(describedTopic(image, topic, 1)).toBe(first)
  expect(describedTopic(image, topic, 2)).toEqual({ ...first, topicAuthorizedOperations: 2 })
  controller.unregisterBroker(1, () => {})
  settle()
  const after = describedTopic(controller.image, controller.image.topic('a')!, 1)
  expect(after.partitions.map(({ leaderId }) => leaderId)).toEqual([-1, -1])
  expect(describedTopic(image, topic, 1)).toBe(first)
})

test('DESCRIBED-TOPICS-1: all topics are described once for an image, and in the next one only the new topic', () => {
  const { controller, settle } = testController()
  const create = (name: string): void => {
    controller.createTopic(newTopic(name), () => {})
    settle()
  }
  const all = () => finish(describedTopics(ALL_AT_ONCE, controller.image, 1))
  create('a')
  create('b')
  const before = all()
  expect(before.map(({ name }) => name)).toEqual(['a', 'b'])
  expect(all()).toBe(before)
  controller.allocateProducerIds(1, () => {})
  settle()
  expect(all()).toBe(before)
  create('c')
  const after = all()
  expect(after.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  expect([after[0], after[1]]).toEqual([before[0], before[1]])
  expect(after[0]).toBe(before[0])
})
