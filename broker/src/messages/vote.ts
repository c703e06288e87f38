/**
 * Vote (key 52): let me lead the metadata quorum.
 *
 * From a candidate to every voter. A voter agrees once in an epoch, and only to a candidate whose log is at
 * least as long as its own: first by the epoch of its last batch, then by offset. (KIP-595)
 *
 *   1  ids of voter and directory: a disk that was replaced has no vote of the old one (KIP-853)
 *   2  pre-vote: ask before raising the epoch, so that a node that cannot win disturbs nobody (KIP-996)
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
  uint16,
  uuid,
} from '../wire/schema.ts'

export const VoteRequest = request(
  52,
  'VoteRequest',
  { versions: '0-2', flexible: '0+' },
  {
    clusterId: string({ nullable: true, default: null }),
    voterId: int32({ since: 1, default: -1 }),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            replicaEpoch: int32(),
            replicaId: int32(),
            replicaDirectoryId: uuid({ since: 1 }),
            voterDirectoryId: uuid({ since: 1 }),
            lastOffsetEpoch: int32(),
            lastOffset: int64(),
            preVote: bool({ since: 2 }),
          }),
        ),
      }),
    ),
  },
)
export type VoteRequest = TypeOf<typeof VoteRequest>

export const VoteResponse = response(
  52,
  'VoteResponse',
  { versions: '0-2', flexible: '0+' },
  {
    errorCode: int16(),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            leaderId: int32(),
            leaderEpoch: int32(),
            voteGranted: bool(),
          }),
        ),
      }),
    ),
    nodeEndpoints: array(struct({ nodeId: int32(), host: string(), port: uint16() }), { since: 1, tag: 0 }),
  },
)
export type VoteResponse = TypeOf<typeof VoteResponse>
