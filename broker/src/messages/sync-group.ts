/**
 * SyncGroup (API key 14).
 */
import { array, bytes, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const SyncGroupRequest = request(
  14,
  'SyncGroupRequest',
  { versions: '0-5', flexible: '4+' },
  {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ since: 3, nullable: true, default: null }),
    protocolType: string({ since: 5, nullable: true, default: null }),
    protocolName: string({ since: 5, nullable: true, default: null }),
    assignments: array(struct({ memberId: string(), assignment: bytes() })),
  },
)
export type SyncGroupRequest = TypeOf<typeof SyncGroupRequest>

export const SyncGroupResponse = response(
  14,
  'SyncGroupResponse',
  { versions: '0-5', flexible: '4+' },
  {
    throttleTimeMs: int32({ since: 1 }),
    errorCode: int16(),
    protocolType: string({ since: 5, nullable: true, default: null }),
    protocolName: string({ since: 5, nullable: true, default: null }),
    assignment: bytes(),
  },
)
export type SyncGroupResponse = TypeOf<typeof SyncGroupResponse>
