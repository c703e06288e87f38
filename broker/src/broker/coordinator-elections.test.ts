import { expect, test } from 'vitest'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import type { Core } from '../core.ts'
import type { Partition } from '../replica/partition.ts'
import type { ReplicaManager } from '../replica/replica-manager.ts'
import { finish, type Steps } from '../turns.ts'
import { CoordinatorElections } from './coordinator-elections.ts'

/** The elections of a coordinator whose topic has three partitions; `led` says which of them this node leads. */
function elections() {
  const story: string[] = []
  const led = new Set<number>()
  let topicId = 'old'
  const find = (topic: string, index: number) =>
    led.has(index) ? ({ key: `${topic}-${index}`, index, topicId, leaderEpoch: 5 } as Partition) : undefined
  const unreadable = new Set<number>()
  const coordinator = {
    *load(partition: number): Steps<void> {
      story.push(`load ${partition}`)
      yield
      if (unreadable.has(partition)) throw new Error('damaged at byte 7')
    },
    onElected: (partition: number, epoch: number) => story.push(`elected ${partition}, epoch ${epoch}`),
    onResigned: (partition: number) => story.push(`resigned ${partition}`),
  }
  const tested = new CoordinatorElections({
    core: { log: (_level: string, message: string) => story.push(message) } as unknown as Core,
    replicas: { find } as ReplicaManager,
    coordinators: [{ topic: 't', serves: 'groups', coordinator }],
  })
  const image = { topic: () => ({ partitions: [{}, {}, {}] }) } as unknown as MetadataImage
  const publish = (): string[] => {
    finish(tested.prepare(image))
    tested.apply(image)
    return story.splice(0)
  }
  const createAgain = (): void => {
    topicId = 'new'
  }
  return { tested, image, led, unreadable, publish, story, createAgain }
}

test('ELECTIONS-2: a partition is read before the election, and not again while this node leads it', () => {
  const { led, publish, createAgain } = elections()
  led.add(1)
  expect(publish()).toEqual(['load 1', 'elected 1, epoch 5'])
  expect(publish()).toEqual([])
  led.add(2)
  expect(publish()).toEqual(['load 2', 'elected 2, epoch 5'])
  led.delete(1)
  expect(publish()).toEqual(['resigned 1'])
  led.add(1)
  expect(publish()).toEqual(['load 1', 'elected 1, epoch 5'])
  createAgain()
  expect(publish()).toEqual([
    'load 1',
    'load 2',
    'resigned 2',
    'resigned 1',
    'elected 1, epoch 5',
    'elected 2, epoch 5',
  ])
})

test('a partition that is not read yet is not served', () => {
  const { tested, image, led, story } = elections()
  led.add(0)
  const loading = tested.prepare(image)
  loading.next()
  tested.apply(image)
  expect(story).toEqual(['load 0'])
  finish(loading)
  tested.apply(image)
  expect(story).toEqual(['load 0', 'elected 0, epoch 5'])
})

test('ELECTIONS-1: a partition that can not be read is reported once, and the others are served', () => {
  const { led, unreadable, publish } = elections()
  for (const index of [0, 1, 2]) led.add(index)
  unreadable.add(1)
  expect(publish()).toEqual([
    'load 0',
    'load 1',
    'the coordinator of t-1 failed to load and refuses its groups: damaged at byte 7. stop the broker and restore t-1 from a backup, or move its folder away: its groups are lost then',
    'load 2',
    'elected 0, epoch 5',
    'elected 1, epoch 5',
    'elected 2, epoch 5',
  ])
  expect(publish()).toEqual([])
})
