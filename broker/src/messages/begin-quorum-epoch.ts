/**
 * BeginQuorumEpoch (key 53): I have won the election.
 *
 * From the new leader of the metadata quorum to the voters, repeated until each has answered or fetched from
 * it. Observers find the leader by themselves. (KIP-595)
 *
 *   1  flexible; voter's id and directory, the leader's addresses (KIP-853)
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

export const BeginQuorumEpochRequest = request(
  53,
  'BeginQuorumEpochRequest',
  { versions: '0-1', flexible: '1+' },
  {
    clusterId: string({ nullable: true, default: null }),
    voterId: int32({ since: 1, default: -1 }),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            voterDirectoryId: uuid({ since: 1 }),
            leaderId: int32(),
            leaderEpoch: int32(),
          }),
        ),
      }),
    ),
    leaderEndpoints: array(struct({ name: string(), host: string(), port: uint16() }), { since: 1 }),
  },
)
export type BeginQuorumEpochRequest = TypeOf<typeof BeginQuorumEpochRequest>

export const BeginQuorumEpochResponse = response(
  53,
  'BeginQuorumEpochResponse',
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
export type BeginQuorumEpochResponse = TypeOf<typeof BeginQuorumEpochResponse>
