/**
 * DescribeTopicPartitions (API key 75).
 */
import {
  array,
  bool,
  int16,
  int32,
  request,
  response,
  string,
  struct,
  type TypeOf,
  uuid,
} from '../wire/schema.ts'

export const DescribeTopicPartitionsRequest = request(
  75,
  'DescribeTopicPartitionsRequest',
  { versions: '0', flexible: '0+' },
  {
    topics: array(struct({ name: string() })),
    responsePartitionLimit: int32({ default: 2000 }),
    cursor: struct({ topicName: string(), partitionIndex: int32() }, { nullable: true, default: null }),
  },
)
export type DescribeTopicPartitionsRequest = TypeOf<typeof DescribeTopicPartitionsRequest>

export const DescribeTopicPartitionsResponse = response(
  75,
  'DescribeTopicPartitionsResponse',
  { versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    topics: array(
      struct({
        errorCode: int16(),
        name: string({ nullable: true }),
        topicId: uuid(),
        isInternal: bool(),
        partitions: array(
          struct({
            errorCode: int16(),
            partitionIndex: int32(),
            leaderId: int32(),
            leaderEpoch: int32({ default: -1 }),
            replicaNodes: array(int32()),
            isrNodes: array(int32()),
            eligibleLeaderReplicas: array(int32(), { nullable: true, default: null }),
            lastKnownElr: array(int32(), { nullable: true, default: null }),
            offlineReplicas: array(int32()),
          }),
        ),
        topicAuthorizedOperations: int32({ default: -2147483648 }),
      }),
    ),
    nextCursor: struct({ topicName: string(), partitionIndex: int32() }, { nullable: true, default: null }),
  },
)
export type DescribeTopicPartitionsResponse = TypeOf<typeof DescribeTopicPartitionsResponse>
