/**
 * SyncGroup: the leader hands in the assignment, everyone gets a part.
 *
 *   state                 answer
 *   Empty                 UNKNOWN_MEMBER_ID
 *   PreparingRebalance    REBALANCE_IN_PROGRESS: join again
 *   CompletingRebalance   held back until the leader's assignment is in the log
 *   Stable                the member's part, at once (it asks again, or asks late)
 *   Dead                  COORDINATOR_NOT_AVAILABLE
 *
 * Y1  no member hears of an assignment that the log doesn't have
 * Y2  a member that the leader forgot has an empty part
 */
import type { SyncGroupRequest } from '../../../messages/sync-group.ts'
import { ErrorCode } from '../../../wire/errors.ts'
import { groupRecord } from '../group-records.ts'
import type { GroupShard } from '../group-shard.ts'
import { type ClassicGroup, type ClassicMember, NO_BYTES, type SyncDone } from './classic-group.ts'
import { whyNoMember } from './membership.ts'
import {
  answerSync,
  enterState,
  failSyncs,
  prepareRebalance,
  startSession,
  syncArrived,
} from './rebalance.ts'

export function syncClassic(
  shard: GroupShard,
  group: ClassicGroup,
  request: SyncGroupRequest,
  done: SyncDone,
): void {
  const errorCode = whyNoSync(group, request)
  if (errorCode !== ErrorCode.NONE) return done({ errorCode })
  const member = group.members.get(request.memberId)!
  syncArrived(shard, group, member.memberId)
  if (group.state === 'Stable') return done(partOf(group, member))
  answerSync(member, { errorCode: ErrorCode.REBALANCE_IN_PROGRESS })
  member.awaitingSync = done
  if (member.memberId === group.leader) storeAssignment(shard, group, request)
}

function whyNoSync(group: ClassicGroup, request: SyncGroupRequest): ErrorCode {
  const { memberId, groupInstanceId, generationId, protocolType, protocolName } = request
  if (group.state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE
  const refusal = whyNoMember(group, memberId, groupInstanceId)
  if (refusal !== ErrorCode.NONE) return refusal
  if (generationId !== group.generation) return ErrorCode.ILLEGAL_GENERATION
  const isOther = (asked: string | null, known: string | null): boolean => asked !== null && asked !== known
  if (isOther(protocolType, group.protocolType) || isOther(protocolName, group.protocol)) {
    return ErrorCode.INCONSISTENT_GROUP_PROTOCOL // KIP-559
  }
  if (group.state === 'PreparingRebalance') return ErrorCode.REBALANCE_IN_PROGRESS
  return group.state === 'Empty' ? ErrorCode.UNKNOWN_MEMBER_ID : ErrorCode.NONE
}

/** CompletingRebalance to Stable, when the log has it (Y1). */
function storeAssignment(shard: GroupShard, group: ClassicGroup, request: SyncGroupRequest): void {
  const parts = new Map(request.assignments.map(({ memberId, assignment }) => [memberId, assignment.slice()]))
  const partFor = (member: ClassicMember): Uint8Array => parts.get(member.memberId) ?? NO_BYTES // Y2
  const { generation } = group
  shard.write(group.groupId, [groupRecord(group, partFor)], (error) => {
    if (group.state !== 'CompletingRebalance' || group.generation !== generation) return
    if (error !== ErrorCode.NONE) {
      failSyncs(shard, group, error)
      return prepareRebalance(shard, group)
    }
    enterState(shard, group, 'Stable')
    for (const member of group.members.values()) {
      member.assignment = partFor(member)
      if (answerSync(member, partOf(group, member)))
        startSession(shard, group, member.memberId, member.sessionTimeoutMs)
    }
  })
}

function partOf({ protocolType, protocol }: ClassicGroup, { assignment }: ClassicMember) {
  return { errorCode: ErrorCode.NONE, protocolType, protocolName: protocol, assignment }
}
