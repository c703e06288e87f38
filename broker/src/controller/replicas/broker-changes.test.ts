import { describe, expect, test } from 'vitest'
import { ReplicaCluster } from '../../../test/replica-fixtures.ts'
import {
  decideControlledShutdown,
  decideFenced,
  decideUncleanShutdown,
  decideUnfenced,
  decideUnregistered,
  hasLeaderships,
} from './broker-changes.ts'
import { decideBalance, decideElection, decideUncleanElections } from './elections.ts'
import { decideReassignment, ongoingReassignments } from './reassign.ts'

const NO_LEADER = -1

const cluster = (options: Partial<ConstructorParameters<typeof ReplicaCluster>[0]> = {}) =>
  new ReplicaCluster({
    brokers: [1, 2, 3],
    replicas: [
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ],
    ...options,
  })

describe('a broker goes', () => {
  test('BROKER-CHANGES-1: fenced, it leads nothing and is in no ISR', () => {
    const three = cluster()
    three.replay(decideFenced(three.context, 1))
    expect(three.broker(1)).toMatchObject({ fenced: true })
    expect([0, 1, 2].map((index) => three.partition(index))).toMatchObject([
      { leader: 2, isr: [2, 3], leaderEpoch: 1 },
      { leader: 2, isr: [2, 3], leaderEpoch: 0 },
      { leader: 3, isr: [3, 2], leaderEpoch: 0 },
    ])
  })

  test('the last replica of a partition is eligible to lead again, and does when it is back', () => {
    const one = cluster({ replicas: [[1]] })
    one.replay(decideFenced(one.context, 1))
    expect(one.partition()).toMatchObject({ leader: NO_LEADER, isr: [], elr: [1], lastKnownElr: [1] })
    one.replay(decideUnfenced(one.context, 1))
    expect(one.broker(1)).toMatchObject({ fenced: false })
    expect(one.partition()).toMatchObject({
      leader: 1,
      isr: [1],
      elr: [],
      lastKnownElr: [],
      leaderRecoveryState: 0,
    })
  })

  test('in a controlled shutdown it is alive without partitions', () => {
    const three = cluster()
    expect(hasLeaderships(three.context, 1)).toBe(true)
    three.replay(decideControlledShutdown(three.context, 1))
    expect(three.broker(1)).toMatchObject({ fenced: false, inControlledShutdown: true })
    expect(three.partition()).toMatchObject({ leader: 2, isr: [2, 3] })
    expect(hasLeaderships(three.context, 1)).toBe(false)
    expect(decideControlledShutdown(three.context, 1)).toEqual([])
  })

  test('BROKER-CHANGES-2: after an unclean shutdown it is not eligible any more (R13)', () => {
    const three = cluster({ replicas: [[1, 2, 3]], minIsr: 2 })
    three.replay(decideFenced(three.context, 1))
    three.replay(decideFenced(three.context, 2))
    expect(three.partition()).toMatchObject({ leader: 3, isr: [3], elr: [2] })
    three.replay(decideUncleanShutdown(three.context, 2))
    expect(three.partition()).toMatchObject({ leader: 3, isr: [3], elr: [] })
    three.replay(decideUncleanShutdown(three.context, 3))
    expect(three.partition()).toMatchObject({ leader: NO_LEADER, isr: [], elr: [], lastKnownElr: [3] })
    three.setBroker(3, { fenced: true })
    three.replay(decideUnfenced(three.context, 2))
    expect(three.partition()).toMatchObject({ leader: NO_LEADER })
  })

  test('unregistered, it is unknown, and its partitions have other leaders', () => {
    const three = cluster()
    three.replay(decideUnregistered(three.context, 1))
    expect(three.broker(1)).toBeUndefined()
    expect(three.partition()).toMatchObject({ leader: 2, isr: [2, 3] })
  })
})

