/**
 * OffsetCommit (API key 8).
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
