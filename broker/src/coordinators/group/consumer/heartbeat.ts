/**
 * ConsumerGroupHeartbeat: one request for joining, living, moving and leaving (KIP-848).
 *
 *   1  is it sound, and who sends it?                        request-checks.ts
 *   2  what has changed about the member?                    -> its record                subscription-regex.ts
 *   3  what has changed about the group?                     -> epoch, target             target-assignment.ts
 *   4  one step towards the target                           -> where the member stands   reconciliation.ts
 *   5  the records are written, then the member is told what it may read
 *
 * The answer names the assignment only when it changed, or when the member asked for everything anew.
 *
 * CONSUMER-HEARTBEAT-1  a member that isn't heard of for its session timeout is put out
 * CONSUMER-HEARTBEAT-2  so is one that doesn't give partitions up within its own rebalance timeout: the others wait for
 *     them
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
  isSameDated,
  NOTHING,
  topicPartitionsOf,
} from '../assignor/assignment.ts'
import type { ClientContext } from '../client-context.ts'
import { consumerSettings } from '../group-config.ts'
import { BATCH_BYTES_MAX, type GroupShard } from '../group-shard.ts'
import { newConsumerMemberId } from '../member-id.ts'
import { type ConsumerMember, LEFT_FOR_A_WHILE, newMember } from './consumer-group.ts'
import type { ConsumerDraft } from './draft.ts'
import { startConsumerSession, startRevocation } from './membership.ts'
import { reconcile } from './reconciliation.ts'
import { currentRecord, memberTombstones, targetRecord } from './records.ts'
import { isFullRequest, type Refusal, whyFenced, whyFull, whyNotThisMember } from './request-checks.ts'
import { changeRegex, planResolution } from './subscription-regex.ts'
import { bringTarget, raiseEpoch, topicIdsOf } from './target-assignment.ts'
import { rebalanceTimer } from './timers.ts'

export type ConsumerHeartbeatDone = (response: InputOf<typeof ConsumerGroupHeartbeatResponse>) => void

export interface ConsumerHeartbeat {
  readonly request: ConsumerGroupHeartbeatRequest
  readonly client: ClientContext
  readonly done: ConsumerHeartbeatDone
  /** For a new group: what removes the classic one that it takes the place of. */
  readonly replaces?: readonly CoordinatorRecord[]
}

/** A heartbeat that does not leave. The draft's group may be new: then it is made by the records that this writes. */
export function consumerMemberHeartbeat(
  shard: GroupShard,
  draft: ConsumerDraft,
  heartbeat: ConsumerHeartbeat,
): void {
  const { request, done, replaces = [] } = heartbeat
  const { groupId } = draft.group
  const before = findMember(shard, draft, request)
  if ('errorCode' in before) return done(before)
  const names = request.subscribedTopicNames && [...new Set(request.subscribedTopicNames)]
  if (names && isTooLong(names)) return done({ errorCode: ErrorCode.UNKNOWN_SERVER_ERROR })
  const now = updated(before, heartbeat, names?.sort())
  const change = describeChange(shard, draft, before, now)
  if ('errorCode' in change) return done(change)
  bringTarget(shard, draft, now.memberId)
  const owned = request.topicPartitions && assignmentOf(request.topicPartitions)
  const after = advance(shard, draft, now, { ...change, owned })
  shard.write(groupId, [...replaces, ...draft.records], (errorCode) => {
    if (errorCode !== ErrorCode.NONE) return done({ errorCode })
    watch(shard, groupId, now, after)
    const isNews = isFullRequest(request) || !isSameDated(before.assigned, after.assigned)
    const assignment = isNews ? { topicPartitions: topicPartitionsOf(after.assigned) } : null
    const { memberId, memberEpoch } = after
    const { heartbeatIntervalMs } = consumerSettings(shard, groupId)
    done({ memberId, memberEpoch, heartbeatIntervalMs, assignment })
  })
}

export interface Change {
  readonly hasSubscriptionChanged: boolean
}

