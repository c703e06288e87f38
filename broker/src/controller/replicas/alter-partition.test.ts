import { describe, expect, test } from 'vitest'
import { ORDERS_ID, ReplicaCluster } from '../../../test/replica-fixtures.ts'
import { ErrorCode, errorName, KafkaError } from '../../wire/errors.ts'
import { decideAlterPartition } from './alter-partition.ts'
import { decideFenced } from './broker-changes.ts'
import { decideReassignment } from './reassign.ts'

const RECOVERING = 1
const NEWEST = 3

interface Proposal {
  isr: readonly (number | readonly [broker: number, epoch: number])[]
  leaderEpoch?: number
  partitionEpoch?: number
  leaderRecoveryState?: number
  from?: number
  fromEpoch?: number
  topicId?: string
  apiVersion?: number
}

/** Proposes an ISR for partition 0, replays what was decided, and returns the error's name, or the new partition. */
function propose(cluster: ReplicaCluster, proposal: Proposal) {
  const { leaderEpoch, partitionEpoch, leader } = cluster.partition()
  const { isr, from = leader, apiVersion = NEWEST } = proposal
  const members = isr.map((each) => (typeof each === 'number' ? [each, 10 * each] : each))
  const { records, topics } = decideAlterPartition(
    cluster.context,
    {
      brokerId: from,
      brokerEpoch: proposal.fromEpoch ?? 10 * from,
      topics: [
        {
          topicId: proposal.topicId ?? ORDERS_ID,
          partitions: [
            {
              partitionIndex: 0,
              leaderEpoch: proposal.leaderEpoch ?? leaderEpoch,
              partitionEpoch: proposal.partitionEpoch ?? partitionEpoch,
              leaderRecoveryState: proposal.leaderRecoveryState ?? 0,
              newIsr: members.map(([brokerId]) => brokerId!),
              newIsrWithEpochs: members.map(([brokerId, brokerEpoch]) => ({
                brokerId: brokerId!,
                brokerEpoch: brokerEpoch!,
              })),
            },
          ],
        },
      ],
    },
    apiVersion,
  )
  cluster.replay(records)
  const { errorCode, after } = topics[0]!.partitions[0]!
  if (errorCode !== ErrorCode.NONE) return errorName(errorCode)
  expect(after).toEqual(cluster.partition())
  return after
}

const three = () => new ReplicaCluster({ brokers: [1, 2, 3], replicas: [[1, 2, 3]], minIsr: 2 })

