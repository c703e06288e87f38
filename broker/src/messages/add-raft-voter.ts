/**
 * AddRaftVoter (key 80): let this controller vote in the metadata quorum.
 *
 * From `kafka-metadata-quorum add-controller`, through any broker. (KIP-853)
 *
 *   1  says whether to answer when the new set of voters is committed, or when it is written
 */
import {
  array,
  bool,
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

export const AddRaftVoterRequest = request(
  80,
  'AddRaftVoterRequest',
  { versions: '0-1', flexible: '0+' },
  {
    clusterId: string({ nullable: true }),
    timeoutMs: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array(struct({ name: string(), host: string(), port: uint16() })),
    ackWhenCommitted: bool({ since: 1, default: true }),
  },
)
export type AddRaftVoterRequest = TypeOf<typeof AddRaftVoterRequest>

export const AddRaftVoterResponse = response(
  80,
  'AddRaftVoterResponse',
  { versions: '0-1', flexible: '0+' },
  { throttleTimeMs: int32(), errorCode: int16(), errorMessage: string({ nullable: true }) },
)
export type AddRaftVoterResponse = TypeOf<typeof AddRaftVoterResponse>
