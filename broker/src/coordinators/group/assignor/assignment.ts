/**
 * Sets of partitions, by topic id: the current assignment, the target or the revocations of a KIP-848 member.
 *
 * Assignments are immutable, so several owners can share one. No topic has an empty set.
 */

export type Assignment = ReadonlyMap<string, Partitions>

/** Partition numbers: a set, or the keys of a map. */
export interface Partitions {
  readonly size: number
  has(partition: number): boolean
  keys(): Iterable<number>
}

/** An assignment in which each partition has the epoch at which it was assigned (KIP-1251). */
export type AssignmentWithEpochs = ReadonlyMap<string, ReadonlyMap<number, number>>

/** The form that messages and records use. */
export interface TopicPartitions {
  readonly topicId: string
  readonly partitions: readonly number[]
}

export const EMPTY_ASSIGNMENT: AssignmentWithEpochs = new Map()

export function assignmentOf(topics: readonly TopicPartitions[]): Assignment {
  const result = new Map<string, Set<number>>()
  for (const { topicId, partitions } of topics) {
    if (partitions.length === 0) continue
    const known = result.get(topicId)
    result.set(topicId, new Set([...(known ?? []), ...partitions]))
  }
  return result
}

/** Topics and partitions sorted, so that equal assignments have equal bytes. */
export function topicPartitionsOf(assignment: Assignment): { topicId: string; partitions: number[] }[] {
  return [...assignment.keys()].sort().map((topicId) => ({
    topicId,
    partitions: [...assignment.get(topicId)!.keys()].sort((a, b) => a - b),
  }))
}

/** The same partitions, all with this epoch. */
export function withEpoch(assignment: Assignment, epoch: number): AssignmentWithEpochs {
  const at = (partitions: Partitions) =>
    new Map([...partitions.keys()].map((partition) => [partition, epoch]))
  return new Map([...assignment].map(([topicId, partitions]) => [topicId, at(partitions)]))
}

export function has(assignment: Assignment, topicId: string, partition: number): boolean {
  return assignment.get(topicId)?.has(partition) ?? false
}

/** The partitions for which `isWanted` returns true. */
export function filter(
  assignment: Assignment,
  isWanted: (topicId: string, partition: number) => boolean,
): Assignment {
  const result = new Map<string, Set<number>>()
  for (const [topicId, partitions] of assignment) {
    const kept = new Set([...partitions.keys()].filter((partition) => isWanted(topicId, partition)))
    if (kept.size > 0) result.set(topicId, kept)
  }
  return result
}

/** The same; each partition keeps its epoch. */
export function filterWithEpochs(
  assignment: AssignmentWithEpochs,
  isWanted: (topicId: string, partition: number) => boolean,
): AssignmentWithEpochs {
  const result = new Map<string, Map<number, number>>()
  for (const [topicId, partitions] of assignment) {
    const kept = new Map([...partitions].filter(([partition]) => isWanted(topicId, partition)))
    if (kept.size > 0) result.set(topicId, kept)
  }
  return result
}

/** The union; partitions in both have the epoch of `b`. */
export function unionWithEpochs(a: AssignmentWithEpochs, b: AssignmentWithEpochs): AssignmentWithEpochs {
  const result = new Map(a)
  for (const [topicId, partitions] of b)
    result.set(topicId, new Map([...(a.get(topicId) ?? []), ...partitions]))
  return result
}

/** Whether both have the same partitions with the same epochs. */
export function isSameWithEpochs(a: AssignmentWithEpochs, b: AssignmentWithEpochs): boolean {
  if (!isSame(a, b)) return false
  return [...a].every(([topicId, partitions]) =>
    [...partitions].every(([partition, epoch]) => b.get(topicId)?.get(partition) === epoch),
  )
}

export function difference(a: Assignment, b: Assignment): Assignment {
  return filter(a, (topicId, partition) => !has(b, topicId, partition))
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
