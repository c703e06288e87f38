/**
 * Leaving a KIP-848 group, by one's own will or not.
 *
 *   epoch -1             the member is taken out; its partitions are free
 *   epoch -2             a static member will be back: its place is kept for its session timeout
 *   session over         as -1
 *   does not give up     as -1: the member had its rebalance timeout to give partitions up
 *
 * Whoever goes, the group's epoch rises; the others' next heartbeats compute a target and move on. When those who stay
 * all speak the classic protocol, the group becomes a classic one (migration/downgrade.ts).
 */
import type { ConsumerGroupHeartbeatRequest } from '../../../messages/consumer-group-heartbeat.ts'
import { ErrorCode, errorName } from '../../../wire/errors.ts'
import { dated, NOTHING } from '../assignor/assignment.ts'
import { consumerSettings } from '../group-config.ts'
import { type GroupShard, sessionTimer } from '../group-shard.ts'
import { downgradeWithout, mayDowngradeWithout } from '../migration/downgrade.ts'
import { type ConsumerGroup, type ConsumerMember, LEFT_FOR_A_WHILE } from './consumer-group.ts'
import { ConsumerDraft } from './draft.ts'
import { memberTombstones } from './records.ts'
import { type Refusal, whyNotThisMember } from './request-checks.ts'
import { forgetExpressions } from './subscription-regex.ts'
import { raiseEpoch } from './target-assignment.ts'
import { cancelTimers, rebalanceTimer } from './timers.ts'

export function startConsumerSession(
  shard: GroupShard,
  groupId: string,
  { memberId, classic }: ConsumerMember,
): void {
  const timeoutMs = classic?.sessionTimeoutMs ?? consumerSettings(shard, groupId).sessionTimeoutMs
  shard.setTimer(sessionTimer(groupId, memberId), timeoutMs, groupId, () =>
    putOut(shard, groupId, memberId, 'session'),
  )
}

/** The member has its rebalance timeout to give up what it was told to. */
export function startRevocation(shard: GroupShard, groupId: string, member: ConsumerMember): void {
  const { memberId, memberEpoch, rebalanceTimeoutMs } = member
  if (member.classic) return // it has to send JoinGroup in time, and that is watched elsewhere
  shard.setTimer(rebalanceTimer(groupId, memberId), rebalanceTimeoutMs, groupId, () => {
    const group = shard.groups.get(groupId)
    const now = group?.kind === 'consumer' ? group.members.get(memberId) : undefined
    if (now?.memberEpoch === memberEpoch && now.state === 'unrevoked partitions') {
      putOut(shard, groupId, memberId, 'rebalance')
    }
  })
}

/** After the partition was read back: every member has its full time again. */
export function resumeTimers(shard: GroupShard, group: ConsumerGroup): void {
  for (const member of group.members.values()) {
    startConsumerSession(shard, group.groupId, member)
    if (member.state === 'unrevoked partitions') startRevocation(shard, group.groupId, member)
  }
}

export function putOut(
  shard: GroupShard,
  groupId: string,
  memberId: string,
  timeout: 'session' | 'rebalance' | 'join' | 'sync',
): void {
  const group = shard.groups.get(groupId)
  if (group?.kind !== 'consumer' || !group.members.has(memberId)) return
  const { log } = shard.host.core
  log('info', 'a member is too late and leaves its group', { group: groupId, member: memberId, timeout })
  removeMembers(shard, group, [memberId], (error) => {
    if (error)
      log('warn', 'the leaving of a member was not written', { group: groupId, error: errorName(error) })
  })
}

/** Takes members out and raises the epoch, or turns the group into a classic one. */
export function removeMembers(
  shard: GroupShard,
  group: ConsumerGroup,
  memberIds: readonly string[],
  done: (error: ErrorCode) => void,
): void {
  if (mayDowngradeWithout(shard, group, memberIds)) return downgradeWithout(shard, group, memberIds, done)
  const { groupId } = group
  const draft = new ConsumerDraft(group)
  for (const memberId of memberIds) draft.add(...memberTombstones(groupId, memberId))
  forgetExpressions(draft)
  raiseEpoch(shard, draft, true)
  shard.write(groupId, draft.records, (error) => {
    if (error === ErrorCode.NONE) for (const memberId of memberIds) cancelTimers(shard, groupId, memberId)
    done(error)
  })
}

/** A heartbeat with epoch -1 or -2. */
export function consumerGroupLeave(
  shard: GroupShard,
  group: ConsumerGroup,
  request: ConsumerGroupHeartbeatRequest,
  done: (refusal: Refusal | { readonly errorCode: ErrorCode }) => void,
): void {
  const refusal = whyNotThisMember(group, request)
  if (refusal) return done(refusal)
  const answer = (errorCode: ErrorCode): void => done({ errorCode })
  const { memberId, memberEpoch } = request
  if (memberEpoch !== LEFT_FOR_A_WHILE) return removeMembers(shard, group, [memberId], answer)
  const member = group.members.get(memberId)!
  const draft = new ConsumerDraft(group)
  // The epochs of its partitions begin anew with whoever comes back.
  const assigned = dated(member.assigned, 0)
  draft.move(member, { ...member, memberEpoch, assigned, pendingRevocation: NOTHING })
  shard.write(group.groupId, draft.records, answer)
}
