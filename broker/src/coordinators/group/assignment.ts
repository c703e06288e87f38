/**
 * Sets of partitions, by topic id: what a KIP-848 member has, shall have, must give up.
 *
 * Never changed in place: an assignment that two places hold is the same for both for ever. No topic has an empty set.
 */

export type Assignment = ReadonlyMap<string, ReadonlySet<number>>

/** As messages and records spell it. */
export interface TopicPartitions {
  readonly topicId: string
  readonly partitions: readonly number[]
}

export const NOTHING: Assignment = new Map()

export function assignmentOf(topics: readonly TopicPartitions[]): Assignment {
  const result = new Map<string, Set<number>>()
  for (const { topicId, partitions } of topics) {
    if (partitions.length === 0) continue
    const known = result.get(topicId)
    result.set(topicId, new Set([...(known ?? []), ...partitions]))
  }
  return result
}

/** Topics and partitions in rising order: equal assignments have equal bytes. */
export function topicPartitionsOf(assignment: Assignment): { topicId: string; partitions: number[] }[] {
  return [...assignment.keys()].sort().map((topicId) => ({
    topicId,
    partitions: [...assignment.get(topicId)!].sort((a, b) => a - b),
  }))
}

export function has(assignment: Assignment, topicId: string, partition: number): boolean {
  return assignment.get(topicId)?.has(partition) ?? false
}

/** The partitions for which `isWanted` says yes. */
export function filter(
  assignment: Assignment,
  isWanted: (topicId: string, partition: number) => boolean,
): Assignment {
  const result = new Map<string, Set<number>>()
  for (const [topicId, partitions] of assignment) {
    const kept = new Set([...partitions].filter((partition) => isWanted(topicId, partition)))
    if (kept.size > 0) result.set(topicId, kept)
  }
  return result
}

export function intersection(a: Assignment, b: Assignment): Assignment {
  return filter(a, (topicId, partition) => has(b, topicId, partition))
}

export function difference(a: Assignment, b: Assignment): Assignment {
  return filter(a, (topicId, partition) => !has(b, topicId, partition))
}

export function union(a: Assignment, b: Assignment): Assignment {
  return assignmentOf([...topicPartitionsOf(a), ...topicPartitionsOf(b)])
}

export function isSubset(a: Assignment, b: Assignment): boolean {
  return difference(a, b).size === 0
}

export function isSame(a: Assignment, b: Assignment): boolean {
  return isSubset(a, b) && isSubset(b, a)
}

export function sizeOf(assignment: Assignment): number {
  let size = 0
  for (const partitions of assignment.values()) size += partitions.size
  return size
}
