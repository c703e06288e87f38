/**
 * One step of one member towards its target assignment (KIP-848).
 *
 *   assigned    what it may read now, each partition with the epoch at which it got it (KIP-1251)
 *   target      what it shall read in the end
 *
 *   1  it has something that is not in its target       it must give that up first: "unrevoked partitions";
 *      and still reports it                             its epoch stays, so its commits are still good
 *   2  something of its target is free                  it gets that, and the target's epoch
 *   3  something of its target is another's             "unreleased partitions": it waits, at the target's epoch
 *   4  nothing of all this                              "stable" at the target's epoch
 *
 * Two members never have a partition at the same time: it is free only when no member has it or still gives it up.
 * Who unsubscribes from a topic gives its partitions up at once, whatever the target says: that may be computed later.
 *
 * RECONCILIATION-1  assigned is never more than target and what it had before
 * RECONCILIATION-2  the member's epoch reaches the target's only when nothing is left to give up
 * RECONCILIATION-3  the epoch before is the one before this step, even when the step did not change it
 */
import {
  type Assignment,
  type DatedAssignment,
  dated,
  difference,
  filter,
  filterDated,
  has,
  isSubset,
  NOTHING,
  unionDated,
} from '../assignor/assignment.ts'
import type { ConsumerGroup, ConsumerMember } from './consumer-group.ts'

/** Where a member shall go. */
export interface Course {
  readonly epoch: number
  readonly target: Assignment
  /** The topics that the member subscribes to now, by id. */
  readonly topicIds: ReadonlySet<string>
  readonly hasSubscriptionChanged: boolean
  /** The partitions that the member reports; null when it doesn't say. */
  readonly owned: Assignment | null
}

/** Gives the member as it is after the step; the same object when nothing changes. */
export function reconcile(group: ConsumerGroup, member: ConsumerMember, course: Course): ConsumerMember {
  const { hasSubscriptionChanged, owned } = course
  const keepsUp = (): ConsumerMember => (hasSubscriptionChanged ? unsubscribe(member, course) : member)
  switch (member.state) {
    case 'stable':
      return member.memberEpoch === course.epoch ? keepsUp() : step(group, member, course)
    case 'unrevoked partitions':
      return stillHas(owned, member.pendingRevocation) ? keepsUp() : step(group, member, course)
    case 'unreleased partitions':
      return step(group, member, course)
  }
}

/** Gives up the topics that it no longer subscribes to; its epoch stays. */
function unsubscribe(member: ConsumerMember, { topicIds, owned }: Course): ConsumerMember {
  const assigned = filterDated(member.assigned, (topicId) => topicIds.has(topicId))
  const dropped = filterDated(member.assigned, (topicId) => !topicIds.has(topicId))
  if (dropped.size === 0) return member
  const pendingRevocation = unionDated(member.pendingRevocation, dropped)
  const { memberEpoch } = member
  if (!stillHas(owned, pendingRevocation)) return at(member, memberEpoch, { assigned })
  return at(member, memberEpoch, { state: 'unrevoked partitions', assigned, pendingRevocation })
}

function step(group: ConsumerGroup, member: ConsumerMember, course: Course): ConsumerMember {
  const target = filter(course.target, (topicId) => course.topicIds.has(topicId))
  const kept = filterDated(member.assigned, (topicId, partition) => has(target, topicId, partition))
  const given = filterDated(member.assigned, (topicId, partition) => !has(target, topicId, partition))
  if (given.size > 0 && stillHas(course.owned, given)) {
    const change = { state: 'unrevoked partitions', assigned: kept, pendingRevocation: given } as const
    return at(member, member.memberEpoch, change)
  }
  const wanted = difference(target, kept)
  const free = filter(wanted, (topicId, partition) => isFree(group, member, topicId, partition))
  const state = isSubset(wanted, free) ? 'stable' : 'unreleased partitions'
  const assigned = unionDated(kept, dated(free, course.epoch))
  return at(member, course.epoch, { state, assigned, pendingRevocation: NOTHING })
}

/** What a member has just given up may come back to it. */
function isFree(group: ConsumerGroup, member: ConsumerMember, topicId: string, partition: number): boolean {
  return (
    group.ownerEpoch(topicId, partition) === undefined || has(member.pendingRevocation, topicId, partition)
  )
}

/** Whether the member reports one of `partitions`, or does not report at all: then it has them. */
function stillHas(owned: Assignment | null, partitions: DatedAssignment): boolean {
  return owned === null || filter(partitions, (topicId, partition) => has(owned, topicId, partition)).size > 0
}

/** RECONCILIATION-3 */
function at(
  member: ConsumerMember,
  memberEpoch: number,
  change: Partial<Pick<ConsumerMember, 'state' | 'assigned' | 'pendingRevocation'>>,
): ConsumerMember {
  return { ...member, ...change, memberEpoch, previousMemberEpoch: member.memberEpoch }
}
