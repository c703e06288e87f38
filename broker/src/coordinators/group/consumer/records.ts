/**
 * A KIP-848 group's records, written and read: see messages/records/consumer-group-records.ts for what they are.
 *
 * These functions are the only ones that change a ConsumerGroup, so a group that was read back from the log is the
 * group that was written. A record may come first of its group: the log was compacted, and the order of keys with it.
 *
 * CONSUMER-REPLAY-1  a tombstone for what is not there is no mistake
 */
import {
  ConsumerGroupCurrentMemberAssignmentKey as CurrentKey,
  ConsumerGroupCurrentMemberAssignmentValue as CurrentValue,
  ConsumerGroupMetadataKey as EpochKey,
  ConsumerGroupMetadataValue as EpochValue,
  ConsumerGroupMemberMetadataKey as MemberKey,
  ConsumerGroupMemberMetadataValue as MemberValue,
  ConsumerGroupPartitionMetadataKey as PartitionsKey,
  ConsumerGroupRegularExpressionKey as RegexKey,
  ConsumerGroupRegularExpressionValue as RegexValue,
  ConsumerGroupTargetAssignmentMetadataKey as TargetEpochKey,
  ConsumerGroupTargetAssignmentMetadataValue as TargetEpochValue,
  ConsumerGroupTargetAssignmentMemberKey as TargetKey,
  ConsumerGroupTargetAssignmentMemberValue as TargetValue,
} from '../../../messages/records/consumer-group-records.ts'
import { decodeKey, decodeValue, encodeKey, encodeValue } from '../../../messages/records/record-frame.ts'
import { type Int64, nearestNumber } from '../../../wire/int64.ts'
import type { InputOf } from '../../../wire/schema.ts'
import type { CoordinatorRecord } from '../../coordinator-host.ts'
import {
  type Assignment,
  assignmentOf,
  type DatedAssignment,
  NOTHING,
  topicPartitionsOf,
} from '../assignor/assignment.ts'
import type { GroupState } from '../group-state.ts'
import {
  ConsumerGroup,
  type ConsumerMember,
  LEAVES,
  type MemberState,
  newMember,
  type ResolvedRegex,
} from './consumer-group.ts'

const STATES: readonly MemberState[] = ['stable', 'unrevoked partitions', 'unreleased partitions']

// ---- writing; a null value is a tombstone

export function epochRecord(
  groupId: string,
  value: { epoch: number; metadataHash: Int64 } | null,
): CoordinatorRecord {
  return { key: encodeKey(EpochKey, { groupId }), value: value && encodeValue(EpochValue, 0, value) }
}

export function memberRecord(
  groupId: string,
  memberId: string,
  member: ConsumerMember | null,
): CoordinatorRecord {
  const key = encodeKey(MemberKey, { groupId, memberId })
  if (!member) return { key, value: null }
  const value: InputOf<typeof MemberValue> = { ...member, classicMemberMetadata: member.classic }
  return { key, value: encodeValue(MemberValue, 0, value) }
}

export function targetEpochRecord(
  groupId: string,
  value: { epoch: number; timestamp: number } | null,
): CoordinatorRecord {
  const key = encodeKey(TargetEpochKey, { groupId })
  if (!value) return { key, value: null }
  const { epoch, timestamp } = value
  return {
    key,
    value: encodeValue(TargetEpochValue, 0, { assignmentEpoch: epoch, assignmentTimestamp: timestamp }),
  }
}

export function targetRecord(
  groupId: string,
  memberId: string,
  target: Assignment | null,
): CoordinatorRecord {
  const key = encodeKey(TargetKey, { groupId, memberId })
  return { key, value: target && encodeValue(TargetValue, 0, { topicPartitions: topicPartitionsOf(target) }) }
}

export function currentRecord(
  groupId: string,
  memberId: string,
  member: ConsumerMember | null,
): CoordinatorRecord {
  const key = encodeKey(CurrentKey, { groupId, memberId })
  if (!member) return { key, value: null }
  const value: InputOf<typeof CurrentValue> = {
    memberEpoch: member.memberEpoch,
    previousMemberEpoch: member.previousMemberEpoch,
    state: STATES.indexOf(member.state),
    assignedPartitions: withEpochs(member.assigned),
    partitionsPendingRevocation: withEpochs(member.pendingRevocation),
  }
  return { key, value: encodeValue(CurrentValue, 0, value) }
}

/** KIP-1251 */
function withEpochs(assignment: DatedAssignment) {
  return topicPartitionsOf(assignment).map(({ topicId, partitions }) => ({
    topicId,
    partitions,
    assignmentEpochs: partitions.map((partition) => assignment.get(topicId)!.get(partition)!),
  }))
}

export function regexRecord(
  groupId: string,
  regularExpression: string,
  resolved: ResolvedRegex | null,
): CoordinatorRecord {
  const key = encodeKey(RegexKey, { groupId, regularExpression })
  if (!resolved) return { key, value: null }
  return { key, value: encodeValue(RegexValue, 0, resolved) }
}

/** A member leaves: its three records, in the order in which Kafka deletes them. */
export function memberTombstones(groupId: string, memberId: string): CoordinatorRecord[] {
  return [
    currentRecord(groupId, memberId, null),
    targetRecord(groupId, memberId, null),
    memberRecord(groupId, memberId, null),
  ]
}

