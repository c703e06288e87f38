/**
 * WriteTxnMarkers (API key 27).
 */
import {
  array,
  bool,
  int8,
  int16,
  int32,
  int64,
  request,
  response,
  string,
  struct,
  type TypeOf,
} from '../wire/schema.ts'

export const WriteTxnMarkersRequest = request(
  27,
  'WriteTxnMarkersRequest',
  { versions: '1-2', flexible: '1+' },
  {
    markers: array(
      struct({
        producerId: int64(),
        producerEpoch: int16(),
        transactionResult: bool(),
        topics: array(struct({ name: string(), partitionIndexes: array(int32()) })),
        coordinatorEpoch: int32(),
        transactionVersion: int8({ since: 2 }),
      }),
    ),
  },
)
export type WriteTxnMarkersRequest = TypeOf<typeof WriteTxnMarkersRequest>

export const WriteTxnMarkersResponse = response(
  27,
  'WriteTxnMarkersResponse',
  { versions: '1-2', flexible: '1+' },
  {
    markers: array(
      struct({
        producerId: int64(),
        topics: array(
          struct({
            name: string(),
            partitions: array(struct({ partitionIndex: int32(), errorCode: int16() })),
          }),
        ),
      }),
    ),
  },
)
export type WriteTxnMarkersResponse = TypeOf<typeof WriteTxnMarkersResponse>
