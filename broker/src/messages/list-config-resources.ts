/**
 * ListConfigResources (key 74): what is there that can be configured?
 *
 * From admin clients. It began as a list of client metrics subscriptions (KIP-714).
 *
 *   1  resources of any type (KIP-1142)
 */
import { array, int8, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const ListConfigResourcesRequest = request(
  74,
  'ListConfigResourcesRequest',
  { versions: '0-1', flexible: '0+' },
  { resourceTypes: array(int8(), { since: 1 }) },
)
export type ListConfigResourcesRequest = TypeOf<typeof ListConfigResourcesRequest>

export const ListConfigResourcesResponse = response(
  74,
  'ListConfigResourcesResponse',
  { versions: '0-1', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    configResources: array(struct({ resourceName: string(), resourceType: int8({ since: 1, default: 16 }) })),
  },
)
export type ListConfigResourcesResponse = TypeOf<typeof ListConfigResourcesResponse>
