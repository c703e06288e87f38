import { expect, test } from 'vitest'
import { newTopic, testController } from '../../../test/controller-fixtures.ts'
import { describedTopic } from './described-topics.ts'

test('a topic is described once for each image, and again for the next one', () => {
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
