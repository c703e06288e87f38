/**
 * FindCoordinator (key 10): which broker looks after this group or transactional id?
 *
 * Asked of any broker. The key is hashed to a partition of __consumer_offsets, __transaction_state or
 * __share_group_state; the coordinator is that partition's leader. The topic is created when it is missing.
 *
 *   0  groups only
 *   1  key type: 0 group, 1 transactional id (KIP-98); throttle time, error message
 *   2  a throttled client is answered first (KIP-219)
 *   3  flexible
 *   4  several keys at once (KIP-699)
 *   5  TRANSACTION_ABORTABLE is understood (KIP-890)
 *   6  key type 2, share group: the key is "group:topic id:partition" (KIP-932)
 */
import { array, int8, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const FindCoordinatorRequest = request(
  10,
  'FindCoordinatorRequest',
  { versions: '0-6', flexible: '3+' },
  {
    key: string({ until: 3 }),
    keyType: int8({ since: 1 }),
    coordinatorKeys: array(string(), { since: 4 }),
  },
)
export type FindCoordinatorRequest = TypeOf<typeof FindCoordinatorRequest>

export const FindCoordinatorResponse = response(
  10,
  'FindCoordinatorResponse',
  { versions: '0-6', flexible: '3+' },
  {
    throttleTimeMs: int32({ since: 1 }),
    errorCode: int16({ until: 3 }),
    errorMessage: string({ since: 1, until: 3, nullable: true }),
    nodeId: int32({ until: 3 }),
    host: string({ until: 3 }),
    port: int32({ until: 3 }),
    coordinators: array(
      struct({
        key: string(),
        nodeId: int32(),
        host: string(),
        port: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
      }),
      { since: 4 },
    ),
  },
)
export type FindCoordinatorResponse = TypeOf<typeof FindCoordinatorResponse>
