/**
 * The epoch of a KIP-848 group and its target assignment, and what makes it necessary to compute that again.
 *
 *   a member comes, goes, subscribes to other topics      -.
 *   a regular expression matches other topics               |-->  group epoch + 1  -->  target, assignment epoch
 *   a subscribed topic is made, deleted or grows            -'    (at once)             (by the next heartbeat)
 *
 * Whether topics have changed is seen by a hash of what the group subscribes to, kept with the group's epoch.
 *
 * TARGET-ASSIGNMENT-1  a target is computed at most once in `consumer.assignment.interval.ms` (KIP-1263): of a fleet
 *     that starts, each member raises the epoch, and the assignor runs once a second; until then the last target counts
 * TARGET-ASSIGNMENT-2  a target that stays the same for a member is not written again
 */

import { inHashOrder, stringHash } from '../../../wire/hash-order.ts'
import type { CoordinatorHost } from '../../coordinator-host.ts'
import { isSame, NOTHING } from '../assignor/assignment.ts'
import type { AssignorMember } from '../assignor/assignor.ts'
import { ASSIGNORS, inServingOrder } from '../assignor/assignors.ts'
import { consumerSettings } from '../group-config.ts'
import type { GroupShard } from '../group-shard.ts'
import type { ConsumerGroup, ConsumerMember } from './consumer-group.ts'
import type { ConsumerDraft } from './draft.ts'
import { metadataHashOf } from './metadata-hash.ts'
import { epochRecord, targetEpochRecord, targetRecord } from './records.ts'

/** Raises the group's epoch when `isChanged`, or when topics have changed. */
export function raiseEpoch(
  { host, metadataVersion }: GroupShard,
  draft: ConsumerDraft,
  isChanged: boolean,
): void {
  if (!isChanged && draft.group.hashedAt === metadataVersion) return // as at nearly every heartbeat
  const { groupId, epoch } = draft.group
  const metadataHash = metadataHashOf(host, draft.group.subscribedTopics())
  if (isChanged || metadataHash !== draft.group.metadataHash)
    draft.add(epochRecord(groupId, { epoch: epoch + 1, metadataHash }))
  else draft.group.hashedAt = metadataVersion
}

/**
 * By the heartbeat of `memberId`: computes the target for the group's epoch, unless it is there already or it is too
 * early (TARGET-ASSIGNMENT-1).
 */
export function bringTarget(shard: GroupShard, draft: ConsumerDraft, memberId: string): void {
  const { group } = draft
  if (group.assignmentEpoch < group.epoch && mayAssign(shard, group)) assign(shard, draft, memberId)
}

function mayAssign(shard: GroupShard, { groupId, assignmentTimestamp }: ConsumerGroup): boolean {
  const { assignmentIntervalMs } = consumerSettings(shard, groupId)
  // A time in the future is of a clock that was set back since: the interval does not wait for it to come again.
  const ageMs = shard.now() - assignmentTimestamp
  return ageMs < 0 || ageMs >= assignmentIntervalMs
}

/** The topics that a member subscribes to, by id; those that there are. */
export function topicIdsOf(host: CoordinatorHost, group: ConsumerGroup, member: ConsumerMember): Set<string> {
  const there = new Set<string>()
  for (const name of group.topicsOf(member)) if (host.topicId(name) !== undefined) there.add(name)
  return new Set(inHashOrder(there, stringHash, 'copied').map((name) => host.topicId(name)!))
}

/**
 * Whether the assignor has to think of members with different subscriptions. Expressions are compared as such, whatever
 * they match; topics that there are not count. (ConsumerGroup.subscriptionType)
 */
function subscribeDifferently({ members, namedTopicCount }: ConsumerGroup): boolean {
  const all = [...members.values()]
  const expressions = new Set(all.flatMap(({ subscribedTopicRegex }) => subscribedTopicRegex || []))
  if (expressions.size === 0)
    return all.some(({ subscribedTopicNames }) => new Set(subscribedTopicNames).size !== namedTopicCount)
  const isOfAll =
    expressions.size === 1 && all.every(({ subscribedTopicRegex }) => subscribedTopicRegex !== '')
  return !isOfAll || namedTopicCount > 0
}

function assign(shard: GroupShard, draft: ConsumerDraft, memberId: string): void {
  const { host, config } = shard
  const { group } = draft
  const before = shard.groups.get(group.groupId)
  const newcomer = before?.kind === 'consumer' && before.members.has(memberId) ? undefined : memberId
  const counts = new Map<string, number>()
  for (const name of group.subscribedTopics()) {
    const id = host.topicId(name)
    if (id !== undefined) counts.set(id, host.partitionCount(name) ?? 0)
  }
  const known = new Map<string, Set<string>>()
  const members = [...group.members.values()].map((member): AssignorMember => {
    const { memberId, instanceId } = member
    // Nearly all members of a group subscribe alike.
    const subscription = JSON.stringify([member.subscribedTopicNames, member.subscribedTopicRegex])
    const topics = known.get(subscription) ?? topicIdsOf(host, group, member)
    known.set(subscription, topics)
    return { memberId, instanceId, topics, current: group.target.get(memberId) ?? NOTHING }
  })
  const assignor = ASSIGNORS.get(assignorOf(group, config.consumerAssignors, memberId))!
  const served = inServingOrder(members, newcomer)
  for (const [memberId, target] of assignor(served, counts, subscribeDifferently(group))) {
    const last = group.target.get(memberId)
    if (!last || !isSame(last, target)) draft.add(targetRecord(group.groupId, memberId, target)) // TARGET-ASSIGNMENT-2
  }
  draft.add(targetEpochRecord(group.groupId, { epoch: group.epoch, timestamp: shard.now() }))
}

/**
 * The assignor that most members ask for; the broker's first when nobody asks. Of two that as many ask for Kafka takes
 * what its hash map gives first: the one that only `memberId` asks for, which has just been put in, otherwise uniform.
 */
export function assignorOf(
  { members }: ConsumerGroup,
  assignors: readonly string[],
  memberId?: string,
): string {
  const votes = new Map<string, number>()
  for (const { serverAssignor } of members.values())
    if (serverAssignor !== null) votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1)
  const most = Math.max(...votes.values())
  const winners = [...votes].flatMap(([name, count]) => (count === most ? [name] : []))
  const own = memberId === undefined ? undefined : members.get(memberId)?.serverAssignor
  const isOwn = (name: string): boolean => name === own && most === 1
  return winners.find(isOwn) ?? winners.find((name) => name === 'uniform') ?? winners[0] ?? assignors[0]!
}
