/**
 * The group epoch of a KIP-848 group and its target assignment, and what makes a new one necessary.
 *
 *   a member joins, leaves, changes its subscription    -.
 *   a regular expression matches other topics            |-->  group epoch + 1  -->  new target, assignment epoch
 *   a subscribed topic is created, deleted or grows     -'     at once               by the next heartbeat
 *
 * A change of the topics is detected by a hash of the subscribed topics, which is stored with the group epoch.
 *
 * TARGET-ASSIGNMENT-1  the target is computed at most once per `consumer.assignment.interval.ms` (KIP-1263): when many
 *     members join together, each of them bumps the epoch, and the assignor runs once per interval; in between, the
 *     last target stays valid
 * TARGET-ASSIGNMENT-2  the target of a member is written only if it has changed
 *
 * (GroupMetadataManager: updateTargetAssignment; TargetAssignmentBuilder)
 */

import { EMPTY_ASSIGNMENT, isSame } from '../assignor/assignment.ts'
import type { AssignorMember } from '../assignor/assignor.ts'
import { ASSIGNORS, inKafkaOrder } from '../assignor/assignors.ts'
import { consumerSettings } from '../group-config.ts'
import type { GroupShard } from '../group-shard.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerDraft } from './draft.ts'
import { metadataHashOf } from './metadata-hash.ts'
import { distinctCount, existingTopics, subscribedTopicIds } from './named-topics.ts'
import { epochRecord, targetEpochRecord, targetRecord } from './records.ts'

/** Bumps the group epoch if `isChanged`, or if the subscribed topics have changed. */
export function maybeBumpGroupEpoch(
  { host, metadataVersion }: GroupShard,
  draft: ConsumerDraft,
  isChanged: boolean,
): void {
  if (!isChanged && draft.group.hashedAt === metadataVersion) return // nearly every heartbeat ends here
  const { groupId, epoch } = draft.group
  const metadataHash = metadataHashOf(host, existingTopics(host, draft.group))
  if (isChanged || metadataHash !== draft.group.metadataHash)
    draft.add(epochRecord(groupId, { epoch: epoch + 1, metadataHash }))
  else draft.group.hashedAt = metadataVersion
}

/**
 * Computes the target for the current group epoch, unless it exists or the assignment interval has not passed
 * (TARGET-ASSIGNMENT-1). `memberId`: the member whose heartbeat triggers this.
 */
export function maybeUpdateTargetAssignment(shard: GroupShard, draft: ConsumerDraft, memberId: string): void {
  const { group } = draft
  if (group.assignmentEpoch < group.epoch && isAssignmentDue(shard, group))
    updateTargetAssignment(shard, draft, memberId)
}

function isAssignmentDue(shard: GroupShard, { groupId, assignmentTimestamp }: ConsumerGroup): boolean {
  const { assignmentIntervalMs } = consumerSettings(shard, groupId)
  // A timestamp in the future means that the clock was set back: do not wait until it is reached again.
  const ageMs = shard.now() - assignmentTimestamp
  return ageMs < 0 || ageMs >= assignmentIntervalMs
}

/**
 * Whether the members have different subscriptions (HETEROGENEOUS). Expressions are compared as texts, whatever they
 * match; names of topics that do not exist count, too. (ConsumerGroup.subscriptionType)
 */
function isHeterogeneous({ members, namedTopicCount }: ConsumerGroup): boolean {
  const all = [...members.values()]
  const expressions = new Set(all.flatMap(({ subscribedTopicRegex }) => subscribedTopicRegex || []))
  if (expressions.size === 0)
    return all.some(({ subscribedTopicNames }) => distinctCount(subscribedTopicNames) !== namedTopicCount)
  const isSharedByAll =
    expressions.size === 1 && all.every(({ subscribedTopicRegex }) => subscribedTopicRegex !== '')
  return !isSharedByAll || namedTopicCount > 0
}

function updateTargetAssignment(shard: GroupShard, draft: ConsumerDraft, memberId: string): void {
  const { host, config } = shard
  const { group } = draft
  const before = shard.groups.get(group.groupId)
  const newcomer = before?.kind === 'consumer' && before.members.has(memberId) ? undefined : memberId
  const counts = new Map<string, number>()
  for (const name of existingTopics(host, group))
    counts.set(host.topicId(name)!, host.partitionCount(name) ?? 0)
  const members = [...group.members.values()].map((member): AssignorMember => {
    const { memberId, instanceId } = member
    const topics = subscribedTopicIds(shard, group, member)
    return { memberId, instanceId, topics, current: group.target.get(memberId) ?? EMPTY_ASSIGNMENT }
  })
  const assignor = ASSIGNORS.get(assignorOf(group, config.consumerAssignors, memberId))!
  const served = inKafkaOrder(members, newcomer)
  for (const [memberId, target] of assignor(served, counts, isHeterogeneous(group))) {
    const last = group.target.get(memberId)
    if (!last || !isSame(last, target)) draft.add(targetRecord(group.groupId, memberId, target)) // TARGET-ASSIGNMENT-2
  }
  draft.add(targetEpochRecord(group.groupId, { epoch: group.epoch, timestamp: shard.now() }))
}

/**
 * The assignor that most members name; the first one of the broker's list if no member names any. In case of a tie
 * Kafka takes the first entry of its hash map: the assignor that only `memberId` names, as it was just inserted,
 * otherwise uniform. (ConsumerGroup.preferredServerAssignor)
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
