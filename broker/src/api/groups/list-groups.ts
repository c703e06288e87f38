/** ListGroups (key 16): the groups that this broker coordinates. */
import { ListGroupsRequest, ListGroupsResponse } from '../../messages/list-groups.ts'
import { api, FEW } from '../api.ts'
import { distinctInTurns } from '../in-turns.ts'

export const ListGroups = api({
  request: ListGroupsRequest,
  response: ListGroupsResponse,
  isLarge: ({ groups }) => groups.groupCount > FEW,
  *steps({ groups, turns }, request) {
    const statesFilter = yield* distinctInTurns(turns, request.statesFilter)
    const typesFilter = yield* distinctInTurns(turns, request.typesFilter)
    return yield* groups.listGroups({ ...request, statesFilter, typesFilter })
  },
})
