import { expect, test } from 'vitest'
import { ORDERS_ID, ReplicaCluster } from '../../../test/replica-fixtures.ts'

test('PARTITION-AFTER-1: each change increases the partition epoch; one that names a leader, even the same, the leader epoch', () => {
  const cluster = new ReplicaCluster({ brokers: [1, 2], replicas: [[1, 2]] })
  const change = (value: { isr?: readonly number[]; leader?: number }): void =>
    cluster.replay([
      {
        name: 'PartitionChangeRecord',
        version: 2,
        value: { topicId: ORDERS_ID, partitionId: 0, ...value },
      },
    ])
  change({ isr: [1] })
  expect(cluster.partition()).toMatchObject({ isr: [1], leader: 1, leaderEpoch: 0, partitionEpoch: 1 })
  change({ leader: 1 })
  expect(cluster.partition()).toMatchObject({ isr: [1], leader: 1, leaderEpoch: 1, partitionEpoch: 2 })
})
