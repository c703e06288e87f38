import { expect, test } from 'vitest'
import type { CoordinatorHost } from '../../coordinator-host.ts'
import { ConsumerGroup, newMember } from './consumer-group.ts'
import { distinctCount, existingTopics, subscribedTopicIds } from './named-topics.ts'

/** A host with topics t0, t1, …; it counts the look-ups. */
function hostWith(topics: number) {
  const names = Array.from({ length: topics }, (_, i) => `t${i}`)
  const lookUps = { count: 0 }
  const topicId = (name: string): string | undefined => {
    lookUps.count++
    return names.includes(name) ? `id-of-${name}` : undefined
  }
  return { lookUps, host: { topicId, topicNames: () => names } as unknown as CoordinatorHost }
}

/** A member that names `many` topics, of which t0, t1, t2 exist. */
function memberOf(memberId: string, many: number, from = 0) {
  const subscribedTopicNames = Array.from({ length: many }, (_, i) => `t${from + i}`)
  return { ...newMember(memberId), subscribedTopicNames }
}

test('NAMED-TOPICS-1: a list of names is compared with the topics once for all heartbeats, until the metadata changes', () => {
  const { host, lookUps } = hostWith(3)
  const group = new ConsumerGroup('g')
  for (const id of ['a', 'b', 'c']) group.put(memberOf(id, 1000))
  const look = (metadataVersion: number): void => {
    for (const member of group.members.values())
      expect(subscribedTopicIds({ host, metadataVersion }, group, member)).toEqual(
        new Set(['id-of-t0', 'id-of-t1', 'id-of-t2']),
      )
  }
  look(1)
  const once = lookUps.count
  expect(once).toBeLessThan(1100)
  look(1)
  expect(lookUps.count).toBe(once)
  look(2)
  expect(lookUps.count).toBe(2 * once)
})

test('names and the topics of a regular expression are joined', () => {
  const { host } = hostWith(5)
  const group = new ConsumerGroup('g')
  group.put({ ...memberOf('a', 2), subscribedTopicRegex: 't.*' })
  group.regexes.set('t.*', { topics: ['t1', 't4', 'gone'], version: 1, timestamp: 1 })
  const ids = subscribedTopicIds({ host, metadataVersion: 1 }, group, group.members.get('a')!)
  expect([...ids].sort()).toEqual(['id-of-t0', 'id-of-t1', 'id-of-t4'])
})

test('NAMED-TOPICS-2: a group with more names than there are topics is looked up by the topics', () => {
  const { host, lookUps } = hostWith(3)
  const group = new ConsumerGroup('g')
  group.put(memberOf('a', 5000))
  group.put(memberOf('b', 5000, 2))
  expect(existingTopics(host, group)).toEqual(['t0', 't1', 't2'])
  expect(lookUps.count).toBeLessThan(10)
  const few = new ConsumerGroup('few')
  few.put(memberOf('a', 20))
  expect(existingTopics(host, few)).toEqual(['t0', 't1', 't2'])
})

test('equal lists of a group are one object, which a copy of the group shares', () => {
  const group = new ConsumerGroup('g')
  group.put(memberOf('a', 3))
  group.put(memberOf('b', 3))
  const copy = group.copy()
  copy.put(memberOf('c', 3))
  copy.put(memberOf('d', 2))
  const names = (id: string) => copy.members.get(id)!.subscribedTopicNames
  expect([names('b') === names('a'), names('c') === names('a'), names('d')]).toEqual([
    true,
    true,
    ['t0', 't1'],
  ])
  expect([distinctCount(names('a')), distinctCount(['x', 'x', 'y'])]).toEqual([3, 2])
})
