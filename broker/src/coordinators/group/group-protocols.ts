/**
 * Dispatches a request by the protocol of the request and the type of the group.
 *
 *   request          no group             classic group           KIP-848 group
 *   JoinGroup        creates a classic    classic/join.ts         empty: replaced by a classic one; else
 *                                                                 migration/classic-members.ts
 *   SyncGroup        UNKNOWN_MEMBER_ID    classic/rebalance.ts    migration/classic-members.ts
 *   Heartbeat        UNKNOWN_MEMBER_ID    classic/membership.ts   migration/classic-members.ts
 *   LeaveGroup       UNKNOWN_MEMBER_ID    classic/membership.ts   migration/classic-members.ts
 *   ConsumerGroupHeartbeat
 *     epoch 0        creates a KIP-848    migration/upgrade.ts,   consumer/heartbeat.ts
 *                                         or GROUP_ID_NOT_FOUND
 *     epoch > 0      GROUP_ID_NOT_FOUND   GROUP_ID_NOT_FOUND      consumer/heartbeat.ts
 *     epoch < 0      GROUP_ID_NOT_FOUND   GROUP_ID_NOT_FOUND      consumer/membership.ts
 *
 * The functions have Kafka's names: classicGroupJoinToConsumerGroup handles a JoinGroup of the classic protocol in a
 * KIP-848 group. (GroupMetadataManager)
 */
import type { HeartbeatRequest } from '../../messages/heartbeat.ts'
import type { SyncGroupRequest } from '../../messages/sync-group.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { ClassicGroup, type SyncDone } from './classic/classic-group.ts'
import { classicGroupJoinToClassicGroup, type Joining } from './classic/join.ts'
import {
  classicGroupHeartbeatToClassicGroup,
  classicGroupLeaveToClassicGroup,
  type Leaving,
  rescheduleSessionTimeout,
  resignClassic,
} from './classic/membership.ts'
import { classicGroupSyncToClassicGroup } from './classic/rebalance.ts'
import { ConsumerGroup } from './consumer/consumer-group.ts'
import { ConsumerDraft } from './consumer/draft.ts'
import { type ConsumerHeartbeat, consumerMemberHeartbeat } from './consumer/heartbeat.ts'
import { consumerGroupLeave, resumeTimers } from './consumer/membership.ts'
import { consumerGroupTombstones } from './consumer/records.ts'
import { isLeaving, type Refusal } from './consumer/request-checks.ts'
import { groupRecord } from './group-records.ts'
import type { GroupShard } from './group-shard.ts'
import type { Group } from './group-state.ts'
import {
  classicGroupHeartbeatToConsumerGroup,
  classicGroupJoinToConsumerGroup,
  classicGroupLeaveToConsumerGroup,
  classicGroupSyncToConsumerGroup,
} from './migration/classic-members.ts'
import { convertToConsumerGroup } from './migration/upgrade.ts'

export type LeaveDone = (error: ErrorCode, codes: readonly ErrorCode[]) => void

export function classicGroupJoin(shard: GroupShard, joining: Joining): void {
  const { groupId, memberId } = joining.request
  const group = shard.groups.get(groupId)
  if (group?.kind === 'classic') return classicGroupJoinToClassicGroup(shard, group, joining)
  if (group && group.state !== 'Empty') return classicGroupJoinToConsumerGroup(shard, group, joining)
  if (memberId !== '') return joining.done({ errorCode: ErrorCode.UNKNOWN_MEMBER_ID, memberId })
  createClassic(shard, groupId, group, joining)
}

