/**
 * The `uniform` assignor where members subscribe to different topics: nobody can say beforehand what a fair share is, so
 * partitions wander from those with the most to those with the least, topic by topic, until no topic has one to move.
 *
 *   1  members keep what they have of topics that they still subscribe to
 *   2  what is free goes to the subscriber with the least
 *   3  each topic in turn: from its subscriber with the most to the one with the least, while they are two apart;
 *      round and round, until a whole round has moved nothing, or ROUNDS_MAX
 *
 *        |       #              |                      a, b subscribe to x; b, c to y
 *        |   #   #     a step   |   #   #   #          Two topics that share b pull at each other, so a round may
 *        |   #   #   #   -->    |   #   #   #          undo a part of the one before. Each halves what is uneven.
 *            a   b   c              a   b   c
 *
 * UNIFORM-HETEROGENEOUS-1  topics with the most partitions for each subscriber come first, then those with the fewest
 *     subscribers
 * UNIFORM-HETEROGENEOUS-2  of members with as many partitions the one that comes first in `members` counts as having
 *     less
 * UNIFORM-HETEROGENEOUS-3  no two subscribers of a topic are two apart, if the one with more has a partition of it to
 *     give, unless the rounds ran out
 *
 * (UniformHeterogeneousAssignmentBuilder)
 */
import { groupBy } from '../../../wire/group-by.ts'
import { compareUuids } from '../../../wire/hash-order.ts'
import type { AssignorMember, PartitionCounts } from './assignor.ts'
import { LoadScale } from './load-scale.ts'

const ROUNDS_MAX = 16
const NOBODY = -1

interface Topic {
  readonly topicId: string
  /** Places in `members`, rising. */
  readonly subscribers: readonly number[]
  /** Who has which partition: a place in `members`. */
  readonly owners: number[]
}

/** `members` in the order in which they are served. Gives the owners of each topic's partitions, as places in `members`. */
export function assignMixed(
  members: readonly AssignorMember[],
  counts: PartitionCounts,
): { readonly topicId: string; readonly owners: readonly number[] }[] {
  const loads = members.map(() => 0)
  const topics = [...counts.keys()].flatMap((topicId) => {
    const subscribers = [...members.keys()].filter((at) => members[at]!.topics.has(topicId))
    const owners = Array.from({ length: counts.get(topicId)! }, () => NOBODY)
    return subscribers.length === 0 ? [] : [{ topicId, subscribers, owners }]
  })
  topics.sort(inTurn)
  for (const topic of topics) keepWhatIsThere(topic, members, loads)
  for (const topic of topics) handOut(topic, loads)
  balance(
    topics.filter(({ subscribers }) => subscribers.length > 1),
    loads,
  )
  return topics
}

/** UNIFORM-HETEROGENEOUS-1 */
function inTurn(a: Topic, b: Topic): number {
  const perSubscriber = ({ owners, subscribers }: Topic): number => owners.length / subscribers.length
  return (
    perSubscriber(b) - perSubscriber(a) ||
    a.subscribers.length - b.subscribers.length ||
    compareUuids(a.topicId, b.topicId)
  )
}

function keepWhatIsThere(
  { topicId, subscribers, owners }: Topic,
  members: readonly AssignorMember[],
  loads: number[],
) {
  for (const at of subscribers)
    for (const partition of members[at]!.current.get(topicId)?.keys() ?? []) {
      owners[partition] = at
      loads[at]!++
    }
}

function handOut({ subscribers, owners }: Topic, loads: number[]): void {
  const scale = new LoadScale(subscribers, loads)
  for (const [partition, owner] of owners.entries()) {
    if (owner !== NOBODY) continue
    const taker = scale.takeLightest()
    owners[partition] = taker
    loads[taker]!++
  }
}

/** Goes round the topics until one that was the last to change comes again unchanged. */
function balance(topics: readonly Topic[], loads: number[]): void {
  let lastChanged: Topic | undefined
  for (let round = 0; round < ROUNDS_MAX; round++)
    for (const topic of topics) {
      if (topic === lastChanged) return
      if (balanceTopic(topic, loads) || lastChanged === undefined) lastChanged = topic
    }
}

/** Moves partitions of one topic (UNIFORM-HETEROGENEOUS-3); whether any moved. */
function balanceTopic({ subscribers, owners }: Topic, loads: number[]): boolean {
  const scale = new LoadScale(subscribers, loads)
  if (scale.spread <= 1) return false
  // What was there at first, of each owner in rising order: who gets one now does not give it away again.
  const givable = groupBy(owners.keys(), (partition) => owners[partition]!)
  for (let hasMoved = false; ; hasMoved = true) {
    const giver = scale.takeHeaviest((member) => (givable.get(member)?.length ?? 0) > 0)
    if (giver === undefined) return hasMoved
    const partition = givable.get(giver)!.pop()!
    const taker = scale.takeLightest()
    if (scale.isLevel) return hasMoved
    owners[partition] = taker
    loads[giver]!--
    loads[taker]!++
  }
}
