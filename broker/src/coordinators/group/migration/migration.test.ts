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

/** An older process: it speaks the classic protocol, with the bytes that consumers write. */
class OldMember {
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

  /** In a classic group this member leads, alone: it takes both partitions of t. */
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
    let told = ''
    this.stage.coordinator.syncGroup(
      request,
      { apiVersion: 5, clientId: 'old', clientHost: '/h' },
      (answer) => {
        told = errorName(answer.errorCode ?? 0)
        if (answer.errorCode || !answer.assignment) return
        this.owned = decodeAssignment(answer.assignment).assignedPartitions
        told = `generation ${this.generation} reads ${this.owned.map(({ partitions }) => partitions.join()).join() || 'nothing'}`
      },
    )
    return told
  }

  beat(): string {
    let told = ''
    const { memberId, generation: generationId } = this
    const request = { groupId: GROUP, generationId, memberId, groupInstanceId: null }
    this.stage.coordinator.heartbeat(
      request,
      { apiVersion: 4, clientId: 'old', clientHost: '/h' },
      (error) => {
        told = errorName(error)
      },
    )
    return told
  }

  leave(): void {
    const members = [{ memberId: this.memberId, groupInstanceId: null }]
    this.stage.coordinator.leaveGroup(GROUP, members, () => {})
  }
}

/** A newer process: its heartbeat at its present epoch, and what it is then told to read. */
class NewMember {
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

  beat(): string {
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
    let told = ''
    this.stage.coordinator.consumerGroupHeartbeat(request, client, (answer) => {
      if (answer.errorCode) {
        told = errorName(answer.errorCode)
        return
      }
      told = 'NONE'
      if (memberEpoch < 0) return
      this.epoch = answer.memberEpoch ?? 0
      this.owned = [...(answer.assignment?.topicPartitions ?? [])]
      told = `epoch ${this.epoch} reads ${this.owned.map(({ partitions = [] }) => partitions.join()).join() || 'nothing'}`
    })
    return told
  }
}

test('a classic group takes a new member in, shares with it, and goes on without the old one', () => {
  const stage = new GroupStage(DEFAULTS)
  const old = new OldMember(stage)
  expect(old.rejoin()).toBe('generation 1 reads 0,1')

  const young = new NewMember(stage)
  expect(young.beat()).toBe('epoch 2 reads nothing')
  // The old one learns by its heartbeat, joins with what it has, and is told to have less.
  expect(old.beat()).toBe('REBALANCE_IN_PROGRESS')
  expect(old.rejoin()).toBe('generation 1 reads 0')
  expect(young.beat()).toBe('epoch 2 reads nothing')
  // It has given up the rest and joins again: now it reaches the group's epoch.
  expect(old.rejoin()).toBe('generation 2 reads 0')
  expect(old.beat()).toBe('NONE')
  expect(young.beat()).toBe('epoch 2 reads 1')

  // All this is in the log: a restart changes nothing.
  stage.restart()
  expect(old.beat()).toBe('NONE')
  expect(young.beat()).toBe('epoch 2 reads 1')

  old.leave()
  expect(young.beat()).toBe('epoch 3 reads 0,1')
  expect(old.beat()).toBe('UNKNOWN_MEMBER_ID')
})

test('when the last new member goes the group is classic again, and rebalances', () => {
  const stage = new GroupStage(DEFAULTS)
  const old = new OldMember(stage)
  old.rejoin()
  const young = new NewMember(stage)
  young.beat()
  old.rejoin()
  old.rejoin()
  expect(young.beat()).toBe('epoch 2 reads 1')

  expect(young.leave()).toBe('NONE')
  expect(stateOf(stage)).toBe('PreparingRebalance')
  expect(old.beat()).toBe('REBALANCE_IN_PROGRESS')
  expect(old.rejoin()).toBe('generation 3 reads 0,1')
  expect(stateOf(stage)).toBe('Stable')
  expect(young.beat()).toBe('GROUP_ID_NOT_FOUND')

  // The log says so, too.
  stage.restart()
  expect(stateOf(stage)).toBe('Stable')
})