/** Writes a new classic group, then its first member joins. Replaces an empty KIP-848 group. */
function createClassic(
  shard: GroupShard,
  groupId: string,
  replaced: ConsumerGroup | undefined,
  joining: Joining,
): void {
  const group = new ClassicGroup(groupId, shard.now())
  const tombstones = replaced ? consumerGroupTombstones(replaced) : []
  let isCreated = false
  const create = (): void => {
    isCreated = true
    shard.groups.set(groupId, group)
    classicGroupJoinToClassicGroup(shard, group, joining)
  }
  const done = (errorCode: ErrorCode): void => {
    // Once the group exists, the JoinGroup completes like any other.
    if (!isCreated) joining.done({ errorCode, memberId: joining.request.memberId })
  }
  shard.write([...tombstones, groupRecord(group)], done, { appended: create })
}

export function classicGroupSync(shard: GroupShard, request: SyncGroupRequest, done: SyncDone): void {
  const group = shard.groups.get(request.groupId)
  if (!group) return done({ errorCode: ErrorCode.UNKNOWN_MEMBER_ID })
  if (group.kind === 'consumer') {
    const response = classicGroupSyncToConsumerGroup(shard, group, request)
    return shard.respond(
      (errorCode) => done({ errorCode }),
      () => done(response),
    )
  }
  classicGroupSyncToClassicGroup(shard, group, request, done)
}

export function classicGroupHeartbeat(shard: GroupShard, request: HeartbeatRequest): ErrorCode {
  const group = shard.groups.get(request.groupId)
  if (!group) return ErrorCode.UNKNOWN_MEMBER_ID
  if (group.kind === 'consumer') return classicGroupHeartbeatToConsumerGroup(shard, group, request)
  return classicGroupHeartbeatToClassicGroup(shard, group, request)
}

export function classicGroupLeave(
  shard: GroupShard,
  groupId: string,
  members: readonly Leaving[],
  done: LeaveDone,
): void {
  const group = shard.groups.get(groupId)
  if (group?.kind === 'consumer') return classicGroupLeaveToConsumerGroup(shard, group, members, done)
  const codes = group && classicGroupLeaveToClassicGroup(shard, group, members)
  const response = codes ?? members.map(() => ErrorCode.UNKNOWN_MEMBER_ID)
  shard.respond(
    (error) => done(error, []),
    () => done(ErrorCode.NONE, response),
  )
}

export function consumerGroupHeartbeat(shard: GroupShard, heartbeat: ConsumerHeartbeat): void {
  const { request, done } = heartbeat
  const { groupId, memberId, memberEpoch } = request
  const group = shard.groups.get(groupId)
  const refuse = (): void => done(notFound(groupId, group, memberEpoch))
  if (group?.kind === 'consumer') {
    if (!isLeaving(memberEpoch)) return consumerMemberHeartbeat(shard, new ConsumerDraft(group), heartbeat)
    return consumerGroupLeave(shard, group, request, (left) =>
      done(left.errorCode ? left : { memberId, memberEpoch }),
    )
  }
  if (memberEpoch !== 0) return refuse()
  if (group) return convertToConsumerGroup(shard, group, heartbeat)
  consumerMemberHeartbeat(shard, new ConsumerDraft(new ConsumerGroup(groupId)), heartbeat)
}

function notFound(groupId: string, known: Group | undefined, memberEpoch: number): Refusal {
  const missing = `${isLeaving(memberEpoch) ? 'Group' : 'Consumer group'} ${groupId} not found.`
  const errorMessage = known ? `Group ${groupId} is not a consumer group.` : missing
  return { errorCode: ErrorCode.GROUP_ID_NOT_FOUND, errorMessage }
}

/** The shard was loaded: the session timeouts of all members start. */
export function startSessionTimeouts(shard: GroupShard): void {
  for (const group of shard.groups.values()) {
    if (group.kind === 'consumer') resumeTimers(shard, group)
    else for (const memberId of group.members.keys()) rescheduleSessionTimeout(shard, group, memberId)
  }
}

/** The shard is unloaded: delayed requests complete with NOT_COORDINATOR. */
export function resignGroups(shard: GroupShard): void {
  for (const group of shard.groups.values()) if (group.kind === 'classic') resignClassic(shard, group)
}
