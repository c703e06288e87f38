import { expect, test } from 'vitest'
import { GROUP, GroupStage } from '../../../../test/group-fixtures.ts'
import {
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
  decodeAssignment,
} from '../../../messages/records/consumer-protocol.ts'
import { ErrorCode, errorName } from '../../../wire/errors.ts'
import { Writer } from '../../../wire/writer.ts'
import { type GroupConfig, KAFKA_DEFAULTS } from '../group-config.ts'
import type { Commit } from '../offsets/commit.ts'

const DEFAULTS: GroupConfig = {
  ...KAFKA_DEFAULTS,
  initialRebalanceDelayMs: 0,
  consumerAssignmentIntervalMs: 0,
}

/** A client with the classic protocol, with subscriptions as consumers encode them. */
class ClassicClient {
  memberId = ''
  generation = -1
  owned: { topic: string; partitions: number[] }[] = []
  private readonly stage: GroupStage

  constructor(stage: GroupStage) {
    this.stage = stage
  }

  /** JoinGroup and SyncGroup, as a client does after REBALANCE_IN_PROGRESS. */
  rejoin(): string {
    let error = this.join()
    if (error === 'MEMBER_ID_REQUIRED') error = this.join()
    this.stage.wait(0)
    return error === 'NONE' ? this.sync() : error
  }

  private join(): string {
    let error = 'NONE'
    const subscription = new Writer()
    subscription.int16(2)
    const content = { topics: ['t'], ownedPartitions: this.owned, generationId: this.generation }
    ConsumerProtocolSubscription.encode(subscription, 2, content)
    const request = {
      groupId: GROUP,
      sessionTimeoutMs: 45_000,
      rebalanceTimeoutMs: 60_000,
      memberId: this.memberId,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'cooperative-sticky', metadata: subscription.toBytes() }],
      reason: null,
    }
    this.stage.coordinator.joinGroup(
      request,
      { apiVersion: 9, clientId: 'old', clientHost: '/h' },
      (answer) => {
        error = errorName(answer.errorCode ?? 0)
        this.memberId = answer.memberId ?? ''
        if (error === 'NONE') this.generation = answer.generationId ?? -1
      },
    )
    return error
  }

  /** In a classic group this member is the only one and the leader: it assigns both partitions of t to itself. */
  private sync(): string {
    const all = new Writer()
    all.int16(2)
    const assignedPartitions = [{ topic: 't', partitions: [0, 1] }]
    ConsumerProtocolAssignment.encode(all, 2, { assignedPartitions, userData: null })
    const request = {
      groupId: GROUP,
      generationId: this.generation,
      memberId: this.memberId,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocolName: 'cooperative-sticky',
      assignments: [{ memberId: this.memberId, assignment: all.toBytes() }],
    }
    let result = ''
    this.stage.coordinator.syncGroup(
      request,
      { apiVersion: 5, clientId: 'old', clientHost: '/h' },
      (answer) => {
        result = errorName(answer.errorCode ?? 0)
        if (answer.errorCode || !answer.assignment) return
        this.owned = decodeAssignment(answer.assignment).assignedPartitions
        result = `generation ${this.generation} reads ${this.owned.map(({ partitions }) => partitions.join()).join() || 'nothing'}`
      },
    )
    return result
  }

  heartbeat(): string {
    let result = ''
    const { memberId, generation: generationId } = this
    const request = { groupId: GROUP, generationId, memberId, groupInstanceId: null }
    this.stage.coordinator.heartbeat(
      request,
      { apiVersion: 4, clientId: 'old', clientHost: '/h' },
      (error) => {
        result = errorName(error)
      },
    )
    return result
  }

  leave(): void {
    const members = [{ memberId: this.memberId, groupInstanceId: null }]
    this.stage.coordinator.leaveGroup(GROUP, members, () => {})
  }
}

/** A client with the KIP-848 protocol: it sends heartbeats and keeps the assignment of the responses. */
class ConsumerClient {
  epoch = 0
  private owned: { topicId?: string; partitions?: readonly number[] }[] = []
  private readonly stage: GroupStage
  private readonly memberId: string

  constructor(stage: GroupStage, memberId = 'new') {
    this.stage = stage
    this.memberId = memberId
  }

  leave(): string {
    return this.send(-1)
  }

  heartbeat(): string {
    return this.send(this.epoch)
  }

