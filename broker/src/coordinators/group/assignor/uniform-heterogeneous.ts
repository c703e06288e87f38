/**
 * The `uniform` assignor for members with different subscriptions. A fair share is not known beforehand, so partitions
 * are moved from the members with the most to those with the fewest, topic by topic, until no topic has one to move.
 *
 *   1  members keep their partitions of topics to which they still subscribe
 *   2  each free partition is assigned to the subscriber with the lowest load
 *   3  for each topic in turn: partitions move from its subscriber with the highest load to the one with the lowest while
 *      the loads differ by two or more; repeated until a whole round moves nothing, or ROUNDS_MAX rounds
 *
 *        |       #              |                      a, b subscribe to x; b, c to y
 *        |   #   #     a step   |   #   #   #          Two topics with a common subscriber b affect each other, so a
 *        |   #   #   #   -->    |   #   #   #          round may undo a part of the last one. Each round halves the
 *            a   b   c              a   b   c          imbalance.
 *
 * UNIFORM-HETEROGENEOUS-1  topics with the most partitions per subscriber are first, then those with the fewest
 *     subscribers
 * UNIFORM-HETEROGENEOUS-2  of members with the same load, the first one in `members` counts as the lightest
 * UNIFORM-HETEROGENEOUS-3  no two subscribers of a topic differ by two, if the heavier one has a partition of it to give,
 *     unless ROUNDS_MAX was reached
 *
 * (UniformHeterogeneousAssignmentBuilder)
 */
import { groupBy } from '../../../wire/group-by.ts'
import { compareUuids } from '../../../wire/hash-order.ts'
import type { AssignorMember, PartitionCounts } from './assignor.ts'
import { LoadScale } from './load-scale.ts'

const ROUNDS_MAX = 16
const UNASSIGNED = -1

interface Topic {
  readonly topicId: string
  /** Indexes into `members`, ascending. */
  readonly subscribers: readonly number[]
  /** The owner of each partition: an index into `members`, or UNASSIGNED. */
  readonly owners: number[]
}

/** `members`: in Kafka's order. Returns the owner of each partition, as an index into `members`, by topic. */
export function assignHeterogeneous(
  members: readonly AssignorMember[],
  counts: PartitionCounts,
): { readonly topicId: string; readonly owners: readonly number[] }[] {
  const loads = members.map(() => 0)
  const topics = [...counts.keys()].flatMap((topicId) => {
    const subscribers = [...members.keys()].filter((at) => members[at]!.topics.has(topicId))
    const owners = Array.from({ length: counts.get(topicId)! }, () => UNASSIGNED)
    return subscribers.length === 0 ? [] : [{ topicId, subscribers, owners }]
  })
  topics.sort(compareTopics)
  for (const topic of topics) keepCurrent(topic, members, loads)
  for (const topic of topics) assignFree(topic, loads)
  balance(
    topics.filter(({ subscribers }) => subscribers.length > 1),
    loads,
  )
  return topics
}

/** UNIFORM-HETEROGENEOUS-1 */
function compareTopics(a: Topic, b: Topic): number {
  const perSubscriber = ({ owners, subscribers }: Topic): number => owners.length / subscribers.length
  return (
    perSubscriber(b) - perSubscriber(a) ||
    a.subscribers.length - b.subscribers.length ||
    compareUuids(a.topicId, b.topicId)
  )
}

function keepCurrent(
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

function assignFree({ subscribers, owners }: Topic, loads: number[]): void {
  const scale = new LoadScale(subscribers, loads)
  for (const [partition, owner] of owners.entries()) {
    if (owner !== UNASSIGNED) continue
    const taker = scale.takeLightest()
    owners[partition] = taker
    loads[taker]!++
  }
}

/** Balances the topics in rounds, until the topic that changed last is reached again without a change. */
function balance(topics: readonly Topic[], loads: number[]): void {
  let lastChanged: Topic | undefined
  for (let round = 0; round < ROUNDS_MAX; round++)
    for (const topic of topics) {
      if (topic === lastChanged) return
      if (balanceTopic(topic, loads) || lastChanged === undefined) lastChanged = topic
    }
}

/** Moves partitions of one topic (UNIFORM-HETEROGENEOUS-3). Returns whether any was moved. */
function balanceTopic({ subscribers, owners }: Topic, loads: number[]): boolean {
  const scale = new LoadScale(subscribers, loads)
  if (scale.spread <= 1) return false
  // The partitions at the start, by owner: a partition that moves now is not moved again.
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
