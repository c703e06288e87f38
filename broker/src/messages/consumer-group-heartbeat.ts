/**
 * ConsumerGroupHeartbeat (key 68): the whole life of a KIP-848 member.
 *
 * It joins, subscribes, reports what it owns and leaves by the same request, sent every few seconds. The
 * coordinator computes assignments itself and moves each member towards its own, one step a heartbeat: first
 * give up, then take over. Nobody waits for all the others as in JoinGroup.
 *
 *   member epoch   0 joins, -1 leaves, -2 leaves for a while (static member), otherwise the epoch it is at
 *
 * A field that did not change since the last heartbeat may be null; the first one must have all.
 *
 *   1  subscription by a regular expression that the broker evaluates; the member makes up its own id
 *      (KIP-1082)
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
    /** -1 when as before. */
    rebalanceTimeoutMs: int32({ default: -1 }),
    subscribedTopicNames: array(string(), { nullable: true, default: null }),
    subscribedTopicRegex: string({ since: 1, nullable: true, default: null }),
    serverAssignor: string({ nullable: true, default: null }),
    /** What the member owns; null when as before. */
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
    /** What the member shall own now; null when as before. */
    assignment: struct(
      { topicPartitions: array(struct(topicPartitions)) },
      { nullable: true, default: null },
    ),
  },
)
export type ConsumerGroupHeartbeatResponse = TypeOf<typeof ConsumerGroupHeartbeatResponse>
