/**
 * A request meets a group: which protocol does each of them speak?
 *
 *   request          no such group        classic group             KIP-848 group
 *   JoinGroup        makes a classic one  classic-join              empty: turns classic; else classic-in-consumer
 *   SyncGroup        UNKNOWN_MEMBER_ID    classic-sync              classic-in-consumer
 *   Heartbeat        UNKNOWN_MEMBER_ID    classic-membership        classic-in-consumer
 *   LeaveGroup       UNKNOWN_MEMBER_ID    classic-membership        classic-in-consumer
 *   ConsumerGroupHeartbeat
 *     epoch 0        makes a KIP-848 one  group-upgrade, or         consumer-heartbeat
 *                                         GROUP_ID_NOT_FOUND
 *     epoch > 0      GROUP_ID_NOT_FOUND   GROUP_ID_NOT_FOUND        consumer-heartbeat
 *     epoch < 0      GROUP_ID_NOT_FOUND   GROUP_ID_NOT_FOUND        consumer-membership
 */
import type { HeartbeatRequest } from '../../messages/heartbeat.ts'
import type { SyncGroupRequest } from '../../messages/sync-group.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { ClassicGroup, type SyncDone } from './classic/classic-group.ts'
import { type Joining, joinClassic } from './classic/join.ts'
import { heartbeatClassic, type Leaving, leaveClassic } from './classic/membership.ts'
import { syncClassic } from './classic/sync.ts'
import { ConsumerGroup } from './consumer/consumer-group.ts'
import { ConsumerDraft } from './consumer/draft.ts'
import { type ConsumerHeartbeat, heartbeatConsumer } from './consumer/heartbeat.ts'
import { leaveConsumer } from './consumer/membership.ts'
import { consumerGroupTombstones } from './consumer/records.ts'
import { isLeaving, type Refusal } from './consumer/request-checks.ts'
import { groupRecord } from './group-records.ts'
import type { GroupShard } from './group-shard.ts'
import type { Group } from './group-state.ts'
import {
  heartbeatConsumerGroup,
  joinConsumerGroup,
  leaveConsumerGroup,
  syncConsumerGroup,
} from './migration/classic-members.ts'
import { upgradeWith } from './migration/upgrade.ts'

export type LeaveDone = (error: ErrorCode, codes: readonly ErrorCode[]) => void

export function join(shard: GroupShard, joining: Joining): void {
  const { groupId, memberId } = joining.request
  const group = shard.groups.get(groupId)
  if (group?.kind === 'classic') return joinClassic(shard, group, joining)
  if (group && group.state !== 'Empty') return joinConsumerGroup(shard, group, joining)
  if (memberId !== '') return joining.done({ errorCode: ErrorCode.UNKNOWN_MEMBER_ID, memberId })
  createClassic(shard, groupId, group, (errorCode, created) => {
    if (errorCode !== ErrorCode.NONE) return joining.done({ errorCode, memberId })
    joinClassic(shard, created, joining)
  })
}

/** A new classic group, in the log before anyone joins it; an empty KIP-848 group makes way. */
function createClassic(
  shard: GroupShard,
  groupId: string,
  replaced: ConsumerGroup | undefined,
  done: (error: ErrorCode, group: ClassicGroup) => void,
): void {
  const group = new ClassicGroup(groupId, shard.now())
  const tombstones = replaced ? consumerGroupTombstones(replaced) : []
  shard.write(groupId, [...tombstones, groupRecord(group)], (error) => {
    if (error === ErrorCode.NONE) shard.groups.set(groupId, group)
    done(error, group)
  })
}

export function sync(shard: GroupShard, request: SyncGroupRequest, done: SyncDone): void {
  const group = shard.groups.get(request.groupId)
  if (!group) return done({ errorCode: ErrorCode.UNKNOWN_MEMBER_ID })
  if (group.kind === 'consumer') return done(syncConsumerGroup(shard, group, request))
  syncClassic(shard, group, request, done)
}

export function heartbeat(shard: GroupShard, request: HeartbeatRequest): ErrorCode {
  const group = shard.groups.get(request.groupId)
  if (!group) return ErrorCode.UNKNOWN_MEMBER_ID
  if (group.kind === 'consumer') return heartbeatConsumerGroup(shard, group, request)
  return heartbeatClassic(shard, group, request)
}

export function leave(
  shard: GroupShard,
  groupId: string,
  members: readonly Leaving[],
  done: LeaveDone,
): void {
  const group = shard.groups.get(groupId)
  if (group?.kind === 'consumer') return leaveConsumerGroup(shard, group, members, done)
  const codes = group && leaveClassic(shard, group, members)
  done(ErrorCode.NONE, codes ?? members.map(() => ErrorCode.UNKNOWN_MEMBER_ID))
}

export function consumerHeartbeat(shard: GroupShard, beat: ConsumerHeartbeat): void {
  const { request, done } = beat
  const { groupId, memberId, memberEpoch } = request
  const group = shard.groups.get(groupId)
  const refuse = (): void => done(notFound(groupId, group, memberEpoch))
  if (group?.kind === 'consumer') {
    if (!isLeaving(memberEpoch)) return heartbeatConsumer(shard, new ConsumerDraft(group), beat)
    return leaveConsumer(shard, group, request, (left) =>
      done(left.errorCode ? left : { memberId, memberEpoch }),
    )
  }
  if (memberEpoch !== 0) return refuse()
  if (group) return upgradeWith(shard, group, beat)
  heartbeatConsumer(shard, new ConsumerDraft(new ConsumerGroup(groupId)), beat)
}

function notFound(groupId: string, known: Group | undefined, memberEpoch: number): Refusal {
  const missing = `${isLeaving(memberEpoch) ? 'Group' : 'Consumer group'} ${groupId} not found.`
  const errorMessage = known ? `Group ${groupId} is not a consumer group.` : missing
  return { errorCode: ErrorCode.GROUP_ID_NOT_FOUND, errorMessage }
}
