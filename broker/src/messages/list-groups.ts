/**
 * ListGroups (key 16): which groups do you coordinate?
 *
 * Each broker knows only its own: admin clients ask them all.
 *
 *   1  throttle time
 *   2  a throttled client is answered first (KIP-219)
 *   3  flexible
 *   4  the state of each, and a filter by it (KIP-518)
 *   5  the type of each (classic, consumer, share, streams), and a filter by it (KIP-848)
 */
import { array, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const ListGroupsRequest = request(
  16,
  'ListGroupsRequest',
  { versions: '0-5', flexible: '3+' },
  {
    statesFilter: array(string(), { since: 4 }),
    typesFilter: array(string(), { since: 5 }),
  },
)
export type ListGroupsRequest = TypeOf<typeof ListGroupsRequest>

export const ListGroupsResponse = response(
  16,
  'ListGroupsResponse',
  { versions: '0-5', flexible: '3+' },
  {
    throttleTimeMs: int32({ since: 1 }),
    errorCode: int16(),
    groups: array(
      struct({
        groupId: string(),
        protocolType: string(),
        groupState: string({ since: 4 }),
        groupType: string({ since: 5 }),
      }),
    ),
  },
)
export type ListGroupsResponse = TypeOf<typeof ListGroupsResponse>
