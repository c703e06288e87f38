/**
 * A topic's partitions in responses: what Metadata and DescribeTopicPartitions have in common.
 *
 * If the leader's broker is down, clients get leader -1 and LEADER_NOT_AVAILABLE, and retry.
 * (KRaftMetadataCache.getPartitionMetadata)
 */

import { checkName } from '../../controller/decisions/topic-decisions.ts'
import type { MetadataImage, PartitionImage } from '../../controller/metadata/metadata-image.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'

const NO_LEADER = -1

/** One partition; its caller adds the fields of DescribeTopicPartitions. */
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

/** The error for a missing topic: its name is invalid, or it does not exist. */
export function whyNoTopic(name: string): ErrorCode {
  try {
    checkName(name)
    return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  } catch (error) {
    if (error instanceof KafkaError) return error.code
    throw error
  }
}
