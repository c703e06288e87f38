/**
 * OffsetForLeaderEpoch (key 23): where did this leader's reign end in your log?
 *
 * How two logs find the point at which they part. A follower that comes back, or a consumer after a change of
 * leaders, asks for the end of the last epoch it has; what it holds beyond that offset was never committed
 * and goes. (KIP-101, KIP-279) Followers learn the same from Fetch nowadays (version 12 there).
 *
 *   2  the first in use: leader epoch fences the asker (KIP-320), throttle time
 *   3  who asks
 *   4  flexible
 */
import { array, int16, int32, int64, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const OffsetForLeaderEpochRequest = request(
  23,
  'OffsetForLeaderEpochRequest',
  { versions: '2-4', flexible: '4+' },
  {
    /** -1 a consumer, -2 a debugging consumer, otherwise a follower. */
    replicaId: int32({ since: 3, default: -2 }),
    topics: array(
      struct({
        topic: string(),
        partitions: array(
          struct({
            partition: int32(),
            currentLeaderEpoch: int32({ default: -1 }),
            leaderEpoch: int32(),
          }),
        ),
      }),
    ),
  },
)
export type OffsetForLeaderEpochRequest = TypeOf<typeof OffsetForLeaderEpochRequest>

export const OffsetForLeaderEpochResponse = response(
  23,
  'OffsetForLeaderEpochResponse',
  { versions: '2-4', flexible: '4+' },
  {
    throttleTimeMs: int32(),
    topics: array(
      struct({
        topic: string(),
        partitions: array(
          struct({
            errorCode: int16(),
            partition: int32(),
            leaderEpoch: int32({ default: -1 }),
            /** -1: this epoch is unknown here. */
            endOffset: int64({ default: -1 }),
          }),
        ),
      }),
    ),
  },
)
export type OffsetForLeaderEpochResponse = TypeOf<typeof OffsetForLeaderEpochResponse>
