/**
 * SyncGroup (key 14): here is the assignment; what is mine?
 *
 * The second half of a classic rebalance. Every member asks; the leader brings along what it has computed for
 * each. The coordinator stores the group and then answers each member with its part. To the broker the parts
 * are bytes without meaning.
 *
 *   1  throttle time
 *   2  a throttled client is answered first (KIP-219)
 *   3  group.instance.id (KIP-345)
 *   4  flexible
 *   5  protocol type and name, both ways: a mix-up is INCONSISTENT_GROUP_PROTOCOL (KIP-559)
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
    /** From the leader; empty from everyone else. */
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
