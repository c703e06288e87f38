/**
 * DescribeProducers (key 61): whose batches does this partition remember?
 *
 * From admin clients to the partition's leader: the producer state behind deduplication and transactions. One
 * that hangs is found here by its start offset. (KIP-664)
 */
import { array, int16, int32, int64, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const DescribeProducersRequest = request(
  61,
  'DescribeProducersRequest',
  { versions: '0', flexible: '0+' },
  { topics: array(struct({ name: string(), partitionIndexes: array(int32()) })) },
)
export type DescribeProducersRequest = TypeOf<typeof DescribeProducersRequest>

export const DescribeProducersResponse = response(
  61,
  'DescribeProducersResponse',
  { versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            errorMessage: string({ nullable: true, default: null }),
            activeProducers: array(
              struct({
                producerId: int64(),
                producerEpoch: int32(),
                lastSequence: int32({ default: -1 }),
                lastTimestamp: int64({ default: -1 }),
                coordinatorEpoch: int32(),
                currentTxnStartOffset: int64({ default: -1 }),
              }),
            ),
          }),
        ),
      }),
    ),
  },
)
export type DescribeProducersResponse = TypeOf<typeof DescribeProducersResponse>
