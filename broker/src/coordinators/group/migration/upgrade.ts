/**
 * From a classic group to a KIP-848 group, while it is running (KIP-848, "online migration").
 *
 * The first member that speaks the new protocol turns the group: the classic members become members of the new one with
 * what they have, at an epoch that is their generation. They go on speaking the classic protocol and are answered in it
 * (migration/classic-members.ts). A fleet is upgraded process by process, and nobody stops.
 *
 *   classic: generation 7, a has t-0, b has t-1    ->    consumer: epoch 7, target 7, a at 7 has t-0, b at 7 has t-1
 *
 * GROUP-UPGRADE-1  only groups of consumers can: their subscriptions and assignments are bytes that the broker can read
 * GROUP-UPGRADE-2  the classic group's tombstone and the new group's records are one batch: never both, never neither
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
import {
  currentRecord,
  epochRecord,
  memberRecord,
  targetEpochRecord,
  targetRecord,
} from '../consumer/records.ts'
import { groupTombstone } from '../group-records.ts'
import type { GroupShard } from '../group-shard.ts'

/** The heartbeat of the first new member; `done` says so when the classic group can't be turned. */
export function upgradeWith(shard: GroupShard, classic: ClassicGroup, heartbeat: ConsumerHeartbeat): void {
  const { groupId } = classic
  const refuse = (why: string): void => {
    const errorMessage = `Cannot upgrade classic group ${groupId} to consumer group because ${why}`
    heartbeat.done({ errorCode: ErrorCode.GROUP_ID_NOT_FOUND, errorMessage })
  }
  const why = classic.state === 'Empty' ? undefined : whyNoUpgrade(shard, classic)
  if (why !== undefined) return refuse(why)
  const members = membersOf(shard.host, classic)
  if (typeof members === 'string') return refuse(members)
  const draft = new ConsumerDraft(new ConsumerGroup(groupId))
  if (members.length > 0) fill(shard.host, draft, classic.generation, members)
  endRound(classic)
  const done: ConsumerHeartbeat['done'] = (answer) => {
    if (!answer.errorCode) endClassic(shard, classic, members)
    heartbeat.done(answer)
  }
  consumerMemberHeartbeat(shard, draft, { ...heartbeat, done, replaces: [groupTombstone(groupId)] })
}

function whyNoUpgrade({ config }: GroupShard, classic: ClassicGroup): string | undefined {
  const policy = config.consumerMigrationPolicy
  if (policy !== 'bidirectional' && policy !== 'upgrade') return 'online upgrade is disabled.'
  if (classic.protocolType !== 'consumer') return 'the group does not use the consumer embedded protocol.'
  if (classic.members.size > config.consumerGroupSizeMax)
    return 'the group size exceeds the consumer group maximum size.'
  return undefined
}

/** The members as KIP-848 knows them; or why the group can't be turned (GROUP-UPGRADE-1). */
function membersOf(host: CoordinatorHost, group: ClassicGroup): ConsumerMember[] | string {
  try {
    const assignments = [...group.members.values()].map(({ assignment }) => readAssignment(assignment))
    if (assignments.some(({ userData }) => userData !== null && userData.length > 0)) {
      return (
        'an unsupported custom assignor is in use. ' +
        'Please refer to the documentation or switch to a default assignor before re-attempting the upgrade.'
      )
    }
    return [...group.members.values()].map((member) => turned(host, group, member))
  } catch {
    return 'the embedded consumer protocol is malformed.' // bytes that no consumer has written
  }
}

function turned(host: CoordinatorHost, group: ClassicGroup, member: ClassicMember): ConsumerMember {
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

/** The same partitions, by topic id; topics that are gone are left out. */
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

function fill(
  host: CoordinatorHost,
  draft: ConsumerDraft,
  epoch: number,
  members: readonly ConsumerMember[],
): void {
  const { groupId } = draft.group
  for (const member of members) draft.add(memberRecord(groupId, member.memberId, member))
  draft.add(
    epochRecord(groupId, { epoch, metadataHash: metadataHashOf(host, draft.group.subscribedTopics()) }),
  )
  for (const { memberId, assigned } of members) draft.add(targetRecord(groupId, memberId, assigned))
  draft.add(targetEpochRecord(groupId, { epoch, timestamp: 0 })) // the clients' work: a target of our own may come at once
  for (const member of members) draft.add(currentRecord(groupId, member.memberId, member))
}

/** Who waits in the classic group is sent back to join again, and finds the new one. */
function endRound(classic: ClassicGroup): void {
  for (const member of classic.members.values()) {
    answerJoinError(member, ErrorCode.REBALANCE_IN_PROGRESS, member.memberId)
    answerSync(member, { errorCode: ErrorCode.REBALANCE_IN_PROGRESS })
  }
}

/** The classic group is no more; its members' sessions go on in the new one. */
function endClassic(shard: GroupShard, classic: ClassicGroup, members: readonly ConsumerMember[]): void {
  enterState(shard, classic, 'Dead')
  for (const member of members) scheduleConsumerSessionTimeout(shard, classic.groupId, member)
}
