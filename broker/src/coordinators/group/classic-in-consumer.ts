/**
 * Members that speak the classic protocol in a KIP-848 group: an older process beside newer ones.
 *
 * To the group they are members like the others; to them the group looks classic, with these tricks:
 *
 *   JoinGroup    answered at once, nobody waits; the generation is the member's epoch; nobody is leader, so nobody
 *                computes an assignment; one step towards the target is made
 *   SyncGroup    the member's present partitions, written as a classic leader would have
 *   Heartbeat    REBALANCE_IN_PROGRESS when there is something to give up or to get: the member joins again
 *   LeaveGroup   as for a classic group
 *
 * What a member gives up it reports with its next JoinGroup (cooperative), or it comes with nothing (eager).
 */
import type { HeartbeatRequest } from '../../messages/heartbeat.ts'
import { ConsumerProtocolAssignment, decodeSubscription } from '../../messages/records/consumer-protocol.ts'
import type { SyncGroupRequest } from '../../messages/sync-group.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'
import { difference, filter, NOTHING, topicPartitionsOf } from './assignment.ts'
import type { Joining } from './classic-join.ts'
import type { Leaving } from './classic-membership.ts'
import { ConsumerDraft } from './consumer-draft.ts'
import { type ConsumerGroup, type ConsumerMember, newMember } from './consumer-group.ts'
import { advance } from './consumer-heartbeat.ts'
import { removeMembers, startConsumerSession } from './consumer-membership.ts'
import { whyNotThisMember } from './consumer-requests.ts'
import type { GroupShard } from './group-shard.ts'
import { byTopicId } from './group-upgrade.ts'
import { newMemberId } from './member-id.ts'

const REQUIRES_MEMBER_ID = 4

export function joinConsumerGroup(shard: GroupShard, group: ConsumerGroup, joining: Joining): void {
  const { request, client, done } = joining
  const { groupInstanceId, protocolType, protocols } = request
  if (protocolType !== 'consumer' || !isSupported(group, protocols)) {
    return done({ errorCode: ErrorCode.INCONSISTENT_GROUP_PROTOCOL, memberId: request.memberId })
  }
  const known = groupInstanceId === null ? undefined : group.staticMembers.get(groupInstanceId)
  const isNew = request.memberId === ''
  const memberId = isNew
    ? (known ?? newMemberId(shard.host.core.random, client.clientId ?? ''))
    : request.memberId
  if (known !== undefined && known !== memberId)
    return done({ errorCode: ErrorCode.FENCED_INSTANCE_ID, memberId })
  if (isNew && groupInstanceId === null && client.apiVersion >= REQUIRES_MEMBER_ID) {
    return done({ errorCode: ErrorCode.MEMBER_ID_REQUIRED, memberId })
  }
  step(shard, group, joining, memberId)
}

/** There must be a protocol that all classic members of the group have. */
function isSupported(group: ConsumerGroup, protocols: readonly { readonly name: string }[]): boolean {
  const classic = [...group.members.values()].flatMap((member) => member.classic ?? [])
  return protocols.some(({ name }) =>
    classic.every((terms) => terms.supportedProtocols.some((each) => each.name === name)),
  )
}

function step(
  shard: GroupShard,
  group: ConsumerGroup,
  { request, client, done }: Joining,
  memberId: string,
): void {
  const { sessionTimeoutMs, rebalanceTimeoutMs, protocols, groupInstanceId } = request
  const subscription = subscriptionOf(protocols[0]!.metadata)
  if (!subscription) return done({ errorCode: ErrorCode.INCONSISTENT_GROUP_PROTOCOL, memberId })
  const before = group.members.get(memberId) ?? newMember(memberId)
  const now: ConsumerMember = {
    ...before,
    instanceId: groupInstanceId,
    rackId: subscription.rackId,
    clientId: client.clientId ?? '',
    clientHost: client.clientHost,
    subscribedTopicNames: [...subscription.topics].sort(),
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? sessionTimeoutMs : rebalanceTimeoutMs,
    classic: {
      sessionTimeoutMs,
      supportedProtocols: protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() })),
    },
  }
  // What an earlier generation owned is no longer the member's to keep.
  const isCurrent = subscription.generationId === before.memberEpoch
  const owned = isCurrent ? byTopicId(shard.host, subscription.ownedPartitions) : NOTHING
  advance(shard, new ConsumerDraft(group), { before, now, owned, replaces: [] }, (errorCode, after) => {
    if (errorCode !== ErrorCode.NONE) return done({ errorCode, memberId })
    const protocolName = protocols[0]!.name
    done({
      errorCode,
      memberId,
      generationId: after.memberEpoch,
      protocolType: 'consumer',
      protocolName,
      members: [],
    })
  })
}

