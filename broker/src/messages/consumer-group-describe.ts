/**
 * ConsumerGroupDescribe (key 69): who is in these KIP-848 groups?
 *
 * From admin clients to the groups' coordinator. Each member is shown with what it has and what it is meant
 * to have; they differ while the group moves. A classic group is GROUP_ID_NOT_FOUND here. (KIP-848)
 *
 *   1  which protocol each member speaks (KIP-1099)
 */
import {
  array,
  bool,
  int8,
  int16,
  int32,
  request,
  response,
  string,
  struct,
  type TypeOf,
  uuid,
} from '../wire/schema.ts'

export const ConsumerGroupDescribeRequest = request(
  69,
  'ConsumerGroupDescribeRequest',
  { versions: '0-1', flexible: '0+' },
  { groupIds: array(string()), includeAuthorizedOperations: bool() },
)
export type ConsumerGroupDescribeRequest = TypeOf<typeof ConsumerGroupDescribeRequest>

const topicPartitions = { topicId: uuid(), topicName: string(), partitions: array(int32()) }

const assignment = { topicPartitions: array(struct(topicPartitions)) }

export const ConsumerGroupDescribeResponse = response(
  69,
  'ConsumerGroupDescribeResponse',
  { versions: '0-1', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    groups: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ nullable: true, default: null }),
        groupId: string(),
        groupState: string(),
        groupEpoch: int32(),
        assignmentEpoch: int32(),
        assignorName: string(),
        members: array(
          struct({
            memberId: string(),
            instanceId: string({ nullable: true, default: null }),
            rackId: string({ nullable: true, default: null }),
            memberEpoch: int32(),
            clientId: string(),
            clientHost: string(),
            subscribedTopicNames: array(string()),
            subscribedTopicRegex: string({ nullable: true, default: null }),
            assignment: struct(assignment),
            targetAssignment: struct(assignment),
            /** 0 classic, 1 consumer, -1 unknown. */
            memberType: int8({ since: 1, default: -1 }),
          }),
        ),
        /** A bit for each allowed operation; the smallest int32 when nobody asked. */
        authorizedOperations: int32({ default: -0x8000_0000 }),
      }),
    ),
  },
)
export type ConsumerGroupDescribeResponse = TypeOf<typeof ConsumerGroupDescribeResponse>
