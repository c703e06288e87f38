/**
 * The round in which a classic group's members gather: from the first reason to rebalance to a new generation.
 *
 *   prepareRebalance     members learn of it by their heartbeats and send JoinGroup; each answer is held back
 *   completeJoin         all are there, or the time is up: who did not come is put out, the others are answered
 *   expirePendingSync    who then doesn't send SyncGroup is put out too, and the next round begins
 *
 * Usually all three take a few milliseconds; the timers are for members that died.
 *
 * B1  an empty group waits `group.initial.rebalance.delay.ms` for more members, and again as long as one came, up to
 *     the rebalance timeout (KIP-134): a fleet that starts up gets one assignment and not ten
 * B2  static members are not put out for missing a round, only when their session is over (KIP-345)
 * B3  a rebalance nobody came to is not completed; it goes on until the sessions end
 */
import { ErrorCode, errorName } from '../../../wire/errors.ts'
import { groupRecord } from '../group-records.ts'
import { type GroupShard, sessionTimer } from '../group-shard.ts'
import type { ClassicGroup, ClassicMember } from './classic-group.ts'
import { NO_BYTES } from './classic-group.ts'

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

function moveTo(shard: GroupShard, group: ClassicGroup, state: ClassicGroup['state']): void {
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
  moveTo(shard, group, 'PreparingRebalance')
  if (!isInitial) return completeJoinOrWait(shard, group)
  const delayMs = shard.config.initialRebalanceDelayMs
  waitForMore(shard, group, delayMs, Math.max(group.rebalanceTimeoutMs - delayMs, 0))
}

/** B1 */
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

/** Ends the round when the last member has come; the initial delay (B1) is not cut short. */
export function maybeCompleteJoin(shard: GroupShard, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance' || group.previousState === 'Empty') return
  if (group.hasAllJoined()) completeJoin(shard, group)
}

/** PreparingRebalance to CompletingRebalance, or to Empty when nobody is left. */
function completeJoin(shard: GroupShard, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance') return
  shard.cancelTimer(joinTimer(group))
  for (const member of [...group.members.values()]) {
    if (!member.awaitingJoin && member.groupInstanceId === null) removeMember(shard, group, member) // B2
  }
  if (group.members.size === 0) return becomeEmpty(shard, group)
  if (!electLeader(group)) {
    shard.setTimer(joinTimer(group), group.rebalanceTimeoutMs, group.groupId, () =>
      completeJoin(shard, group),
    ) // B3
    return
  }
  beginGeneration(shard, group)
}

/** The leader stays when it has joined again; otherwise a member that has takes its place. False: nobody has. */
function electLeader(group: ClassicGroup): boolean {
  const present = (member: ClassicMember | undefined): boolean => member?.awaitingJoin !== undefined
  if (group.leader !== null && present(group.members.get(group.leader))) return true
  const next = [...group.members.values()].find(present)
  if (next) group.leader = next.memberId
  return next !== undefined
}

function becomeEmpty(shard: GroupShard, group: ClassicGroup): void {
  group.generation++
  group.protocol = null
  moveTo(shard, group, 'Empty')
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
  moveTo(shard, group, 'CompletingRebalance')
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
    ...generationOf(group),
    memberId: member.memberId,
    members: membersFor(group, member.memberId),
  })
}

/** What every answer to a JoinGroup says of the generation. */
export function generationOf(group: ClassicGroup) {
  return {
    errorCode: ErrorCode.NONE,
    generationId: group.generation,
    protocolType: group.protocolType,
    protocolName: group.protocol,
    leader: group.leader ?? '',
  }
}

/** Only the leader is told who the members are. */
export function membersFor(group: ClassicGroup, memberId: string) {
  if (memberId !== group.leader) return []
  return [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    metadata: group.metadataOf(member),
  }))
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
export function syncArrived(shard: GroupShard, group: ClassicGroup, memberId: string): void {
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
export function failSyncs(shard: GroupShard, group: ClassicGroup, errorCode: ErrorCode): void {
  for (const member of group.members.values()) {
    member.assignment = NO_BYTES
    if (answerSync(member, { errorCode }))
      startSession(shard, group, member.memberId, member.sessionTimeoutMs)
  }
}

/** CompletingRebalance to Stable; and Dead, for those who take a group away. */
export const enterState = moveTo
