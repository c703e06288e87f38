/**
 * DeleteAcls (key 31): remove the access rules that match these filters.
 *
 * From admin clients, passed on to the controller; the answer lists what was removed. A broker without an
 * authorizer answers SECURITY_DISABLED. (KIP-140)
 *
 *   1  prefixed patterns (KIP-290); a throttled client is answered first (KIP-219)
 *   2  flexible
 *   3  the resource "user", for delegation tokens (KIP-373)
 */
import { array, int8, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const DeleteAclsRequest = request(
  31,
  'DeleteAclsRequest',
  { versions: '1-3', flexible: '2+' },
  {
    filters: array(
      struct({
        resourceTypeFilter: int8(),
        resourceNameFilter: string({ nullable: true }),
        patternTypeFilter: int8({ default: 3 }),
        principalFilter: string({ nullable: true }),
        hostFilter: string({ nullable: true }),
        operation: int8(),
        permissionType: int8(),
      }),
    ),
  },
)
export type DeleteAclsRequest = TypeOf<typeof DeleteAclsRequest>

export const DeleteAclsResponse = response(
  31,
  'DeleteAclsResponse',
  { versions: '1-3', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    filterResults: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
        matchingAcls: array(
          struct({
            errorCode: int16(),
            errorMessage: string({ nullable: true }),
            resourceType: int8(),
            resourceName: string(),
            patternType: int8({ default: 3 }),
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
export type DeleteAclsResponse = TypeOf<typeof DeleteAclsResponse>
