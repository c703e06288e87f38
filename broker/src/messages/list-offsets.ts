/**
 * ListOffsets (key 2): which offset belongs to this time?
 *
 * Consumers ask it when they have no committed offset, tools for the size of a partition. The answer is the
 * first record whose timestamp is at least the one given. Negative timestamps stand for places:
 *
 *   -1 latest: the high watermark, or the last stable offset    -2 earliest: the log's start
 *   -3 the record with the highest timestamp (since version 7)  -4 earliest that is local (8)
 *   -5 the last that is in remote storage (9)                   -6 the first not yet uploaded there (11)
 *
 *   1   one offset for each partition, with its timestamp (KIP-79)
 *   2   isolation level (KIP-98), throttle time
 *   3   a throttled client is answered first (KIP-219)
 *   4   leader epochs, both ways (KIP-320)
 *   5   OFFSET_NOT_AVAILABLE is understood: a new leader does not know its high watermark yet (KIP-207)
 *   6   flexible
 *   7   -3 (KIP-734)     8   -4 (KIP-405)     9   -5 (KIP-1005)
 *   10  how long the broker may search remote storage (KIP-1075)
 *   11  -6 (KIP-1023)
 */
import {
  array,
  int8,
  int16,
  int32,
  int64,
  request,
  response,
  string,
  struct,
  type TypeOf,
} from '../wire/schema.ts'

export const ListOffsetsRequest = request(
  2,
  'ListOffsetsRequest',
  { versions: '1-11', flexible: '6+' },
  {
    /** -1 from a consumer; otherwise the follower that asks. */
    replicaId: int32(),
    /** 0 read uncommitted, 1 read committed. */
    isolationLevel: int8({ since: 2 }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            currentLeaderEpoch: int32({ since: 4, default: -1 }),
            timestamp: int64(),
          }),
        ),
      }),
    ),
    timeoutMs: int32({ since: 10 }),
  },
)
export type ListOffsetsRequest = TypeOf<typeof ListOffsetsRequest>

export const ListOffsetsResponse = response(
  2,
  'ListOffsetsResponse',
  { versions: '1-11', flexible: '6+' },
  {
    throttleTimeMs: int32({ since: 2 }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            timestamp: int64({ default: -1 }),
            offset: int64({ default: -1 }),
            leaderEpoch: int32({ since: 4, default: -1 }),
          }),
        ),
      }),
    ),
  },
)
export type ListOffsetsResponse = TypeOf<typeof ListOffsetsResponse>
