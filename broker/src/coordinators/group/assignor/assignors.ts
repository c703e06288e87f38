/**
 * The server-side assignors (KIP-848): which member should read which partition.
 *
 *   range     topic by topic: each member gets consecutive partitions, in the order of the members, so that a member
 *             gets the same partition numbers of all topics
 *   uniform   each member gets equally many partitions, and as few partitions as possible are moved (the default)
 *
 * Example: three members, a topic with four partitions; then a leaves:
 *
 *   range     a: 0 1   b: 2     c: 3          b: 0 1     c: 2 3
 *   uniform   a: 0 3   b: 1     c: 2          b: 1 0     c: 2 3       b and c keep their partitions
 *
 * ASSIGNORS-1  each partition of a subscribed topic is assigned to exactly one member, which subscribes to the topic
 * ASSIGNORS-2  the result equals that of Apache Kafka for the same members and targets; uniform processes the members in
 *     the order of Kafka's hash map (inKafkaOrder), range in the order of their ids
 * ASSIGNORS-3  uniform: no partition can be moved to a subscriber that has at least two partitions fewer
 *
 * (org.apache.kafka.coordinator.group.assignor: RangeAssignor, UniformAssignor)
 */

import { inHashOrder, inTimelineOrder, stringHash } from '../../../wire/hash-order.ts'
import type { Assignment } from './assignment.ts'
import type { Assignor, AssignorMember, PartitionCounts } from './assignor.ts'
import { assignHeterogeneous } from './uniform-heterogeneous.ts'
import { assignHomogeneous } from './uniform-homogeneous.ts'

type Draft = Map<string, Map<string, Set<number>>>

export const ASSIGNORS: ReadonlyMap<string, Assignor> = new Map([
  ['uniform', assignUniform],
  ['range', assignRange],
])

/** Sorts members so that a restart keeps the order: static members by instance id, then the others by member id. */
function sortForRange(members: readonly AssignorMember[]): AssignorMember[] {
  const keyOf = ({ instanceId, memberId }: AssignorMember): string =>
    `${instanceId === null ? 1 : 0}${instanceId ?? memberId}`
  return [...members].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/**
 * Sorts `members`, which are in the order in which they joined, as Kafka passes them to an assignor: copied from the
 * group's TimelineHashMap into a HashMap. A newcomer is not in the group's map yet, so it is last in its bucket.
 */
export function inKafkaOrder(members: readonly AssignorMember[], newcomer?: string): AssignorMember[] {
  const known = members.filter(({ memberId }) => memberId !== newcomer).map(({ memberId }) => memberId)
  const ids = [...inTimelineOrder(known), ...(newcomer === undefined ? [] : [newcomer])]
  const byId = new Map(members.map((member) => [member.memberId, member]))
  return inHashOrder(ids, stringHash).flatMap((memberId) => byId.get(memberId) ?? [])
}

function emptyDraft(members: readonly AssignorMember[]): Draft {
  return new Map(members.map(({ memberId }) => [memberId, new Map<string, Set<number>>()]))
}

function assignPartition(draft: Draft, memberId: string, topicId: string, partition: number): void {
  const topics = draft.get(memberId)!
  const partitions = topics.get(topicId) ?? new Set<number>()
  topics.set(topicId, partitions.add(partition))
}

/** The range assignor: returns the target of each member by id. */
export function assignRange(
  members: readonly AssignorMember[],
  counts: PartitionCounts,
): Map<string, Assignment> {
  const draft = emptyDraft(members)
  const ordered = sortForRange(members)
  for (const [topicId, count] of counts) {
    const readers = ordered.filter(({ topics }) => topics.has(topicId))
    let next = 0
    for (const [at, { memberId }] of readers.entries()) {
      const share = Math.floor(count / readers.length) + (at < count % readers.length ? 1 : 0)
      for (const end = next + share; next < end; next++) assignPartition(draft, memberId, topicId, next)
    }
  }
  return draft
}

/** The uniform assignor: returns the target of each member by id. */
export function assignUniform(
  members: readonly AssignorMember[],
  counts: PartitionCounts,
  isMixed = isHeterogeneous(members),
): Map<string, Assignment> {
  const draft = emptyDraft(members)
  if (members.length === 0) return draft
  if (!isMixed) {
    for (const [memberId, slots] of assignHomogeneous(members, counts))
      for (const { topicId, partition } of slots) assignPartition(draft, memberId, topicId, partition)
    return draft
  }
  for (const { topicId, owners } of assignHeterogeneous(members, counts))
    for (const [partition, owner] of owners.entries())
      assignPartition(draft, members[owner]!.memberId, topicId, partition)
  return draft
}

function isHeterogeneous(members: readonly AssignorMember[]): boolean {
  const [first, ...others] = members.map(({ topics }) => topics)
  return others.some((topics) => topics.size !== first!.size || [...topics].some((each) => !first!.has(each)))
}
