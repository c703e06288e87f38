/**
 * Members that use the classic protocol in a KIP-848 group: during an online upgrade, older processes beside newer ones.
 *
 * To the group they are members like all others. To these clients the group looks like a classic group:
 *
 *   JoinGroup    completes at once, no member waits for others; the generation is the member epoch; no client is the
 *                leader, so none computes an assignment; the member is reconciled by one step
 *   SyncGroup    the current assignment of the member, encoded as a classic leader would
 *   Heartbeat    REBALANCE_IN_PROGRESS if the member has to revoke or can get partitions: it must join again
 *   LeaveGroup   as in a classic group
 *
 * The next JoinGroup shows which partitions the member has revoked: a cooperative one lists those it still owns, an eager
 * one owns none.
 *
 * - a static member that joins without a member id replaces the old one, whichever protocol that uses
 *
 * CLASSIC-MEMBERS-1  a member that must join again has its rebalance timeout to send JoinGroup, and then again to send
 *     SyncGroup
 *
 * (GroupMetadataManager: classicGroupJoinToConsumerGroup, classicGroupSyncToConsumerGroup)
 */
import type { HeartbeatRequest } from '../../../messages/heartbeat.ts'
import { decodeSubscription } from '../../../messages/records/consumer-protocol.ts'
import type { SyncGroupRequest } from '../../../messages/sync-group.ts'
import { ErrorCode } from '../../../wire/errors.ts'
import { Reader } from '../../../wire/reader.ts'
import { difference, EMPTY_ASSIGNMENT, filter } from '../assignor/assignment.ts'
import { supportersOf } from '../classic/classic-group.ts'
import type { Joining } from '../classic/join.ts'
import type { Leaving } from '../classic/membership.ts'
import { type ConsumerGroup, type ConsumerMember, newMember } from '../consumer/consumer-group.ts'
import { ConsumerDraft } from '../consumer/draft.ts'
import { maybeReconcile, replaceStaticMember, updateMemberAndEpoch } from '../consumer/heartbeat.ts'
import { expireMember, removeMembers, scheduleConsumerSessionTimeout } from '../consumer/membership.ts'
import { validateConsumerMember, validateGroupSize } from '../consumer/request-checks.ts'
import { maybeUpdateTargetAssignment } from '../consumer/target-assignment.ts'
import { classicRequestTimer } from '../consumer/timers.ts'
import type { GroupShard } from '../group-shard.ts'
import { newConsumerMemberId } from '../member-id.ts'
import { canDowngradeWithReplacedMember, convertToClassicGroup, encodeAssignment } from './downgrade.ts'
import { byTopicId } from './upgrade.ts'

const REQUIRES_MEMBER_ID = 4

/** JoinGroup of a classic member: adds or updates it and reconciles it by one step. */
export function classicGroupJoinToConsumerGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  joining: Joining,
): void {
  const { request, client, done } = joining
  const { groupInstanceId } = request
  const isNew = request.memberId === ''
  const memberId = isNew ? newConsumerMemberId(shard.host.core.random) : request.memberId
  const refusal = validateClassicJoin(shard, group, request, memberId)
  if (refusal !== ErrorCode.NONE) return done({ errorCode: refusal })
  if (isNew && groupInstanceId === null && client.apiVersion >= REQUIRES_MEMBER_ID) {
    return done({ errorCode: ErrorCode.MEMBER_ID_REQUIRED, memberId })
  }
  const draft = new ConsumerDraft(group)
  const before = findMember(draft, joining, memberId)
  if (typeof before === 'number') return done({ errorCode: before })
  const old = groupInstanceId === null ? undefined : group.staticMembers.get(groupInstanceId)
  const oldMember = old === undefined ? undefined : group.members.get(old)
  const downgrades = oldMember !== undefined && canDowngradeWithReplacedMember(shard, group, oldMember)
  joinAndReconcile(shard, { draft, joining, before, downgrades })
}

function validateClassicJoin(
  { config }: GroupShard,
  group: ConsumerGroup,
  { protocolType, protocols }: Joining['request'],
  memberId: string,
): ErrorCode {
  if (config.consumerMigrationPolicy === 'disabled') return ErrorCode.INCONSISTENT_GROUP_PROTOCOL
  const full = validateGroupSize(group, memberId, config.consumerGroupSizeMax)
  if (full) return full.errorCode
  const isSupported = protocolType === 'consumer' && protocols.some(supportTest(group))
  return isSupported ? ErrorCode.NONE : ErrorCode.INCONSISTENT_GROUP_PROTOCOL
}

