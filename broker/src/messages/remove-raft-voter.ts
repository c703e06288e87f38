/**
 * RemoveRaftVoter (key 81): let this controller vote no more.
 *
 * From `kafka-metadata-quorum remove-controller`, through any broker. (KIP-853)
 */
import { int16, int32, request, response, string, type TypeOf, uuid } from '../wire/schema.ts'

export const RemoveRaftVoterRequest = request(
  81,
  'RemoveRaftVoterRequest',
  { versions: '0', flexible: '0+' },
  { clusterId: string({ nullable: true }), voterId: int32(), voterDirectoryId: uuid() },
)
export type RemoveRaftVoterRequest = TypeOf<typeof RemoveRaftVoterRequest>

export const RemoveRaftVoterResponse = response(
  81,
  'RemoveRaftVoterResponse',
  { versions: '0', flexible: '0+' },
  { throttleTimeMs: int32(), errorCode: int16(), errorMessage: string({ nullable: true }) },
)
export type RemoveRaftVoterResponse = TypeOf<typeof RemoveRaftVoterResponse>
