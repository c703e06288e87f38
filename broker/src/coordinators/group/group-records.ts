/**
 * The state of the group coordinator as records of `__consumer_offsets`: encode, decode and replay.
 *
 * A classic group is one record, written when a generation is complete. In memory its members have more state than in
 * the record (delayed requests, supported protocols), so a record changes memory only while the partition is loaded
 * ('load'). The memory of offsets and KIP-848 groups is exactly what the records say: a record that was just written
 * ('live') is applied like one that is loaded.
 *
 * GROUP-RECORDS-1  replaying a partition restores the state that writing it produced
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

/** The versions that Kafka 4.3 writes. */
const OFFSET_VERSION = 4
const GROUP_VERSION = 3

export type When = 'load' | 'live'

/** Replays a record. With `producerId`, the record of a transaction, an offset stays pending until the marker. */
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

// #region offset-record
/** The record of a committed offset; a tombstone if `committed` is undefined. */
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
  // Only version 1 of the value has a field for an expiry that the client chose; it has none for a leader epoch.
  const value = { offset, metadata, commitTimestamp, expireTimestamp }
  return { key, value: encodeValue(OffsetCommitValue, 1, value) }
}
// #endregion offset-record

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
  // A group that only stores offsets has no group record.
  if (!state.groups.has(group)) state.groups.set(group, new ClassicGroup(group, -1))
}

/** The tombstone of a classic group. */
export function groupTombstone(groupId: string): CoordinatorRecord {
  return { key: encodeKey(GroupMetadataKey, { group: groupId }), value: null }
}

/** The tombstones that remove a group, of either type, from the log. */
export function groupTombstones(group: Group): CoordinatorRecord[] {
  return group.kind === 'classic' ? [groupTombstone(group.groupId)] : consumerGroupTombstones(group)
}

/** The record of a classic group. `assignments`: the assignment to write for each member, by default its current one. */
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
