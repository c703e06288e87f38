/**
 * Fetch (API key 1).
 */
import {
  array,
  int8,
  int16,
  int32,
  int64,
  records,
  request,
  response,
  string,
  struct,
  type TypeOf,
  uuid,
} from '../wire/schema.ts'

export const FetchRequest = request(
  1,
  'FetchRequest',
  { versions: '4-18', flexible: '12+' },
  {
    clusterId: string({ since: 12, nullable: true, default: null, tag: 0 }),
    replicaId: int32({ until: 14, default: -1 }),
    replicaState: struct(
      { replicaId: int32({ default: -1 }), replicaEpoch: int64({ default: -1 }) },
      { since: 15, tag: 1 },
    ),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ default: 0x7fff_ffff }),
    isolationLevel: int8(),
    sessionId: int32({ since: 7 }),
    sessionEpoch: int32({ since: 7, default: -1 }),
    topics: array(
      struct({
        topic: string({ until: 12 }),
        topicId: uuid({ since: 13 }),
        partitions: array(
          struct({
            partition: int32(),
            currentLeaderEpoch: int32({ since: 9, default: -1 }),
            fetchOffset: int64(),
            lastFetchedEpoch: int32({ since: 12, default: -1 }),
            logStartOffset: int64({ since: 5, default: -1 }),
            partitionMaxBytes: int32(),
            replicaDirectoryId: uuid({ since: 17, tag: 0 }),
            highWatermark: int64({ since: 18, default: 2 ** 63, tag: 1 }),
          }),
        ),
      }),
    ),
    forgottenTopicsData: array(
      struct({
        topic: string({ until: 12 }),
        topicId: uuid({ since: 13 }),
        partitions: array(int32()),
      }),
      { since: 7 },
    ),
    rackId: string({ since: 11 }),
  },
)
export type FetchRequest = TypeOf<typeof FetchRequest>

export const FetchResponse = response(
  1,
  'FetchResponse',
  { versions: '4-18', flexible: '12+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16({ since: 7 }),
    sessionId: int32({ since: 7 }),
    responses: array(
      struct({
        topic: string({ until: 12 }),
        topicId: uuid({ since: 13 }),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            highWatermark: int64(),
            lastStableOffset: int64({ default: -1 }),
            logStartOffset: int64({ since: 5, default: -1 }),
            divergingEpoch: struct(
              { epoch: int32({ default: -1 }), endOffset: int64({ default: -1 }) },
              { since: 12, tag: 0 },
            ),
            currentLeader: struct(
              { leaderId: int32({ default: -1 }), leaderEpoch: int32({ default: -1 }) },
              { since: 12, tag: 1 },
            ),
            snapshotId: struct(
              { endOffset: int64({ default: -1 }), epoch: int32({ default: -1 }) },
              { since: 12, tag: 2 },
            ),
            abortedTransactions: array(struct({ producerId: int64(), firstOffset: int64() }), {
              nullable: true,
            }),
            preferredReadReplica: int32({ since: 11, default: -1 }),
            records: records({ nullable: true }),
          }),
        ),
      }),
    ),
    nodeEndpoints: array(
      struct({
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string({ nullable: true, default: null }),
      }),
      { since: 16, tag: 0 },
    ),
  },
)
export type FetchResponse = TypeOf<typeof FetchResponse>
