/**
 * ConsumerGroupDescribe: a KIP-848 group with the current and the target assignment of each member.
 */
import type { ConsumerGroupDescribeResponse } from '../../../messages/consumer-group-describe.ts'
import { ErrorCode } from '../../../wire/errors.ts'
import type { InputOf } from '../../../wire/schema.ts'
import type { CoordinatorHost } from '../../coordinator-host.ts'
import {
  type Assignment,
  EMPTY_ASSIGNMENT,
  topicPartitionsOf,
  unionWithEpochs,
} from '../assignor/assignment.ts'
import type { GroupConfig } from '../group-config.ts'
import type { Group } from '../group-state.ts'
import type { ConsumerGroup, ConsumerMember } from './consumer-group.ts'
import { assignorOf } from './target-assignment.ts'

export type DescribedConsumerGroup = NonNullable<
  InputOf<typeof ConsumerGroupDescribeResponse>['groups']
>[number]

const CLASSIC = 0
const CONSUMER = 1

/** Describes a KIP-848 group; any other group is GROUP_ID_NOT_FOUND. */
export function describeConsumer(
  { host, config }: { readonly host: CoordinatorHost; readonly config: GroupConfig },
  group: Group | undefined,
  groupId: string,
): DescribedConsumerGroup {
  if (group?.kind === 'consumer') return describe(host, group, config.consumerAssignors)
  const errorMessage = group ? `Group ${groupId} is not a consumer group.` : `Group ${groupId} not found.`
  return { groupId, errorCode: ErrorCode.GROUP_ID_NOT_FOUND, errorMessage }
}

function describe(
  host: CoordinatorHost,
  group: ConsumerGroup,
  assignors: readonly string[],
): DescribedConsumerGroup {
  return {
    groupId: group.groupId,
    groupState: group.state,
    groupEpoch: group.epoch,
    assignmentEpoch: group.assignmentEpoch,
    assignorName: assignorOf(group, assignors),
    members: [...group.members.values()].map((member) => describeMember(host, group, member)),
  }
}

function describeMember(host: CoordinatorHost, group: ConsumerGroup, member: ConsumerMember) {
  const { memberId, instanceId, rackId, memberEpoch, clientId, clientHost, subscribedTopicRegex } = member
  return {
    memberId,
    instanceId,
    rackId,
    memberEpoch,
    clientId,
    clientHost,
    subscribedTopicNames: [...member.subscribedTopicNames],
    subscribedTopicRegex: subscribedTopicRegex ?? '',
    // Partitions that it still has to revoke are assigned to it, too.
    assignment: withTopicNames(host, unionWithEpochs(member.assigned, member.pendingRevocation)),
    targetAssignment: withTopicNames(host, group.target.get(memberId) ?? EMPTY_ASSIGNMENT),
    memberType: member.classic ? CLASSIC : CONSUMER,
  }
}

/** Adds the topic names; a topic that no longer exists is left out. */
function withTopicNames(host: CoordinatorHost, assignment: Assignment) {
  const topicPartitions = topicPartitionsOf(assignment).flatMap((each) => {
    const topicName = host.topicName(each.topicId)
    return topicName === undefined ? [] : [{ ...each, topicName }]
  })
  return { topicPartitions }
}
