/**
 * From a KIP-848 group back to a classic group, while it is running: the way back of migration/upgrade.ts.
 *
 * It happens when the last member that speaks the new protocol goes, and those who stay all speak the classic one: by
 * leaving, by being put out, or because a static member is restarted with the classic protocol.
 *
 *   consumer: epoch 9, target 8, a (classic) shall have t-0, x leaves    ->    classic: generation 9, a has t-0
 *
 * The classic group begins Stable with the target for its assignment. When members have gone the target is out of date,
 * so it rebalances at once: the members hear of it by their next heartbeats, as in any classic group.
 *
 * GROUP-DOWNGRADE-1  the new group's tombstones and the classic group's record are one batch: never both, never neither
 * GROUP-DOWNGRADE-2  an empty group is not turned; who comes next decides its protocol
 */
import { ConsumerProtocolAssignment } from '../../../messages/records/consumer-protocol.ts'
import { ErrorCode } from '../../../wire/errors.ts'
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

/** Whether the group without these members would be one of classic members only, and may become a classic group. */
export function mayDowngradeWithout(
  shard: GroupShard,
  group: ConsumerGroup,
  memberIds: readonly string[],
): boolean {
  const stay = [...group.members.values()].filter(({ memberId }) => !memberIds.includes(memberId))
  return stay.length > 0 && stay.every(({ classic }) => classic) && mayHold(shard, stay.length)
}

/** The same when a classic member takes the place of a static one that speaks the new protocol. */
export function mayDowngradeReplacing(shard: GroupShard, group: ConsumerGroup, old: ConsumerMember): boolean {
  const others = group.members.size - 1
  return old.classic === null && group.classicMembers.length === others && mayHold(shard, others + 1)
}

function mayHold({ config }: GroupShard, size: number): boolean {
  const policy = config.consumerMigrationPolicy
  return (policy === 'bidirectional' || policy === 'downgrade') && size <= config.groupSizeMax
}

/** Members leave, and the rest becomes a classic group. */
export function downgradeWithout(
  shard: GroupShard,
  group: ConsumerGroup,
  memberIds: readonly string[],
  done: (error: ErrorCode) => void,
): void {
  const stay = [...group.members.values()].filter(({ memberId }) => !memberIds.includes(memberId))
  downgrade(shard, { group, members: stay, records: [], rebalances: true }, done)
}

export interface Downgrade {
  readonly group: ConsumerGroup
  /** Who is in the classic group. */
  readonly members: readonly ConsumerMember[]
  /** What has changed before, to be written with it. */
  readonly records: readonly CoordinatorRecord[]
  /** Whether the target is out of date, so that the members have to come together. */
  readonly rebalances: boolean
}

/** Writes the classic group in the place of the new one; `done` when it is there. */
export function downgrade(
  shard: GroupShard,
  { group, members, records, rebalances }: Downgrade,
  done: (error: ErrorCode) => void,
): void {
  const { groupId } = group
  const classic = classicOf(shard, group, members)
  const former = [...group.members.keys()]
  shard.write(groupId, [...records, ...consumerGroupTombstones(group), groupRecord(classic)], (error) => {
    if (error !== ErrorCode.NONE) return done(error)
    for (const memberId of former) cancelTimers(shard, groupId, memberId)
    shard.groups.set(groupId, classic)
    for (const memberId of classic.members.keys()) rescheduleSessionTimeout(shard, classic, memberId)
    if (rebalances) prepareRebalance(shard, classic)
    done(error)
  })
}

function classicOf(
  shard: GroupShard,
  group: ConsumerGroup,
  members: readonly ConsumerMember[],
): ClassicGroup {
  const classic = new ClassicGroup(group.groupId, shard.now(), 'Stable')
  classic.generation = group.epoch
  classic.protocolType = 'consumer'
  for (const member of members) classic.add(asClassic(member))
  classic.protocol = classic.selectProtocol()
  for (const member of classic.members.values()) {
    const version = new Reader(classic.metadataOf(member)).int16()
    const target = group.target.get(member.memberId) ?? EMPTY_ASSIGNMENT
    member.assignment = encodeAssignment(shard.host, target, version)
  }
  return classic
}

function asClassic(member: ConsumerMember): ClassicMember {
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

/** Partitions as a classic leader of that version of the consumers' protocol writes them; topics that are gone are left out. */
export function encodeAssignment(host: CoordinatorHost, assignment: Assignment, version: number): Uint8Array {
  const known = Math.min(version, ConsumerProtocolAssignment.versions.max)
  const assignedPartitions = topicPartitionsOf(assignment).flatMap(({ topicId, partitions }) => {
    const topic = host.topicName(topicId)
    return topic === undefined ? [] : [{ topic, partitions }]
  })
  const writer = new Writer()
  writer.int16(known)
  ConsumerProtocolAssignment.encode(writer, known, { assignedPartitions, userData: null })
  return writer.toBytes()
}
