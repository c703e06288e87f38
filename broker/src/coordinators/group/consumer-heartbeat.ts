/**
 * ConsumerGroupHeartbeat: one request for joining, living, moving and leaving (KIP-848).
 *
 *   1  is it sound, and who sends it?                        consumer-requests
 *   2  what has changed about the member?                    -> its record
 *   3  what has changed about the group?                     -> epoch, target             consumer-target
 *   4  one step towards the target                           -> where the member stands   consumer-reconcile
 *   5  the records are written, then the member is told what it may read
 *
 * The answer names the assignment only when it changed, or when the member asked for everything anew.
 *
 * H1  a member that isn't heard of for group.consumer.session.timeout.ms is put out
 * H2  so is one that doesn't give partitions up within its own rebalance timeout: the others wait for them
 */
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../messages/consumer-group-heartbeat.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { InputOf } from '../../wire/schema.ts'
import type { CoordinatorRecord } from '../coordinator-host.ts'
import { type Assignment, assignmentOf, isSame, NOTHING, topicPartitionsOf } from './assignment.ts'
import type { ClientContext } from './client-context.ts'
import type { ConsumerDraft } from './consumer-draft.ts'
import { type ConsumerGroup, type ConsumerMember, LEFT_FOR_A_WHILE, newMember } from './consumer-group.ts'
import { rebalanceTimer, startConsumerSession, startRevocation } from './consumer-membership.ts'
import { reconcile } from './consumer-reconcile.ts'
import { memberTombstones, targetRecord } from './consumer-records.ts'
import { isFullRequest, type Refusal, whyFenced, whyNotThisMember } from './consumer-requests.ts'
import { updateTarget } from './consumer-target.ts'
import type { GroupShard } from './group-shard.ts'
import { newConsumerMemberId } from './member-id.ts'

export type ConsumerHeartbeatDone = (response: InputOf<typeof ConsumerGroupHeartbeatResponse>) => void

export interface ConsumerHeartbeat {
  readonly request: ConsumerGroupHeartbeatRequest
  readonly client: ClientContext
  readonly done: ConsumerHeartbeatDone
  /** For a new group: what removes the classic one that it takes the place of. */
  readonly replaces?: readonly CoordinatorRecord[]
}

/** A heartbeat that does not leave. The draft's group may be new: then it is made by the records that this writes. */
export function heartbeatConsumer(
  shard: GroupShard,
  draft: ConsumerDraft,
  heartbeat: ConsumerHeartbeat,
): void {
  const { request, done, replaces = [] } = heartbeat
  const before = findMember(shard, draft, request)
  if ('errorCode' in before) return done(before)
  const owned = request.topicPartitions && assignmentOf(request.topicPartitions)
  const change = { before, now: updated(before, heartbeat), owned, replaces }
  advance(shard, draft, change, (errorCode, after) => {
    if (errorCode !== ErrorCode.NONE) return done({ errorCode })
    const isNews = isFullRequest(request) || !isSame(before.assigned, after.assigned)
    const assignment = isNews ? { topicPartitions: topicPartitionsOf(after.assigned) } : null
    const { memberId, memberEpoch } = after
    done({ memberId, memberEpoch, heartbeatIntervalMs: shard.config.consumerHeartbeatIntervalMs, assignment })
  })
}

/** A member as the group knew it, and with what it says now. */
export interface MemberChange {
  readonly before: ConsumerMember
  readonly now: ConsumerMember
  /** The partitions that it reports; null when it doesn't say. */
  readonly owned: Assignment | null
  readonly replaces: readonly CoordinatorRecord[]
}

/** Steps 2 to 5 of above. `done` gets the member as it is then. */
export function advance(
  shard: GroupShard,
  draft: ConsumerDraft,
  { before, now, owned, replaces }: MemberChange,
  done: (error: ErrorCode, after: ConsumerMember) => void,
): void {
  const { groupId } = draft.group
  const { memberId } = now
  const isChanged = !draft.group.members.has(memberId) || subscriptionOf(before) !== subscriptionOf(now)
  draft.describe(draft.group.members.get(memberId), now)
  updateTarget(shard.host, draft, isChanged)
  const after = reconcile(draft.group, draft.group.members.get(memberId)!, owned)
  draft.move(before, after)
  shard.write(groupId, [...replaces, ...draft.records], (error) => {
    if (error === ErrorCode.NONE) watch(shard, groupId, before, after)
    done(error, after)
  })
}

