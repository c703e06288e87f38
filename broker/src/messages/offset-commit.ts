/**
 * OffsetCommit (key 8): this is how far we have read.
 *
 * From members to their group's coordinator, which appends the offsets to __consumer_offsets and answers when
 * they are replicated. Generation -1 and an empty member id come from consumers that use groups only to store
 * offsets, and are accepted while the group has no members.
 *
 *   2   the first in use; each commit may say how long it shall be kept
 *   3   throttle time
 *   4   a throttled client is answered first (KIP-219)
 *   5   the time to keep it is the broker's affair again (KIP-211)
 *   6   leader epoch of the last record read: a log that was truncated is noticed (KIP-320)
 *   7   group.instance.id (KIP-345)
 *   8   flexible
 *   9   for KIP-848 groups too: the generation is the member's epoch
 *   10  topics by id, no longer by name (KIP-848)
 */
import {
  array,
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

export const OffsetCommitRequest = request(
  8,
  'OffsetCommitRequest',
  { versions: '2-10', flexible: '8+' },
  {
    groupId: string(),
    /** Generation of a classic group, member epoch of a KIP-848 one. */
    generationIdOrMemberEpoch: int32({ default: -1 }),
    memberId: string(),
    groupInstanceId: string({ since: 7, nullable: true, default: null }),
    retentionTimeMs: int64({ until: 4, default: -1 }),
    topics: array(
      struct({
        name: string({ until: 9 }),
        topicId: uuid({ since: 10 }),
        partitions: array(
          struct({
            partitionIndex: int32(),
            committedOffset: int64(),
            committedLeaderEpoch: int32({ since: 6, default: -1 }),
            committedMetadata: string({ nullable: true }),
          }),
        ),
      }),
    ),
  },
)
export type OffsetCommitRequest = TypeOf<typeof OffsetCommitRequest>

export const OffsetCommitResponse = response(
  8,
  'OffsetCommitResponse',
  { versions: '2-10', flexible: '8+' },
  {
    throttleTimeMs: int32({ since: 3 }),
    topics: array(
      struct({
        name: string({ until: 9 }),
        topicId: uuid({ since: 10 }),
        partitions: array(struct({ partitionIndex: int32(), errorCode: int16() })),
      }),
    ),
  },
)
export type OffsetCommitResponse = TypeOf<typeof OffsetCommitResponse>
