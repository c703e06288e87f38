/**
 * JoinGroup: a client asks to take part in the next generation of a classic group.
 *
 *   JoinGroup from                   result
 *   new dynamic member, v4+          MEMBER_ID_REQUIRED with a new id; the client joins again with it (KIP-394). If the
 *                                    response is lost, no member is left behind that the others would wait for
 *   new dynamic member, v0-v3        is added; rebalance
 *   static, unknown instance id      is added; rebalance
 *   static, known instance id        replaces the old member under a new id; the old id is fenced; no rebalance if the
 *                                    group is Stable and its protocol stays the same (KIP-345)
 *   a member, nothing changed        CompletingRebalance: the same response again, as the first may be lost
 *                                    Stable, a follower: the current generation
 *                                    Stable, the leader: rebalance, as its topics may have changed
 *   a member, changed                rebalance
 *
 * CLASSIC-JOIN-1  a JoinGroup that is refused changes nothing for the members of the group
 *
 * (GroupMetadataManager: classicGroupJoin)
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
  rebalanceAfterJoin,
  scheduleSessionTimeout,
} from './rebalance.ts'

/** From this version on a new member gets its id first and joins with it (KIP-394). */
const REQUIRES_MEMBER_ID = 4
/** From this version on the response has `skipAssignment`, for a static leader that returns (KIP-814). */
const HAS_SKIP_ASSIGNMENT = 9

export interface Joining {
  /** Its protocols are kept by the group: each occurs once, and their bytes are no part of the request's frame. */
  readonly request: JoinGroupRequest
  readonly client: ClientContext
  readonly done: JoinDone
}

/** JoinGroup in a classic group, which may be new. The caller has validated group id and session timeout. */
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
  if (request.memberId === '') return joinNewMember(shard, group, joining)
  if (group.pendingJoin.has(request.memberId)) {
    // MEMBER_ID_REQUIRED is only sent to dynamic members. Kafka throws IllegalStateException here.
    if (request.groupInstanceId !== null) return refuse(ErrorCode.UNKNOWN_SERVER_ERROR, '')
    return addMember(shard, group, joining, request.memberId)
  }
  const refusal = group.validateMember(request.memberId, request.groupInstanceId)
  if (refusal !== ErrorCode.NONE) return refuse(refusal)
  rejoin(shard, group, joining, group.members.get(request.memberId)!)
}

/** group.max.size. During PreparingRebalance only the members that have joined again count. */
function isFull(shard: GroupShard, group: ClassicGroup, memberId: string): boolean {
  const { groupSizeMax } = shard.config
  if (group.state === 'Empty') return false
  if (group.state !== 'PreparingRebalance')
    return !group.members.has(memberId) && group.members.size >= groupSizeMax
  return !group.members.get(memberId)?.awaitingJoin && group.awaitingJoinCount >= groupSizeMax
}

function joinNewMember(shard: GroupShard, group: ClassicGroup, joining: Joining): void {
  const { request, client, done } = joining
  const { groupInstanceId } = request
  const memberId = newMemberId(shard.host.core.random, groupInstanceId ?? client.clientId ?? '')
  const oldId = groupInstanceId === null ? undefined : group.staticMembers.get(groupInstanceId)
  if (oldId !== undefined) return replaceStatic(shard, group, joining, group.members.get(oldId)!, memberId)
  if (groupInstanceId !== null || client.apiVersion < REQUIRES_MEMBER_ID)
    return addMember(shard, group, joining, memberId)
  group.pendingJoin.add(memberId)
  scheduleSessionTimeout(shard, group, memberId, request.sessionTimeoutMs)
  done({ errorCode: ErrorCode.MEMBER_ID_REQUIRED, memberId })
}

function addMember(
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
    ...joinFieldsOf(request),
    assignment: NO_BYTES,
    isNew: true,
    awaitingJoin: done,
    awaitingSync: undefined,
  }
  if (group.members.size === 0) group.protocolType = request.protocolType
  if (group.state === 'PreparingRebalance' && group.previousState === 'Empty') group.newMemberAdded = true
  group.add(member)
  scheduleSessionTimeout(shard, group, memberId, NEW_MEMBER_TIMEOUT_MS)
  rebalanceAfterJoin(shard, group)
}

/** The fields that a member may change with each JoinGroup. */
function joinFieldsOf({ sessionTimeoutMs, rebalanceTimeoutMs, protocols }: JoinGroupRequest) {
  return { sessionTimeoutMs, rebalanceTimeoutMs, protocols }
}

function rejoin(shard: GroupShard, group: ClassicGroup, joining: Joining, member: ClassicMember): void {
  const { memberId } = member
  const isSame = hasSameProtocols(member, joining.request.protocols)
  const isRetry = group.state === 'CompletingRebalance' && isSame
  const isFollower = group.state === 'Stable' && isSame && group.leader !== memberId
  if (isRetry || isFollower) {
    const members = isRetry ? group.membersFor(memberId) : []
    return joining.done({ ...group.describeGeneration(), memberId, members })
  }
  group.update(member, joinFieldsOf(joining.request))
  // A second JoinGroup of the same member replaces the first, which Kafka never completes: a response to it would make
  // the client join a third time. (ClassicGroup.updateMember)
  member.awaitingJoin = joining.done
  rebalanceAfterJoin(shard, group)
}

/** A static member joins again without its old id: it gets a new id, and the old id is fenced. */
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
  group.update(member, joinFieldsOf(joining.request))
  scheduleSessionTimeout(shard, group, memberId, member.sessionTimeoutMs)
  member.awaitingJoin = joining.done
  if (group.state !== 'Stable' || group.selectProtocol() !== group.protocol)
    return rebalanceAfterJoin(shard, group)
  // If a rebalance starts before the record is committed, that completes the JoinGroup.
  shard.write([groupRecord(group)], (error) => {
    if (member.awaitingJoin !== joining.done) return
    member.awaitingJoin = undefined
    if (error === ErrorCode.NONE)
      return joining.done(staticMemberResponse(group, memberId, leaderBefore, joining.client.apiVersion))
    restoreStaticMember(shard, group, member, old)
    joining.done({ errorCode: error, memberId: '' })
  })
}

/** The new id could not be written: the group keeps the old one (COORDINATOR-HOST-3). */
function restoreStaticMember(
  shard: GroupShard,
  group: ClassicGroup,
  member: ClassicMember,
  old: ClassicMember,
): void {
  shard.cancelTimer(sessionTimer(group.groupId, member.memberId))
  group.update(group.replace(member, old.memberId), old)
  scheduleSessionTimeout(shard, group, old.memberId, old.sessionTimeoutMs)
}

/**
 * The response to a static member that returns to a Stable group. A leader with JoinGroup v9 gets the members and
 * `skipAssignment`. An older leader would compute an assignment, so the response names its old id as the leader.
 */
function staticMemberResponse(
  group: ClassicGroup,
  memberId: string,
  leaderBefore: string | null,
  apiVersion: number,
) {
  const response = { ...group.describeGeneration(), memberId }
  if (apiVersion < HAS_SKIP_ASSIGNMENT) return { ...response, leader: leaderBefore ?? '', members: [] }
  const isLeader = group.leader === memberId
  return { ...response, members: group.membersFor(memberId), skipAssignment: isLeader }
}
