/**
 * DeleteRecords (key 21): forget what is older than this offset.
 *
 * From admin clients to the leader of each partition. Nothing is deleted at once: the log start offset moves
 * up, and segments that lie wholly below it go at the next retention check. Answered when every live replica
 * has moved, or at the timeout. Offset -1 stands for the high watermark. (KIP-107)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  flexible
 */
import { array, int16, int32, int64, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const DeleteRecordsRequest = request(
  21,
  'DeleteRecordsRequest',
  { versions: '0-2', flexible: '2+' },
  {
    topics: array(
      struct({
        name: string(),
        partitions: array(struct({ partitionIndex: int32(), offset: int64() })),
      }),
    ),
    timeoutMs: int32(),
  },
)
export type DeleteRecordsRequest = TypeOf<typeof DeleteRecordsRequest>

export const DeleteRecordsResponse = response(
  21,
  'DeleteRecordsResponse',
  { versions: '0-2', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            /** The smallest log start offset of all live replicas. */
            lowWatermark: int64(),
            errorCode: int16(),
          }),
        ),
      }),
    ),
  },
)
export type DeleteRecordsResponse = TypeOf<typeof DeleteRecordsResponse>
