/**
 * The rebalance of a classic group: from the event that triggers it to a new generation with assignments.
 *
 *   prepareRebalance     members learn of the rebalance from their heartbeats and send JoinGroup; every JoinGroup is a
 *                        delayed operation
 *   completeJoin         all members have joined, or the rebalance timeout has passed: members that did not join are
 *                        removed, the JoinGroups of the others complete
 *   SyncGroup            delayed until the leader sends its own SyncGroup, which carries the assignment
 *   storeAssignment      the assignment is committed: each SyncGroup completes with the assignment of its member
 *   expirePendingSync    members that do not send SyncGroup in time are removed, and the next rebalance starts
 *
 * A rebalance usually takes a few milliseconds; the timers are for members that have crashed.
 *
 *   SyncGroup in state    response
 *   Empty                 UNKNOWN_MEMBER_ID
 *   PreparingRebalance    REBALANCE_IN_PROGRESS: the member must join again
 *   CompletingRebalance   delayed until the assignment of the leader is committed
 *   Stable                the assignment of the member, at once (a retry, or a late SyncGroup)
 *   Dead                  COORDINATOR_NOT_AVAILABLE
 *
 * CLASSIC-REBALANCE-1  an empty group waits `group.initial.rebalance.delay.ms` for its first members, and waits again
 *     as long as a new member has joined in the meantime, up to the rebalance timeout (KIP-134): a group whose ten
 *     members start together gets one assignment and not ten
 * CLASSIC-REBALANCE-2  a static member that misses a rebalance is not removed; only its session timeout removes it
 *     (KIP-345)
 * CLASSIC-REBALANCE-3  a rebalance that no member has joined is not completed; it continues until the sessions expire
 * CLASSIC-REBALANCE-4  no member receives an assignment that is not committed
 * CLASSIC-REBALANCE-5  a member that is missing in the assignment of the leader gets an empty assignment
 *
 * (GroupMetadataManager: prepareRebalance, completeClassicGroupJoin, classicGroupSync)
 */
import type { SyncGroupRequest } from '../../../messages/sync-group.ts'
import { ErrorCode, errorName } from '../../../wire/errors.ts'
import { groupRecord } from '../group-records.ts'
import { type GroupShard, sessionTimer } from '../group-shard.ts'
import { type ClassicGroup, type ClassicMember, NO_BYTES, type SyncDone } from './classic-group.ts'

const joinTimer = (group: ClassicGroup): string => `join|${group.groupId}`
const syncTimer = (group: ClassicGroup): string => `sync|${group.groupId}`

/** How long a new member may wait for its first JoinGroup response: it cannot send heartbeats before. */
export const NEW_MEMBER_TIMEOUT_MS = 300_000

/** Removes the member after `delayMs` without a request of it. Replaces the timer that is running for it. */
export function scheduleSessionTimeout(
  shard: GroupShard,
  group: ClassicGroup,
  memberId: string,
  delayMs: number,
): void {
  shard.setTimer(sessionTimer(group.groupId, memberId), delayMs, () => expireSession(shard, group, memberId))
}

function expireSession(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  if (group.state === 'Dead') return
  if (group.pendingJoin.delete(memberId)) return maybeCompleteJoin(shard, group)
  const member = group.members.get(memberId)
  if (!member) return
  // A member whose JoinGroup or SyncGroup is delayed cannot send heartbeats. Only a new member expires while it waits.
  if (!member.isNew && (member.awaitingJoin || member.awaitingSync)) return
  shard.host.core.log('info', 'the session of a group member has expired: the member is removed', {
    group: group.groupId,
    member: memberId,
  })
  removeMember(shard, group, member)
  rebalanceAfterLeave(shard, group)
}

/** Removes a member; its delayed JoinGroup or SyncGroup completes with UNKNOWN_MEMBER_ID. */
export function removeMember(shard: GroupShard, group: ClassicGroup, member: ClassicMember): void {
  shard.cancelTimer(sessionTimer(group.groupId, member.memberId))
  answerJoinError(member, ErrorCode.UNKNOWN_MEMBER_ID)
  answerSync(member, { errorCode: ErrorCode.UNKNOWN_MEMBER_ID })
  group.remove(member)
}

/** After a member was removed: starts a rebalance, or completes the running one if it waited only for this member. */
export function rebalanceAfterLeave(shard: GroupShard, group: ClassicGroup): void {
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') prepareRebalance(shard, group)
  else maybeCompleteJoin(shard, group)
}

/** After a member was added or updated: starts a rebalance, or completes the running one if all members have joined. */
export function rebalanceAfterJoin(shard: GroupShard, group: ClassicGroup): void {
  if (group.state === 'PreparingRebalance') maybeCompleteJoin(shard, group)
  else prepareRebalance(shard, group)
}

