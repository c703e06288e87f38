/**
 * AlterPartitionReassignments and ListPartitionReassignments on the controller: begin a move, cancel one, list them (KIP-455).
 *
 * The stages of a move are in reassignment.ts. This file checks what was asked.
 *
 * REASSIGN-1  a move that a cancellation would end with an unclean election is cancelled only if the topic allows that
 *
 * (ReplicationControlManager.alterPartitionReassignment, cancelPartitionReassignment, changePartitionReassignment)
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { checkTargetReplicas } from '../decisions/partition-decisions.ts'
import type { MetadataImage, TopicImage } from '../metadata/metadata-image.ts'
import { beginReassignment, isReassigning, revertReassignment } from './reassignment.ts'
import { decideChange, isUncleanElectionEnabled, type ReplicaContext } from './replica-context.ts'

/** A partition that is to move to these brokers; null cancels its move. */
export interface Move {
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[] | null
}

/** A reassignment that is under way. */
export interface OngoingReassignment {
  readonly partitionIndex: number
  readonly replicas: readonly number[]
  readonly addingReplicas: readonly number[]
  readonly removingReplicas: readonly number[]
}

/** Moves a partition to `replicas`; null cancels. Undefined: nothing changes. Throws the KafkaError for the client. */
export function decideReassignment(
  context: ReplicaContext,
  topicName: string,
  partitionId: number,
  replicas: readonly number[] | null,
): MetadataRecordInput | undefined {
  const refuse = (why: string): never => {
    throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, why)
  }
  const topic = context.image.topic(topicName) ?? refuse(`Unable to find a topic named ${topicName}.`)
  if (!topic.partitions[partitionId]) refuse(`Unable to find partition ${topicName}:${partitionId}.`)
  return replicas === null
    ? cancel(context, topic, partitionId)
    : begin(context, topic, partitionId, replicas)
}

function begin(
  context: ReplicaContext,
  topic: TopicImage,
  partitionId: number,
  target: readonly number[],
): MetadataRecordInput | undefined {
  checkTargetReplicas(context.image, target)
  // In Kafka a new target builds on the current replicas too, which hold those that a first move was adding.
  const { replicas, adding, removing } = beginReassignment(topic.partitions[partitionId]!.replicas, target)
  const stage = {
    replicas,
    ...(removing.length > 0 && { removing }),
    ...(adding.length > 0 && { adding }),
  }
  return decideChange(context, topic, partitionId, stage, 'online')
}

function cancel(
  context: ReplicaContext,
  topic: TopicImage,
  partitionId: number,
): MetadataRecordInput | undefined {
  const partition = topic.partitions[partitionId]!
  if (!isReassigning(partition)) throw new KafkaError(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS)
  const reverted = revertReassignment(partition)
  if (!reverted) {
    const why = 'Invalid replica assignment: addingReplicas contains all replicas.'
    throw new KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, why)
  }
  const { isr, replicas, isUnclean } = reverted
  if (isUnclean && !isUncleanElectionEnabled(context, topic.name)) {
    const what = `Unable to revert partition assignment for ${topic.name}:${partitionId}`
    throw new KafkaError(
      ErrorCode.INVALID_REPLICA_ASSIGNMENT,
      `${what} because it would require an unclean leader election.`,
    )
  }
  return decideChange(context, topic, partitionId, { isr, replicas, removing: [], adding: [] })
}

/** The ongoing reassignments of a topic, among these partitions. */
export function ongoingReassignments(
  image: MetadataImage,
  topicName: string,
  partitions: Iterable<number>,
): OngoingReassignment[] {
  const topic = image.topic(topicName)
  return [...partitions].flatMap((partitionIndex) => {
    const partition = topic?.partitions[partitionIndex]
    if (!partition || !isReassigning(partition)) return []
    const { replicas, adding, removing } = partition
    return [{ partitionIndex, replicas, addingReplicas: adding, removingReplicas: removing }]
  })
}
