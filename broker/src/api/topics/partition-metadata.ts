/**
 * A topic's partitions as clients are told of them: what Metadata and DescribeTopicPartitions have in common.
 *
 * A leader that is not alive is no leader for a client: it is told -1 and LEADER_NOT_AVAILABLE, and asks again.
 * (KRaftMetadataCache.getPartitionMetadata)
 */

import { checkName } from '../../controller/decisions/topic-decisions.ts'
import type { MetadataImage, PartitionImage } from '../../controller/metadata/metadata-image.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'

const NO_LEADER = -1

/** One partition; the fields that only DescribeTopicPartitions has are its caller's business. */
export function describePartition(image: MetadataImage, partition: PartitionImage, partitionIndex: number) {
  const isAlive = (id: number): boolean => image.brokers.get(id)?.fenced === false
  const hasLeader = isAlive(partition.leader)
  return {
    errorCode: hasLeader ? ErrorCode.NONE : ErrorCode.LEADER_NOT_AVAILABLE,
    partitionIndex,
    leaderId: hasLeader ? partition.leader : NO_LEADER,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.isr,
    offlineReplicas: partition.replicas.filter((id) => !isAlive(id)),
  }
}

/** Why a topic is not there: because it can't be, or because nobody made it. */
export function whyNoTopic(name: string): ErrorCode {
  try {
    checkName(name)
    return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  } catch (error) {
    if (error instanceof KafkaError) return error.code
    throw error
  }
}
