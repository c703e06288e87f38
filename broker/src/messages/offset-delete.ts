/**
 * OffsetDelete (key 47): forget the offsets of some of a group's partitions.
 *
 * From admin clients to the coordinator. A topic to which a member still subscribes is refused with
 * GROUP_SUBSCRIBED_TO_TOPIC. (KIP-496)
 */
import { array, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const OffsetDeleteRequest = request(
  47,
  'OffsetDeleteRequest',
  { versions: '0', flexible: 'none' },
  {
    groupId: string(),
    topics: array(
      struct({
        name: string(),
        partitions: array(struct({ partitionIndex: int32() })),
      }),
    ),
  },
)
export type OffsetDeleteRequest = TypeOf<typeof OffsetDeleteRequest>

export const OffsetDeleteResponse = response(
  47,
  'OffsetDeleteResponse',
  { versions: '0', flexible: 'none' },
  {
    errorCode: int16(),
    throttleTimeMs: int32(),
    topics: array(
      struct({
        name: string(),
        partitions: array(struct({ partitionIndex: int32(), errorCode: int16() })),
      }),
    ),
  },
)
export type OffsetDeleteResponse = TypeOf<typeof OffsetDeleteResponse>
