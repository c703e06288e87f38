/**
 * ConsumerGroupDescribe (API key 69).
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

const topicPartitions = {
  topicId: uuid(),
  topicName: string(),
  partitions: array(int32()),
}

const assignment = {
  topicPartitions: array(struct(topicPartitions)),
}

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
            memberType: int8({ since: 1, default: -1 }),
          }),
        ),
        authorizedOperations: int32({ default: -2147483648 }),
      }),
    ),
  },
)
export type ConsumerGroupDescribeResponse = TypeOf<typeof ConsumerGroupDescribeResponse>
