/**
 * WriteTxnMarkers (key 27): end this transaction in your partitions.
 *
 * From the transaction's coordinator to the leaders of all partitions that took part. Each appends a control
 * record, commit or abort; readers of committed data go past the transaction only then. It is repeated until
 * it succeeds. An admin client may send an abort for a transaction that hangs (KIP-664).
 *
 *   1  flexible
 *   2  the transaction's version: with 2 a marker's epoch must be higher than that of its records (KIP-1228)
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
        /** True commits, false aborts. */
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
