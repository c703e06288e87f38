/**
 * The requests of a member between two rebalances of a classic group: Heartbeat and LeaveGroup.
 *
 *   Heartbeat in state    response
 *   Empty                 UNKNOWN_MEMBER_ID
 *   PreparingRebalance    REBALANCE_IN_PROGRESS: the member must join again; its session timeout is rescheduled
 *   CompletingRebalance   NONE: the member waits for its assignment; its session timeout is rescheduled
 *   Stable                NONE
 *   Dead                  COORDINATOR_NOT_AVAILABLE
 *
 * (GroupMetadataManager: classicGroupHeartbeat, classicGroupLeave)
 */
import type { HeartbeatRequest } from '../../../messages/heartbeat.ts'
import { ErrorCode } from '../../../wire/errors.ts'
import { type GroupShard, sessionTimer } from '../group-shard.ts'
import type { ClassicGroup } from './classic-group.ts'
import {
  answerJoinError,
  answerSync,
  enterState,
  rebalanceAfterLeave,
  removeMember,
  scheduleSessionTimeout,
} from './rebalance.ts'

export function classicGroupHeartbeatToClassicGroup(
  shard: GroupShard,
  group: ClassicGroup,
  request: HeartbeatRequest,
): ErrorCode {
  const { memberId, groupInstanceId, generationId } = request
  if (group.state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE
  const refusal = group.validateMember(memberId, groupInstanceId)
  if (refusal !== ErrorCode.NONE) return refusal
  if (generationId !== group.generation) return ErrorCode.ILLEGAL_GENERATION
  rescheduleSessionTimeout(shard, group, memberId)
  return group.state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE
}

/** Restarts the session timeout of a member that has sent a request. */
export function rescheduleSessionTimeout(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  const member = group.members.get(memberId)
  if (member) scheduleSessionTimeout(shard, group, memberId, member.sessionTimeoutMs)
}

export interface Leaving {
  /** Empty when an admin removes a static member by its instance id. */
  readonly memberId: string
  readonly groupInstanceId: string | null
}

/** Removes the members and returns an error code for each. All removals together start one rebalance. */
export function classicGroupLeaveToClassicGroup(
  shard: GroupShard,
  group: ClassicGroup,
  leaving: readonly Leaving[],
): ErrorCode[] {
  if (group.state === 'Dead') return leaving.map(() => ErrorCode.COORDINATOR_NOT_AVAILABLE)
  const codes = leaving.map((each) => removeLeavingMember(shard, group, each))
  if (codes.includes(ErrorCode.NONE)) rebalanceAfterLeave(shard, group)
  return codes
}

function removeLeavingMember(
  shard: GroupShard,
  group: ClassicGroup,
  { memberId, groupInstanceId }: Leaving,
): ErrorCode {
  if (group.pendingJoin.delete(memberId)) {
    shard.cancelTimer(sessionTimer(group.groupId, memberId))
    return ErrorCode.NONE
  }
  const byInstance = memberId === '' && groupInstanceId !== null
  const id = byInstance ? (group.staticMembers.get(groupInstanceId) ?? '') : memberId
  const refusal = group.validateMember(id, groupInstanceId)
  if (refusal === ErrorCode.NONE) removeMember(shard, group, group.members.get(id)!)
  return refusal
}

/** Another broker now leads the partition of the group: waiting requests complete with NOT_COORDINATOR. */
export function resignClassic(shard: GroupShard, group: ClassicGroup): void {
  for (const member of group.members.values()) {
    answerJoinError(member, ErrorCode.NOT_COORDINATOR, member.memberId)
    answerSync(member, { errorCode: ErrorCode.NOT_COORDINATOR })
  }
  enterState(shard, group, 'Dead')
}
