import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Assignment, assignmentOf, difference, sizeOf, topicPartitionsOf } from './assignment.ts'
import type { AssignorMember } from './assignor.ts'
import { ASSIGNORS, assignUniform, inKafkaOrder } from './assignors.ts'

const MEMBERS = ['a', 'b', 'c', 'd']
const TOPICS = ['x', 'y', 'z'].map((letter) => `${letter.repeat(21)}A`)

/** Up to four members that subscribe to some of three topics, and up to seven partitions of each topic. */
const scene = fc.record({
  members: fc.array(fc.subarray(TOPICS), { minLength: 1, maxLength: MEMBERS.length }).map((lists) =>
    lists.map((topics, at): AssignorMember => {
      return { memberId: MEMBERS[at]!, instanceId: null, topics: new Set(topics), current: new Map() }
    }),
  ),
  counts: fc
    .tuple(fc.nat(7), fc.nat(7), fc.nat(7))
    .map((counts) => new Map(counts.map((count, at) => [TOPICS[at]!, count]))),
})

function all(result: ReadonlyMap<string, Assignment>): string[] {
  return [...result.values()]
    .flatMap((assignment) => topicPartitionsOf(assignment))
    .flatMap(({ topicId, partitions }) => partitions.map((partition) => `${topicId}-${partition}`))
    .sort()
}

describe.each([...ASSIGNORS])('%s', (_name, assign) => {
  test('ASSIGNORS-1: each partition of a subscribed topic is assigned to one member, which subscribes to the topic', () => {
    fc.assert(
      fc.property(scene, ({ members, counts }) => {
        const result = assign(members, counts)
        const wanted = [...counts].flatMap(([topic, count]) =>
          members.some(({ topics }) => topics.has(topic))
            ? Array.from({ length: count }, (_, at) => `${topic}-${at}`)
            : [],
        )
        expect(all(result)).toEqual(wanted.sort())
        for (const { memberId, topics } of members) {
          for (const topic of result.get(memberId)!.keys()) expect(topics.has(topic)).toBe(true)
        }
      }),
    )
  })
})

describe('uniform', () => {
  test('ASSIGNORS-3, UNIFORM-HOMOGENEOUS-1, UNIFORM-HETEROGENEOUS-3: no subscriber has two partitions more than another one that could get one of them', () => {
    fc.assert(
      fc.property(scene, ({ members, counts }) => {
        const result = assignUniform(members, counts)
        for (const from of members) {
          for (const to of members) {
            const shared = [...result.get(from.memberId)!.keys()].some((topic) => to.topics.has(topic))
            const difference = sizeOf(result.get(from.memberId)!) - sizeOf(result.get(to.memberId)!)
            if (shared) expect(difference).toBeLessThanOrEqual(1)
          }
        }
      }),
    )
  })

  test('UNIFORM-HOMOGENEOUS-2: when a second member joins, the first one keeps half of its partitions, and no other partition moves', () => {
    const current = assignmentOf([{ topicId: TOPICS[0]!, partitions: [0, 1, 2, 3, 4, 5] }])
    const topics = new Set([TOPICS[0]!])
    const members = [
      { memberId: 'a', instanceId: null, topics, current },
      { memberId: 'b', instanceId: null, topics, current: new Map() },
    ]
    const result = assignUniform(members, new Map([[TOPICS[0]!, 6]]))
    expect(sizeOf(difference(result.get('a')!, current))).toBe(0)
    expect([sizeOf(result.get('a')!), sizeOf(result.get('b')!)]).toEqual([3, 3])
  })
})

describe('ASSIGNORS-2: the order of the members', () => {
  test('is the iteration order of Java hash maps, as observed in Apache Kafka 4.3.1', () => {
    const member = (memberId: string): AssignorMember => ({
      memberId,
      instanceId: null,
      topics: new Set(),
      current: new Map(),
    })
    const served = (ids: string[], newcomer?: string) =>
      inKafkaOrder(ids.map(member), newcomer).map(({ memberId }) => memberId)
    const came = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
    expect(served(came).join(' ')).toBe('nine six four one seven ten two five three eight')
    expect(served(came, 'two').join(' ')).toBe('nine six four one seven ten five three two eight')
  })
})
