/** DescribeAcls (key 29): refused without an authorizer (no-authorizer.ts). */
import { DescribeAclsRequest, DescribeAclsResponse } from '../../messages/describe-acls.ts'
import { api } from '../api.ts'
import { NO_AUTHORIZER } from './no-authorizer.ts'

const WHY = 'No Authorizer is configured on the broker'

export const DescribeAcls = api({
  request: DescribeAclsRequest,
  response: DescribeAclsResponse,
  handle: (_services, _request, _context, reply) =>
    reply({ ...NO_AUTHORIZER, errorMessage: WHY, resources: [] }),
})
