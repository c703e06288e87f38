/**
 * AlterPartition (API key 56).
 */
import {
  array,
  int8,
  int16,
  int32,
  int64,
  request,
  response,
  struct,
  type TypeOf,
  uuid,
} from '../wire/schema.ts'

export const AlterPartitionRequest = request(
  56,
  'AlterPartitionRequest',
  { versions: '2-3', flexible: '0+' },
  {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    topics: array(
      struct({
        topicId: uuid(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            leaderEpoch: int32(),
            newIsr: array(int32(), { until: 2 }),
            newIsrWithEpochs: array(struct({ brokerId: int32(), brokerEpoch: int64({ default: -1 }) }), {
              since: 3,
            }),
            leaderRecoveryState: int8(),
            partitionEpoch: int32(),
          }),
        ),
      }),
    ),
  },
)
export type AlterPartitionRequest = TypeOf<typeof AlterPartitionRequest>

export const AlterPartitionResponse = response(
  56,
  'AlterPartitionResponse',
  { versions: '2-3', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    topics: array(
      struct({
        topicId: uuid(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            leaderId: int32(),
            leaderEpoch: int32(),
            isr: array(int32()),
            leaderRecoveryState: int8(),
            partitionEpoch: int32(),
          }),
        ),
      }),
    ),
  },
)
export type AlterPartitionResponse = TypeOf<typeof AlterPartitionResponse>
