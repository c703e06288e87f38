import { expect, test } from 'vitest'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import type { Partition } from '../replica/partition.ts'
import { CoordinatorElections } from './coordinator-elections.ts'

/** The elections of a coordinator whose topic has three partitions; `leads` says in which epochs this node leads them. */
function elections() {
  const story: string[] = []
  const leads = new Map<number, number>()
  /** The leader epochs in the image. */
  const epochs = [5, 5, 5]
  let topic: { id: string } | undefined = { id: 'old' }
  const find = (name: string, index: number) => {
    const leaderEpoch = leads.get(index)
    if (leaderEpoch === undefined || !topic) return undefined
    return { key: `${name}-${index}`, index, topicId: topic.id, leaderEpoch } as Partition
  }
  const coordinator = {
    onElection: (partition: number, epoch: number) => story.push(`elected ${partition}, epoch ${epoch}`),
    onResignation: (partition: number, epoch?: number) =>
      story.push(`resigned ${partition}${epoch === undefined ? '' : `, epoch ${epoch}`}`),
  }
  const tested = new CoordinatorElections({ replicas: { find }, coordinators: [{ topic: 't', coordinator }] })
  const image = {
    topic: () => topic && { id: topic.id, partitions: epochs.map((leaderEpoch) => ({ leaderEpoch })) },
  } as unknown as MetadataImage
  const publish = (): string[] => {
    tested.apply(image)
    return story.splice(0)
  }
  const lead = (index: number, epoch: number): void => {
    epochs[index] = epoch
    leads.set(index, epoch)
  }
  const follow = (index: number, epoch: number): void => {
    epochs[index] = epoch
    leads.delete(index)
  }
  const setTopic = (id: string | undefined): void => {
    topic = id === undefined ? undefined : { id }
  }
  return { leads, publish, lead, follow, setTopic }
}

test('ELECTIONS-1: a coordinator gets one event for each epoch', () => {
  const { publish, lead, follow } = elections()
  lead(1, 5)
  expect(publish()).toEqual(['elected 1, epoch 5'])
  expect(publish()).toEqual([])
  lead(2, 6)
  expect(publish()).toEqual(['elected 2, epoch 6'])
  lead(1, 7)
  expect(publish()).toEqual(['elected 1, epoch 7'])
  follow(1, 8)
  expect(publish()).toEqual(['resigned 1, epoch 8'])
  expect(publish()).toEqual([])
  lead(1, 9)
  expect(publish()).toEqual(['elected 1, epoch 9'])
})

test('a log that is lost in the epoch of this node is a resignation without an epoch', () => {
  const { publish, lead, leads } = elections()
  lead(0, 5)
  publish()
  leads.delete(0)
  expect(publish()).toEqual(['resigned 0'])
})

test('ELECTIONS-2: a topic that is created again begins with new elections', () => {
  const { publish, lead, setTopic } = elections()
  lead(0, 5)
  publish()
  setTopic('new')
  lead(0, 0)
  expect(publish()).toEqual(['resigned 0', 'elected 0, epoch 0'])
  setTopic(undefined)
  expect(publish()).toEqual(['resigned 0'])
})
