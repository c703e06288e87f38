/**
 * Converts a running classic group to a KIP-848 group (KIP-848, "online migration").
 *
 * The first member that uses the new protocol triggers it: the classic members become members of the new group with
 * their assignments, at an epoch equal to their generation. They keep using the classic protocol, and their requests are
 * handled in migration/classic-members.ts. So an application is upgraded process by process, without a stop.
 *
 *   classic: generation 7, a has t-0, b has t-1    ->    consumer: epoch 7, target 7, a at 7 has t-0, b at 7 has t-1
 *
 * GROUP-UPGRADE-1  only groups of consumers can be converted: the broker can decode their subscriptions and assignments
 * GROUP-UPGRADE-2  the tombstone of the classic group and the records of the KIP-848 group are one batch: the log never
 *     has both groups, and never neither
 *
 * (GroupMetadataManager: convertToConsumerGroup, validateOnlineUpgrade)
 */
import {
  type ConsumerProtocolAssignment,
  decodeAssignment,
  decodeSubscription,
} from '../../../messages/records/consumer-protocol.ts'
import { ErrorCode } from '../../../wire/errors.ts'
import type { CoordinatorHost } from '../../coordinator-host.ts'
import { type Assignment, assignmentOf, withEpoch } from '../assignor/assignment.ts'
import type { ClassicGroup, ClassicMember } from '../classic/classic-group.ts'
import { answerJoinError, answerSync, enterState } from '../classic/rebalance.ts'
import { ConsumerGroup, type ConsumerMember, newMember } from '../consumer/consumer-group.ts'
import { ConsumerDraft } from '../consumer/draft.ts'
import { type ConsumerHeartbeat, consumerMemberHeartbeat } from '../consumer/heartbeat.ts'
import { scheduleConsumerSessionTimeout } from '../consumer/membership.ts'
import { metadataHashOf } from '../consumer/metadata-hash.ts'
import { existingTopics } from '../consumer/named-topics.ts'
import {
  currentRecord,
  epochRecord,
  memberRecord,
  targetEpochRecord,
  targetRecord,
} from '../consumer/records.ts'
import { groupTombstone } from '../group-records.ts'
import type { GroupShard } from '../group-shard.ts'

/** Handles the heartbeat of the first member with the new protocol. `done` gets an error if the group can't be converted. */
export function convertToConsumerGroup(
  shard: GroupShard,
  classic: ClassicGroup,
  heartbeat: ConsumerHeartbeat,
): void {
  const { groupId } = classic
  const refuse = (reason: string): void => {
    const errorMessage = `Cannot upgrade classic group ${groupId} to consumer group because ${reason}`
    heartbeat.done({ errorCode: ErrorCode.GROUP_ID_NOT_FOUND, errorMessage })
  }
  const reason = classic.state === 'Empty' ? undefined : validateUpgrade(shard, classic)
  if (reason !== undefined) return refuse(reason)
  const members = toConsumerMembers(shard.host, classic)
  if (typeof members === 'string') return refuse(members)
  const draft = new ConsumerDraft(new ConsumerGroup(groupId))
  if (members.length > 0) addConvertedMembers(shard.host, draft, classic.generation, members)
  failDelayedRequests(classic)
  const appended = (): void => completeConversion(shard, classic, members)
  consumerMemberHeartbeat(shard, draft, { ...heartbeat, appended, replaces: [groupTombstone(groupId)] })
}

/** Why the group can't be converted, in Kafka's words; undefined if it can. */
function validateUpgrade({ config }: GroupShard, classic: ClassicGroup): string | undefined {
  const policy = config.consumerMigrationPolicy
  if (policy !== 'bidirectional' && policy !== 'upgrade') return 'online upgrade is disabled.'
  if (classic.protocolType !== 'consumer') return 'the group does not use the consumer embedded protocol.'
  if (classic.members.size > config.consumerGroupSizeMax)
    return 'the group size exceeds the consumer group maximum size.'
  return undefined
}

