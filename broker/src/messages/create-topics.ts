/**
 * CreateTopics (API key 19).
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
        assignments: array(struct({ partitionIndex: int32(), brokerIds: array(int32()) })),
        configs: array(struct({ name: string(), value: string({ nullable: true }) })),
      }),
    ),
    timeoutMs: int32({ default: 60000 }),
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
