/**
 * UpdateRaftVoter (key 82): my addresses or my versions have changed.
 *
 * From a voter of the metadata quorum to the leader, when the entry of this voter in the set of voters is not what
 * the voter itself knows: after a restart with another address, or with newer software. (KIP-853)
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

export const UpdateRaftVoterRequest = request(
  82,
  'UpdateRaftVoterRequest',
  { versions: '0', flexible: '0+' },
  {
    clusterId: string({ nullable: true }),
    currentLeaderEpoch: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array(struct({ name: string(), host: string(), port: uint16() })),
    kRaftVersionFeature: struct({ minSupportedVersion: int16(), maxSupportedVersion: int16() }),
  },
)
export type UpdateRaftVoterRequest = TypeOf<typeof UpdateRaftVoterRequest>

export const UpdateRaftVoterResponse = response(
  82,
  'UpdateRaftVoterResponse',
  { versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    currentLeader: struct(
      {
        leaderId: int32({ default: -1 }),
        leaderEpoch: int32({ default: -1 }),
        host: string(),
        port: int32(),
      },
      { tag: 0 },
    ),
  },
)
export type UpdateRaftVoterResponse = TypeOf<typeof UpdateRaftVoterResponse>
