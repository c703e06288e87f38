/**
 * ConsumerGroupHeartbeat (API key 68).
 */
import { array, int16, int32, request, response, string, struct, type TypeOf, uuid } from '../wire/schema.ts'

export const ConsumerGroupHeartbeatRequest = request(
  68,
  'ConsumerGroupHeartbeatRequest',
  { versions: '0-1', flexible: '0+' },
  {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    instanceId: string({ nullable: true, default: null }),
    rackId: string({ nullable: true, default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    subscribedTopicNames: array(string(), { nullable: true, default: null }),
    subscribedTopicRegex: string({ since: 1, nullable: true, default: null }),
    serverAssignor: string({ nullable: true, default: null }),
    topicPartitions: array(struct({ topicId: uuid(), partitions: array(int32()) }), {
      nullable: true,
      default: null,
    }),
  },
)
export type ConsumerGroupHeartbeatRequest = TypeOf<typeof ConsumerGroupHeartbeatRequest>

const topicPartitions = { topicId: uuid(), partitions: array(int32()) }

export const ConsumerGroupHeartbeatResponse = response(
  68,
  'ConsumerGroupHeartbeatResponse',
  { versions: '0-1', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
    memberId: string({ nullable: true, default: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    assignment: struct(
      {
        topicPartitions: array(struct(topicPartitions)),
      },
      { nullable: true, default: null },
    ),
  },
)
export type ConsumerGroupHeartbeatResponse = TypeOf<typeof ConsumerGroupHeartbeatResponse>
