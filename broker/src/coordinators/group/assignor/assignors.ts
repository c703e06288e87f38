/**
 * The server's assignors (KIP-848): who shall read which partition.
 *
 *   range     topic by topic: the members in order, each a run of neighbouring partitions, so that the same numbers of
 *             two topics meet at the same member
 *   uniform   as many partitions for each as for the others, and as little moved as can be (the default)
 *
 * Three members, topic of four partitions, then the first leaves:
 *
 *   range     a: 0 1   b: 2     c: 3          b: 0 1     c: 2 3
 *   uniform   a: 0 3   b: 1     c: 2          b: 1 0     c: 2 3       b and c keep what they have
 *
 * ASSIGNORS-1  every partition of a subscribed topic has exactly one member, and that member subscribes to the topic
 * ASSIGNORS-2  the same members with the same targets are assigned alike by Apache Kafka; uniform serves them in the
 *     order in which it would (inServingOrder), range in the order of their ids
 * ASSIGNORS-3  uniform: no partition could go to a member that has at least two fewer
 */

import { inHashOrder, inTimelineOrder, stringHash } from '../../../wire/hash-order.ts'
import type { Assignment } from './assignment.ts'
import type { Assignor, AssignorMember, PartitionCounts } from './assignor.ts'
import { assignMixed } from './uniform-heterogeneous.ts'
import { assignEvenly } from './uniform-homogeneous.ts'

type Draft = Map<string, Map<string, Set<number>>>

export const ASSIGNORS: ReadonlyMap<string, Assignor> = new Map([
  ['uniform', assignUniform],
  ['range', assignRange],
])

/** Members in an order that survives restarts: static ones by their instance id come first, then the others. */
function inOrder(members: readonly AssignorMember[]): AssignorMember[] {
  const keyOf = ({ instanceId, memberId }: AssignorMember): string =>
    `${instanceId === null ? 1 : 0}${instanceId ?? memberId}`
  return [...members].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/**
 * The members, given in the order in which they came, as Kafka's coordinator hands them to an assignor: from the group's own map into a HashMap. A newcomer is not
 * in the group's map yet, and comes last of those in its bucket.
 */
export function inServingOrder(members: readonly AssignorMember[], newcomer?: string): AssignorMember[] {
  const known = members.filter(({ memberId }) => memberId !== newcomer).map(({ memberId }) => memberId)
  const ids = [...inTimelineOrder(known), ...(newcomer === undefined ? [] : [newcomer])]
  const byId = new Map(members.map((member) => [member.memberId, member]))
  return inHashOrder(ids, stringHash).flatMap((memberId) => byId.get(memberId) ?? [])
}

function emptyDraft(members: readonly AssignorMember[]): Draft {
  return new Map(members.map(({ memberId }) => [memberId, new Map<string, Set<number>>()]))
}

function give(draft: Draft, memberId: string, topicId: string, partition: number): void {
  const topics = draft.get(memberId)!
  const partitions = topics.get(topicId) ?? new Set<number>()
  topics.set(topicId, partitions.add(partition))
}

export function assignRange(
  members: readonly AssignorMember[],
  counts: PartitionCounts,
): Map<string, Assignment> {
  const draft = emptyDraft(members)
  const ordered = inOrder(members)
  for (const [topicId, count] of counts) {
    const readers = ordered.filter(({ topics }) => topics.has(topicId))
    let next = 0
    for (const [at, { memberId }] of readers.entries()) {
      const share = Math.floor(count / readers.length) + (at < count % readers.length ? 1 : 0)
      for (const end = next + share; next < end; next++) give(draft, memberId, topicId, next)
    }
  }
  return draft
}

export function assignUniform(
  members: readonly AssignorMember[],
  counts: PartitionCounts,
  isMixed = subscribeDifferently(members),
): Map<string, Assignment> {
  const draft = emptyDraft(members)
  if (members.length === 0) return draft
  if (!isMixed) {
    for (const [memberId, slots] of assignEvenly(members, counts))
      for (const { topicId, partition } of slots) give(draft, memberId, topicId, partition)
    return draft
  }
  for (const { topicId, owners } of assignMixed(members, counts))
    for (const [partition, owner] of owners.entries())
      give(draft, members[owner]!.memberId, topicId, partition)
  return draft
}

function subscribeDifferently(members: readonly AssignorMember[]): boolean {
  const [first, ...others] = members.map(({ topics }) => topics)
  return others.some((topics) => topics.size !== first!.size || [...topics].some((each) => !first!.has(each)))
}
