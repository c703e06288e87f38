/**
 * The `uniform` assignor where all members subscribe to the same topics: who has more than its share gives up the rest,
 * who has less is filled up.
 *
 *   share = partitions / members, rounded down; the remainder is handed out one by one ("odd ones")
 *
 * UNIFORM-HOMOGENEOUS-1  nobody has two partitions more than another
 * UNIFORM-HOMOGENEOUS-2  as little as can be moves: a member keeps what it has, up to its share
 * UNIFORM-HOMOGENEOUS-3  who has its fair share already leaves the odd one to those after it, as long as there are
 *     enough of them
 *
 * (UniformHomogeneousAssignmentBuilder)
 */

import { inHashOrder, uuidHash } from '../../../wire/hash-order.ts'
import type { AssignorMember, PartitionCounts } from './assignor.ts'

interface Slot {
  readonly topicId: string
  readonly partition: number
}

/** `members` in the order in which they are served; all subscribe to the topics of the first. */
export function assignEvenly(
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
    const { kept, given } = keep(member, shareMin + (mayTakeOdd ? 1 : 0))
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

/** What of the topics is in nobody's target. */
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

/** What a member keeps, `limit` at most, and what it gives up of topics that it still subscribes to. */
function keep({ topics, current }: AssignorMember, limit: number): { kept: Slot[]; given: Slot[] } {
  const [kept, given]: [Slot[], Slot[]] = [[], []]
  for (const topicId of inHashOrder(current.keys(), uuidHash)) {
    if (!topics.has(topicId)) continue
    const partitions = [...current.get(topicId)!.keys()].sort((a, b) => a - b)
    for (const partition of inHashOrder(partitions, (each) => each, 'copied'))
      (kept.length < limit ? kept : given).push({ topicId, partition })
  }
  return { kept, given }
}