/** Converts the members, or returns why that is impossible, in Kafka's words (GROUP-UPGRADE-1). */
function toConsumerMembers(host: CoordinatorHost, group: ClassicGroup): ConsumerMember[] | string {
  try {
    const assignments = [...group.members.values()].map(({ assignment }) => readAssignment(assignment))
    if (assignments.some(({ userData }) => userData !== null && userData.length > 0)) {
      return (
        'an unsupported custom assignor is in use. ' +
        'Please refer to the documentation or switch to a default assignor before re-attempting the upgrade.'
      )
    }
    return [...group.members.values()].map((member) => toConsumerMember(host, group, member))
  } catch {
    return 'the embedded consumer protocol is malformed.' // bytes that are not of the consumer protocol
  }
}

function toConsumerMember(host: CoordinatorHost, group: ClassicGroup, member: ClassicMember): ConsumerMember {
  const { memberId, groupInstanceId, clientId, clientHost, rebalanceTimeoutMs, sessionTimeoutMs, protocols } =
    member
  const chosen = protocols.find(({ name }) => name === group.protocol) ?? protocols[0]!
  const { topics, rackId } = decodeSubscription(chosen.metadata)
  return {
    ...newMember(memberId),
    instanceId: groupInstanceId,
    rackId,
    clientId,
    clientHost,
    subscribedTopicNames: [...topics].sort(),
    rebalanceTimeoutMs,
    classic: { sessionTimeoutMs, supportedProtocols: protocols },
    memberEpoch: group.generation,
    previousMemberEpoch: group.generation,
    assigned: withEpoch(
      byTopicId(host, readAssignment(member.assignment).assignedPartitions),
      group.generation,
    ),
  }
}

function readAssignment(
  bytes: Uint8Array,
): Pick<ConsumerProtocolAssignment, 'assignedPartitions' | 'userData'> {
  return bytes.length === 0 ? { assignedPartitions: [], userData: null } : decodeAssignment(bytes)
}

/** The same partitions with topic ids instead of names. Deleted topics are left out. */
export function byTopicId(
  host: CoordinatorHost,
  partitions: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
): Assignment {
  const known = partitions.flatMap(({ topic, partitions: numbers }) => {
    const topicId = host.topicId(topic)
    return topicId === undefined ? [] : [{ topicId, partitions: numbers }]
  })
  return assignmentOf(known)
}

function addConvertedMembers(
  host: CoordinatorHost,
  draft: ConsumerDraft,
  epoch: number,
  members: readonly ConsumerMember[],
): void {
  const { groupId } = draft.group
  for (const member of members) draft.add(memberRecord(groupId, member.memberId, member))
  draft.add(
    epochRecord(groupId, { epoch, metadataHash: metadataHashOf(host, existingTopics(host, draft.group)) }),
  )
  for (const { memberId, assigned } of members) draft.add(targetRecord(groupId, memberId, assigned))
  draft.add(targetEpochRecord(groupId, { epoch, timestamp: 0 })) // 0: computed by a client, so the assignment interval does not delay our own target
  for (const member of members) draft.add(currentRecord(groupId, member.memberId, member))
}

/** Delayed requests of the classic group fail with REBALANCE_IN_PROGRESS: the clients join again, into the new group. */
function failDelayedRequests(classic: ClassicGroup): void {
  for (const member of classic.members.values()) {
    answerJoinError(member, ErrorCode.REBALANCE_IN_PROGRESS, member.memberId)
    answerSync(member, { errorCode: ErrorCode.REBALANCE_IN_PROGRESS })
  }
}

/** Ends the classic group. The session timeouts of its members continue in the new group. */
function completeConversion(
  shard: GroupShard,
  classic: ClassicGroup,
  members: readonly ConsumerMember[],
): void {
  enterState(shard, classic, 'Dead')
  for (const member of members) scheduleConsumerSessionTimeout(shard, classic.groupId, member)
}