/** Returns a test: do all classic members support this protocol? */
function supportTest({ classicMembers }: ConsumerGroup): (protocol: { readonly name: string }) => boolean {
  const supporters = supportersOf(classicMembers.map(({ classic }) => classic!.supportedProtocols))
  return ({ name }) => (supporters.get(name) ?? 0) === classicMembers.length
}

/** The sender of the JoinGroup as the group knows it, a new member, or the error if the ids name no member. */
function findMember(
  draft: ConsumerDraft,
  { request }: Joining,
  memberId: string,
): ConsumerMember | ErrorCode {
  const { group } = draft
  const { groupInstanceId: instanceId } = request
  const known = group.members.get(memberId) ?? newMember(memberId)
  if (instanceId === null) return known
  const isNew = request.memberId === ''
  if (!isNew) return validateConsumerMember(group, { memberId, instanceId })?.errorCode ?? known
  const old = group.staticMembers.get(instanceId)
  return old === undefined ? known : replaceStaticMember(draft, group.members.get(old)!, memberId)
}

interface ClassicJoin {
  readonly draft: ConsumerDraft
  readonly joining: Joining
  readonly before: ConsumerMember
  readonly downgrades: boolean
}

function joinAndReconcile(shard: GroupShard, { draft, joining, before, downgrades }: ClassicJoin): void {
  const { request, done } = joining
  const subscription = subscriptionOf(request.protocols[0]!.metadata)
  if (!subscription) return done({ errorCode: ErrorCode.UNKNOWN_SERVER_ERROR })
  const now = withRequestFields(before, joining, subscription)
  const change = updateMemberAndEpoch(shard, draft, before, now)
  if ('errorCode' in change) return done({ errorCode: change.errorCode })
  if (!downgrades) maybeUpdateTargetAssignment(shard, draft, now.memberId)
  const rebalances = downgrades && draft.group.assignmentEpoch < draft.group.epoch
  const owned = byTopicId(shard.host, subscription.ownedPartitions)
  const after = rebalances ? now : maybeReconcile(shard, draft, now, { ...change, owned })
  const written = (errorCode: ErrorCode): void => {
    if (errorCode !== ErrorCode.NONE) return done({ errorCode })
    const { memberId, memberEpoch: generationId } = after
    const protocolName = request.protocols[0]!.name
    done({ errorCode, memberId, generationId, protocolType: 'consumer', protocolName, members: [] })
  }
  const { group, records } = draft
  const appended = (): void => scheduleSyncTimeout(shard, group.groupId, after)
  if (!downgrades) return shard.write(records, written, { appended })
  convertToClassicGroup(shard, { group, members: [...group.members.values()], records, rebalances }, written)
}

function withRequestFields(
  before: ConsumerMember,
  { request, client }: Joining,
  { topics, rackId }: NonNullable<ReturnType<typeof subscriptionOf>>,
): ConsumerMember {
  const { sessionTimeoutMs, rebalanceTimeoutMs, protocols, groupInstanceId } = request
  return {
    ...before,
    instanceId: groupInstanceId ?? before.instanceId,
    rackId: rackId || before.rackId,
    clientId: client.clientId ?? '',
    clientHost: client.clientHost,
    subscribedTopicNames: [...new Set(topics)].sort(),
    subscribedTopicRegex: '',
    rebalanceTimeoutMs,
    classic: {
      sessionTimeoutMs,
      supportedProtocols: protocols,
    },
  }
}

function subscriptionOf(metadata: Uint8Array) {
  try {
    return decodeSubscription(metadata)
  } catch {
    return undefined
  }
}

/** CLASSIC-MEMBERS-1 */
function scheduleSyncTimeout(shard: GroupShard, groupId: string, member: ConsumerMember): void {
  const { memberId, rebalanceTimeoutMs } = member
  shard.cancelTimer(classicRequestTimer(groupId, memberId, 'join'))
  scheduleConsumerSessionTimeout(shard, groupId, member)
  shard.setTimer(classicRequestTimer(groupId, memberId, 'sync'), rebalanceTimeoutMs, () =>
    expireMember(shard, groupId, memberId, 'sync'),
  )
}

