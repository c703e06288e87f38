/**
 * AlterPartitionReassignments (key 45): moves partitions to other nodes, or cancels a move (KIP-455).
 *
 * A move needs replication, which this broker does not support yet: a partition may only be "moved" to its current node.
 * So there is never a move to cancel.
 */

import { checkReplicas } from '../../controller/decisions/partition-decisions.ts'
import type { MetadataImage } from '../../controller/metadata/metadata-image.ts'
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../../messages/alter-partition-reassignments.ts'
import { ErrorCode, errorName, KafkaError } from '../../wire/errors.ts'
import { type Api, api } from '../api.ts'
import { mapPartitions } from '../in-turns.ts'
import { tooLate } from '../request-deadline.ts'

export const AlterPartitionReassignments: Api = api({
  request: AlterPartitionReassignmentsRequest,
  response: AlterPartitionReassignmentsResponse,
  *steps(services, request, { apiVersion }) {
    const { topics, allowReplicationFactorChange } = request
    const late = topics.length === 0 ? undefined : tooLate(AlterPartitionReassignments, request, apiVersion)
    if (late) return late
    const image = services.metadata()
    const responses = yield* mapPartitions(
      services.turns,
      topics,
      ({ partitionIndex, replicas }, { name }) => ({
        partitionIndex,
        ...reassign(image, name, partitionIndex, replicas),
      }),
      ({ name }, partitions) => ({ name, partitions }),
    )
    // The response to an empty request has an empty message, as in Kafka.
    const errorMessage = topics.length === 0 ? '' : null
    return { allowReplicationFactorChange, errorCode: ErrorCode.NONE, errorMessage, responses }
  },
})

function reassign(image: MetadataImage, name: string, index: number, replicas: readonly number[] | null) {
  try {
    checkMove(image, name, index, replicas)
    return { errorCode: ErrorCode.NONE, errorMessage: null }
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    const isBare = error.message === errorName(error.code)
    return { errorCode: error.code, errorMessage: isBare ? null : error.message }
  }
}

/** Throws KafkaError unless the partition exists and stays on its node. */
function checkMove(
  image: MetadataImage,
  name: string,
  index: number,
  replicas: readonly number[] | null,
): void {
  const refuse = (code: ErrorCode, why?: string): never => {
    throw new KafkaError(code, why)
  }
  const topic = image.topic(name)
  if (!topic) return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `Unable to find a topic named ${name}.`)
  const partition = topic.partitions[index]
  if (!partition)
    return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `Unable to find partition ${name}:${index}.`)
  if (replicas === null) return refuse(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS)
  checkReplicas(image, replicas, replicas.length)
  const stays =
    replicas.length === partition.replicas.length && replicas.every((id, at) => id === partition.replicas[at])
  if (!stays)
    refuse(
      ErrorCode.INVALID_REPLICA_ASSIGNMENT,
      'This broker does not replicate yet: partitions stay where they are.',
    )
}