/** Changes the state of a classic group and traces the transition. */
export function enterState(shard: GroupShard, group: ClassicGroup, state: ClassicGroup['state']): void {
  const from = group.state
  group.transitionTo(state, shard.now())
  const { groupId, generation, members } = group
  shard.host.core.trace?.({
    type: 'group state',
    group: groupId,
    from,
    to: state,
    generation,
    members: [...members.keys()],
  })
}

/** Empty, CompletingRebalance or Stable to PreparingRebalance. */
export function prepareRebalance(shard: GroupShard, group: ClassicGroup): void {
  if (group.state === 'CompletingRebalance') failSyncs(shard, group, ErrorCode.REBALANCE_IN_PROGRESS)
  shard.cancelTimer(syncTimer(group))
  const isInitial = group.state === 'Empty'
  enterState(shard, group, 'PreparingRebalance')
  if (!isInitial) return completeJoinElseSchedule(shard, group)
  const delayMs = shard.config.initialRebalanceDelayMs
  scheduleInitialRebalance(shard, group, delayMs, Math.max(group.rebalanceTimeoutMs - delayMs, 0))
}

/** CLASSIC-REBALANCE-1 */
function scheduleInitialRebalance(
  shard: GroupShard,
  group: ClassicGroup,
  delayMs: number,
  remainingMs: number,
): void {
  shard.setTimer(joinTimer(group), delayMs, () => {
    if (!group.newMemberAdded || remainingMs === 0) return completeJoin(shard, group)
    group.newMemberAdded = false
    const nextMs = Math.min(shard.config.initialRebalanceDelayMs, remainingMs)
    scheduleInitialRebalance(shard, group, nextMs, Math.max(remainingMs - nextMs, 0))
  })
}

function completeJoinElseSchedule(shard: GroupShard, group: ClassicGroup): void {
  if (group.hasAllJoined()) return completeJoin(shard, group)
  shard.setTimer(joinTimer(group), group.rebalanceTimeoutMs, () => completeJoin(shard, group))
}

/** Completes the join phase once all members have joined; never shortens the initial delay (CLASSIC-REBALANCE-1). */
export function maybeCompleteJoin(shard: GroupShard, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance' || group.previousState === 'Empty') return
  if (group.hasAllJoined()) completeJoin(shard, group)
}

// #region complete-join
/** PreparingRebalance to CompletingRebalance, or to Empty when no member is left. */
function completeJoin(shard: GroupShard, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance') return
  shard.cancelTimer(joinTimer(group))
  for (const member of [...group.members.values()]) {
    // CLASSIC-REBALANCE-2
    if (!member.awaitingJoin && member.groupInstanceId === null) removeMember(shard, group, member)
  }
  if (group.members.size === 0) return transitionToEmpty(shard, group)
  if (!group.maybeElectJoinedLeader()) {
    shard.setTimer(joinTimer(group), group.rebalanceTimeoutMs, () => completeJoin(shard, group)) // CLASSIC-REBALANCE-3
    return
  }
  initNextGeneration(shard, group)
}
// #endregion complete-join

function transitionToEmpty(shard: GroupShard, group: ClassicGroup): void {
  group.generation++
  group.protocol = null
  enterState(shard, group, 'Empty')
  shard.write([groupRecord(group)], (error) => {
    // The group is Empty in memory all the same. A replay restores its members, and their sessions expire.
    if (error)
      shard.host.core.log(
        'warn',
        'could not write that a group is empty: after a restart its members reappear until they expire',
        {
          group: group.groupId,
          error: errorName(error),
        },
      )
  })
}

function initNextGeneration(shard: GroupShard, group: ClassicGroup): void {
  group.generation++
  group.protocol = group.selectProtocol()
  group.newMemberAdded = false
  group.pendingSync.clear()
  enterState(shard, group, 'CompletingRebalance')
  const { generation } = group
  for (const member of [...group.members.values()]) {
    group.pendingSync.add(member.memberId)
    answerJoin(shard, group, member)
    member.isNew = false
  }
  shard.setTimer(syncTimer(group), group.rebalanceTimeoutMs, () => {
    if (group.generation === generation) expirePendingSync(shard, group)
  })
}

function answerJoin(shard: GroupShard, group: ClassicGroup, member: ClassicMember): void {
  const { awaitingJoin } = member
  if (!awaitingJoin) return
  member.awaitingJoin = undefined
  scheduleSessionTimeout(shard, group, member.memberId, member.sessionTimeoutMs)
  awaitingJoin({
    ...group.describeGeneration(),
    memberId: member.memberId,
    members: group.membersFor(member.memberId),
  })
}

