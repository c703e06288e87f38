/**
 * Decisions about partitions: on which nodes do they lie, and who leads?
 *
 * Replicas are placed one node after the other, from a start that moves with each topic, so that leaders are spread
 * (Kafka: StripedReplicaPlacer). All replicas are in the ISR at first, and the first one leads.
 *
 * P1  a topic's partitions are numbered from 0 without a gap, and never get fewer
 * P2  a partition's replicas are different nodes that are registered
 */
import type { MetadataRecordInput } from '../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { ZERO_UUID } from '../wire/uuid.ts'
import type { MetadataImage, TopicImage } from './metadata-image.ts'

/** Kafka makes at most so many partitions in one request. */
const PARTITIONS_MAX = 10_000
const PARTITION_RECORD_VERSION = 2
/** DirectoryId.UNASSIGNED: the node decides (KIP-858). */
const UNASSIGNED_DIRECTORY = ZERO_UUID

/** P2, and as many replicas as the topic's other partitions have. */
export function checkReplicas(image: MetadataImage, replicas: readonly number[], factor: number): number[] {
  const refuse = (why: string): never => {
    throw new KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, why)
  }
  if (replicas.length === 0) refuse('The manual partition assignment includes an empty replica list.')
  const twice = replicas.find((id, at) => replicas.indexOf(id) !== at)
  if (twice !== undefined) {
    refuse(`The manual partition assignment includes the broker ${twice} more than once.`)
  }
  const missing = replicas.find((id) => !image.brokers.has(id))
  if (missing !== undefined)
    refuse(`The manual partition assignment includes broker ${missing}, but no such broker is registered.`)
  if (replicas.every((id) => image.brokers.get(id)?.fenced)) {
    refuse('All brokers specified in the manual partition assignment are fenced or in controlled shutdown.')
  }
  if (replicas.length !== factor) {
    refuse(
      `The manual partition assignment includes a partition with ${replicas.length} replica(s), but this is not consistent with previous partitions, which have ${factor} replica(s).`,
    )
  }
  return [...replicas]
}

/** Places `count` partitions, the first one's leader on the node `start` places along. */
export function place(image: MetadataImage, count: number, factor: number, start: number): number[][] {
  if (count > PARTITIONS_MAX) {
    throw new KafkaError(ErrorCode.POLICY_VIOLATION, 'Excessively large number of partitions per request.')
  }
  const nodes = [...image.brokers.values()]
    .filter(({ fenced }) => !fenced)
    .map(({ id }) => id)
    .sort((a, b) => a - b)
  if (factor > nodes.length) {
    throw new KafkaError(
      ErrorCode.INVALID_REPLICATION_FACTOR,
      `Unable to replicate the partition ${factor} time(s): The target replication factor of ${factor} cannot be reached because only ${nodes.length} broker(s) are registered or some brokers have all their log directories cordoned.`,
    )
  }
  return Array.from({ length: count }, (_, partition) =>
    Array.from({ length: factor }, (_, replica) => nodes[(start + partition + replica) % nodes.length]!),
  )
}

/** Partitions are not copied between nodes yet, and it would be a lie to say that they were. */
export function checkUnreplicated(replicas: readonly (readonly number[])[]): void {
  if (replicas.every(({ length }) => length === 1)) return
  const message = 'This broker does not replicate yet: ask for replication factor 1.'
  throw new KafkaError(ErrorCode.INVALID_REPLICATION_FACTOR, message)
}

/** The replicas of the partitions that bring a topic to `count`. Throws KafkaError. */
export function addedReplicas(
  image: MetadataImage,
  topic: TopicImage,
  count: number,
  assignments: readonly (readonly number[])[] | null,
): number[][] {
  const before = topic.partitions.length
  const refuse = (code: ErrorCode, why: string): never => {
    throw new KafkaError(code, why)
  }
  if (count === before) refuse(ErrorCode.INVALID_PARTITIONS, `Topic already has ${count} partition(s).`)
  if (count < before) {
    const why = `The topic ${topic.name} currently has ${before} partition(s); ${count} would not be an increase.`
    refuse(ErrorCode.INVALID_PARTITIONS, why)
  }
  const factor = topic.partitions[0]!.replicas.length
  if (!assignments) return place(image, count - before, factor, before)
  if (assignments.length !== count - before) {
    const why = `Attempted to add ${count - before} additional partition(s), but only ${assignments.length} assignment(s) were specified.`
    refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, why)
  }
  return assignments.map((nodes) => checkReplicas(image, nodes, factor))
}

/** The record that makes a partition: all replicas in the ISR, the first one leads. */
export function partitionRecord(
  topicId: string,
  partitionId: number,
  replicas: readonly number[],
): MetadataRecordInput {
  return {
    name: 'PartitionRecord',
    version: PARTITION_RECORD_VERSION,
    value: {
      partitionId,
      topicId,
      replicas,
      isr: replicas,
      leader: replicas[0] ?? -1,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: replicas.map(() => UNASSIGNED_DIRECTORY),
    },
  }
}
