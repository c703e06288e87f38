/**
 * AlterPartitionReassignments (key 45): moves partitions to other nodes, or cancels a move (KIP-455).
 *
 * A move needs replication, which this broker does not support yet: a partition may only be "moved" to its current node.
 * So there is never a move to cancel.
 */

import { decideReassignment } from '../../controller/replicas/reassign.ts'
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../../messages/alter-partition-reassignments.ts'
import { ErrorCode, errorName, KafkaError } from '../../wire/errors.ts'
import { type Api, api, type Services } from '../api.ts'
import { mapPartitions } from '../in-turns.ts'
import { tooLate } from '../request-deadline.ts'

export const AlterPartitionReassignments: Api = api({
  request: AlterPartitionReassignmentsRequest,
  response: AlterPartitionReassignmentsResponse,
  *steps(services, request, { apiVersion }) {
    const { topics, allowReplicationFactorChange } = request
    const late = topics.length === 0 ? undefined : tooLate(AlterPartitionReassignments, request, apiVersion)
    if (late) return late
    const responses = yield* mapPartitions(
      services.turns,
      topics,
      ({ partitionIndex, replicas }, { name }) => ({
        partitionIndex,
        ...reassign(services, name, partitionIndex, replicas),
      }),
      ({ name }, partitions) => ({ name, partitions }),
    )
    // The response to an empty request has an empty message, as in Kafka.
    const errorMessage = topics.length === 0 ? '' : null
    return { allowReplicationFactorChange, errorCode: ErrorCode.NONE, errorMessage, responses }
  },
})

function reassign(services: Services, name: string, index: number, replicas: readonly number[] | null) {
  try {
    checkMove(services, name, index, replicas)
    return { errorCode: ErrorCode.NONE, errorMessage: null }
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    const isBare = error.message === errorName(error.code)
    return { errorCode: error.code, errorMessage: isBare ? null : error.message }
  }
}

/** Throws KafkaError unless the partition exists and stays on its node. */
function checkMove(
  { metadata, config }: Services,
  name: string,
  index: number,
  replicas: readonly number[] | null,
): void {
  const image = metadata()
  if (!decideReassignment({ image, config }, name, index, replicas)) return
  const message = 'This broker does not replicate yet: partitions stay where they are.'
  throw new KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message)
}
