/**
 * DescribeGroups (key 15): who is in these classic groups?
 *
 * From admin clients to the groups' coordinator. A group that does not exist is Dead up to version 5.
 *
 *   1  throttle time
 *   2  a throttled client is answered first (KIP-219)
 *   3  which operations the client is allowed (KIP-430)
 *   4  group.instance.id of each member (KIP-345)
 *   5  flexible
 *   6  GROUP_ID_NOT_FOUND for a group that does not exist or is of another type (KIP-1043)
 */
import {
  array,
  bool,
  bytes,
  int16,
  int32,
  request,
  response,
  string,
  struct,
  type TypeOf,
} from '../wire/schema.ts'

export const DescribeGroupsRequest = request(
  15,
  'DescribeGroupsRequest',
  { versions: '0-6', flexible: '5+' },
  { groups: array(string()), includeAuthorizedOperations: bool({ since: 3 }) },
)
export type DescribeGroupsRequest = TypeOf<typeof DescribeGroupsRequest>

export const DescribeGroupsResponse = response(
  15,
  'DescribeGroupsResponse',
  { versions: '0-6', flexible: '5+' },
  {
    throttleTimeMs: int32({ since: 1 }),
    groups: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ since: 6, nullable: true, default: null }),
        groupId: string(),
        groupState: string(),
        protocolType: string(),
        /** The assignor's name; empty unless the group is stable. */
        protocolData: string(),
        members: array(
          struct({
            memberId: string(),
            groupInstanceId: string({ since: 4, nullable: true, default: null }),
            clientId: string(),
            clientHost: string(),
            memberMetadata: bytes(),
            memberAssignment: bytes(),
          }),
        ),
        /** A bit for each allowed operation; the smallest int32 when nobody asked. */
        authorizedOperations: int32({ since: 3, default: -0x8000_0000 }),
      }),
    ),
  },
)
export type DescribeGroupsResponse = TypeOf<typeof DescribeGroupsResponse>