function subscriptionOf(metadata: Uint8Array) {
  try {
    return decodeSubscription(metadata)
  } catch {
    return undefined
  }
}

/** NONE when the request comes from a classic member at its present epoch. */
function whyNot(
  group: ConsumerGroup,
  request: {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly generationId: number
  },
): ErrorCode {
  const { memberId, groupInstanceId, generationId } = request
  const refusal = whyNotThisMember(group, { memberId, instanceId: groupInstanceId })
  if (refusal) return refusal.errorCode
  const member = group.members.get(memberId)!
  if (!member.classic) return ErrorCode.UNKNOWN_MEMBER_ID
  return generationId === member.memberEpoch ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION
}

export function syncConsumerGroup(shard: GroupShard, group: ConsumerGroup, request: SyncGroupRequest) {
  const errorCode = whyNot(group, request)
  if (errorCode !== ErrorCode.NONE) return { errorCode }
  const member = group.members.get(request.memberId)!
  const protocol = member.classic!.supportedProtocols[0]!
  const { protocolType, protocolName } = request
  const isOther = (asked: string | null, known: string): boolean => asked !== null && asked !== known
  if (isOther(protocolType, 'consumer') || isOther(protocolName, protocol.name)) {
    return { errorCode: ErrorCode.INCONSISTENT_GROUP_PROTOCOL }
  }
  startConsumerSession(shard, group.groupId, member)
  const assignment = encodeAssignment(shard, member, new Reader(protocol.metadata).int16())
  return { errorCode, protocolType: 'consumer', protocolName: protocol.name, assignment }
}

/** As a classic leader of that version writes it. */
function encodeAssignment({ host }: GroupShard, { assigned }: ConsumerMember, version: number): Uint8Array {
  const known = Math.min(version, ConsumerProtocolAssignment.versions.max)
  const assignedPartitions = topicPartitionsOf(assigned).flatMap(({ topicId, partitions }) => {
    const topic = host.topicName(topicId)
    return topic === undefined ? [] : [{ topic, partitions }]
  })
  const writer = new Writer()
  writer.int16(known)
  ConsumerProtocolAssignment.encode(writer, known, { assignedPartitions, userData: null })
  return writer.toBytes()
}

export function heartbeatConsumerGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  request: HeartbeatRequest,
): ErrorCode {
  const refusal = whyNot(group, request)
  if (refusal !== ErrorCode.NONE) return refusal
  const member = group.members.get(request.memberId)!
  startConsumerSession(shard, group.groupId, member)
  const mustMove =
    member.memberEpoch < group.epoch || member.state === 'unrevoked partitions' || canGet(group, member)
  return mustMove ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE
}

/** It waits for partitions, and one of them has become free. */
function canGet(group: ConsumerGroup, member: ConsumerMember): boolean {
  if (member.state !== 'unreleased partitions') return false
  const wanted = difference(group.target.get(member.memberId) ?? NOTHING, member.assigned)
  return filter(wanted, (topicId, partition) => group.ownerEpoch(topicId, partition) === undefined).size > 0
}

/** LeaveGroup in a KIP-848 group; an admin may take out new members too. */
export function leaveConsumerGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  leaving: readonly Leaving[],
  done: (error: ErrorCode, codes: readonly ErrorCode[]) => void,
): void {
  const found = leaving.map(({ memberId, groupInstanceId }) => {
    const id =
      memberId === '' && groupInstanceId !== null
        ? (group.staticMembers.get(groupInstanceId) ?? '')
        : memberId
    const refusal = whyNotThisMember(group, { memberId: id, instanceId: groupInstanceId })
    return { id, code: refusal?.errorCode ?? ErrorCode.NONE }
  })
  const gone = new Set(found.flatMap(({ id, code }) => (code === ErrorCode.NONE ? [id] : [])))
  const codes = found.map(({ code }) => code)
  if (gone.size === 0) return done(ErrorCode.NONE, codes)
  removeMembers(shard, group, [...gone], (error) => done(error, codes))
}
