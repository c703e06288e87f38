/**
 * DeleteGroups (key 42): forget these groups and their offsets.
 *
 * From admin clients to the groups' coordinator. A group with members is NON_EMPTY_GROUP. (KIP-229)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  flexible
 */
import { array, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const DeleteGroupsRequest = request(
  42,
  'DeleteGroupsRequest',
  { versions: '0-2', flexible: '2+' },
  { groupsNames: array(string()) },
)
export type DeleteGroupsRequest = TypeOf<typeof DeleteGroupsRequest>

export const DeleteGroupsResponse = response(
  42,
  'DeleteGroupsResponse',
  { versions: '0-2', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    results: array(struct({ groupId: string(), errorCode: int16() })),
  },
)
export type DeleteGroupsResponse = TypeOf<typeof DeleteGroupsResponse>