describe('AlterPartition', () => {
  test('shrinks and expands the ISR; the partition epoch increases, the leader epoch does not', () => {
    const cluster = three()
    expect(propose(cluster, { isr: [1, 2] })).toMatchObject({
      isr: [1, 2],
      partitionEpoch: 1,
      leaderEpoch: 0,
    })
    expect(propose(cluster, { isr: [1, 2, 3] })).toMatchObject({ isr: [1, 2, 3], partitionEpoch: 2 })
  })

  test('ALTER-PARTITION-1: an older state of the partition is refused (R10)', () => {
    const cluster = three()
    propose(cluster, { isr: [1, 2] })
    expect(propose(cluster, { isr: [1, 3], partitionEpoch: 0 })).toBe('INVALID_UPDATE_VERSION')
    expect(propose(cluster, { isr: [1, 3], partitionEpoch: 7 })).toBe('NOT_CONTROLLER')
    expect(propose(cluster, { isr: [1, 3], leaderEpoch: 7 })).toBe('NOT_CONTROLLER')
    cluster.replay(decideFenced(cluster.context, 1))
    expect(cluster.partition()).toMatchObject({ leader: 2, leaderEpoch: 1 })
    expect(propose(cluster, { isr: [1, 2], leaderEpoch: 0, from: 1 })).toBe('FENCED_LEADER_EPOCH')
    expect(propose(cluster, { isr: [2, 3], from: 3 })).toBe('INVALID_REQUEST')
  })

  test('ALTER-PARTITION-2: a replica that is fenced, shuts down or came back since is refused (R9)', () => {
    const cluster = three()
    propose(cluster, { isr: [1, 2] })
    cluster.setBroker(3, { epoch: 99 })
    expect(propose(cluster, { isr: [1, 2, [3, 30]] })).toBe('INELIGIBLE_REPLICA')
    // Version 2 has no epochs, and version 3 may leave one out.
    expect(propose(cluster, { isr: [1, 2, [3, -1]] })).toMatchObject({ isr: [1, 2, 3] })
    propose(cluster, { isr: [1, 2] })
    expect(propose(cluster, { isr: [1, 2, [3, 30]], apiVersion: 2 })).toMatchObject({ isr: [1, 2, 3] })
    propose(cluster, { isr: [1, 2] })
    cluster.setBroker(3, { fenced: true })
    expect(propose(cluster, { isr: [1, 2, 3] })).toBe('INELIGIBLE_REPLICA')
    cluster.setBroker(3, { inControlledShutdown: true })
    expect(propose(cluster, { isr: [1, 2, 3] })).toBe('INELIGIBLE_REPLICA')
  })

  test('ALTER-PARTITION-3: no ISR without the leader, with strangers, or with a replica twice', () => {
    const cluster = three()
    expect(propose(cluster, { isr: [2, 3] })).toBe('INVALID_REQUEST')
    expect(propose(cluster, { isr: [1, 4] })).toBe('INVALID_REQUEST')
    expect(propose(cluster, { isr: [1, 1] })).toBe('INVALID_REQUEST')
    expect(propose(cluster, { isr: [] })).toBe('INVALID_REQUEST')
    expect(propose(cluster, { isr: [1], leaderRecoveryState: RECOVERING })).toBe('INVALID_REQUEST')
  })

  test('a leader that recovers from an unclean election is alone until it says that it has', () => {
    const cluster = new ReplicaCluster({
      brokers: [1, 2],
      replicas: [[1, 2]],
      uncleanElections: true,
      isElrEnabled: false,
    })
    propose(cluster, { isr: [1] })
    cluster.replay(decideFenced(cluster.context, 1))
    expect(cluster.partition()).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: RECOVERING })
    cluster.setBroker(1)
    expect(propose(cluster, { isr: [2, 1], leaderRecoveryState: RECOVERING })).toBe('INVALID_REQUEST')
    expect(propose(cluster, { isr: [2, 1] })).toMatchObject({ isr: [2, 1], leaderRecoveryState: 0 })
  })

  test('below min.insync.replicas the ELR keeps who left', () => {
    const cluster = three()
    expect(propose(cluster, { isr: [1] })).toMatchObject({ isr: [1], elr: [2, 3] })
    expect(propose(cluster, { isr: [1, 2] })).toMatchObject({ isr: [1, 2], elr: [] })
  })

  test('a change that ends a reassignment may take the lead from the one who reports it', () => {
    const cluster = new ReplicaCluster({ brokers: [1, 2, 3, 4], replicas: [[1, 2]] })
    cluster.replay([decideReassignment(cluster.context, 'orders', 0, [3, 4])!])
    expect(cluster.partition()).toMatchObject({ replicas: [3, 4, 1, 2], adding: [3, 4], removing: [1, 2] })
    expect(propose(cluster, { isr: [1, 2, 3] })).toMatchObject({ leader: 1 })
    expect(propose(cluster, { isr: [1, 2, 3, 4] })).toBe('NEW_LEADER_ELECTED')
    expect(cluster.partition()).toMatchObject({
      replicas: [3, 4],
      isr: [3, 4],
      leader: 3,
      adding: [],
      removing: [],
    })
  })

  test('an unknown topic, and a sender of another epoch', () => {
    expect(propose(three(), { isr: [1], topicId: 'ZZZZZZZZZZZZZZZZZZZZZA' })).toBe('UNKNOWN_TOPIC_ID')
    expect(() => propose(three(), { isr: [1], fromEpoch: 9 })).toThrow(KafkaError)
  })
})