/** Steps 2 and 3: takes what the member says of itself into the draft, and raises the group's epoch if need be. */
export function describeChange(
  shard: GroupShard,
  draft: ConsumerDraft,
  before: ConsumerMember,
  now: ConsumerMember,
): Change | Refusal {
  draft.describe(draft.group.members.get(now.memberId), now)
  const hasOtherTopics = String(before.subscribedTopicNames) !== String(now.subscribedTopicNames)
  const regex = changeRegex(shard, draft, before, now)
  if ('errorCode' in regex) return regex
  raiseEpoch(shard, draft, hasOtherTopics || regex.isResolved)
  return { hasSubscriptionChanged: hasOtherTopics || regex.isChanged }
}

/** Step 4: gives the member as it is after one step towards the target that the draft has for it. */
export function advance(
  { host }: GroupShard,
  draft: ConsumerDraft,
  now: ConsumerMember,
  change: Change & { readonly owned: Assignment | null },
): ConsumerMember {
  const { group } = draft
  const target = group.target.get(now.memberId) ?? NOTHING
  const topicIds = topicIdsOf(host, group, now)
  const after = reconcile(group, now, { ...change, epoch: group.assignmentEpoch, target, topicIds })
  draft.move(now, after)
  return after
}

/** CONSUMER-HEARTBEAT-1, CONSUMER-HEARTBEAT-2 */
function watch(shard: GroupShard, groupId: string, before: ConsumerMember, after: ConsumerMember): void {
  startConsumerSession(shard, groupId, after)
  if (after.subscribedTopicRegex) planResolution(shard, groupId)
  if (before === after) return
  const { memberId, memberEpoch, state } = after
  if (state === 'unrevoked partitions') startRevocation(shard, groupId, after)
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

/** The member that sends the heartbeat, as the group knows it; a new one when it joins. */
function findMember(
  shard: GroupShard,
  draft: ConsumerDraft,
  request: ConsumerGroupHeartbeatRequest,
): ConsumerMember | Refusal {
  const { group } = draft
  const full = whyFull(group, request.memberId, shard.config.consumerGroupSizeMax)
  if (full) return full
  const { instanceId, memberEpoch } = request
  const memberId = request.memberId || newConsumerMemberId(shard.host.core.random)
  if (memberEpoch === 0) {
    const oldId = instanceId === null ? undefined : group.staticMembers.get(instanceId)
    if (oldId !== undefined) return takeOver(draft, group.members.get(oldId)!, memberId)
    return group.members.get(memberId) ?? newMember(memberId)
  }
  const refusal = whyNotThisMember(group, { memberId, instanceId })
  if (refusal) return refusal
  const member = group.members.get(memberId)!
  return whyFenced(member, request) ?? member
}

/** A static member comes back by the new protocol: while the one before it lives, and speaks it too, it is refused. */
function takeOver(draft: ConsumerDraft, old: ConsumerMember, memberId: string): ConsumerMember | Refusal {
  if (old.classic === null && old.memberEpoch !== LEFT_FOR_A_WHILE) {
    const errorMessage =
      `Static member ${memberId} with instance id ${old.instanceId} cannot join the group because the instance id is ` +
      `owned by ${old.memberId} member.`
    return { errorCode: ErrorCode.UNRELEASED_INSTANCE_ID, errorMessage }
  }
  return replaceMember(draft, old, memberId)
}

/** Puts a static member in the place of the one before it: what that one had, and shall have, is its own. */
export function replaceMember(draft: ConsumerDraft, old: ConsumerMember, memberId: string): ConsumerMember {
  const { groupId, target } = draft.group
  const renewed = { ...old, memberId, memberEpoch: 0, previousMemberEpoch: 0 }
  const share = target.get(old.memberId) ?? NOTHING
  draft.add(...memberTombstones(groupId, old.memberId))
  draft.describe(undefined, renewed)
  draft.add(targetRecord(groupId, memberId, share), currentRecord(groupId, memberId, renewed))
  return renewed
}

/** Whether the member's record would not fit in a batch: what comes before the write is not done for nothing. */
function isTooLong(names: readonly string[]): boolean {
  return names.reduce((bytes, name) => bytes + name.length + 1, 0) > BATCH_BYTES_MAX
}

/** The member with what the request says anew; null and -1 leave things as they are, and so do names that are left out. */
function updated(
  member: ConsumerMember,
  { request, client }: ConsumerHeartbeat,
  names: readonly string[] | undefined,
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
