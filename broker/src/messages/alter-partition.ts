/**
 * AlterPartition (key 56): the ISR of my partition is now this.
 *
 * From a partition's leader to the active controller, when a follower falls behind or has caught up. Until
 * the answer comes, the leader waits for everyone who is in the old ISR or in the new one. (KIP-497)
 *
 *   2  topics by id (KIP-841); recovery after an unclean election (KIP-704)
 *   3  each member of the ISR with its broker epoch: one that has restarted meanwhile is refused (KIP-903)
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
            /** 0 recovered, 1 recovering from an unclean election. */
            leaderRecoveryState: int8(),
            /** The state that the change is based on; another is INVALID_UPDATE_VERSION. */
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
