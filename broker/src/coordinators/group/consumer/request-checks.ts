/**
 * Validation of a ConsumerGroupHeartbeat: are its fields valid, and may this member send it? (KIP-848)
 *
 *   member epoch    meaning                     required fields
 *   0               join, or join again         all: subscription, rebalance timeout, no partitions
 *   > 0             heartbeat at this epoch     the member id; others only if they have changed
 *   -1              leave permanently           the member id
 *   -2              leave temporarily           the member id and the instance id
 *
 * A lower epoch than the member's is accepted if it is the previous one and the member owns only partitions that are
 * assigned to it: then the response with the new epoch was lost. Any other epoch is fenced: the member must abandon its
 * partitions and join again with epoch 0.
 *
 * (GroupMetadataManager: throwIfConsumerGroupHeartbeatRequestIsInvalid, throwIfConsumerGroupMemberEpochIsInvalid)
 */
import type { ConsumerGroupHeartbeatRequest } from '../../../messages/consumer-group-heartbeat.ts'
import { ErrorCode } from '../../../wire/errors.ts'
import { assignmentOf, isSubset } from '../assignor/assignment.ts'
import {
  type ConsumerGroup,
  type ConsumerMember,
  LEAVE_GROUP_MEMBER_EPOCH,
  LEAVE_GROUP_STATIC_MEMBER_EPOCH,
} from './consumer-group.ts'

/** From this version on members generate their own ids (KIP-1082). */
const HAS_OWN_MEMBER_ID = 1

export interface Refusal {
  readonly errorCode: ErrorCode
  readonly errorMessage: string
}

function refusal(errorCode: ErrorCode, errorMessage: string): Refusal {
  return { errorCode, errorMessage }
}

/** The error of an invalid request, or undefined. `assignors`: the names that the broker supports. */
export function validateHeartbeatRequest(
  request: ConsumerGroupHeartbeatRequest,
  apiVersion: number,
  assignors: readonly string[],
): Refusal | undefined {
  const message = requestError(request, apiVersion)
  if (message !== undefined) return refusal(ErrorCode.INVALID_REQUEST, message)
  const { serverAssignor } = request
  if (serverAssignor === null || assignors.includes(serverAssignor)) return undefined
  return refusal(
    ErrorCode.UNSUPPORTED_ASSIGNOR,
    `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${assignors.join(', ')}.`,
  )
}

function requestError(request: ConsumerGroupHeartbeatRequest, apiVersion: number): string | undefined {
  const { groupId, memberId, memberEpoch, instanceId, rackId } = request
  const needsMemberId =
    apiVersion >= HAS_OWN_MEMBER_ID || memberEpoch > 0 || memberEpoch === LEAVE_GROUP_MEMBER_EPOCH
  if (needsMemberId && memberId.trim() === '') return "MemberId can't be empty."
  if (groupId.trim() === '') return "GroupId can't be empty."
  if (instanceId?.trim() === '') return "InstanceId can't be empty."
  if (rackId?.trim() === '') return "RackId can't be empty."
  if (memberEpoch < LEAVE_GROUP_STATIC_MEMBER_EPOCH) return 'MemberEpoch is invalid.'
  if (memberEpoch === LEAVE_GROUP_STATIC_MEMBER_EPOCH && instanceId === null)
    return "InstanceId can't be null."
  return memberEpoch === 0 ? joinRequestError(request) : undefined
}

function joinRequestError(request: ConsumerGroupHeartbeatRequest): string | undefined {
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

/** The error if the group is full and the member is not in it yet, or undefined. */
export function validateGroupSize(
  group: ConsumerGroup,
  memberId: string,
  sizeMax: number,
): Refusal | undefined {
  if (group.members.size < sizeMax || group.members.has(memberId)) return undefined
  const errorMessage = `The consumer group has reached its maximum capacity of ${sizeMax} members.`
  return refusal(ErrorCode.GROUP_MAX_SIZE_REACHED, errorMessage)
}

/** The error if the ids do not name a member of the group, or undefined. */
export function validateConsumerMember(
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

/** The error if the member must be fenced because of its epoch, or undefined. */
export function validateMemberEpoch(
  member: ConsumerMember,
  request: ConsumerGroupHeartbeatRequest,
): Refusal | undefined {
  const { memberEpoch, topicPartitions } = request
  if (memberEpoch === member.memberEpoch || memberEpoch === 0) return undefined
  const owned = assignmentOf(topicPartitions ?? [])
  const isResponseLost =
    memberEpoch === member.previousMemberEpoch && topicPartitions !== null && isSubset(owned, member.assigned)
  if (memberEpoch < member.memberEpoch && isResponseLost) return undefined
  const than = memberEpoch > member.memberEpoch ? 'greater' : 'smaller'
  return refusal(
    ErrorCode.FENCED_MEMBER_EPOCH,
    `The consumer group member has a ${than} member epoch (${memberEpoch}) than the one known by the group ` +
      `coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
  )
}

/** Whether a request contains all fields, as a member sends it that does not know whether its last request arrived. */
export function isFullRequest(request: ConsumerGroupHeartbeatRequest): boolean {
  const { memberEpoch, rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex, topicPartitions } =
    request
  const subscribes = subscribedTopicNames !== null || subscribedTopicRegex !== null
  return memberEpoch === 0 || (rebalanceTimeoutMs !== -1 && subscribes && topicPartitions !== null)
}

/** Whether a heartbeat with this epoch leaves the group. */
export function isLeaving(memberEpoch: number): boolean {
  return memberEpoch === LEAVE_GROUP_MEMBER_EPOCH || memberEpoch === LEAVE_GROUP_STATIC_MEMBER_EPOCH
}
