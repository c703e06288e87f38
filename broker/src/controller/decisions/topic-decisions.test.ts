import { describe, expect, test } from 'vitest'
import { newTopic, testController } from '../../../test/controller-fixtures.ts'
import type { NewTopic } from './topic-decisions.ts'

/** The outcome of creating this topic in a cluster of two nodes with a topic `a.b`. */
function outcomeOf(topic: NewTopic): string {
  const { controller, settle, note, answers } = testController({ nodes: [1, 2] })
  controller.createTopic(newTopic('a.b'), () => {})
  controller.createTopic(topic, note(''))
  settle()
  return answers[0]!.slice(2)
}

const assignments = (...replicas: number[][]) =>
  replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }))
const config = (name: string, value: string | null) => ({ configs: [{ name, value }] })

describe('TOPIC-DECISIONS-1: names', () => {
  test.each(['a', 'A-z_0.9', 'x'.repeat(249), '...', '__mine'])('%s is a valid name', (name) => {
    expect(outcomeOf(newTopic(name))).toBe('NONE')
  })

  test.each([
    ['', 'the empty string is not allowed'],
    ['.', "'.' is not allowed"],
    ['..', "'..' is not allowed"],
    ['x'.repeat(250), `the length of '${'x'.repeat(250)}' is longer than the max allowed length 249`],
    ['ä', "'ä' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"],
    ['a\nb', "'a\nb' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"],
  ])('%j is none', (name, why) => {
    expect(outcomeOf(newTopic(name))).toBe(`INVALID_TOPIC_EXCEPTION Topic name is invalid: ${why}`)
  })

  test("metrics write '.' as '_': names that become equal collide", () => {
    const wanted = "INVALID_TOPIC_EXCEPTION Topic 'a_b' collides with existing topic: a.b"
    expect(outcomeOf(newTopic('a_b'))).toBe(wanted)
  })
})

describe('numbers and assignments', () => {
  test.each<[string, Partial<NewTopic>, string]>([
    ['no partition', { numPartitions: 0 }, 'INVALID_PARTITIONS'],
    ['fewer than none', { numPartitions: -2 }, 'INVALID_PARTITIONS'],
    ['ten thousand and one', { numPartitions: 10_001 }, 'POLICY_VIOLATION'],
    ['more than an array holds', { numPartitions: 2 ** 31 - 1 }, 'POLICY_VIOLATION'],
    ['no replica', { replicationFactor: 0 }, 'INVALID_REPLICATION_FACTOR'],
    ['more replicas than nodes', { replicationFactor: 3 }, 'INVALID_REPLICATION_FACTOR'],
    ['as many replicas as nodes', { replicationFactor: 2 }, 'NONE'],
    ['an assignment', { assignments: assignments([2], [1]) }, 'NONE'],
    ['an assignment and a number', { assignments: assignments([1]), numPartitions: 1 }, 'INVALID_REQUEST'],
    ['a node that is not there', { assignments: assignments([7]) }, 'INVALID_REPLICA_ASSIGNMENT'],
    ['a node twice', { assignments: assignments([1, 1]) }, 'INVALID_REPLICA_ASSIGNMENT'],
    ['nobody', { assignments: assignments([]) }, 'INVALID_REPLICA_ASSIGNMENT'],
    ['one replica here, two there', { assignments: assignments([1], [1, 2]) }, 'INVALID_REPLICA_ASSIGNMENT'],
    ['a gap', { assignments: [{ partitionIndex: 1, brokerIds: [1] }] }, 'INVALID_REPLICA_ASSIGNMENT'],
    ['a setting', config('cleanup.policy', 'compact,delete'), 'NONE'],
    ['an unknown setting', config('warp', '9'), 'INVALID_CONFIG'],
    ['a bad value', config('retention.ms', 'soon'), 'INVALID_CONFIG'],
    ['what needs other machinery', config('remote.storage.enable', 'true'), 'INVALID_CONFIG'],
    ['what is no list of replicas', config('leader.replication.throttled.replicas', 'x'), 'INVALID_CONFIG'],
    ['no value', config('retention.ms', null), 'INVALID_CONFIG'],
  ])('PARTITION-DECISIONS-2, TOPIC-DECISIONS-2: %s: %j is %s', (_name, topic, wanted) => {
    expect(outcomeOf(newTopic('new', topic))).toMatch(new RegExp(`^${wanted}\\b`))
  })
})
