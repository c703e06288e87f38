/**
 * Is this ConsumerGroupHeartbeat sound, and may it come from this member? (KIP-848)
 *
 *   member epoch    means                         must bring
 *   0               joins, or joins again         all: what it subscribes to, its rebalance timeout, no partitions
 *   > 0             lives, at this epoch          its id; the rest only when it has changed
 *   -1              leaves for good               its id
 *   -2              leaves for a while            its id and its instance id
 *
 * An epoch below the member's is accepted when it is the one before, and the member has nothing it was not given: then
 * the answer with the new epoch got lost. Everyone else is fenced: it forgets what it has and joins with epoch 0.
 */
import type { ConsumerGroupHeartbeatRequest } from '../../../messages/consumer-group-heartbeat.ts'
import { ErrorCode } from '../../../wire/errors.ts'
import { assignmentOf, isSubset } from '../assignor/assignment.ts'
import { type ConsumerGroup, type ConsumerMember, LEAVES, LEFT_FOR_A_WHILE } from './consumer-group.ts'

/** From this version on members make up their own ids (KIP-1082). */
const BRINGS_MEMBER_ID = 1

export interface Refusal {
  readonly errorCode: ErrorCode
  readonly errorMessage: string
}

function refusal(errorCode: ErrorCode, errorMessage: string): Refusal {
  return { errorCode, errorMessage }
}

/** Why the request can't be meant so; undefined when it can. `assignors`: those of the broker. */
export function whyUnsound(
  request: ConsumerGroupHeartbeatRequest,
  apiVersion: number,
  assignors: readonly string[],
): Refusal | undefined {
  const message = unsoundness(request, apiVersion)
  if (message !== undefined) return refusal(ErrorCode.INVALID_REQUEST, message)
  const { serverAssignor } = request
  if (serverAssignor === null || assignors.includes(serverAssignor)) return undefined
  return refusal(
    ErrorCode.UNSUPPORTED_ASSIGNOR,
    `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${assignors.join(', ')}.`,
  )
}

function unsoundness(request: ConsumerGroupHeartbeatRequest, apiVersion: number): string | undefined {
  const { groupId, memberId, memberEpoch, instanceId, rackId } = request
  const mustNameItself = apiVersion >= BRINGS_MEMBER_ID || memberEpoch > 0 || memberEpoch === LEAVES
  if (mustNameItself && memberId.trim() === '') return "MemberId can't be empty."
  if (groupId.trim() === '') return "GroupId can't be empty."
  if (instanceId?.trim() === '') return "InstanceId can't be empty."
  if (rackId?.trim() === '') return "RackId can't be empty."
  if (memberEpoch < LEFT_FOR_A_WHILE) return 'MemberEpoch is invalid.'
  if (memberEpoch === LEFT_FOR_A_WHILE && instanceId === null) return "InstanceId can't be null."
  return memberEpoch === 0 ? unsoundJoin(request) : undefined
}

function unsoundJoin(request: ConsumerGroupHeartbeatRequest): string | undefined {
  const { rebalanceTimeoutMs, topicPartitions, subscribedTopicNames, subscribedTopicRegex } = request
  if (rebalanceTimeoutMs === -1) return 'RebalanceTimeoutMs must be provided in first request.'
  if (topicPartitions === null || topicPartitions.length > 0) {
    return 'TopicPartitions must be empty when (re-)joining.'
  }
  if (subscribedTopicNames === null && subscribedTopicRegex === null) {
    return 'Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.'
  }
  return undefined
}

/** Why a group has no place for another member; undefined when it has, or the member is in it. */
export function whyFull(group: ConsumerGroup, memberId: string, sizeMax: number): Refusal | undefined {
  if (group.members.size < sizeMax || group.members.has(memberId)) return undefined
  const errorMessage = `The consumer group has reached its maximum capacity of ${sizeMax} members.`
  return refusal(ErrorCode.GROUP_MAX_SIZE_REACHED, errorMessage)
}

/** Why nobody may go on as this member, at any epoch; undefined when it may. */
export function whyNotThisMember(
  group: ConsumerGroup,
  { memberId, instanceId }: { readonly memberId: string; readonly instanceId: string | null },
): Refusal | undefined {
  if (instanceId !== null) {
    const known = group.staticMembers.get(instanceId)
    if (known === undefined)
      return refusal(ErrorCode.UNKNOWN_MEMBER_ID, `Instance id ${instanceId} is unknown.`)
    if (known !== memberId) {
      return refusal(
        ErrorCode.FENCED_INSTANCE_ID,
        `Static member ${memberId} with instance id ${instanceId} was fenced by member ${known}.`,
      )
    }
  }
  if (group.members.has(memberId)) return undefined
  return refusal(ErrorCode.UNKNOWN_MEMBER_ID, `Member ${memberId} is not a member of group ${group.groupId}.`)
}

/** Why the member's epoch is not good; undefined when it is. */
export function whyFenced(
  member: ConsumerMember,
  request: ConsumerGroupHeartbeatRequest,
): Refusal | undefined {
  const { memberEpoch, topicPartitions } = request
  if (memberEpoch === member.memberEpoch || memberEpoch === 0) return undefined
  const owned = assignmentOf(topicPartitions ?? [])
  const isLostAnswer =
    memberEpoch === member.previousMemberEpoch && topicPartitions !== null && isSubset(owned, member.assigned)
  if (memberEpoch < member.memberEpoch && isLostAnswer) return undefined
  const than = memberEpoch > member.memberEpoch ? 'greater' : 'smaller'
  return refusal(
    ErrorCode.FENCED_MEMBER_EPOCH,
    `The consumer group member has a ${than} member epoch (${memberEpoch}) than the one known by the group ` +
      `coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
  )
}

/** Whether a request brings everything, as a member does that is not sure what its last one did. */
export function isFullRequest(request: ConsumerGroupHeartbeatRequest): boolean {
  const { memberEpoch, rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex, topicPartitions } =
    request
  const subscribes = subscribedTopicNames !== null || subscribedTopicRegex !== null
  return memberEpoch === 0 || (rebalanceTimeoutMs !== -1 && subscribes && topicPartitions !== null)
}

export function isLeaving(memberEpoch: number): boolean {
  return memberEpoch === LEAVES || memberEpoch === LEFT_FOR_A_WHILE
}
