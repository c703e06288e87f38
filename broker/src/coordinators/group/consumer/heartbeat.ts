/**
 * ConsumerGroupHeartbeat: one request to join, to stay alive, to move partitions and to leave (KIP-848).
 *
 *   1  validate the request and the member                   request-checks.ts
 *   2  update the member                                     -> member record               subscription-regex.ts
 *   3  update the group                                      -> group epoch, target         target-assignment.ts
 *   4  reconcile the member: one step towards its target     -> current assignment record   reconciliation.ts
 *   5  write the records; when they are committed, send the response with the member's assignment
 *
 * The response contains the assignment only if it has changed, or if the request is a full one (isFullRequest).
 *
 * CONSUMER-HEARTBEAT-1  a member is removed when it sends no heartbeat within its session timeout
 * CONSUMER-HEARTBEAT-2  a member is also removed when it does not revoke partitions within its own rebalance timeout:
 *     other members wait for them
 *
 * (GroupMetadataManager.consumerGroupHeartbeat)
 */
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../../messages/consumer-group-heartbeat.ts'
import { ErrorCode } from '../../../wire/errors.ts'
import type { InputOf } from '../../../wire/schema.ts'
import type { CoordinatorRecord } from '../../coordinator-host.ts'
import {
  type Assignment,
  assignmentOf,
  EMPTY_ASSIGNMENT,
  isSameWithEpochs,
  topicPartitionsOf,
} from '../assignor/assignment.ts'
import type { ClientContext } from '../client-context.ts'
import { consumerSettings } from '../group-config.ts'
import { BATCH_BYTES_MAX, type GroupShard } from '../group-shard.ts'
import { newConsumerMemberId } from '../member-id.ts'
import { type ConsumerMember, LEAVE_GROUP_STATIC_MEMBER_EPOCH, newMember } from './consumer-group.ts'
import { type ConsumerDraft, hasSameTopics } from './draft.ts'
import { scheduleConsumerSessionTimeout, scheduleRebalanceTimeout } from './membership.ts'
import { subscribedTopicIds } from './named-topics.ts'
import { reconcile } from './reconciliation.ts'
import { currentRecord, memberTombstones, targetRecord } from './records.ts'
import {
  isFullRequest,
  type Refusal,
  validateConsumerMember,
  validateGroupSize,
  validateMemberEpoch,
} from './request-checks.ts'
import { maybeScheduleRegexRefresh, maybeUpdateRegularExpression } from './subscription-regex.ts'
import { maybeBumpGroupEpoch, maybeUpdateTargetAssignment } from './target-assignment.ts'
import { rebalanceTimer } from './timers.ts'

export type ConsumerHeartbeatDone = (response: InputOf<typeof ConsumerGroupHeartbeatResponse>) => void

export interface ConsumerHeartbeat {
  readonly request: ConsumerGroupHeartbeatRequest
  readonly client: ClientContext
  readonly done: ConsumerHeartbeatDone
  /** For a new group: the tombstones of the classic group that it replaces. */
  readonly replaces?: readonly CoordinatorRecord[]
  /** Called when the records are applied, before the response. */
  readonly appended?: () => void
}

/** A heartbeat with epoch >= 0. The group of the draft may be new: the records written here create it. */
export function consumerMemberHeartbeat(
  shard: GroupShard,
  draft: ConsumerDraft,
  heartbeat: ConsumerHeartbeat,
): void {
  const { request, done, replaces = [] } = heartbeat
  const { groupId } = draft.group
  const before = findMember(shard, draft, request)
  if ('errorCode' in before) return done(before)
  const names = request.subscribedTopicNames && inOrder(request.subscribedTopicNames)
  if (names && exceedsBatchSize(names)) return done({ errorCode: ErrorCode.UNKNOWN_SERVER_ERROR })
  const now = withRequestFields(before, heartbeat, names)
  const change = updateMemberAndEpoch(shard, draft, before, now)
  if ('errorCode' in change) return done(change)
  maybeUpdateTargetAssignment(shard, draft, now.memberId)
  const owned = request.topicPartitions && assignmentOf(request.topicPartitions)
  const after = maybeReconcile(shard, draft, now, { ...change, owned })
  const appended = (): void => {
    scheduleTimers(shard, groupId, now, after)
    heartbeat.appended?.()
  }
  const committed = (errorCode: ErrorCode): void => {
    if (errorCode !== ErrorCode.NONE) return done({ errorCode })
    const isIncluded = isFullRequest(request) || !isSameWithEpochs(before.assigned, after.assigned)
    const assignment = isIncluded ? { topicPartitions: topicPartitionsOf(after.assigned) } : null
    const { memberId, memberEpoch } = after
    const { heartbeatIntervalMs } = consumerSettings(shard, groupId)
    done({ memberId, memberEpoch, heartbeatIntervalMs, assignment })
  }
  shard.write([...replaces, ...draft.records], committed, { appended })
}

export interface MemberChange {
  readonly hasSubscriptionChanged: boolean
}

/** Steps 2 and 3: updates the member in the draft, and bumps the group epoch if necessary. */
export function updateMemberAndEpoch(
  shard: GroupShard,
  draft: ConsumerDraft,
  before: ConsumerMember,
  now: ConsumerMember,
): MemberChange | Refusal {
  draft.updateMember(draft.group.members.get(now.memberId), now)
  const hasOtherTopics = !hasSameTopics(before, now)
  const regex = maybeUpdateRegularExpression(shard, draft, before, now)
  if ('errorCode' in regex) return regex
  maybeBumpGroupEpoch(shard, draft, hasOtherTopics || regex.isResolved)
  return { hasSubscriptionChanged: hasOtherTopics || regex.isChanged }
}

