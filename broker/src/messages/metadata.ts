/**
 * Metadata (API key 3).
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

export const MetadataRequest = request(
  3,
  'MetadataRequest',
  { versions: '0-13', flexible: '9+' },
  {
    topics: array(struct({ topicId: uuid({ since: 10 }), name: string({ nullable: 10 }) }), { nullable: 1 }),
    allowAutoTopicCreation: bool({ since: 4, default: true }),
    includeClusterAuthorizedOperations: bool({ since: 8, until: 10 }),
    includeTopicAuthorizedOperations: bool({ since: 8 }),
  },
)
export type MetadataRequest = TypeOf<typeof MetadataRequest>

export const MetadataResponse = response(
  3,
  'MetadataResponse',
  { versions: '0-13', flexible: '9+' },
  {
    throttleTimeMs: int32({ since: 3 }),
    brokers: array(
      struct({
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string({ since: 1, nullable: true, default: null }),
      }),
    ),
    clusterId: string({ since: 2, nullable: true, default: null }),
    controllerId: int32({ since: 1, default: -1 }),
    topics: array(
      struct({
        errorCode: int16(),
        name: string({ nullable: 12 }),
        topicId: uuid({ since: 10 }),
        isInternal: bool({ since: 1 }),
        partitions: array(
          struct({
            errorCode: int16(),
            partitionIndex: int32(),
            leaderId: int32(),
            leaderEpoch: int32({ since: 7, default: -1 }),
            replicaNodes: array(int32()),
            isrNodes: array(int32()),
            offlineReplicas: array(int32(), { since: 5 }),
          }),
        ),
        topicAuthorizedOperations: int32({ since: 8, default: -2147483648 }),
      }),
    ),
    clusterAuthorizedOperations: int32({ since: 8, until: 10, default: -2147483648 }),
    errorCode: int16({ since: 13 }),
  },
)
export type MetadataResponse = TypeOf<typeof MetadataResponse>