  private send(memberEpoch: number): string {
    const request = {
      groupId: GROUP,
      memberId: this.memberId,
      memberEpoch,
      instanceId: null,
      rackId: null,
      rebalanceTimeoutMs: 60_000,
      subscribedTopicNames: ['t'],
      subscribedTopicRegex: null,
      serverAssignor: null,
      topicPartitions: this.owned.map(({ topicId = '', partitions = [] }) => ({
        topicId,
        partitions: [...partitions],
      })),
    }
    const client = { apiVersion: 1, clientId: 'new', clientHost: '/h' }
    let result = ''
    this.stage.coordinator.consumerGroupHeartbeat(request, client, (answer) => {
      if (answer.errorCode) {
        result = errorName(answer.errorCode)
        return
      }
      result = 'NONE'
      if (memberEpoch < 0) return
      this.epoch = answer.memberEpoch ?? 0
      this.owned = [...(answer.assignment?.topicPartitions ?? [])]
      result = `epoch ${this.epoch} reads ${this.owned.map(({ partitions = [] }) => partitions.join()).join() || 'nothing'}`
    })
    return result
  }
}

test('a classic group is converted by its first KIP-848 member, shares the partitions, and continues without the classic one', () => {
  const stage = new GroupStage(DEFAULTS)
  const classic = new ClassicClient(stage)
  expect(classic.rejoin()).toBe('generation 1 reads 0,1')

  const consumer = new ConsumerClient(stage)
  expect(consumer.heartbeat()).toBe('epoch 2 reads nothing')
  // The classic member learns of the rebalance from its heartbeat, joins, and gets fewer partitions.
  expect(classic.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
  expect(classic.rejoin()).toBe('generation 1 reads 0')
  expect(consumer.heartbeat()).toBe('epoch 2 reads nothing')
  // It has revoked the rest and joins again: now it reaches the group epoch.
  expect(classic.rejoin()).toBe('generation 2 reads 0')
  expect(classic.heartbeat()).toBe('NONE')
  expect(consumer.heartbeat()).toBe('epoch 2 reads 1')

  // A restart restores all of this from the log.
  stage.restart()
  expect(classic.heartbeat()).toBe('NONE')
  expect(consumer.heartbeat()).toBe('epoch 2 reads 1')

  classic.leave()
  expect(consumer.heartbeat()).toBe('epoch 3 reads 0,1')
  expect(classic.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
})

test('when the last KIP-848 member leaves, the group is converted to a classic group, and rebalances', () => {
  const stage = new GroupStage(DEFAULTS)
  const classic = new ClassicClient(stage)
  classic.rejoin()
  const consumer = new ConsumerClient(stage)
  consumer.heartbeat()
  classic.rejoin()
  classic.rejoin()
  expect(consumer.heartbeat()).toBe('epoch 2 reads 1')

  expect(consumer.leave()).toBe('NONE')
  expect(stateOf(stage)).toBe('PreparingRebalance')
  expect(classic.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
  expect(classic.rejoin()).toBe('generation 3 reads 0,1')
  expect(stateOf(stage)).toBe('Stable')
  expect(consumer.heartbeat()).toBe('GROUP_ID_NOT_FOUND')

  // The conversion is in the log, too.
  stage.restart()
  expect(stateOf(stage)).toBe('Stable')
})

test('group.consumer.migration.policy: without "downgrade" the group stays a KIP-848 group', () => {
  const stage = new GroupStage({ ...DEFAULTS, consumerMigrationPolicy: 'upgrade' })
  const classic = new ClassicClient(stage)
  classic.rejoin()
  const consumer = new ConsumerClient(stage)
  consumer.heartbeat()
  expect(consumer.leave()).toBe('NONE')
  expect(stateOf(stage)).toBe('GROUP_ID_NOT_FOUND')
  expect(classic.heartbeat()).toBe('REBALANCE_IN_PROGRESS')

  const closed = new GroupStage({ ...DEFAULTS, consumerMigrationPolicy: 'disabled' })
  new ClassicClient(closed).rejoin()
  expect(new ConsumerClient(closed).heartbeat()).toBe('GROUP_ID_NOT_FOUND')
})

test('OFFSET-COMMIT-3: KIP-1251: a commit at an older epoch is accepted if the member has owned the partition since that epoch', () => {
  const stage = new GroupStage(DEFAULTS)
  const [first, second] = [new ConsumerClient(stage, 'a'), new ConsumerClient(stage, 'b')]
  expect(first.heartbeat()).toBe('epoch 2 reads 0,1')
  second.heartbeat()
  first.heartbeat()
  first.heartbeat()
  expect(second.heartbeat()).toBe('epoch 3 reads 1')

  expect(commit(stage, { memberId: 'a', epoch: 3, partition: 0 })).toBe('NONE')
  expect(commit(stage, { memberId: 'a', epoch: 2, partition: 0 })).toBe('NONE')
  expect(commit(stage, { memberId: 'a', epoch: 1, partition: 0 })).toBe('STALE_MEMBER_EPOCH')
  expect(commit(stage, { memberId: 'a', epoch: 2, partition: 1 })).toBe('STALE_MEMBER_EPOCH')
  expect(commit(stage, { memberId: 'b', epoch: 2, partition: 1 })).toBe('STALE_MEMBER_EPOCH')
  expect(commit(stage, { memberId: 'b', epoch: 4, partition: 1 })).toBe('STALE_MEMBER_EPOCH')
})

interface Committing {
  readonly memberId: string
  readonly epoch: number
  readonly partition: number
}

function commit(stage: GroupStage, { memberId, epoch, partition }: Committing): string {
  const one: Commit = {
    topic: 't',
    topicId: stage.topicId('t'),
    partition,
    offset: 5,
    leaderEpoch: -1,
    metadata: null,
    retentionMs: undefined,
    errorCode: ErrorCode.NONE,
  }
  const committer = { groupId: GROUP, memberId, groupInstanceId: null, generationId: epoch, apiVersion: 9 }
  stage.coordinator.commitOffsets(committer, [one], () => {})
  return errorName(one.errorCode)
}

function stateOf(stage: GroupStage): string {
  let result = ''
  stage.coordinator.describeGroup(GROUP, 6, ({ groupState = '', errorCode }) => {
    result = errorCode ? errorName(errorCode) : groupState
  })
  return result
}

test('GROUP-UPGRADE-1: a group of another protocol type than consumer is not converted', () => {
  const stage = new GroupStage(DEFAULTS)
  const protocols = [{ name: 'range', metadata: new Uint8Array(0) }]
  const request = {
    groupId: GROUP,
    sessionTimeoutMs: 45_000,
    rebalanceTimeoutMs: 60_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'connect',
    protocols,
    reason: null,
  }
  stage.coordinator.joinGroup(request, { apiVersion: 3, clientId: 'c', clientHost: '/h' }, () => {})
  stage.wait(0)
  expect(new ConsumerClient(stage).heartbeat()).toBe('GROUP_ID_NOT_FOUND')
})

test('GROUP-UPGRADE-2, GROUP-DOWNGRADE-1: the tombstones of the old group and the records of the new one are one batch', () => {
  const stage = new GroupStage(DEFAULTS)
  const classic = new ClassicClient(stage)
  classic.rejoin()
  stage.effects = []
  const consumer = new ConsumerClient(stage)
  consumer.heartbeat()
  expect(stage.effects).toHaveLength(1)
  expect(stage.effects[0]).toMatch(/^log: g gone, member old-.*, member new, epoch/)
  stage.effects = []
  consumer.leave()
  expect(stage.effects).toHaveLength(1)
  expect(stage.effects[0]).toMatch(/^log: .*no member new.*, no epoch, g generation/)
})

test('GROUP-DOWNGRADE-2: the next member of an empty group decides its protocol', () => {
  const stage = new GroupStage(DEFAULTS)
  const consumer = new ConsumerClient(stage)
  consumer.heartbeat()
  expect(consumer.leave()).toBe('NONE')
  expect(stateOf(stage)).toBe('GROUP_ID_NOT_FOUND')
  expect(new ClassicClient(stage).rejoin()).toBe('generation 1 reads 0,1')
  expect(stateOf(stage)).toBe('Stable')
})

test('CLASSIC-MEMBERS-1: a classic member that does not join again in time is removed', () => {
  const stage = new GroupStage(DEFAULTS)
  const classic = new ClassicClient(stage)
  classic.rejoin()
  const consumer = new ConsumerClient(stage)
  consumer.heartbeat()
  const pass = (ms: number): string => {
    stage.wait(ms)
    consumer.heartbeat()
    return classic.heartbeat()
  }
  expect([0, 30_000, 29_000, 1000].map(pass)).toEqual([
    ...Array(3).fill('REBALANCE_IN_PROGRESS'),
    'UNKNOWN_MEMBER_ID',
  ])
})

test('a group that was converted is served in its new form before that is committed', () => {
  const stage = new GroupStage(DEFAULTS)
  const classic = new ClassicClient(stage)
  classic.rejoin()
  const told: string[] = []
  const beat = (): void => {
    const { memberId, generation: generationId } = classic
    const request = { groupId: GROUP, generationId, memberId, groupInstanceId: null }
    const client = { apiVersion: 4, clientId: 'old', clientHost: '/h' }
    stage.coordinator.heartbeat(request, client, (error) => told.push(errorName(error)))
  }
  const consumer = new ConsumerClient(stage)
  // Its member is a member of the new group, too, and must join again to give up partitions.
  stage.slowDown()
  consumer.heartbeat()
  beat()
  expect(told).toEqual([])
  stage.catchUp()
  expect(told).toEqual(['REBALANCE_IN_PROGRESS'])
  expect(stateOf(stage)).toBe('GROUP_ID_NOT_FOUND')
  expect(classic.rejoin()).toBe('generation 1 reads 0')
  expect(classic.rejoin()).toBe('generation 2 reads 0')
  // And back: the classic group rebalances.
  stage.slowDown()
  consumer.leave()
  beat()
  expect(told).toHaveLength(1)
  stage.catchUp()
  expect(told.slice(1)).toEqual(['REBALANCE_IN_PROGRESS'])
  expect(stateOf(stage)).toBe('PreparingRebalance')
})
