/**
 * JoinGroup: a member asks to take part in the next generation.
 *
 *   who asks                        what happens
 *   new, v4+, dynamic               gets an id and MEMBER_ID_REQUIRED, asks again (KIP-394): an answer that got lost
 *                                   leaves no ghost behind that the others wait for
 *   new, below v4                   becomes a member, rebalance
 *   static, instance id unknown     becomes a member, rebalance
 *   static, instance id known       takes the old one's place under a new id; the old one is fenced; no rebalance
 *                                   when the group is stable and the protocol stays (KIP-345)
 *   a member, nothing changed       CompletingRebalance: the same answer again (it was lost); Stable: the generation,
 *                                   unless it is the leader, which has its reasons (topics have changed)
 *   a member, changed               rebalance
 *
 * CLASSIC-JOIN-1  who is refused disturbs nobody
 */
import type { JoinGroupRequest } from '../../../messages/join-group.ts'
import { ErrorCode } from '../../../wire/errors.ts'
import type { ClientContext } from '../client-context.ts'
import { groupRecord } from '../group-records.ts'
import { type GroupShard, sessionTimer } from '../group-shard.ts'
import { newMemberId } from '../member-id.ts'
import {
  type ClassicGroup,
  type ClassicMember,
  hasSameProtocols,
  type JoinDone,
  NO_BYTES,
} from './classic-group.ts'
import {
  answerJoinError,
  answerSync,
  NEW_MEMBER_TIMEOUT_MS,
  rebalanceWith,
  startSession,
} from './rebalance.ts'

/** From this version on a new member must ask twice. */
const REQUIRES_MEMBER_ID = 4
/** From this version on a static leader that returns is told not to assign (KIP-814). */
const KNOWS_SKIPPING = 9

export interface Joining {
  readonly request: JoinGroupRequest
  readonly client: ClientContext
  readonly done: JoinDone
}

/** JoinGroup of a group that is classic (or new). The caller has looked at group id and session timeout. */
export function classicGroupJoinToClassicGroup(
  shard: GroupShard,
  group: ClassicGroup,
  joining: Joining,
): void {
  const { request, done } = joining
  const refuse = (errorCode: ErrorCode, memberId = request.memberId): void => done({ errorCode, memberId })
  if (group.state === 'Dead') return refuse(ErrorCode.COORDINATOR_NOT_AVAILABLE)
  if (isFull(shard, group, request.memberId)) return refuse(ErrorCode.GROUP_MAX_SIZE_REACHED, '')
  if (!group.supports(request.protocolType, request.protocols))
    return refuse(ErrorCode.INCONSISTENT_GROUP_PROTOCOL)
  if (request.memberId === '') return joinNew(shard, group, joining)
  if (group.pendingJoin.has(request.memberId)) {
    // Only dynamic members are given an id beforehand: Kafka takes this for a mistake of its own.
    if (request.groupInstanceId !== null) return refuse(ErrorCode.UNKNOWN_SERVER_ERROR, '')
    return admit(shard, group, joining, request.memberId)
  }
  const refusal = group.validateMember(request.memberId, request.groupInstanceId)
  if (refusal !== ErrorCode.NONE) return refuse(refusal)
  rejoin(shard, group, joining, group.members.get(request.memberId)!)
}

/** group.max.size; while a rebalance gathers members, those who are there count and not those who were. */
function isFull(shard: GroupShard, group: ClassicGroup, memberId: string): boolean {
  const { groupSizeMax } = shard.config
  if (group.state === 'Empty') return false
  if (group.state !== 'PreparingRebalance')
    return !group.members.has(memberId) && group.members.size >= groupSizeMax
  return !group.members.get(memberId)?.awaitingJoin && group.awaitingJoinCount >= groupSizeMax
}

function joinNew(shard: GroupShard, group: ClassicGroup, joining: Joining): void {
  const { request, client, done } = joining
  const { groupInstanceId } = request
  const memberId = newMemberId(shard.host.core.random, groupInstanceId ?? client.clientId ?? '')
  const oldId = groupInstanceId === null ? undefined : group.staticMembers.get(groupInstanceId)
  if (oldId !== undefined) return replaceStatic(shard, group, joining, group.members.get(oldId)!, memberId)
  if (groupInstanceId !== null || client.apiVersion < REQUIRES_MEMBER_ID)
    return admit(shard, group, joining, memberId)
  group.pendingJoin.add(memberId)
  startSession(shard, group, memberId, request.sessionTimeoutMs)
  done({ errorCode: ErrorCode.MEMBER_ID_REQUIRED, memberId })
}

