/**
 * AlterPartition (key 56): a leader proposes new ISRs to the controller (KIP-497). Only brokers send it, to the controller's
 * listener.
 *
 *   v2 topics by id   v3 the ISR with broker epochs (KIP-903)
 */
import { AlterPartitionRequest, AlterPartitionResponse } from '../../messages/alter-partition.ts'
import { api } from '../api.ts'

export const AlterPartition = api({
  request: AlterPartitionRequest,
  response: AlterPartitionResponse,
  decides: true,
  handle: ({ controller }, request, { apiVersion }, reply) => {
    controller.alterPartition(request, apiVersion, ({ errorCode }, topics) =>
      reply({
        errorCode,
        topics: topics.map(({ topicId, partitions }) => ({
          topicId,
          partitions: partitions.map(({ partitionIndex, errorCode, after }) => ({
            partitionIndex,
            errorCode,
            ...(after && {
              leaderId: after.leader,
              leaderEpoch: after.leaderEpoch,
              isr: after.isr,
              leaderRecoveryState: after.leaderRecoveryState,
              partitionEpoch: after.partitionEpoch,
            }),
          })),
        })),
      }),
    )
  },
})
