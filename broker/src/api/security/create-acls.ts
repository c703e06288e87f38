/** CreateAcls (key 30): without an authorizer, each rule is refused (no-authorizer.ts). */
import { CreateAclsRequest, CreateAclsResponse } from '../../messages/create-acls.ts'
import { api } from '../api.ts'
import { NO_AUTHORIZER } from './no-authorizer.ts'

export const CreateAcls = api({
  request: CreateAclsRequest,
  response: CreateAclsResponse,
  handle: (_services, { creations }, _context, reply) =>
    reply({ results: creations.map(() => NO_AUTHORIZER) }),
})
