/**
 * CreatePartitions (key 37): give these topics more partitions.
 *
 * From admin clients, passed on to the controller. The number is the new total and must be higher than the
 * old one: partitions cannot be taken away, because keys would lose their records' order. (KIP-195)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  flexible
 *   3  THROTTLING_QUOTA_EXCEEDED is understood (KIP-599)
 */
import { array, bool, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const CreatePartitionsRequest = request(
  37,
  'CreatePartitionsRequest',
  { versions: '0-3', flexible: '2+' },
  {
    topics: array(
      struct({
        name: string(),
        /** The number of partitions afterwards. */
        count: int32(),
        assignments: array(struct({ brokerIds: array(int32()) }), { nullable: true }),
      }),
    ),
    timeoutMs: int32(),
    validateOnly: bool(),
  },
)
export type CreatePartitionsRequest = TypeOf<typeof CreatePartitionsRequest>

export const CreatePartitionsResponse = response(
  37,
  'CreatePartitionsResponse',
  { versions: '0-3', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    results: array(
      struct({
        name: string(),
        errorCode: int16(),
        errorMessage: string({ nullable: true, default: null }),
      }),
    ),
  },
)
export type CreatePartitionsResponse = TypeOf<typeof CreatePartitionsResponse>
