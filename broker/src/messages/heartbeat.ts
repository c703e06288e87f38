/**
 * Heartbeat (key 12): I am still here.
 *
 * From each member of a classic group, several times in a session timeout. The answer is also how members
 * hear of a rebalance: REBALANCE_IN_PROGRESS sends them to JoinGroup.
 *
 *   1  throttle time
 *   2  a throttled client is answered first (KIP-219)
 *   3  group.instance.id: a second client of the same id is fenced (KIP-345)
 *   4  flexible
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
