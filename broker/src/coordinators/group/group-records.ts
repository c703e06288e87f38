/**
 * From the coordinator's state to the records of `__consumer_offsets`, and back.
 *
 * A classic group is one record, written when a generation is complete; its members in memory are richer than what is
 * stored (they wait, they vote), so a record changes memory only while the partition is read back ('load'). For
 * offsets and KIP-848 groups memory is exactly what the records say, and a record that was just written is applied the
 * same way as one that is read ('live').
 *
 * GROUP-RECORDS-1  reading a partition back gives the state that writing it left behind
 * GROUP-RECORDS-2  an unknown type of record is skipped: a newer broker may have written it
 */
import {
  GroupMetadataKey,
  GroupMetadataValue,
  OffsetCommitKey,
  OffsetCommitValue,
} from '../../messages/records/consumer-offsets.ts'
import {
  decodeKey,
  decodeValue,
  encodeKey,
  encodeValue,
  recordType,
} from '../../messages/records/record-frame.ts'
import { type Int64, nearestNumber } from '../../wire/int64.ts'
import type { CoordinatorRecord } from '../coordinator-host.ts'
import { ClassicGroup, type ClassicMember, NO_BYTES } from './classic/classic-group.ts'
import { applyConsumerRecord, consumerGroupTombstones, isConsumerRecord } from './consumer/records.ts'
import type { Group, GroupState } from './group-state.ts'
import type { CommittedOffset } from './offsets/offset-store.ts'

/** Versions that Kafka 4.3 writes. */
const OFFSET_VERSION = 4
const GROUP_VERSION = 3

export type When = 'load' | 'live'

/** Brings a record into memory. Of a transaction's records the offsets stay pending under `producerId`. */
export function applyRecord(
  state: GroupState,
  record: CoordinatorRecord,
  when: When,
  producerId?: Int64,
): void {
  const type = recordType(record.key)
  if (type === OffsetCommitKey.apiKey) return applyOffset(state, record, producerId)
  if (type === GroupMetadataKey.apiKey) return applyGroup(state, record, when)
  if (isConsumerRecord(type)) return applyConsumerRecord(state, type, record)
}

export function offsetRecord(
  groupId: string,
  topic: string,
  partition: number,
  committed: CommittedOffset | undefined,
): CoordinatorRecord {
  const key = encodeKey(OffsetCommitKey, { group: groupId, topic, partition })
  if (!committed) return { key, value: null }
  const { offset, leaderEpoch, metadata, commitTimestamp, expireTimestamp, topicId } = committed
  if (expireTimestamp === undefined) {
    const value = { offset, leaderEpoch, metadata, commitTimestamp, topicId }
    return { key, value: encodeValue(OffsetCommitValue, OFFSET_VERSION, value) }
  }
  // Only an old version of the value has room for a client's own expiry; it has none for a leader epoch.
  const value = { offset, metadata, commitTimestamp, expireTimestamp }
  return { key, value: encodeValue(OffsetCommitValue, 1, value) }
}

function applyOffset(
  state: GroupState,
  { key, value }: CoordinatorRecord,
  producerId: Int64 | undefined,
): void {
  const { group, topic, partition } = decodeKey(OffsetCommitKey, key)
  if (value === null) return state.offsets.delete(group, topic, partition)
  const { expireTimestamp, commitTimestamp, ...rest } = decodeValue(OffsetCommitValue, value)
  const committed = { ...rest, commitTimestamp: nearestNumber(commitTimestamp) }
  const expires = expireTimestamp === -1 ? undefined : expireTimestamp
  state.offsets.set(group, topic, partition, { ...committed, expireTimestamp: expires }, producerId)
  // A group that only stores offsets has no record of its own.
  if (!state.groups.has(group)) state.groups.set(group, new ClassicGroup(group, -1))
}

export function groupTombstone(groupId: string): CoordinatorRecord {
  return { key: encodeKey(GroupMetadataKey, { group: groupId }), value: null }
}

/** What removes a group, of either kind, from the log. */
export function groupTombstones(group: Group): CoordinatorRecord[] {
  return group.kind === 'classic' ? [groupTombstone(group.groupId)] : consumerGroupTombstones(group)
}

/** The group's record; `assignments` are the parts that come into force with it. */
export function groupRecord(
  group: ClassicGroup,
  assignments: (member: ClassicMember) => Uint8Array = ({ assignment }) => assignment,
): CoordinatorRecord {
  const members = [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    rebalanceTimeout: member.rebalanceTimeoutMs,
    sessionTimeout: member.sessionTimeoutMs,
    subscription: group.metadataOf(member),
    assignment: assignments(member),
  }))
  const value = {
    protocolType: group.protocolType ?? '',
    generation: group.generation,
    protocol: members.length > 0 ? group.protocol : null,
    leader: members.length > 0 ? group.leader : null,
    currentStateTimestamp: group.stateTimestamp,
    members,
  }
  return {
    key: encodeKey(GroupMetadataKey, { group: group.groupId }),
    value: encodeValue(GroupMetadataValue, GROUP_VERSION, value),
  }
}

function applyGroup(state: GroupState, { key, value }: CoordinatorRecord, when: When): void {
  const { group: groupId } = decodeKey(GroupMetadataKey, key)
  const known = state.groups.get(groupId)
  if (value === null) {
    if (known?.kind === 'classic') state.groups.delete(groupId)
  } else if (when === 'load') {
    state.groups.set(groupId, readGroup(groupId, decodeValue(GroupMetadataValue, value)))
  }
}

function readGroup(groupId: string, value: GroupMetadataValue): ClassicGroup {
  const { members, currentStateTimestamp } = value
  const group = new ClassicGroup(
    groupId,
    nearestNumber(currentStateTimestamp),
    members.length > 0 ? 'Stable' : 'Empty',
  )
  group.generation = value.generation
  group.protocolType = value.protocolType === '' ? null : value.protocolType
  group.protocol = value.protocol
  for (const member of members) group.add(readMember(member, value.protocol ?? ''))
  group.leader = value.leader ?? group.leader
  return group
}

function readMember(member: GroupMetadataValue['members'][number], protocol: string): ClassicMember {
  const { memberId, groupInstanceId, clientId, clientHost, sessionTimeout, rebalanceTimeout } = member
  return {
    memberId,
    groupInstanceId,
    clientId,
    clientHost,
    sessionTimeoutMs: sessionTimeout,
    rebalanceTimeoutMs: rebalanceTimeout === -1 ? sessionTimeout : rebalanceTimeout,
    protocols: [{ name: protocol, metadata: member.subscription.slice() }],
    assignment: member.assignment.length > 0 ? member.assignment.slice() : NO_BYTES,
    isNew: false,
    awaitingJoin: undefined,
    awaitingSync: undefined,
  }
}
