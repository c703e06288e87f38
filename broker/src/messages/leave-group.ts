/**
 * LeaveGroup (key 13): take me out of the group.
 *
 * From a classic member that closes: the others need not wait for its session to end. Static members do not
 * send it; an admin client may remove them by it.
 *
 *   1  throttle time
 *   2  a throttled client is answered first (KIP-219)
 *   3  several members at once, by member id or group.instance.id (KIP-345)
 *   4  flexible
 *   5  why, for the broker's log (KIP-800)
 */
import { array, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const LeaveGroupRequest = request(
  13,
  'LeaveGroupRequest',
  { versions: '0-5', flexible: '4+' },
  {
    groupId: string(),
    memberId: string({ until: 2 }),
    members: array(
      struct({
        memberId: string(),
        groupInstanceId: string({ nullable: true, default: null }),
        reason: string({ since: 5, nullable: true, default: null }),
      }),
      { since: 3 },
    ),
  },
)
export type LeaveGroupRequest = TypeOf<typeof LeaveGroupRequest>

export const LeaveGroupResponse = response(
  13,
  'LeaveGroupResponse',
  { versions: '0-5', flexible: '4+' },
  {
    throttleTimeMs: int32({ since: 1 }),
    errorCode: int16(),
    members: array(
      struct({
        memberId: string(),
        groupInstanceId: string({ nullable: true }),
        errorCode: int16(),
      }),
      { since: 3 },
    ),
  },
)
export type LeaveGroupResponse = TypeOf<typeof LeaveGroupResponse>
