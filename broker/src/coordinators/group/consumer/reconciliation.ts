/**
 * Reconciliation: one step of one member towards its target assignment (KIP-848).
 *
 *   assigned    the partitions that the member may read now, each with the epoch at which it was assigned (KIP-1251)
 *   target      the partitions that the member should read in the end
 *
 *   1  it owns partitions that are not in its target,    it must revoke them first: state "unrevoked partitions"; its
 *      and still reports them                            epoch stays, so its commits stay valid
 *   2  partitions of its target are free                 they are assigned, and it gets the epoch of the target
 *   3  partitions of its target belong to others         state "unreleased partitions": it waits, at the target's epoch
 *   4  it has exactly its target                         state "stable", at the target's epoch
 *
 * Two members never own a partition at the same time: it is free only if no member has it assigned or still has to
 * revoke it. A member that unsubscribes from a topic revokes the topic's partitions at once, even if the target still
 * contains them because it is computed later.
 *
 * RECONCILIATION-1  assigned contains only partitions of the target and those assigned before
 * RECONCILIATION-2  the member epoch reaches the target's epoch only when no partition is left to revoke
 * RECONCILIATION-3  the previous epoch is the epoch before this step, even if the step does not change the epoch
 *
 * (CurrentAssignmentBuilder: updateCurrentAssignment, computeNextAssignment)
 */
import {
  type Assignment,
  type AssignmentWithEpochs,
  difference,
  EMPTY_ASSIGNMENT,
  filter,
  filterWithEpochs,
  has,
  isSubset,
  unionWithEpochs,
  withEpoch,
} from '../assignor/assignment.ts'
import type { ConsumerGroup, ConsumerMember } from './consumer-group.ts'

/** What a reconciliation depends on, beside the group and the member. */
export interface ReconcileInput {
  readonly epoch: number
  readonly target: Assignment
  /** The topics that the member subscribes to now, by id. */
  readonly topicIds: ReadonlySet<string>
  readonly hasSubscriptionChanged: boolean
  /** The partitions that the member reports; null if the request has none. */
  readonly owned: Assignment | null
}

/** Returns the member after the step; the same object if nothing changes. */
export function reconcile(
  group: ConsumerGroup,
  member: ConsumerMember,
  input: ReconcileInput,
): ConsumerMember {
  const { hasSubscriptionChanged, owned } = input
  const stay = (): ConsumerMember => (hasSubscriptionChanged ? revokeUnsubscribed(member, input) : member)
  switch (member.state) {
    case 'stable':
      return member.memberEpoch === input.epoch ? stay() : computeNextAssignment(group, member, input)
    case 'unrevoked partitions':
      return ownsAny(owned, member.pendingRevocation) ? stay() : computeNextAssignment(group, member, input)
    case 'unreleased partitions':
      return computeNextAssignment(group, member, input)
  }
}

/** Revokes the partitions of topics that the member no longer subscribes to; its epoch stays. */
function revokeUnsubscribed(member: ConsumerMember, { topicIds, owned }: ReconcileInput): ConsumerMember {
  const assigned = filterWithEpochs(member.assigned, (topicId) => topicIds.has(topicId))
  const dropped = filterWithEpochs(member.assigned, (topicId) => !topicIds.has(topicId))
  if (dropped.size === 0) return member
  const pendingRevocation = unionWithEpochs(member.pendingRevocation, dropped)
  const { memberEpoch } = member
  if (!ownsAny(owned, pendingRevocation)) return advanceTo(member, memberEpoch, { assigned })
  return advanceTo(member, memberEpoch, { state: 'unrevoked partitions', assigned, pendingRevocation })
}

// #region next-assignment
function computeNextAssignment(
  group: ConsumerGroup,
  member: ConsumerMember,
  input: ReconcileInput,
): ConsumerMember {
  const target = filter(input.target, (topicId) => input.topicIds.has(topicId))
  const kept = filterWithEpochs(member.assigned, (topicId, partition) => has(target, topicId, partition))
  const revoked = filterWithEpochs(member.assigned, (topicId, partition) => !has(target, topicId, partition))
  if (revoked.size > 0 && ownsAny(input.owned, revoked)) {
    const change = { state: 'unrevoked partitions', assigned: kept, pendingRevocation: revoked } as const
    return advanceTo(member, member.memberEpoch, change)
  }
  const missing = difference(target, kept)
  const free = filter(missing, (topicId, partition) => isFree(group, member, topicId, partition))
  const state = isSubset(missing, free) ? 'stable' : 'unreleased partitions'
  const assigned = unionWithEpochs(kept, withEpoch(free, input.epoch))
  return advanceTo(member, input.epoch, { state, assigned, pendingRevocation: EMPTY_ASSIGNMENT })
}
// #endregion next-assignment

/** Whether the partition has no owner. The member's own revocations count as free: it may get them back. */
function isFree(group: ConsumerGroup, member: ConsumerMember, topicId: string, partition: number): boolean {
  return (
    group.ownerEpoch(topicId, partition) === undefined || has(member.pendingRevocation, topicId, partition)
  )
}

/** Whether the member reports one of `partitions`. A member that reports nothing (null) counts as owning them. */
function ownsAny(owned: Assignment | null, partitions: AssignmentWithEpochs): boolean {
  return owned === null || filter(partitions, (topicId, partition) => has(owned, topicId, partition)).size > 0
}

/** RECONCILIATION-3 */
function advanceTo(
  member: ConsumerMember,
  memberEpoch: number,
  change: Partial<Pick<ConsumerMember, 'state' | 'assigned' | 'pendingRevocation'>>,
): ConsumerMember {
  return { ...member, ...change, memberEpoch, previousMemberEpoch: member.memberEpoch }
}
