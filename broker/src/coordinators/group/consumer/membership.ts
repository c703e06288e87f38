/**
 * How a member leaves a KIP-848 group, by itself or by a timeout.
 *
 *   epoch -1             the member is removed; its partitions are free
 *   epoch -2             a static member that will return: its place is kept for its session timeout
 *   session timeout      like -1
 *   rebalance timeout    like -1: the member did not revoke partitions in time
 *
 * In all cases the group epoch is bumped (not for -2): the next heartbeats of the others compute a target and reconcile.
 * If all remaining members use the classic protocol, the group becomes a classic group (migration/downgrade.ts).
 *
 * (GroupMetadataManager: consumerGroupLeave, consumerGroupFenceMember)
 */
import type { ConsumerGroupHeartbeatRequest } from '../../../messages/consumer-group-heartbeat.ts'
import { ErrorCode, errorName } from '../../../wire/errors.ts'
import { EMPTY_ASSIGNMENT, withEpoch } from '../assignor/assignment.ts'
import { consumerSettings } from '../group-config.ts'
import { type GroupShard, sessionTimer } from '../group-shard.ts'
import { canDowngradeWithFencedMembers, downgradeWithFencedMembers } from '../migration/downgrade.ts'
import { type ConsumerGroup, type ConsumerMember, LEAVE_GROUP_STATIC_MEMBER_EPOCH } from './consumer-group.ts'
import { ConsumerDraft } from './draft.ts'
import { memberTombstones } from './records.ts'
import { type Refusal, validateConsumerMember } from './request-checks.ts'
import { removeUnusedExpressions } from './subscription-regex.ts'
import { maybeBumpGroupEpoch } from './target-assignment.ts'
import { cancelTimers, rebalanceTimer } from './timers.ts'

/** When the removal of a member is tried again that could not be written. (EventBasedCoordinatorTimer) */
const RETRY_MS = 500

/** Restarts the session timeout of a member; when it expires, the member is removed. */
export function scheduleConsumerSessionTimeout(
  shard: GroupShard,
  groupId: string,
  { memberId, classic }: ConsumerMember,
): void {
  const timeoutMs = classic?.sessionTimeoutMs ?? consumerSettings(shard, groupId).sessionTimeoutMs
  shard.setTimer(sessionTimer(groupId, memberId), timeoutMs, () =>
    expireMember(shard, groupId, memberId, 'session'),
  )
}

/** Removes the member unless it revokes its partitions within its rebalance timeout. */
export function scheduleRebalanceTimeout(shard: GroupShard, groupId: string, member: ConsumerMember): void {
  const { memberId, memberEpoch, rebalanceTimeoutMs } = member
  if (member.classic) return // a classic member has a timer for its next JoinGroup instead (classic-members.ts)
  shard.setTimer(rebalanceTimer(groupId, memberId), rebalanceTimeoutMs, () => {
    const group = shard.groups.get(groupId)
    const now = group?.kind === 'consumer' ? group.members.get(memberId) : undefined
    if (now?.memberEpoch === memberEpoch && now.state === 'unrevoked partitions') {
      expireMember(shard, groupId, memberId, 'rebalance')
    }
  })
}

/** After the partition was loaded: every member gets its full timeouts again. */
export function resumeTimers(shard: GroupShard, group: ConsumerGroup): void {
  for (const member of group.members.values()) {
    scheduleConsumerSessionTimeout(shard, group.groupId, member)
    if (member.state === 'unrevoked partitions') scheduleRebalanceTimeout(shard, group.groupId, member)
  }
}

/** Removes a member whose timeout has expired. */
export function expireMember(
  shard: GroupShard,
  groupId: string,
  memberId: string,
  timeout: 'session' | 'rebalance' | 'join' | 'sync',
): void {
  const group = shard.groups.get(groupId)
  if (group?.kind !== 'consumer' || !group.members.has(memberId)) return
  const { log } = shard.host.core
  log('info', 'a timeout of a group member has expired: the member is removed', {
    group: groupId,
    member: memberId,
    timeout,
  })
  removeMembers(shard, group, [memberId], (error) => {
    if (error === ErrorCode.NONE) return
    log('warn', 'could not write that a member has left: the group still counts it as a member', {
      group: groupId,
      error: errorName(error),
    })
    // As in Kafka: otherwise a member that has crashed would keep its partitions.
    if (timeout === 'session')
      shard.setTimer(sessionTimer(groupId, memberId), RETRY_MS, () =>
        expireMember(shard, groupId, memberId, timeout),
      )
  })
}

/** Removes members and bumps the group epoch, or converts the group to a classic group. */
export function removeMembers(
  shard: GroupShard,
  group: ConsumerGroup,
  memberIds: readonly string[],
  done: (error: ErrorCode) => void,
): void {
  if (canDowngradeWithFencedMembers(shard, group, memberIds))
    return downgradeWithFencedMembers(shard, group, memberIds, done)
  const { groupId } = group
  const draft = new ConsumerDraft(group)
  for (const memberId of memberIds) draft.add(...memberTombstones(groupId, memberId))
  removeUnusedExpressions(draft)
  maybeBumpGroupEpoch(shard, draft, true)
  const appended = (): void => {
    for (const memberId of memberIds) cancelTimers(shard, groupId, memberId)
  }
  shard.write(draft.records, done, { appended })
}

/** A heartbeat with epoch -1 or -2. */
export function consumerGroupLeave(
  shard: GroupShard,
  group: ConsumerGroup,
  request: ConsumerGroupHeartbeatRequest,
  done: (refusal: Refusal | { readonly errorCode: ErrorCode }) => void,
): void {
  const refusal = validateConsumerMember(group, request)
  if (refusal) return done(refusal)
  const answer = (errorCode: ErrorCode): void => done({ errorCode })
  const { memberId, memberEpoch } = request
  if (memberEpoch !== LEAVE_GROUP_STATIC_MEMBER_EPOCH) return removeMembers(shard, group, [memberId], answer)
  const member = group.members.get(memberId)!
  const draft = new ConsumerDraft(group)
  // The member that returns starts at epoch 0, and so do the epochs of its partitions.
  const assigned = withEpoch(member.assigned, 0)
  draft.updateCurrentAssignment(member, {
    ...member,
    memberEpoch,
    assigned,
    pendingRevocation: EMPTY_ASSIGNMENT,
  })
  shard.write(draft.records, answer)
}
