/**
 * The `uniform` assignor for members with the same subscription: a member above its share gives up the surplus, a member
 * below its share is filled up.
 *
 *   share = partitions / members, rounded down; the remainder is assigned one by one ("odd" partitions)
 *
 * UNIFORM-HOMOGENEOUS-1  no member has two partitions more than another
 * UNIFORM-HOMOGENEOUS-2  as few partitions as possible are moved: a member keeps its partitions, up to its share
 * UNIFORM-HOMOGENEOUS-3  a member that has exactly its share leaves the odd partition to later members, as long as there
 *     are enough of them
 *
 * (UniformHomogeneousAssignmentBuilder)
 */

import { inHashOrder, uuidHash } from '../../../wire/hash-order.ts'
import type { AssignorMember, PartitionCounts } from './assignor.ts'

interface Slot {
  readonly topicId: string
  readonly partition: number
}

/** `members`: in Kafka's order; all subscribe to the topics of the first one. */
export function assignHomogeneous(
  members: readonly AssignorMember[],
  counts: PartitionCounts,
): Map<string, Slot[]> {
  const topics = inHashOrder(members[0]?.topics ?? [], uuidHash, 'copied')
  const free = unassigned(members, counts, topics)
  const total = topics.reduce((sum, topicId) => sum + (counts.get(topicId) ?? 0), 0)
  const shareMin = Math.floor(total / members.length)
  let odd = total % members.length
  const shares = new Map<string, Slot[]>()
  const rooms = members.map((member, at) => {
    let mayTakeOdd = odd > 0
    const { kept, given } = splitCurrent(member, shareMin + (mayTakeOdd ? 1 : 0))
    let room = shareMin + (mayTakeOdd ? 1 : 0) - kept.length
    if (room > 0 && mayTakeOdd && members.length - at > odd) {
      room--
      mayTakeOdd = false // UNIFORM-HOMOGENEOUS-3
    }
    if (mayTakeOdd) odd--
    shares.set(member.memberId, kept)
    free.push(...given)
    return { kept, room }
  })
  for (const { kept, room } of rooms) kept.push(...free.splice(0, room))
  return shares
}

/** The partitions of the topics that are in no target. */
function unassigned(
  members: readonly AssignorMember[],
  counts: PartitionCounts,
  topics: readonly string[],
): Slot[] {
  return topics.flatMap((topicId) => {
    const taken = new Set(members.flatMap(({ current }) => [...(current.get(topicId)?.keys() ?? [])]))
    const all = Array.from({ length: counts.get(topicId) ?? 0 }, (_, partition) => partition)
    return all.flatMap((partition) => (taken.has(partition) ? [] : [{ topicId, partition }]))
  })
}

/** The partitions that a member keeps, at most `limit`, and those it gives up, of topics to which it still subscribes. */
function splitCurrent({ topics, current }: AssignorMember, limit: number): { kept: Slot[]; given: Slot[] } {
  const [kept, given]: [Slot[], Slot[]] = [[], []]
  for (const topicId of inHashOrder(current.keys(), uuidHash)) {
    if (!topics.has(topicId)) continue
    const partitions = [...current.get(topicId)!.keys()].sort((a, b) => a - b)
    for (const partition of inHashOrder(partitions, (each) => each, 'copied'))
      (kept.length < limit ? kept : given).push({ topicId, partition })
  }
  return { kept, given }
}