describe('elections', () => {
  test('a preferred election brings the lead back, one by request or all of them in a balance', () => {
    const three = cluster()
    expect(() => decideElection(three.context, 'orders', 0, 'preferred')).toThrow('not needed')
    expect(() => decideElection(three.context, 'orders', 9, 'preferred')).toThrow(
      'No such partition as orders-9',
    )
    expect(() => decideElection(three.context, 'none', 0, 'preferred')).toThrow('No such topic as none')
    three.replay(decideFenced(three.context, 1))
    expect(() => decideElection(three.context, 'orders', 0, 'preferred')).toThrow('was not available')
    three.replay(decideUnfenced(three.context, 1))
    expect(() => decideElection(three.context, 'orders', 0, 'preferred')).toThrow('was not available')
    const back = { topicId: 'AAAAAAAAAAAAAAAAAAAABA', partitionId: 0, isr: [2, 3, 1] }
    three.replay([{ name: 'PartitionChangeRecord', version: 2, value: back }])
    const { records, isAll } = decideBalance(three.context)
    expect(isAll).toBe(true)
    expect(records).toEqual([decideElection(three.context, 'orders', 0, 'preferred')])
    three.replay(records)
    expect(three.partition()).toMatchObject({ leader: 1, isr: [2, 3, 1] })
    expect(decideBalance(three.context).records).toEqual([])
  })

  test('ELECTIONS-OF-REPLICAS-1: one pass elects at most a thousand leaders', () => {
    const many = cluster({ replicas: Array.from({ length: 1500 }, () => [1, 2]) })
    many.replay(decideFenced(many.context, 1))
    many.replay(decideUnfenced(many.context, 1))
    const value = { topicId: 'AAAAAAAAAAAAAAAAAAAABA', isr: [2, 1] }
    many.replay(
      Array.from({ length: 1500 }, (_, partitionId) => ({
        name: 'PartitionChangeRecord',
        version: 2,
        value: { ...value, partitionId },
      })),
    )
    const first = decideBalance(many.context)
    expect([first.records.length, first.isAll]).toEqual([1000, false])
    many.replay(first.records)
    const second = decideBalance(many.context)
    expect([second.records.length, second.isAll]).toEqual([500, true])
  })

  test('an unclean election needs a partition without a leader, and by itself only where the topic allows it', () => {
    const options = { replicas: [[1, 2]], isElrEnabled: false }
    const safe = cluster(options)
    const value = { topicId: 'AAAAAAAAAAAAAAAAAAAABA', partitionId: 0, isr: [1] }
    safe.replay([{ name: 'PartitionChangeRecord', version: 2, value }])
    expect(() => decideElection(safe.context, 'orders', 0, 'unclean')).toThrow('not needed')
    safe.replay(decideFenced(safe.context, 1))
    expect(safe.partition()).toMatchObject({ leader: NO_LEADER, isr: [1] })
    expect(decideUncleanElections(safe.context).records).toEqual([])
    safe.replay([decideElection(safe.context, 'orders', 0, 'unclean')])
    expect(safe.partition()).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: 1 })

    const risky = cluster({ ...options, uncleanElections: true })
    risky.replay([{ name: 'PartitionChangeRecord', version: 2, value }])
    risky.setBroker(2, { fenced: true })
    risky.replay(decideFenced(risky.context, 1))
    expect(risky.partition()).toMatchObject({ leader: NO_LEADER })
    risky.setBroker(2)
    risky.replay(decideUncleanElections(risky.context).records)
    expect(risky.partition()).toMatchObject({ leader: 2, isr: [2] })
  })
})

describe('reassignments by request', () => {
  test('begin, are listed, and are cancelled', () => {
    const four = cluster({ brokers: [1, 2, 3, 4], replicas: [[1, 2]] })
    expect(() => decideReassignment(four.context, 'orders', 0, null)).toThrow('NO_REASSIGNMENT_IN_PROGRESS')
    four.replay([decideReassignment(four.context, 'orders', 0, [3, 1])!])
    expect(ongoingReassignments(four.context.image, 'orders', [0, 1])).toEqual([
      { partitionIndex: 0, replicas: [3, 1, 2], addingReplicas: [3], removingReplicas: [2] },
    ])
    four.replay([decideReassignment(four.context, 'orders', 0, null)!])
    expect(four.partition()).toMatchObject({ replicas: [1, 2], isr: [1, 2], adding: [], removing: [] })
    expect(ongoingReassignments(four.context.image, 'orders', [0])).toEqual([])
  })

  test('another order is complete at once, and keeps the leader', () => {
    const three = cluster({ replicas: [[1, 2, 3]] })
    three.replay([decideReassignment(three.context, 'orders', 0, [3, 2, 1])!])
    expect(three.partition()).toMatchObject({ replicas: [3, 2, 1], leader: 1, adding: [], removing: [] })
  })

  test('refused: unknown partitions and brokers, a broker twice, no replicas', () => {
    const { context } = cluster()
    expect(() => decideReassignment(context, 'none', 0, [1])).toThrow('Unable to find a topic named none.')
    expect(() => decideReassignment(context, 'orders', 9, [1])).toThrow('Unable to find partition orders:9.')
    expect(() => decideReassignment(context, 'orders', 0, [9])).toThrow('no such broker is registered')
    expect(() => decideReassignment(context, 'orders', 0, [1, 1])).toThrow('more than once')
    expect(() => decideReassignment(context, 'orders', 0, [])).toThrow('empty replica list')
  })

  test('REASSIGN-1: a cancellation that needs an unclean election is refused where the topic does not allow it', () => {
    const move = (four: ReplicaCluster) => {
      four.replay([decideReassignment(four.context, 'orders', 0, [3, 4])!])
      const value = { topicId: 'AAAAAAAAAAAAAAAAAAAABA', partitionId: 0, isr: [3], leader: 3 }
      four.replay([{ name: 'PartitionChangeRecord', version: 2, value }])
      return () => decideReassignment(four.context, 'orders', 0, null)
    }
    const options = { brokers: [1, 2, 3, 4], replicas: [[1, 2]] }
    expect(move(cluster(options))).toThrow('would require an unclean leader election')
    const risky = cluster({ ...options, uncleanElections: true })
    risky.replay([move(risky)()!])
    expect(risky.partition()).toMatchObject({ replicas: [1, 2], leader: 1, isr: [1] })
  })
})

describe('REPLICA-CONTEXT-1: a replica may lead', () => {
  test('if the directory of its partition is online, or not known yet', () => {
    const two = cluster({ brokers: [1, 2, 3], replicas: [[1, 2, 3]] })
    two.setBroker(2, { directories: ['CCCCCCCCCCCCCCCCCCCCCA'] })
    two.replay(decideFenced(two.context, 1))
    expect(two.partition()).toMatchObject({ leader: 3, isr: [2, 3] })
    const unknown = cluster({ brokers: [1, 2], replicas: [[1, 2]] })
    const value = {
      topicId: 'AAAAAAAAAAAAAAAAAAAABA',
      partitionId: 0,
      directories: ['AAAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAAAA'],
    }
    unknown.replay([{ name: 'PartitionChangeRecord', version: 2, value }])
    unknown.replay(decideFenced(unknown.context, 1))
    expect(unknown.partition()).toMatchObject({ leader: 2 })
  })
})
