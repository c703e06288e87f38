/** ListGroups (key 16): the groups that this broker coordinates. */
import { ListGroupsRequest, ListGroupsResponse } from '../messages/list-groups.ts'
import { api } from './api.ts'

export const ListGroups = api({
  request: ListGroupsRequest,
  response: ListGroupsResponse,
  handle({ groups }, request, _context, reply) {
    reply({ groups: groups.listGroups(request) })
  },
})
