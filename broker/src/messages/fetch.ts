/**
 * Fetch (key 1): give me record batches from here on.
 *
 * One API for two readers. Consumers read up to the high watermark (or the last stable offset); followers
 * read to the end of the log, and by the offset they ask for tell the leader how far they have come: this is
 * Kafka's replication. The broker may hold an answer back until minBytes are there or maxWaitMs is over.
 *
 * Session (KIP-227): a client that reads a thousand partitions names them once; later requests carry the
 * changes only, and answers only partitions with news. Id 0 and epoch -1 ask for no session.
 *
 *   4   isolation level, last stable offset, aborted transactions (KIP-98)
 *   5   log start offset (KIP-107)
 *   6   KAFKA_STORAGE_ERROR is understood (KIP-112)
 *   7   sessions (KIP-227)
 *   8   a throttled client is answered first (KIP-219)
 *   9   the leader epoch that the reader knows: fences old leaders and old readers (KIP-320)
 *   10  zstd (KIP-110)
 *   11  the reader's rack, the answer's replica that is nearer to it (KIP-392)
 *   12  flexible; the epoch of the last batch read, and where histories part (KIP-595)
 *   13  topics by id, no longer by name (KIP-516)
 *   14  OFFSET_MOVED_TO_TIERED_STORAGE is understood (KIP-405)
 *   15  a follower names itself with its epoch (KIP-903)
 *   16  who leads now (KIP-951)
 *   17  a follower's log directory (KIP-853)
 *   18  the high watermark that a follower knows, so that news of it is sent at once (KIP-1166)
 */
import { INT64_MAX } from '../wire/int64.ts'
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
    /** -1 from a consumer; otherwise the follower that asks. */
    replicaId: int32({ until: 14, default: -1 }),
    replicaState: struct(
      { replicaId: int32({ default: -1 }), replicaEpoch: int64({ default: -1 }) },
      { since: 15, tag: 1 },
    ),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ default: 0x7fff_ffff }),
    /** 0 read uncommitted, 1 read committed. */
    isolationLevel: int8(),
    sessionId: int32({ since: 7 }),
    /** 0 opens a session, -1 closes it, others count its requests. */
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
            /** Long.MAX_VALUE: unknown, do not wait for my sake. */
            highWatermark: int64({ since: 18, default: INT64_MAX, tag: 1 }),
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
            /** Set when the reader has batches that this log does not have: it shall truncate to here. */
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
            /** Null for readers of uncommitted data: they do not need it. */
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
