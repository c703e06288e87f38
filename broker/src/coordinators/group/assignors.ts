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
 * A1  every partition of a subscribed topic has exactly one member, and that member subscribes to the topic
 * A2  the result depends on the input alone, not on the order in which members came
 * A3  uniform: no partition could go to a member that has at least two fewer
 */
import type { Assignment } from './assignment.ts'

export interface AssignorMember {
  readonly memberId: string
  readonly instanceId: string | null
  /** Topic ids. */
  readonly topics: ReadonlySet<string>
  /** Its target so far. */
  readonly current: Assignment
}

/** Partitions by topic id. */
export type PartitionCounts = ReadonlyMap<string, number>

export type Assignor = (
  members: readonly AssignorMember[],
  counts: PartitionCounts,
) => Map<string, Assignment>

type Draft = Map<string, Map<string, Set<number>>>

export const ASSIGNORS: ReadonlyMap<string, Assignor> = new Map([
  ['uniform', assignUniform],
  ['range', assignRange],
])

/** Members in an order that survives restarts: static ones by their instance id come first, then the others (A2). */
function inOrder(members: readonly AssignorMember[]): AssignorMember[] {
  const keyOf = ({ instanceId, memberId }: AssignorMember): string =>
    `${instanceId === null ? 1 : 0}${instanceId ?? memberId}`
  return [...members].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/**
 * Members in the order in which Java's HashMap gives their ids: two brokers, one of them Apache Kafka, come to the same
 * result, and a group that moves from one to the other stays as it is (A2).
 */
function inHashOrder(members: readonly AssignorMember[]): AssignorMember[] {
  let buckets = 16
  while (members.length > buckets * 0.75) buckets *= 2
  const bucketOf = ({ memberId }: AssignorMember): number => {
    let hash = 0
    for (let at = 0; at < memberId.length; at++) hash = (Math.imul(hash, 31) + memberId.charCodeAt(at)) | 0
    return (hash ^ (hash >>> 16)) & (buckets - 1)
  }
  return inOrder(members).sort((a, b) => bucketOf(a) - bucketOf(b))
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

interface Slot {
  readonly topicId: string
  readonly partition: number
}

export function assignUniform(
  members: readonly AssignorMember[],
  counts: PartitionCounts,
): Map<string, Assignment> {
  const ordered = inHashOrder(members)
  const loads = new Map(ordered.map(({ memberId }) => [memberId, [] as Slot[]]))
  const free = keepWhatFits(ordered, counts, loads)
  const isEven = fillUp(ordered, counts, loads, free)
  if (!isEven) {
    for (const slot of free) {
      const reader = lightest(ordered, loads, slot.topicId)
      if (reader) loads.get(reader.memberId)!.push(slot)
    }
    balance(ordered, loads)
  }
  const draft = emptyDraft(members)
  for (const [memberId, slots] of loads)
    for (const { topicId, partition } of slots) give(draft, memberId, topicId, partition)
  return draft
}

/** When all subscribe to the same topics: each in turn is filled up to its share. False when they don't. */
function fillUp(
  members: readonly AssignorMember[],
  counts: PartitionCounts,
  loads: ReadonlyMap<string, Slot[]>,
  free: Slot[],
): boolean {
  if (members.some(({ topics }) => [...counts.keys()].some((topicId) => !topics.has(topicId)))) return false
  const slots = [...loads.values()]
  const total = free.length + slots.reduce((sum, { length }) => sum + length, 0)
  const shareMin = Math.floor(total / members.length)
  let extras = (total % members.length) - slots.filter(({ length }) => length > shareMin).length
  for (const [at, load] of slots.entries()) {
    // Who has its fair share already leaves the odd ones to those that come after it, as long as there are enough.
    const later = slots.slice(at + 1).filter(({ length }) => length <= shareMin).length
    const isExtra = load.length <= shareMin && extras > 0 && later < extras
    if (isExtra) extras--
    load.push(...free.splice(0, Math.max(0, shareMin + (isExtra ? 1 : 0) - load.length)))
  }
  return true
}

/** Members keep what they have, up to a fair share; gives what is then free, topic by topic. */
function keepWhatFits(
  members: readonly AssignorMember[],
  counts: PartitionCounts,
  loads: Map<string, Slot[]>,
): Slot[] {
  const free = new Map<string, Set<number>>()
  let total = 0
  for (const [topicId, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    free.set(topicId, new Set(Array.from({ length: count }, (_, partition) => partition)))
    total += count
  }
  const shareMin = Math.floor(total / Math.max(members.length, 1))
  let extras = total % Math.max(members.length, 1)
  for (const { memberId, topics, current } of members) {
    const slots = loads.get(memberId)!
    for (const topicId of [...current.keys()].sort()) {
      for (const partition of topics.has(topicId)
        ? [...current.get(topicId)!.keys()].sort((a, b) => a - b)
        : []) {
        const isExtra = slots.length === shareMin
        if (slots.length > shareMin || (isExtra && extras === 0)) break
        if (!free.get(topicId)?.delete(partition)) continue
        if (isExtra) extras--
        slots.push({ topicId, partition })
      }
    }
  }
  return [...free].flatMap(([topicId, partitions]) =>
    [...partitions].map((partition) => ({ topicId, partition })),
  )
}

/** The member with the least among those that subscribe to the topic. */
function lightest(
  members: readonly AssignorMember[],
  loads: ReadonlyMap<string, readonly Slot[]>,
  topicId: string,
): AssignorMember | undefined {
  let best: AssignorMember | undefined
  for (const member of members) {
    if (!member.topics.has(topicId)) continue
    if (!best || loads.get(member.memberId)!.length < loads.get(best.memberId)!.length) best = member
  }
  return best
}

/** Moves partitions one at a time from who has more to who has at least two fewer (A3). */
function balance(members: readonly AssignorMember[], loads: Map<string, Slot[]>): void {
  for (let moved = true; moved; ) {
    moved = false
    for (const { memberId } of members) {
      const slots = loads.get(memberId)!
      for (const [at, slot] of [...slots.entries()].reverse()) {
        const reader = lightest(members, loads, slot.topicId)
        if (!reader || loads.get(reader.memberId)!.length > slots.length - 2) continue
        slots.splice(at, 1)
        loads.get(reader.memberId)!.push(slot)
        moved = true
      }
    }
  }
}
