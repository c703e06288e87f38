/**
 * DescribeAcls (key 29): which access rules match this filter?
 *
 * From admin clients. A rule: this principal, from this host, may or may not do this to that resource. A
 * broker without an authorizer answers SECURITY_DISABLED. (KIP-140)
 *
 *   1  prefixed patterns (KIP-290); a throttled client is answered first (KIP-219)
 *   2  flexible
 *   3  the resource "user", for delegation tokens (KIP-373)
 */
import { array, int8, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const DescribeAclsRequest = request(
  29,
  'DescribeAclsRequest',
  { versions: '1-3', flexible: '2+' },
  {
    resourceTypeFilter: int8(),
    resourceNameFilter: string({ nullable: true }),
    patternTypeFilter: int8({ default: 3 }),
    principalFilter: string({ nullable: true }),
    hostFilter: string({ nullable: true }),
    operation: int8(),
    permissionType: int8(),
  },
)
export type DescribeAclsRequest = TypeOf<typeof DescribeAclsRequest>

export const DescribeAclsResponse = response(
  29,
  'DescribeAclsResponse',
  { versions: '1-3', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    resources: array(
      struct({
        resourceType: int8(),
        resourceName: string(),
        patternType: int8({ default: 3 }),
        acls: array(
          struct({
            principal: string(),
            host: string(),
            operation: int8(),
            permissionType: int8(),
          }),
        ),
      }),
    ),
  },
)
export type DescribeAclsResponse = TypeOf<typeof DescribeAclsResponse>