/** The response asks the member to join again; the timeout starts with the first such response (CLASSIC-MEMBERS-1). */
function scheduleJoinTimeout(
  shard: GroupShard,
  groupId: string,
  { memberId, rebalanceTimeoutMs }: ConsumerMember,
): void {
  const name = classicRequestTimer(groupId, memberId, 'join')
  if (shard.hasTimer(name)) return
  shard.setTimer(name, rebalanceTimeoutMs, () => expireMember(shard, groupId, memberId, 'join'))
}

/** NONE if the request comes from a classic member at its current epoch. */
function validateClassicMember(
  group: ConsumerGroup,
  request: {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly generationId: number
  },
): ErrorCode {
  const { memberId, groupInstanceId, generationId } = request
  const refusal = validateConsumerMember(group, { memberId, instanceId: groupInstanceId })
  if (refusal) return refusal.errorCode
  const member = group.members.get(memberId)!
  if (!member.classic) return ErrorCode.UNKNOWN_MEMBER_ID
  return generationId === member.memberEpoch ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION
}

/** SyncGroup of a classic member: returns its current assignment, or REBALANCE_IN_PROGRESS. */
export function classicGroupSyncToConsumerGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  request: SyncGroupRequest,
) {
  const refusal = validateClassicMember(group, request)
  if (refusal !== ErrorCode.NONE) return { errorCode: refusal }
  const { groupId } = group
  const member = group.members.get(request.memberId)!
  const protocol = member.classic!.supportedProtocols[0]!
  const { protocolType, protocolName } = request
  const differs = (named: string | null, known: string): boolean => named !== null && named !== known
  if (differs(protocolType, 'consumer') || differs(protocolName, protocol.name)) {
    return { errorCode: ErrorCode.INCONSISTENT_GROUP_PROTOCOL }
  }
  if (group.assignmentEpoch > member.memberEpoch && member.state !== 'unrevoked partitions') {
    scheduleJoinTimeout(shard, groupId, member)
    return { errorCode: ErrorCode.REBALANCE_IN_PROGRESS }
  }
  shard.cancelTimer(classicRequestTimer(groupId, member.memberId, 'sync'))
  scheduleConsumerSessionTimeout(shard, groupId, member)
  const version = new Reader(protocol.metadata).int16()
  const assignment = encodeAssignment(shard.host, member.assigned, version)
  return { errorCode: ErrorCode.NONE, protocolType, protocolName, assignment }
}

/** Heartbeat of a classic member: REBALANCE_IN_PROGRESS if it must join again. */
export function classicGroupHeartbeatToConsumerGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  request: HeartbeatRequest,
): ErrorCode {
  const refusal = validateClassicMember(group, request)
  if (refusal !== ErrorCode.NONE) return refusal
  const member = group.members.get(request.memberId)!
  scheduleConsumerSessionTimeout(shard, group.groupId, member)
  const mustRejoin =
    member.memberEpoch < group.assignmentEpoch ||
    member.state === 'unrevoked partitions' ||
    (member.state === 'unreleased partitions' && !waitsForRelease(group, member))
  if (!mustRejoin) return ErrorCode.NONE
  scheduleJoinTimeout(shard, group.groupId, member)
  return ErrorCode.REBALANCE_IN_PROGRESS
}

/** Whether a partition of its target still has another owner. */
function waitsForRelease(group: ConsumerGroup, member: ConsumerMember): boolean {
  const wanted = difference(group.target.get(member.memberId) ?? EMPTY_ASSIGNMENT, member.assigned)
  const isTaken = (topicId: string, partition: number) => group.ownerEpoch(topicId, partition) !== undefined
  return filter(wanted, isTaken).size > 0
}

/** LeaveGroup in a KIP-848 group. An admin may also remove members of the new protocol with it. */
export function classicGroupLeaveToConsumerGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  leaving: readonly Leaving[],
  done: (error: ErrorCode, codes: readonly ErrorCode[]) => void,
): void {
  const found = leaving.map(({ memberId, groupInstanceId }) => {
    const byInstance = memberId === '' && groupInstanceId !== null
    const id = byInstance ? (group.staticMembers.get(groupInstanceId) ?? '') : memberId
    const refusal = validateConsumerMember(group, { memberId: id, instanceId: groupInstanceId })
    return { id, code: refusal?.errorCode ?? ErrorCode.NONE }
  })
  const gone = new Set(found.flatMap(({ id, code }) => (code === ErrorCode.NONE ? [id] : [])))
  const codes = found.map(({ code }) => code)
  if (gone.size === 0) return done(ErrorCode.NONE, codes)
  removeMembers(shard, group, [...gone], (error) => done(error, codes))
}
