/**
 * DescribeTransactions (key 65): how does this transactional id stand?
 *
 * From admin clients to its coordinator: state, since when, which partitions take part. (KIP-664)
 */
import { array, int16, int32, int64, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const DescribeTransactionsRequest = request(
  65,
  'DescribeTransactionsRequest',
  { versions: '0', flexible: '0+' },
  { transactionalIds: array(string()) },
)
export type DescribeTransactionsRequest = TypeOf<typeof DescribeTransactionsRequest>

export const DescribeTransactionsResponse = response(
  65,
  'DescribeTransactionsResponse',
  { versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    transactionStates: array(
      struct({
        errorCode: int16(),
        transactionalId: string(),
        transactionState: string(),
        transactionTimeoutMs: int32(),
        transactionStartTimeMs: int64(),
        producerId: int64(),
        producerEpoch: int16(),
        topics: array(struct({ topic: string(), partitions: array(int32()) })),
      }),
    ),
  },
)
export type DescribeTransactionsResponse = TypeOf<typeof DescribeTransactionsResponse>
