/**
 * One step of one member towards its target assignment (KIP-848).
 *
 *   assigned    what it may read now
 *   target      what it shall read in the end
 *
 *   1  it has something that is not in its target       it must give that up first: "unrevoked partitions";
 *      and still reports it                             its epoch stays, so its commits are still good
 *   2  something of its target is free                  it gets that, and the target's epoch
 *   3  something of its target is another's             "unreleased partitions": it waits, at the target's epoch
 *   4  nothing of all this                              "stable" at the target's epoch
 *
 * Two members never have a partition at the same time: it is free only when no member has it or still gives it up.
 *
 * S1  assigned is never more than target and what it had before
 * S2  the member's epoch reaches the target's only when nothing is left to give up
 */
import {
  type Assignment,
  difference,
  filter,
  has,
  intersection,
  isSubset,
  NOTHING,
  union,
} from './assignment.ts'
import type { ConsumerGroup, ConsumerMember } from './consumer-group.ts'

/** Gives the member as it is after the step; the same object when nothing changes. `owned` is null when not reported. */
export function reconcile(
  group: ConsumerGroup,
  member: ConsumerMember,
  owned: Assignment | null,
): ConsumerMember {
  switch (member.state) {
    case 'stable':
      return member.memberEpoch === group.assignmentEpoch
        ? member
        : step(group, member, member.memberEpoch, owned)
    case 'unrevoked partitions':
      if (stillHas(owned, member.pendingRevocation)) return member
      return step(group, member, member.memberEpoch + 1, owned)
    case 'unreleased partitions':
      return step(group, member, member.memberEpoch, owned)
  }
}

function step(
  group: ConsumerGroup,
  member: ConsumerMember,
  epoch: number,
  owned: Assignment | null,
): ConsumerMember {
  const target = group.target.get(member.memberId) ?? NOTHING
  const kept = intersection(member.assigned, target)
  const pendingRevocation = difference(member.assigned, target)
  if (pendingRevocation.size > 0 && stillHas(owned, pendingRevocation)) {
    return at(member, epoch, { state: 'unrevoked partitions', assigned: kept, pendingRevocation })
  }
  const wanted = difference(target, kept)
  const free = filter(wanted, (topicId, partition) => group.ownerEpoch(topicId, partition) === undefined)
  const state = isSubset(wanted, free) ? 'stable' : 'unreleased partitions'
  return at(member, group.assignmentEpoch, { state, assigned: union(kept, free), pendingRevocation: NOTHING })
}

/** Whether the member reports one of `partitions`, or does not report at all: then it has them. */
function stillHas(owned: Assignment | null, partitions: Assignment): boolean {
  return owned === null || filter(partitions, (topicId, partition) => has(owned, topicId, partition)).size > 0
}

function at(
  member: ConsumerMember,
  memberEpoch: number,
  change: Pick<ConsumerMember, 'state' | 'assigned' | 'pendingRevocation'>,
): ConsumerMember {
  const previousMemberEpoch =
    memberEpoch === member.memberEpoch ? member.previousMemberEpoch : member.memberEpoch
  return { ...member, ...change, memberEpoch, previousMemberEpoch }
}
