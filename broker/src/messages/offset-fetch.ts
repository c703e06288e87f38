/**
 * OffsetFetch (key 9): how far had we read?
 *
 * Asked by members when they are assigned partitions, and by tools that show the lag. Offset -1 means that
 * nothing was committed.
 *
 *   1   the first in use
 *   2   topics of null ask for all; an error for the whole group
 *   3   throttle time
 *   4   a throttled client is answered first (KIP-219)
 *   5   leader epoch (KIP-320)
 *   6   flexible
 *   7   require stable: UNSTABLE_OFFSET_COMMIT while a transaction over this offset is open (KIP-447)
 *   8   several groups at once (KIP-709)
 *   9   member id and epoch, for KIP-848 groups
 *   10  topics by id, no longer by name (KIP-848)
 */
import {
  array,
  bool,
  int16,
  int32,
  int64,
  request,
  response,
  string,
  struct,
  type TypeOf,
  uuid,
} from '../wire/schema.ts'

export const OffsetFetchRequest = request(
  9,
  'OffsetFetchRequest',
  { versions: '1-10', flexible: '6+' },
  {
    groupId: string({ until: 7 }),
    topics: array(struct({ name: string(), partitionIndexes: array(int32()) }), { until: 7, nullable: 2 }),
    groups: array(
      struct({
        groupId: string(),
        memberId: string({ since: 9, nullable: true, default: null }),
        memberEpoch: int32({ since: 9, default: -1 }),
        topics: array(
          struct({
            name: string({ until: 9 }),
            topicId: uuid({ since: 10 }),
            partitionIndexes: array(int32()),
          }),
          { nullable: true },
        ),
      }),
      { since: 8 },
    ),
    requireStable: bool({ since: 7 }),
  },
)
export type OffsetFetchRequest = TypeOf<typeof OffsetFetchRequest>

export const OffsetFetchResponse = response(
  9,
  'OffsetFetchResponse',
  { versions: '1-10', flexible: '6+' },
  {
    throttleTimeMs: int32({ since: 3 }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            committedOffset: int64(),
            committedLeaderEpoch: int32({ since: 5, default: -1 }),
            metadata: string({ nullable: true }),
            errorCode: int16(),
          }),
        ),
      }),
      { until: 7 },
    ),
    errorCode: int16({ since: 2, until: 7 }),
    groups: array(
      struct({
        groupId: string(),
        topics: array(
          struct({
            name: string({ until: 9 }),
            topicId: uuid({ since: 10 }),
            partitions: array(
              struct({
                partitionIndex: int32(),
                committedOffset: int64(),
                committedLeaderEpoch: int32({ default: -1 }),
                metadata: string({ nullable: true }),
                errorCode: int16(),
              }),
            ),
          }),
        ),
        errorCode: int16(),
      }),
      { since: 8 },
    ),
  },
)
export type OffsetFetchResponse = TypeOf<typeof OffsetFetchResponse>
