/**
 * Converts a running KIP-848 group to a classic group: the reverse of migration/upgrade.ts.
 *
 * This happens when the last member with the new protocol is gone and all remaining members use the classic one: the
 * member left, its session expired, or it is a static member that was restarted with the classic protocol.
 *
 *   consumer: epoch 9, target 8, a (classic) has target t-0, x leaves    ->    classic: generation 9, a is assigned t-0
 *
 * The classic group starts in state Stable, with the target as its assignment. If members have left, the target is out of
 * date and the group starts a rebalance at once: its members learn of it from their next heartbeats.
 *
 * GROUP-DOWNGRADE-1  the tombstones of the KIP-848 group and the record of the classic group are one batch: the log never
 *     has both groups, and never neither
 * GROUP-DOWNGRADE-2  an empty group is not converted; the next member decides its protocol
 *
 * (GroupMetadataManager: convertToClassicGroup, validateOnlineDowngradeWithFencedMembers)
 */
import { ConsumerProtocolAssignment } from '../../../messages/records/consumer-protocol.ts'
import type { ErrorCode } from '../../../wire/errors.ts'
import { Reader } from '../../../wire/reader.ts'
import { Writer } from '../../../wire/writer.ts'
import type { CoordinatorHost, CoordinatorRecord } from '../../coordinator-host.ts'
import { type Assignment, EMPTY_ASSIGNMENT, topicPartitionsOf } from '../assignor/assignment.ts'
import { ClassicGroup, type ClassicMember } from '../classic/classic-group.ts'
import { rescheduleSessionTimeout } from '../classic/membership.ts'
import { prepareRebalance } from '../classic/rebalance.ts'
import type { ConsumerGroup, ConsumerMember } from '../consumer/consumer-group.ts'
import { consumerGroupTombstones } from '../consumer/records.ts'
import { cancelTimers } from '../consumer/timers.ts'
import { groupRecord } from '../group-records.ts'
import type { GroupShard } from '../group-shard.ts'

/** Whether the group has only classic members without these, and may become a classic group. */
export function canDowngradeWithFencedMembers(
  shard: GroupShard,
  group: ConsumerGroup,
  memberIds: readonly string[],
): boolean {
  const remaining = [...group.members.values()].filter(({ memberId }) => !memberIds.includes(memberId))
  return (
    remaining.length > 0 &&
    remaining.every(({ classic }) => classic) &&
    isDowngradeAllowed(shard, remaining.length)
  )
}

/** The same if a classic member replaces the last static member that uses the new protocol. */
export function canDowngradeWithReplacedMember(
  shard: GroupShard,
  group: ConsumerGroup,
  old: ConsumerMember,
): boolean {
  const others = group.members.size - 1
  return (
    old.classic === null && group.classicMembers.length === others && isDowngradeAllowed(shard, others + 1)
  )
}

function isDowngradeAllowed({ config }: GroupShard, size: number): boolean {
  const policy = config.consumerMigrationPolicy
  return (policy === 'bidirectional' || policy === 'downgrade') && size <= config.groupSizeMax
}

/** Removes members and converts the group of the remaining ones to a classic group. */
export function downgradeWithFencedMembers(
  shard: GroupShard,
  group: ConsumerGroup,
  memberIds: readonly string[],
  done: (error: ErrorCode) => void,
): void {
  const remaining = [...group.members.values()].filter(({ memberId }) => !memberIds.includes(memberId))
  convertToClassicGroup(shard, { group, members: remaining, records: [], rebalances: true }, done)
}

export interface ClassicConversion {
  readonly group: ConsumerGroup
  /** The members of the classic group. */
  readonly members: readonly ConsumerMember[]
  /** Records of earlier changes, to be written in the same batch. */
  readonly records: readonly CoordinatorRecord[]
  /** Whether the target is out of date, so that the classic group must rebalance. */
  readonly rebalances: boolean
}

/** Replaces the KIP-848 group by a classic group, in the log and then in memory. */
export function convertToClassicGroup(
  shard: GroupShard,
  { group, members, records, rebalances }: ClassicConversion,
  done: (error: ErrorCode) => void,
): void {
  const { groupId } = group
  const classic = buildClassicGroup(shard, group, members)
  const former = [...group.members.keys()]
  const appended = (): void => {
    for (const memberId of former) cancelTimers(shard, groupId, memberId)
    shard.groups.set(groupId, classic)
    for (const memberId of classic.members.keys()) rescheduleSessionTimeout(shard, classic, memberId)
    if (rebalances) prepareRebalance(shard, classic)
  }
  shard.write([...records, ...consumerGroupTombstones(group), groupRecord(classic)], done, { appended })
}

function buildClassicGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  members: readonly ConsumerMember[],
): ClassicGroup {
  const classic = new ClassicGroup(group.groupId, shard.now(), 'Stable')
  classic.generation = group.epoch
  classic.protocolType = 'consumer'
  for (const member of members) classic.add(toClassicMember(member))
  classic.protocol = classic.selectProtocol()
  for (const member of classic.members.values()) {
    const version = new Reader(classic.metadataOf(member)).int16()
    const target = group.target.get(member.memberId) ?? EMPTY_ASSIGNMENT
    member.assignment = encodeAssignment(shard.host, target, version)
  }
  return classic
}

function toClassicMember(member: ConsumerMember): ClassicMember {
  const { memberId, instanceId, clientId, clientHost, rebalanceTimeoutMs, classic } = member
  if (!classic) throw new Error(`downgrade: member ${memberId} does not speak the classic protocol`)
  return {
    memberId,
    groupInstanceId: instanceId,
    clientId,
    clientHost,
    rebalanceTimeoutMs,
    sessionTimeoutMs: classic.sessionTimeoutMs,
    protocols: classic.supportedProtocols,
    assignment: new Uint8Array(0),
    isNew: false,
    awaitingJoin: undefined,
    awaitingSync: undefined,
  }
}

/** Encodes an assignment as a classic leader would in this version of the protocol. Deleted topics are left out. */
export function encodeAssignment(host: CoordinatorHost, assignment: Assignment, version: number): Uint8Array {
  const writtenVersion = Math.min(version, ConsumerProtocolAssignment.versions.max)
  const assignedPartitions = topicPartitionsOf(assignment).flatMap(({ topicId, partitions }) => {
    const topic = host.topicName(topicId)
    return topic === undefined ? [] : [{ topic, partitions }]
  })
  const writer = new Writer()
  writer.int16(writtenVersion)
  ConsumerProtocolAssignment.encode(writer, writtenVersion, { assignedPartitions, userData: null })
  return writer.toBytes()
}
