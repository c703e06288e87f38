/**
 * EndQuorumEpoch (key 54): I resign.
 *
 * From a leader of the metadata quorum that shuts down, to the voters, with those in front that are furthest:
 * the first of them may stand for election at once, the others wait longer. (KIP-595)
 *
 *   1  flexible; candidates with their directories, the leader's addresses (KIP-853)
 */
import {
  array,
  int16,
  int32,
  request,
  response,
  string,
  struct,
  type TypeOf,
  uint16,
  uuid,
} from '../wire/schema.ts'

export const EndQuorumEpochRequest = request(
  54,
  'EndQuorumEpochRequest',
  { versions: '0-1', flexible: '1+' },
  {
    clusterId: string({ nullable: true, default: null }),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            leaderId: int32(),
            leaderEpoch: int32(),
            preferredSuccessors: array(int32(), { until: 0 }),
            preferredCandidates: array(struct({ candidateId: int32(), candidateDirectoryId: uuid() }), {
              since: 1,
            }),
          }),
        ),
      }),
    ),
    leaderEndpoints: array(struct({ name: string(), host: string(), port: uint16() }), { since: 1 }),
  },
)
export type EndQuorumEpochRequest = TypeOf<typeof EndQuorumEpochRequest>

export const EndQuorumEpochResponse = response(
  54,
  'EndQuorumEpochResponse',
  { versions: '0-1', flexible: '1+' },
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
          }),
        ),
      }),
    ),
    nodeEndpoints: array(struct({ nodeId: int32(), host: string(), port: uint16() }), { since: 1, tag: 0 }),
  },
)
export type EndQuorumEpochResponse = TypeOf<typeof EndQuorumEpochResponse>
