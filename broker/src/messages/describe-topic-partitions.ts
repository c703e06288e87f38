/**
 * DescribeTopicPartitions (key 75): the partitions of these topics, page by page.
 *
 * From admin clients, for whom Metadata's one answer may be too large. Topics come in order of their names;
 * when the limit is reached, the answer says where to go on. It also shows the eligible leader replicas:
 * those that left the ISR but still have all that was committed. (KIP-966)
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
    /** Where the answer before ended; null at first. */
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
        /** A bit for each allowed operation; the smallest int32 when nobody asked. */
        topicAuthorizedOperations: int32({ default: -0x8000_0000 }),
      }),
    ),
    /** Null when this is all. */
    nextCursor: struct({ topicName: string(), partitionIndex: int32() }, { nullable: true, default: null }),
  },
)
export type DescribeTopicPartitionsResponse = TypeOf<typeof DescribeTopicPartitionsResponse>
