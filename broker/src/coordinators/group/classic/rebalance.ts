/**
 * The rebalance of a classic group: from the first reason for it to a new generation whose members know their parts.
 *
 *   prepareRebalance     members learn of it by their heartbeats and send JoinGroup; each answer is held back
 *   completeJoin         all are there, or the time is up: members that did not come are removed, the others are answered
 *   SyncGroup            held back until the leader has sent its own, with the assignment
 *   storeAssignment      the assignment is in the log: each member is answered with its part
 *   expirePendingSync    members that don't send SyncGroup in time are removed, and the next rebalance begins
 *
 * Usually all this takes a few milliseconds; the timers are for members that died.
 *
 *   SyncGroup in state    answer
 *   Empty                 UNKNOWN_MEMBER_ID
 *   PreparingRebalance    REBALANCE_IN_PROGRESS: join again
 *   CompletingRebalance   held back until the leader's assignment is in the log
 *   Stable                the member's part, at once (it asks again, or asks late)
 *   Dead                  COORDINATOR_NOT_AVAILABLE
 *
 * CLASSIC-REBALANCE-1  an empty group waits `group.initial.rebalance.delay.ms` for more members, and again as long as
 *     one came, up to the rebalance timeout (KIP-134): a fleet that starts up gets one assignment and not ten
 * CLASSIC-REBALANCE-2  static members are not removed for missing a rebalance, only when their session is over
 *     (KIP-345)
 * CLASSIC-REBALANCE-3  a rebalance to which no member came is not completed; it goes on until the sessions end
 * CLASSIC-REBALANCE-4  no member hears of an assignment that the log doesn't have
 * CLASSIC-REBALANCE-5  a member that the leader's assignment leaves out has an empty part
 */
import type { SyncGroupRequest } from '../../../messages/sync-group.ts'
import { ErrorCode, errorName } from '../../../wire/errors.ts'
import { groupRecord } from '../group-records.ts'
import { type GroupShard, sessionTimer } from '../group-shard.ts'
import { type ClassicGroup, type ClassicMember, NO_BYTES, type SyncDone } from './classic-group.ts'

const joinTimer = (group: ClassicGroup): string => `join|${group.groupId}`
const syncTimer = (group: ClassicGroup): string => `sync|${group.groupId}`

/** New members have no id yet and can't send heartbeats: that long they may wait for their first answer. */
export const NEW_MEMBER_TIMEOUT_MS = 300_000

/** A member that is not heard of within `delayMs` is put out. */
export function startSession(
  shard: GroupShard,
  group: ClassicGroup,
  memberId: string,
  delayMs: number,
): void {
  shard.setTimer(sessionTimer(group.groupId, memberId), delayMs, group.groupId, () =>
    expireSession(shard, group, memberId),
  )
}

function expireSession(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  if (group.state === 'Dead') return
  if (group.pendingJoin.delete(memberId)) return maybeCompleteJoin(shard, group)
  const member = group.members.get(memberId)
  if (!member) return
  // Who waits for the coordinator can't be late; only a new member may wait too long.
  if (!member.isNew && (member.awaitingJoin || member.awaitingSync)) return
  shard.host.core.log('info', 'a member is silent and leaves its group', {
    group: group.groupId,
    member: memberId,
  })
  removeMember(shard, group, member)
  rebalanceWithout(shard, group)
}

/** Takes a member out; if it waits for an answer it gets UNKNOWN_MEMBER_ID. */
export function removeMember(shard: GroupShard, group: ClassicGroup, member: ClassicMember): void {
  shard.cancelTimer(sessionTimer(group.groupId, member.memberId))
  answerJoinError(member, ErrorCode.UNKNOWN_MEMBER_ID)
  answerSync(member, { errorCode: ErrorCode.UNKNOWN_MEMBER_ID })
  group.remove(member)
}

/** After a member has gone: the others rebalance, or need wait no longer. */
export function rebalanceWithout(shard: GroupShard, group: ClassicGroup): void {
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') prepareRebalance(shard, group)
  else maybeCompleteJoin(shard, group)
}

/** After a member has come or changed: begins a rebalance, or sees whether the one under way is complete. */
export function rebalanceWith(shard: GroupShard, group: ClassicGroup): void {
  if (group.state === 'PreparingRebalance') maybeCompleteJoin(shard, group)
  else prepareRebalance(shard, group)
}

/** Every change of a classic group's state goes through here, so that it is traced. */
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
  if (!isInitial) return completeJoinOrWait(shard, group)
  const delayMs = shard.config.initialRebalanceDelayMs
  waitForMore(shard, group, delayMs, Math.max(group.rebalanceTimeoutMs - delayMs, 0))
}

/** CLASSIC-REBALANCE-1 */
function waitForMore(shard: GroupShard, group: ClassicGroup, delayMs: number, remainingMs: number): void {
  shard.setTimer(joinTimer(group), delayMs, group.groupId, () => {
    if (!group.newMemberAdded || remainingMs === 0) return completeJoin(shard, group)
    group.newMemberAdded = false
    const nextMs = Math.min(shard.config.initialRebalanceDelayMs, remainingMs)
    waitForMore(shard, group, nextMs, Math.max(remainingMs - nextMs, 0))
  })
}

