/**
 * The records of a KIP-848 group: written and replayed. messages/records/consumer-group-records.ts declares them.
 *
 * Only these functions change a ConsumerGroup, so a group that is loaded from the log equals the group that was written.
 * Any record may be the first of its group: compaction changes the order in which keys appear.
 *
 * CONSUMER-REPLAY-1  a tombstone for something that does not exist is ignored
 *
 * (GroupCoordinatorRecordHelpers; GroupMetadataManager.replay)
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
  type AssignmentWithEpochs,
  assignmentOf,
  EMPTY_ASSIGNMENT,
  topicPartitionsOf,
} from '../assignor/assignment.ts'
import type { GroupState } from '../group-state.ts'
import {
  ConsumerGroup,
  type ConsumerMember,
  LEAVE_GROUP_MEMBER_EPOCH,
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
    assignedPartitions: encodeWithEpochs(member.assigned),
    partitionsPendingRevocation: encodeWithEpochs(member.pendingRevocation),
  }
  return { key, value: encodeValue(CurrentValue, 0, value) }
}

/** KIP-1251 */
function encodeWithEpochs(assignment: AssignmentWithEpochs) {
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

/** Removes a member: tombstones of its three records, in Kafka's order. */
export function memberTombstones(groupId: string, memberId: string): CoordinatorRecord[] {
  return [
    currentRecord(groupId, memberId, null),
    targetRecord(groupId, memberId, null),
    memberRecord(groupId, memberId, null),
  ]
}

/** Removes the group: tombstones of all its records, in Kafka's order. */
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
  [PartitionsKey.apiKey, () => {}], // written by brokers before 4.1; replaced by the hash in the epoch record
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

/** The group of a record. Created if it does not exist and the record is no tombstone. */
function getOrCreateGroup(
  state: GroupState,
  groupId: string,
  value: Uint8Array | null,
): ConsumerGroup | undefined {
  const known = state.groups.get(groupId)
  if (known?.kind === 'consumer') return known
  if (value === null) return undefined
  const group = new ConsumerGroup(groupId)
  state.groups.set(groupId, group)
  return group
}

function applyEpoch(state: GroupState, key: Uint8Array, value: Uint8Array | null): void {
  const { groupId } = decodeKey(EpochKey, key)
  const group = getOrCreateGroup(state, groupId, value)
  if (!group) return
  if (value === null) state.groups.delete(groupId)
  else Object.assign(group, decodeValue(EpochValue, value))
}

/** Values of members that were written just now: they are applied to a draft first, then to the group (draft.ts). */
const written = new WeakMap<Uint8Array, MemberValue>()

function memberValue(value: Uint8Array): MemberValue {
  const member = written.get(value) ?? decodeValue(MemberValue, value)
  written.set(value, member)
  return member
}

function applyMember(state: GroupState, key: Uint8Array, value: Uint8Array | null): void {
  const { groupId, memberId } = decodeKey(MemberKey, key)
  const group = getOrCreateGroup(state, groupId, value)
  if (!group) return
  if (value === null) return group.remove(memberId)
  const { classicMemberMetadata: classic, ...rest } = memberValue(value)
  const supportedProtocols = classic?.supportedProtocols.map(({ name, metadata }) => ({
    name,
    metadata: metadata.slice(),
  }))
  const terms = classic && { ...classic, supportedProtocols: supportedProtocols ?? [] }
  group.put({ ...(group.members.get(memberId) ?? newMember(memberId)), ...rest, classic: terms })
}

function applyTargetEpoch(state: GroupState, key: Uint8Array, value: Uint8Array | null): void {
  const group = getOrCreateGroup(state, decodeKey(TargetEpochKey, key).groupId, value)
  if (!group) return
  const { assignmentEpoch, assignmentTimestamp } =
    value === null ? { assignmentEpoch: -1, assignmentTimestamp: 0 } : decodeValue(TargetEpochValue, value)
  Object.assign(group, { assignmentEpoch, assignmentTimestamp })
}

function applyTarget(state: GroupState, key: Uint8Array, value: Uint8Array | null): void {
  const { groupId, memberId } = decodeKey(TargetKey, key)
  const group = getOrCreateGroup(state, groupId, value)
  if (value === null) group?.target.delete(memberId)
  else group?.target.set(memberId, assignmentOf(decodeValue(TargetValue, value).topicPartitions))
}

function applyCurrent(state: GroupState, key: Uint8Array, value: Uint8Array | null): void {
  const { groupId, memberId } = decodeKey(CurrentKey, key)
  const group = getOrCreateGroup(state, groupId, value)
  if (!group || (value === null && !group.members.has(memberId))) return // CONSUMER-REPLAY-1
  const member = group.members.get(memberId) ?? newMember(memberId)
  if (value === null)
    return group.put({
      ...member,
      memberEpoch: LEAVE_GROUP_MEMBER_EPOCH,
      assigned: EMPTY_ASSIGNMENT,
      pendingRevocation: EMPTY_ASSIGNMENT,
    })
  const { memberEpoch, previousMemberEpoch, state: code, ...parts } = decodeValue(CurrentValue, value)
  group.put({
    ...member,
    memberEpoch,
    previousMemberEpoch,
    state: STATES[code] ?? 'stable',
    assigned: decodeWithEpochs(parts.assignedPartitions, memberEpoch),
    pendingRevocation: decodeWithEpochs(parts.partitionsPendingRevocation, memberEpoch),
  })
}

/** Brokers before 4.3 wrote no epochs: all partitions then get the epoch of the member. */
function decodeWithEpochs(
  topics: CurrentValue['assignedPartitions'],
  memberEpoch: number,
): AssignmentWithEpochs {
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
  const group = getOrCreateGroup(state, groupId, value)
  if (value === null) group?.regexes.delete(regularExpression)
  else {
    const { topics, version, timestamp } = decodeValue(RegexValue, value)
    const resolved = { topics, version: nearestNumber(version), timestamp: nearestNumber(timestamp) }
    group?.regexes.set(regularExpression, resolved)
  }
}