export function answerJoinError(member: ClassicMember, errorCode: ErrorCode, memberId = ''): void {
  const { awaitingJoin } = member
  member.awaitingJoin = undefined
  awaitingJoin?.({ errorCode, memberId })
}

function expirePendingSync(shard: GroupShard, group: ClassicGroup): void {
  if (group.state !== 'CompletingRebalance' && group.state !== 'Stable') return
  const late = [...group.pendingSync].flatMap((id) => group.members.get(id) ?? [])
  if (late.length === 0) return
  for (const member of late) removeMember(shard, group, member)
  prepareRebalance(shard, group)
}

/** The member has sent its SyncGroup. After the last one the timer for missing SyncGroups is cancelled. */
function removePendingSync(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  group.pendingSync.delete(memberId)
  if (group.pendingSync.size === 0) shard.cancelTimer(syncTimer(group))
}

/** Completes a delayed SyncGroup. Returns false if the member has none. */
export function answerSync(
  member: ClassicMember,
  response: Parameters<NonNullable<ClassicMember['awaitingSync']>>[0],
): boolean {
  const { awaitingSync } = member
  member.awaitingSync = undefined
  awaitingSync?.(response)
  return awaitingSync !== undefined
}

/** Completes all delayed SyncGroups with an error, and clears the assignments. */
function failSyncs(shard: GroupShard, group: ClassicGroup, errorCode: ErrorCode): void {
  for (const member of group.members.values()) {
    member.assignment = NO_BYTES
    if (answerSync(member, { errorCode }))
      scheduleSessionTimeout(shard, group, member.memberId, member.sessionTimeoutMs)
  }
}

/** SyncGroup: the leader sends the assignment of the group; every member receives its own part of it. */
export function classicGroupSyncToClassicGroup(
  shard: GroupShard,
  group: ClassicGroup,
  request: SyncGroupRequest,
  done: SyncDone,
): void {
  const errorCode = validateSyncGroup(group, request)
  if (errorCode !== ErrorCode.NONE) return done({ errorCode })
  const member = group.members.get(request.memberId)!
  removePendingSync(shard, group, member.memberId)
  if (group.state === 'Stable') return done(syncResponseOf(group, member))
  answerSync(member, { errorCode: ErrorCode.REBALANCE_IN_PROGRESS })
  member.awaitingSync = done
  if (member.memberId === group.leader) storeAssignment(shard, group, request)
}

function validateSyncGroup(group: ClassicGroup, request: SyncGroupRequest): ErrorCode {
  const { memberId, groupInstanceId, generationId, protocolType, protocolName } = request
  if (group.state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE
  const refusal = group.validateMember(memberId, groupInstanceId)
  if (refusal !== ErrorCode.NONE) return refusal
  if (generationId !== group.generation) return ErrorCode.ILLEGAL_GENERATION
  const differs = (named: string | null, known: string | null): boolean => named !== null && named !== known
  if (differs(protocolType, group.protocolType) || differs(protocolName, group.protocol)) {
    return ErrorCode.INCONSISTENT_GROUP_PROTOCOL // KIP-559
  }
  if (group.state === 'PreparingRebalance') return ErrorCode.REBALANCE_IN_PROGRESS
  return group.state === 'Empty' ? ErrorCode.UNKNOWN_MEMBER_ID : ErrorCode.NONE
}

/** CompletingRebalance to Stable, once the assignment is committed (CLASSIC-REBALANCE-4). */
function storeAssignment(shard: GroupShard, group: ClassicGroup, request: SyncGroupRequest): void {
  const parts = new Map<string, Uint8Array>()
  // A request may name a million ids that are no members.
  for (const { memberId, assignment } of request.assignments)
    if (group.members.has(memberId)) parts.set(memberId, assignment.slice())
  // CLASSIC-REBALANCE-5
  const assignmentFor = (member: ClassicMember): Uint8Array => parts.get(member.memberId) ?? NO_BYTES
  const { generation } = group
  shard.write([groupRecord(group, assignmentFor)], (error) => {
    // The group has gone on while the record was not committed: the members join again.
    if (group.state !== 'CompletingRebalance' || group.generation !== generation) return
    if (error !== ErrorCode.NONE) {
      failSyncs(shard, group, error)
      return prepareRebalance(shard, group)
    }
    enterState(shard, group, 'Stable')
    for (const member of group.members.values()) {
      member.assignment = assignmentFor(member)
      if (answerSync(member, syncResponseOf(group, member)))
        scheduleSessionTimeout(shard, group, member.memberId, member.sessionTimeoutMs)
    }
  })
}

function syncResponseOf({ protocolType, protocol }: ClassicGroup, { assignment }: ClassicMember) {
  return { errorCode: ErrorCode.NONE, protocolType, protocolName: protocol, assignment }
}
