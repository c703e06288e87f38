/**
 * AlterPartitionReassignments (key 45): move partitions to other nodes, or stop a move (KIP-455).
 *
 * To move is to replicate, which this broker does not do yet: a partition may be "moved" to where it is, and that is
 * all. Nothing ever moves, so there is nothing to stop either.
 */
import type { PartitionImage } from '../controller/metadata-image.ts'
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../messages/alter-partition-reassignments.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api } from './api.ts'

export const AlterPartitionReassignments = api({
  request: AlterPartitionReassignmentsRequest,
  response: AlterPartitionReassignmentsResponse,
  handle: (services, { topics, allowReplicationFactorChange }, _context, reply) => {
    const image = services.metadata()
    const responses = topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, replicas }) => ({
        partitionIndex,
        ...reassign(image.topic(name)?.partitions[partitionIndex], replicas),
      })),
    }))
    reply({ allowReplicationFactorChange, errorCode: ErrorCode.NONE, errorMessage: null, responses })
  },
})

function reassign(partition: PartitionImage | undefined, replicas: readonly number[] | null) {
  const answer = (errorCode: ErrorCode, errorMessage: string | null) => ({ errorCode, errorMessage })
  if (!partition) {
    return answer(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.')
  }
  if (replicas === null) {
    return answer(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS, 'No partition reassignment is in progress.')
  }
  const stays =
    replicas.length === partition.replicas.length && replicas.every((id, at) => id === partition.replicas[at])
  if (stays) return answer(ErrorCode.NONE, null)
  return answer(
    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
    'This broker does not replicate yet: partitions stay where they are.',
  )
}
