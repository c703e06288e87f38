/**
 * Metadata (key 3): which brokers are there, and who leads what?
 *
 * Producers, consumers and admin clients ask any broker, at the start and again whenever an error says that
 * what they know is out of date. To ask for a topic that does not exist may create it.
 *
 *   0   no topics in the list means all of them
 *   1   null means all, none means none; controller, racks, which topics are internal
 *   2   cluster id
 *   3   throttle time
 *   4   the client says whether the topic may be created
 *   5   replicas that are offline (KIP-112)
 *   6   a throttled client is answered first (KIP-219)
 *   7   the leader's epoch: of two answers, the newer leader counts (KIP-320)
 *   8   which operations the client is allowed (KIP-430)
 *   9   flexible
 *   10  topic ids in the answer (KIP-516)
 *   11  no longer the operations on the cluster: DescribeCluster has them (KIP-700)
 *   12  topics can be asked for by id, with a name of null
 *   13  an error for the whole answer: the client shall start from its bootstrap servers again (KIP-1102)
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
    /** Null: all topics. Empty: none since version 1, all in version 0. */
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
    /** With KRaft any live broker: it passes on what only the controller can do. */
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
        /** A bit for each allowed operation; the smallest int32 when nobody asked. */
        topicAuthorizedOperations: int32({ since: 8, default: -0x8000_0000 }),
      }),
    ),
    clusterAuthorizedOperations: int32({ since: 8, until: 10, default: -0x8000_0000 }),
    errorCode: int16({ since: 13 }),
  },
)
export type MetadataResponse = TypeOf<typeof MetadataResponse>