/** Step 4: returns the member after one step towards its target in the draft. */
export function maybeReconcile(
  shard: GroupShard,
  draft: ConsumerDraft,
  now: ConsumerMember,
  change: MemberChange & { readonly owned: Assignment | null },
): ConsumerMember {
  const { group } = draft
  const target = group.target.get(now.memberId) ?? EMPTY_ASSIGNMENT
  const topicIds = subscribedTopicIds(shard, group, now)
  const after = reconcile(group, now, { ...change, epoch: group.assignmentEpoch, target, topicIds })
  draft.updateCurrentAssignment(now, after)
  return after
}

/** CONSUMER-HEARTBEAT-1, CONSUMER-HEARTBEAT-2 */
function scheduleTimers(
  shard: GroupShard,
  groupId: string,
  before: ConsumerMember,
  after: ConsumerMember,
): void {
  scheduleConsumerSessionTimeout(shard, groupId, after)
  if (after.subscribedTopicRegex) maybeScheduleRegexRefresh(shard, groupId)
  if (before === after) return
  const { memberId, memberEpoch, state } = after
  if (state === 'unrevoked partitions') scheduleRebalanceTimeout(shard, groupId, after)
  else shard.cancelTimer(rebalanceTimer(groupId, memberId))
  const group = shard.groups.get(groupId)
  if (group?.kind !== 'consumer') return
  const { epoch, state: groupState } = group
  shard.host.core.trace?.({
    type: 'group state',
    group: groupId,
    to: groupState,
    epoch,
    member: memberId,
    memberEpoch,
    state,
  })
}

/** Returns the sender of the heartbeat as the group knows it, or a new member if it joins. */
function findMember(
  shard: GroupShard,
  draft: ConsumerDraft,
  request: ConsumerGroupHeartbeatRequest,
): ConsumerMember | Refusal {
  const { group } = draft
  const full = validateGroupSize(group, request.memberId, shard.config.consumerGroupSizeMax)
  if (full) return full
  const { instanceId, memberEpoch } = request
  const memberId = request.memberId || newConsumerMemberId(shard.host.core.random)
  if (memberEpoch === 0) {
    const oldId = instanceId === null ? undefined : group.staticMembers.get(instanceId)
    if (oldId !== undefined) return maybeReplaceStaticMember(draft, group.members.get(oldId)!, memberId)
    return group.members.get(memberId) ?? newMember(memberId)
  }
  const refusal = validateConsumerMember(group, { memberId, instanceId })
  if (refusal) return refusal
  const member = group.members.get(memberId)!
  return validateMemberEpoch(member, request) ?? member
}

/** A static member joins. Refused while the old member uses this protocol, too, and has not left with epoch -2. */
function maybeReplaceStaticMember(
  draft: ConsumerDraft,
  old: ConsumerMember,
  memberId: string,
): ConsumerMember | Refusal {
  if (old.classic === null && old.memberEpoch !== LEAVE_GROUP_STATIC_MEMBER_EPOCH) {
    const errorMessage =
      `Static member ${memberId} with instance id ${old.instanceId} cannot join the group because the instance id is ` +
      `owned by ${old.memberId} member.`
    return { errorCode: ErrorCode.UNRELEASED_INSTANCE_ID, errorMessage }
  }
  return replaceStaticMember(draft, old, memberId)
}

/** Replaces a static member by itself under a new id, with the assignment and the target of the old member. */
export function replaceStaticMember(
  draft: ConsumerDraft,
  old: ConsumerMember,
  memberId: string,
): ConsumerMember {
  const { groupId, target } = draft.group
  const renewed = { ...old, memberId, memberEpoch: 0, previousMemberEpoch: 0 }
  const oldTarget = target.get(old.memberId) ?? EMPTY_ASSIGNMENT
  draft.add(...memberTombstones(groupId, old.memberId))
  draft.updateMember(undefined, renewed)
  draft.add(targetRecord(groupId, memberId, oldTarget), currentRecord(groupId, memberId, renewed))
  return renewed
}

/** The names sorted, without duplicates. Many names are so already (api/groups/consumer-group-heartbeat.ts). */
function inOrder(names: readonly string[]): readonly string[] {
  const isInOrder = names.every((name, at) => at === 0 || names[at - 1]! < name)
  return isInOrder ? names : [...new Set(names)].sort()
}

/** Whether the member record would not fit in a batch. Checked first, before the expensive steps. */
function exceedsBatchSize(names: readonly string[]): boolean {
  return names.reduce((bytes, name) => bytes + name.length + 1, 0) > BATCH_BYTES_MAX
}

/** The member with the fields of the request. Null, -1 and missing names mean: unchanged. */
function withRequestFields(
  member: ConsumerMember,
  { request, client }: ConsumerHeartbeat,
  names: readonly string[] | null,
): ConsumerMember {
  const { rebalanceTimeoutMs, subscribedTopicRegex } = request
  return {
    ...member,
    instanceId: request.instanceId ?? member.instanceId,
    rackId: request.rackId ?? member.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : rebalanceTimeoutMs,
    serverAssignor: request.serverAssignor ?? member.serverAssignor,
    subscribedTopicNames: names ?? member.subscribedTopicNames,
    subscribedTopicRegex: subscribedTopicRegex ?? member.subscribedTopicRegex,
    clientId: client.clientId ?? '',
    clientHost: client.clientHost,
    classic: null,
  }
}
