/**
 * DescribeGroups (API key 15).
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
        authorizedOperations: int32({ since: 3, default: -2147483648 }),
      }),
    ),
  },
)
export type DescribeGroupsResponse = TypeOf<typeof DescribeGroupsResponse>