/** H1, H2 */
function watch(shard: GroupShard, groupId: string, before: ConsumerMember, after: ConsumerMember): void {
  startConsumerSession(shard, groupId, after)
  const { memberId, memberEpoch, state } = after
  const isSameStep =
    before.memberEpoch === memberEpoch && before.pendingRevocation === after.pendingRevocation
  if (state !== 'unrevoked partitions') shard.cancelTimer(rebalanceTimer(groupId, memberId))
  else if (!isSameStep) startRevocation(shard, groupId, after)
  const group = shard.groups.get(groupId)
  if (group?.kind !== 'consumer' || before === after) return
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
): ConsumerMember | (Refusal & { readonly errorCode: ErrorCode }) {
  const { group } = draft
  const { instanceId, memberEpoch } = request
  const memberId = request.memberId || newConsumerMemberId(shard.host.core.random)
  if (memberEpoch === 0) {
    const oldId = instanceId === null ? undefined : group.staticMembers.get(instanceId)
    if (oldId !== undefined) return takeOver(draft, group.members.get(oldId)!, memberId)
    if (!group.members.has(memberId)) {
      const isFull = group.members.size >= shard.config.consumerGroupSizeMax
      return isFull ? full(group) : newMember(memberId)
    }
  }
  const refusal = whyNotThisMember(group, { memberId, instanceId: memberEpoch === 0 ? null : instanceId })
  if (refusal) return refusal
  const member = group.members.get(memberId)!
  return whyFenced(member, request) ?? member
}

function full({ groupId, members }: ConsumerGroup): Refusal {
  const errorMessage = `The consumer group ${groupId} has reached its maximum capacity of ${members.size} members.`
  return { errorCode: ErrorCode.GROUP_MAX_SIZE_REACHED, errorMessage }
}

/** A static member comes back: what the one before it had is its own. While that one lives it is refused. */
function takeOver(draft: ConsumerDraft, old: ConsumerMember, memberId: string): ConsumerMember | Refusal {
  const { groupId, target } = draft.group
  if (old.memberEpoch !== LEFT_FOR_A_WHILE) {
    const errorMessage =
      `Static member ${memberId} with instance id ${old.instanceId} cannot join the group because the instance id is ` +
      `owned by member ${old.memberId}.`
    return { errorCode: ErrorCode.UNRELEASED_INSTANCE_ID, errorMessage }
  }
  const renewed = { ...old, memberId, memberEpoch: 0, previousMemberEpoch: 0 }
  const share = target.get(old.memberId) ?? NOTHING
  draft.add(...memberTombstones(groupId, old.memberId))
  draft.describe(undefined, renewed)
  draft.add(targetRecord(groupId, memberId, share))
  return renewed
}

/** The member with what the request says anew; null and -1 leave things as they are. */
function updated(member: ConsumerMember, { request, client }: ConsumerHeartbeat): ConsumerMember {
  const { rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex } = request
  return {
    ...member,
    instanceId: request.instanceId ?? member.instanceId,
    rackId: request.rackId ?? member.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : rebalanceTimeoutMs,
    serverAssignor: request.serverAssignor ?? member.serverAssignor,
    subscribedTopicNames: subscribedTopicNames
      ? [...subscribedTopicNames].sort()
      : member.subscribedTopicNames,
    subscribedTopicRegex: subscribedTopicRegex ?? member.subscribedTopicRegex,
    clientId: client.clientId ?? '',
    clientHost: client.clientHost,
    classic: null,
  }
}

function subscriptionOf({ subscribedTopicNames, subscribedTopicRegex }: ConsumerMember): string {
  return JSON.stringify([subscribedTopicNames, subscribedTopicRegex])
}