function completeJoinOrWait(shard: GroupShard, group: ClassicGroup): void {
  if (group.hasAllJoined()) return completeJoin(shard, group)
  shard.setTimer(joinTimer(group), group.rebalanceTimeoutMs, group.groupId, () => completeJoin(shard, group))
}

/** Ends the round when the last member has come; the initial delay (CLASSIC-REBALANCE-1) is not cut short. */
export function maybeCompleteJoin(shard: GroupShard, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance' || group.previousState === 'Empty') return
  if (group.hasAllJoined()) completeJoin(shard, group)
}

/** PreparingRebalance to CompletingRebalance, or to Empty when nobody is left. */
function completeJoin(shard: GroupShard, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance') return
  shard.cancelTimer(joinTimer(group))
  for (const member of [...group.members.values()]) {
    // CLASSIC-REBALANCE-2
    if (!member.awaitingJoin && member.groupInstanceId === null) removeMember(shard, group, member)
  }
  if (group.members.size === 0) return becomeEmpty(shard, group)
  if (!group.maybeElectJoinedLeader()) {
    shard.setTimer(joinTimer(group), group.rebalanceTimeoutMs, group.groupId, () =>
      completeJoin(shard, group),
    ) // CLASSIC-REBALANCE-3
    return
  }
  beginGeneration(shard, group)
}

function becomeEmpty(shard: GroupShard, group: ClassicGroup): void {
  group.generation++
  group.protocol = null
  enterState(shard, group, 'Empty')
  shard.whenWritten(group.groupId, () => {
    if (group.state !== 'Empty') return
    shard.write(group.groupId, [groupRecord(group)], (error) => {
      // The group is empty all the same; who reads the log back will see members, and time them out.
      if (error)
        shard.host.core.log('warn', 'an empty group was not written', {
          group: group.groupId,
          error: errorName(error),
        })
    })
  })
}

function beginGeneration(shard: GroupShard, group: ClassicGroup): void {
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
  shard.setTimer(syncTimer(group), group.rebalanceTimeoutMs, group.groupId, () => {
    if (group.generation === generation) expirePendingSync(shard, group)
  })
}

function answerJoin(shard: GroupShard, group: ClassicGroup, member: ClassicMember): void {
  const { awaitingJoin } = member
  if (!awaitingJoin) return
  member.awaitingJoin = undefined
  startSession(shard, group, member.memberId, member.sessionTimeoutMs)
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

/** A member has sent its SyncGroup; the last one ends the waiting for them. */
function syncArrived(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  group.pendingSync.delete(memberId)
  if (group.pendingSync.size === 0) shard.cancelTimer(syncTimer(group))
}

/** Answers a held back SyncGroup; the member's session counts from now. */
export function answerSync(
  member: ClassicMember,
  response: Parameters<NonNullable<ClassicMember['awaitingSync']>>[0],
): boolean {
  const { awaitingSync } = member
  member.awaitingSync = undefined
  awaitingSync?.(response)
  return awaitingSync !== undefined
}

/** All who wait for their assignment are told that there will be none. */
function failSyncs(shard: GroupShard, group: ClassicGroup, errorCode: ErrorCode): void {
  for (const member of group.members.values()) {
    member.assignment = NO_BYTES
    if (answerSync(member, { errorCode }))
      startSession(shard, group, member.memberId, member.sessionTimeoutMs)
  }
}

/** SyncGroup: the leader hands in the assignment, everyone gets a part. */
export function classicGroupSyncToClassicGroup(
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
  const refusal = group.validateMember(memberId, groupInstanceId)
  if (refusal !== ErrorCode.NONE) return refusal
  if (generationId !== group.generation) return ErrorCode.ILLEGAL_GENERATION
  const isOther = (asked: string | null, known: string | null): boolean => asked !== null && asked !== known
  if (isOther(protocolType, group.protocolType) || isOther(protocolName, group.protocol)) {
    return ErrorCode.INCONSISTENT_GROUP_PROTOCOL // KIP-559
  }
  if (group.state === 'PreparingRebalance') return ErrorCode.REBALANCE_IN_PROGRESS
  return group.state === 'Empty' ? ErrorCode.UNKNOWN_MEMBER_ID : ErrorCode.NONE
}

/** CompletingRebalance to Stable, when the log has it (CLASSIC-REBALANCE-4). */
function storeAssignment(shard: GroupShard, group: ClassicGroup, request: SyncGroupRequest): void {
  const parts = new Map(request.assignments.map(({ memberId, assignment }) => [memberId, assignment.slice()]))
  // CLASSIC-REBALANCE-5
  const partFor = (member: ClassicMember): Uint8Array => parts.get(member.memberId) ?? NO_BYTES
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