/** The whole group goes. */
export function consumerGroupTombstones({ groupId, members, regexes }: ConsumerGroup): CoordinatorRecord[] {
  const ids = [...members.keys()]
  return [
    ...ids.map((memberId) => currentRecord(groupId, memberId, null)),
    ...ids.map((memberId) => targetRecord(groupId, memberId, null)),
    targetEpochRecord(groupId, null),
    ...ids.map((memberId) => memberRecord(groupId, memberId, null)),
    ...[...regexes.keys()].map((regex) => regexRecord(groupId, regex, null)),
    { key: encodeKey(PartitionsKey, { groupId }), value: null },
    epochRecord(groupId, null),
  ]
}

// ---- reading

type Apply = (state: GroupState, key: Uint8Array, value: Uint8Array | null) => void

const APPLY = new Map<number, Apply>([
  [EpochKey.apiKey, applyEpoch],
  [MemberKey.apiKey, applyMember],
  [TargetEpochKey.apiKey, applyTargetEpoch],
  [TargetKey.apiKey, applyTarget],
  [CurrentKey.apiKey, applyCurrent],
  [RegexKey.apiKey, applyRegex],
  [PartitionsKey.apiKey, () => {}], // written by brokers before 4.1; the hash in the epoch's record has its place
])

export function isConsumerRecord(type: number): boolean {
  return APPLY.has(type)
}

export function applyConsumerRecord(
  state: GroupState,
  type: number,
  { key, value }: CoordinatorRecord,
): void {
  APPLY.get(type)?.(state, key, value)
}

/** The group of a record; made when the record has a value and there is none. */
function groupOf(state: GroupState, groupId: string, value: Uint8Array | null): ConsumerGroup | undefined {
  const known = state.groups.get(groupId)
  if (known?.kind === 'consumer') return known
  if (value === null) return undefined
  const group = new ConsumerGroup(groupId)
  state.groups.set(groupId, group)
  return group
}

function applyEpoch(state: GroupState, key: Uint8Array, value: Uint8Array | null): void {
  const { groupId } = decodeKey(EpochKey, key)
  const group = groupOf(state, groupId, value)
  if (!group) return
  if (value === null) state.groups.delete(groupId)
  else Object.assign(group, decodeValue(EpochValue, value))
}

function applyMember(state: GroupState, key: Uint8Array, value: Uint8Array | null): void {
  const { groupId, memberId } = decodeKey(MemberKey, key)
  const group = groupOf(state, groupId, value)
  if (!group) return
  if (value === null) return group.remove(memberId)
  const { classicMemberMetadata: classic, ...rest } = decodeValue(MemberValue, value)
  const supportedProtocols = classic?.supportedProtocols.map(({ name, metadata }) => ({
    name,
    metadata: metadata.slice(),
  }))
  const terms = classic && { ...classic, supportedProtocols: supportedProtocols ?? [] }
  group.put({ ...(group.members.get(memberId) ?? newMember(memberId)), ...rest, classic: terms })
}

function applyTargetEpoch(state: GroupState, key: Uint8Array, value: Uint8Array | null): void {
  const group = groupOf(state, decodeKey(TargetEpochKey, key).groupId, value)
  if (!group) return
  const { assignmentEpoch, assignmentTimestamp } =
    value === null ? { assignmentEpoch: -1, assignmentTimestamp: 0 } : decodeValue(TargetEpochValue, value)
  Object.assign(group, { assignmentEpoch, assignmentTimestamp })
}

function applyTarget(state: GroupState, key: Uint8Array, value: Uint8Array | null): void {
  const { groupId, memberId } = decodeKey(TargetKey, key)
  const group = groupOf(state, groupId, value)
  if (value === null) group?.target.delete(memberId)
  else group?.target.set(memberId, assignmentOf(decodeValue(TargetValue, value).topicPartitions))
}

function applyCurrent(state: GroupState, key: Uint8Array, value: Uint8Array | null): void {
  const { groupId, memberId } = decodeKey(CurrentKey, key)
  const group = groupOf(state, groupId, value)
  if (!group || (value === null && !group.members.has(memberId))) return // CONSUMER-REPLAY-1
  const member = group.members.get(memberId) ?? newMember(memberId)
  if (value === null)
    return group.put({ ...member, memberEpoch: LEAVES, assigned: NOTHING, pendingRevocation: NOTHING })
  const { memberEpoch, previousMemberEpoch, state: code, ...parts } = decodeValue(CurrentValue, value)
  group.put({
    ...member,
    memberEpoch,
    previousMemberEpoch,
    state: STATES[code] ?? 'stable',
    assigned: datedOf(parts.assignedPartitions, memberEpoch),
    pendingRevocation: datedOf(parts.partitionsPendingRevocation, memberEpoch),
  })
}

/** A broker before 4.3 wrote no epochs: then the member's own counts for all its partitions. */
function datedOf(topics: CurrentValue['assignedPartitions'], memberEpoch: number): DatedAssignment {
  return new Map(
    topics.map(({ topicId, partitions, assignmentEpochs }) => [
      topicId,
      new Map(
        partitions.map((partition, at) => [partition, assignmentEpochs?.[at] ?? Math.max(memberEpoch, 0)]),
      ),
    ]),
  )
}

function applyRegex(state: GroupState, key: Uint8Array, value: Uint8Array | null): void {
  const { groupId, regularExpression } = decodeKey(RegexKey, key)
  const group = groupOf(state, groupId, value)
  if (value === null) group?.regexes.delete(regularExpression)
  else {
    const { topics, version, timestamp } = decodeValue(RegexValue, value)
    const resolved = { topics, version: nearestNumber(version), timestamp: nearestNumber(timestamp) }
    group?.regexes.set(regularExpression, resolved)
  }
}