test('a broker that was told so does not turn groups: the classic member goes on in the new one', () => {
  const stage = new GroupStage({ ...DEFAULTS, consumerMigrationPolicy: 'upgrade' })
  const old = new OldMember(stage)
  old.rejoin()
  const young = new NewMember(stage)
  young.beat()
  expect(young.leave()).toBe('NONE')
  expect(stateOf(stage)).toBe('GROUP_ID_NOT_FOUND')
  expect(old.beat()).toBe('REBALANCE_IN_PROGRESS')

  const closed = new GroupStage({ ...DEFAULTS, consumerMigrationPolicy: 'disabled' })
  new OldMember(closed).rejoin()
  expect(new NewMember(closed).beat()).toBe('GROUP_ID_NOT_FOUND')
})

test('OFFSET-COMMIT-3: KIP-1251: commits at an older epoch count as long as the partition was the member’s own', () => {
  const stage = new GroupStage(DEFAULTS)
  const [first, second] = [new NewMember(stage, 'a'), new NewMember(stage, 'b')]
  expect(first.beat()).toBe('epoch 2 reads 0,1')
  second.beat()
  first.beat()
  first.beat()
  expect(second.beat()).toBe('epoch 3 reads 1')

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
    expireTimestamp: undefined,
    errorCode: ErrorCode.NONE,
  }
  const committer = { groupId: GROUP, memberId, groupInstanceId: null, generationId: epoch, apiVersion: 9 }
  stage.coordinator.commitOffsets(committer, [one], () => {})
  return errorName(one.errorCode)
}

function stateOf(stage: GroupStage): string {
  let told = ''
  stage.coordinator.describeGroup(GROUP, 6, ({ groupState = '', errorCode }) => {
    told = errorCode ? errorName(errorCode) : groupState
  })
  return told
}

test('GROUP-UPGRADE-1: a group that is not of consumers stays classic, and says so', () => {
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
  expect(new NewMember(stage).beat()).toBe('GROUP_ID_NOT_FOUND')
})

test('GROUP-UPGRADE-2, GROUP-DOWNGRADE-1: what the group was goes in the batch that says what it is', () => {
  const stage = new GroupStage(DEFAULTS)
  const old = new OldMember(stage)
  old.rejoin()
  stage.effects = []
  const young = new NewMember(stage)
  young.beat()
  expect(stage.effects).toHaveLength(1)
  expect(stage.effects[0]).toMatch(/^log: g gone, member old-.*, member new, epoch/)
  stage.effects = []
  young.leave()
  expect(stage.effects).toHaveLength(1)
  expect(stage.effects[0]).toMatch(/^log: .*no member new.*, no epoch, g generation/)
})

test('GROUP-DOWNGRADE-2: an empty group is of whatever protocol comes next', () => {
  const stage = new GroupStage(DEFAULTS)
  const young = new NewMember(stage)
  young.beat()
  expect(young.leave()).toBe('NONE')
  expect(stateOf(stage)).toBe('GROUP_ID_NOT_FOUND')
  expect(new OldMember(stage).rejoin()).toBe('generation 1 reads 0,1')
  expect(stateOf(stage)).toBe('Stable')
})

test('CLASSIC-MEMBERS-1: a classic member that does not join again in time is removed', () => {
  const stage = new GroupStage(DEFAULTS)
  const old = new OldMember(stage)
  old.rejoin()
  const young = new NewMember(stage)
  young.beat()
  const pass = (ms: number): string => {
    stage.wait(ms)
    young.beat()
    return old.beat()
  }
  expect([0, 30_000, 29_000, 1000].map(pass)).toEqual([
    ...Array(3).fill('REBALANCE_IN_PROGRESS'),
    'UNKNOWN_MEMBER_ID',
  ])
})
