/**
 * The topics that a group subscribes to. Every offset that is deleted or may have expired is checked against them, so they
 * are counted as members change, and not computed for every check.
 */
import { expect, test, vi } from 'vitest'
import { ClassicGroup } from '../classic/classic-group.ts'
import { ConsumerGroup, newMember } from './consumer-group.ts'

function member(memberId: string, names: string[], regex = '') {
  return { ...newMember(memberId), subscribedTopicNames: names, subscribedTopicRegex: regex }
}

const topics = (group: ConsumerGroup): string[] => [...new Set(group.subscribedTopics())].sort()

test('a topic is subscribed to until the last member that names it leaves or names other topics', () => {
  const group = new ConsumerGroup('g')
  group.put(member('x', ['a', 'b']))
  group.put(member('y', ['b', 'c']))
  expect(topics(group)).toEqual(['a', 'b', 'c'])
  expect(group.namedTopicCount).toBe(3)
  group.put({ ...group.members.get('x')!, memberEpoch: 3 })
  expect(topics(group)).toEqual(['a', 'b', 'c'])
  group.put(member('x', ['c']))
  expect(topics(group)).toEqual(['b', 'c'])
  group.remove('y')
  expect(topics(group)).toEqual(['c'])
  group.remove('x')
  expect(topics(group)).toEqual([])
})

test('the topics of a regular expression count as long as a member subscribes to it', () => {
  const group = new ConsumerGroup('g')
  group.put(member('x', ['a'], 'b.*'))
  group.put(member('y', [], 'b.*'))
  group.regexes.set('b.*', { topics: ['b1', 'b2'], version: 1, timestamp: 1 })
  expect(topics(group)).toEqual(['a', 'b1', 'b2'])
  expect(group.subscribersOf('b.*')).toBe(2)
  group.remove('x')
  expect(['a', 'b1', 'c'].map(group.subscriptionTest())).toEqual([false, true, false])
  group.put(member('y', ['c']))
  expect(['a', 'b1', 'c'].map(group.subscriptionTest())).toEqual([false, false, true])
})

test('a change of a copy does not change the original', () => {
  const group = new ConsumerGroup('g')
  group.put({ ...member('x', ['a'], 'b.*'), instanceId: 'i' })
  const copy = group.copy()
  copy.remove('x')
  copy.put(member('y', ['c']))
  expect([topics(group), topics(copy)]).toEqual([['a'], ['c']])
  expect([group.subscribersOf('b.*'), copy.subscribersOf('b.*')]).toEqual([1, 0])
  expect([group.staticMembers.size, copy.staticMembers.size]).toEqual([1, 0])
})

test('subscriptionTest decodes the subscriptions of a classic group once, for all its calls', () => {
  const group = new ClassicGroup('g', 0)
  group.protocolType = 'consumer'
  const read = vi.spyOn(group, 'subscribedTopics')
  const isSubscribedTo = group.subscriptionTest()
  for (let i = 0; i < 1000; i++) expect(isSubscribedTo(`t${i}`)).toBe(false)
  expect(read).toHaveBeenCalledTimes(1)
})
