/** DeleteAcls (key 31): without an authorizer, each filter is refused (no-authorizer.ts). */
import { DeleteAclsRequest, DeleteAclsResponse } from '../../messages/delete-acls.ts'
import { api } from '../api.ts'
import { NO_AUTHORIZER } from './no-authorizer.ts'

export const DeleteAcls = api({
  request: DeleteAclsRequest,
  response: DeleteAclsResponse,
  handle: (_services, { filters }, _context, reply) =>
    reply({ filterResults: filters.map(() => ({ ...NO_AUTHORIZER, matchingAcls: [] })) }),
})
