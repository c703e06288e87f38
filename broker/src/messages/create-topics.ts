/**
 * CreateTopics (key 19): make these topics.
 *
 * From admin clients to any broker, which passes it on to the controller (KIP-590). Each topic says how many
 * partitions and replicas it shall have, or exactly which replicas; -1 stands for the broker's defaults.
 * Answered when the topics are in the metadata, or at the timeout. (KIP-4)
 *
 *   2  the first in use: error messages, throttle time, validate only
 *   3  a throttled client is answered first (KIP-219)
 *   4  the defaults, by -1 (KIP-464)
 *   5  flexible; the answer holds the topic's partitions and configuration (KIP-525)
 *   6  THROTTLING_QUOTA_EXCEEDED is understood (KIP-599)
 *   7  the new topic's id (KIP-516)
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

export const CreateTopicsRequest = request(
  19,
  'CreateTopicsRequest',
  { versions: '2-7', flexible: '5+' },
  {
    topics: array(
      struct({
        name: string(),
        numPartitions: int32(),
        replicationFactor: int16(),
        /** Which replicas for which partition; when given, the two numbers above are -1. */
        assignments: array(struct({ partitionIndex: int32(), brokerIds: array(int32()) })),
        configs: array(struct({ name: string(), value: string({ nullable: true }) })),
      }),
    ),
    timeoutMs: int32({ default: 60_000 }),
    /** Only say what would happen. */
    validateOnly: bool(),
  },
)
export type CreateTopicsRequest = TypeOf<typeof CreateTopicsRequest>

export const CreateTopicsResponse = response(
  19,
  'CreateTopicsResponse',
  { versions: '2-7', flexible: '5+' },
  {
    throttleTimeMs: int32(),
    topics: array(
      struct({
        name: string(),
        topicId: uuid({ since: 7 }),
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
        topicConfigErrorCode: int16({ since: 5, tag: 0 }),
        numPartitions: int32({ since: 5, default: -1 }),
        replicationFactor: int16({ since: 5, default: -1 }),
        configs: array(
          struct({
            name: string(),
            value: string({ nullable: true }),
            readOnly: bool(),
            configSource: int8({ default: -1 }),
            isSensitive: bool(),
          }),
          { since: 5, nullable: true },
        ),
      }),
    ),
  },
)
export type CreateTopicsResponse = TypeOf<typeof CreateTopicsResponse>