function admit(
  shard: GroupShard,
  group: ClassicGroup,
  { request, client, done }: Joining,
  memberId: string,
): void {
  const member: ClassicMember = {
    memberId,
    groupInstanceId: request.groupInstanceId,
    clientId: client.clientId ?? '',
    clientHost: client.clientHost,
    ...termsOf(request),
    assignment: NO_BYTES,
    isNew: true,
    awaitingJoin: done,
    awaitingSync: undefined,
  }
  if (group.members.size === 0) group.protocolType = request.protocolType
  if (group.state === 'PreparingRebalance' && group.previousState === 'Empty') group.newMemberAdded = true
  group.add(member)
  startSession(shard, group, memberId, NEW_MEMBER_TIMEOUT_MS)
  rebalanceWith(shard, group)
}

/** What a member may change each time it joins. The bytes are copied: they outlive the request's frame. */
function termsOf(request: JoinGroupRequest) {
  const { sessionTimeoutMs, rebalanceTimeoutMs } = request
  return {
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() })),
  }
}

function rejoin(shard: GroupShard, group: ClassicGroup, joining: Joining, member: ClassicMember): void {
  const { memberId } = member
  const isSame = hasSameProtocols(member, joining.request.protocols)
  const repeats = group.state === 'CompletingRebalance' && isSame
  const isFollower = group.state === 'Stable' && isSame && group.leader !== memberId
  if (repeats || isFollower) {
    const members = repeats ? group.membersFor(memberId) : []
    return joining.done({ ...group.describeGeneration(), memberId, members })
  }
  Object.assign(member, termsOf(joining.request))
  // A second JoinGroup of the same member takes the place of the first, which Kafka never answers: who would act upon that
  // answer would join a third time. (ClassicGroup.updateMember)
  member.awaitingJoin = joining.done
  rebalanceWith(shard, group)
}

/** A static member has come back under a new id. */
function replaceStatic(
  shard: GroupShard,
  group: ClassicGroup,
  joining: Joining,
  old: ClassicMember,
  memberId: string,
): void {
  const leaderBefore = group.leader
  answerJoinError(old, ErrorCode.FENCED_INSTANCE_ID, old.memberId)
  answerSync(old, { errorCode: ErrorCode.FENCED_INSTANCE_ID })
  shard.cancelTimer(sessionTimer(group.groupId, old.memberId))
  const member = group.replace(old, memberId)
  Object.assign(member, termsOf(joining.request))
  startSession(shard, group, memberId, member.sessionTimeoutMs)
  if (group.state !== 'Stable' || group.selectProtocol() !== group.protocol) {
    member.awaitingJoin = joining.done
    return rebalanceWith(shard, group)
  }
  shard.write(group.groupId, [groupRecord(group)], (error) => {
    if (error !== ErrorCode.NONE) {
      takeBack(shard, group, member, old)
      return joining.done({ errorCode: error, memberId: '' })
    }
    joining.done(returned(group, memberId, leaderBefore, joining.client.apiVersion))
  })
}

/** The log did not take the new id: the old one stays (COORDINATOR-HOST-3). */
function takeBack(shard: GroupShard, group: ClassicGroup, member: ClassicMember, old: ClassicMember): void {
  shard.cancelTimer(sessionTimer(group.groupId, member.memberId))
  Object.assign(group.replace(member, old.memberId), old)
  startSession(shard, group, old.memberId, old.sessionTimeoutMs)
}

/**
 * The answer to a static member that came back into a stable group. A leader of v9 gets the members and is told not to
 * assign; an older one would assign, so it is made to believe that somebody else (its former self) leads.
 */
function returned(group: ClassicGroup, memberId: string, leaderBefore: string | null, apiVersion: number) {
  const answer = { ...group.describeGeneration(), memberId }
  if (apiVersion < KNOWS_SKIPPING) return { ...answer, leader: leaderBefore ?? '', members: [] }
  const isLeader = group.leader === memberId
  return { ...answer, members: group.membersFor(memberId), skipAssignment: isLeader }
}
