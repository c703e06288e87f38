/**
 * Staying in a classic group and leaving it: Heartbeat and LeaveGroup.
 *
 *   Heartbeat in state    answer
 *   Empty                 UNKNOWN_MEMBER_ID
 *   PreparingRebalance    REBALANCE_IN_PROGRESS: join again; the session goes on
 *   CompletingRebalance   NONE: the member waits for its part, and lives
 *   Stable                NONE
 *   Dead                  COORDINATOR_NOT_AVAILABLE
 */
import type { HeartbeatRequest } from '../../../messages/heartbeat.ts'
import { ErrorCode } from '../../../wire/errors.ts'
import { type GroupShard, sessionTimer } from '../group-shard.ts'
import type { ClassicGroup } from './classic-group.ts'
import {
  answerJoinError,
  answerSync,
  enterState,
  rebalanceWithout,
  removeMember,
  startSession,
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
  keepAlive(shard, group, memberId)
  return group.state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE
}

/** The member was heard of: its session starts anew. */
export function keepAlive(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  const member = group.members.get(memberId)
  if (member) startSession(shard, group, memberId, member.sessionTimeoutMs)
}

export interface Leaving {
  /** Empty when an admin removes a static member by its instance id. */
  readonly memberId: string
  readonly groupInstanceId: string | null
}

/** Takes members out; gives an error code for each. One rebalance follows, however many they were. */
export function classicGroupLeaveToClassicGroup(
  shard: GroupShard,
  group: ClassicGroup,
  leaving: readonly Leaving[],
): ErrorCode[] {
  if (group.state === 'Dead') return leaving.map(() => ErrorCode.COORDINATOR_NOT_AVAILABLE)
  const codes = leaving.map((each) => leaveOne(shard, group, each))
  if (codes.includes(ErrorCode.NONE)) rebalanceWithout(shard, group)
  return codes
}

function leaveOne(shard: GroupShard, group: ClassicGroup, { memberId, groupInstanceId }: Leaving): ErrorCode {
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

/** Another broker leads the group's partition: who waits here is sent there. */
export function resignClassic(shard: GroupShard, group: ClassicGroup): void {
  for (const member of group.members.values()) {
    answerJoinError(member, ErrorCode.NOT_COORDINATOR, member.memberId)
    answerSync(member, { errorCode: ErrorCode.NOT_COORDINATOR })
  }
  enterState(shard, group, 'Dead')
}
