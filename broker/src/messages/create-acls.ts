/**
 * CreateAcls (key 30): add access rules.
 *
 * From admin clients, passed on to the controller. A broker without an authorizer answers SECURITY_DISABLED.
 * (KIP-140)
 *
 *   1  prefixed patterns (KIP-290); a throttled client is answered first (KIP-219)
 *   2  flexible
 *   3  the resource "user", for delegation tokens (KIP-373)
 */
import { array, int8, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const CreateAclsRequest = request(
  30,
  'CreateAclsRequest',
  { versions: '1-3', flexible: '2+' },
  {
    creations: array(
      struct({
        resourceType: int8(),
        resourceName: string(),
        resourcePatternType: int8({ default: 3 }),
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    ),
  },
)
export type CreateAclsRequest = TypeOf<typeof CreateAclsRequest>

export const CreateAclsResponse = response(
  30,
  'CreateAclsResponse',
  { versions: '1-3', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    results: array(struct({ errorCode: int16(), errorMessage: string({ nullable: true }) })),
  },
)
export type CreateAclsResponse = TypeOf<typeof CreateAclsResponse>
