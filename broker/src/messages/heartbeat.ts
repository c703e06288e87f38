/**
 * Heartbeat (API key 12).
 */
import { int16, int32, request, response, string, type TypeOf } from '../wire/schema.ts'

export const HeartbeatRequest = request(
  12,
  'HeartbeatRequest',
  { versions: '0-4', flexible: '4+' },
  {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ since: 3, nullable: true, default: null }),
  },
)
export type HeartbeatRequest = TypeOf<typeof HeartbeatRequest>

export const HeartbeatResponse = response(
  12,
  'HeartbeatResponse',
  { versions: '0-4', flexible: '4+' },
  { throttleTimeMs: int32({ since: 1 }), errorCode: int16() },
)
export type HeartbeatResponse = TypeOf<typeof HeartbeatResponse>
