/**
 * Decisions about partitions: on which nodes do they lie, and who leads?
 *
 * Replicas are placed one node after the other, from a start that moves with each topic, so that leaders are spread
 * (Kafka: StripedReplicaPlacer). All replicas are in the ISR at first, and the first one leads.
 *
 * PARTITION-DECISIONS-1  a topic's partitions are numbered from 0 without a gap, and never get fewer
 * PARTITION-DECISIONS-2  a partition's replicas are different nodes that are registered
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import type { MetadataImage, TopicImage } from '../metadata/metadata-image.ts'

/** Kafka makes at most so many partitions in one request. */
const PARTITIONS_MAX = 10_000
/** A replication factor is an int16. */
const REPLICAS_MAX = 32_767
export const PARTITION_RECORD_VERSION = 2
/** Told how many partitions a wish makes or removes, before it is granted; throws when that is too many (KIP-599). */
export type Charge = (partitions: number) => void

/** More partitions for a topic: as many as it has afterwards, and where the new ones lie; null lets us place them. */
export interface MorePartitions {
  readonly name: string
  readonly count: number
  readonly assignments: readonly (readonly number[])[] | null
}

/** DirectoryId.UNASSIGNED: the node decides (KIP-858). */
const UNASSIGNED_DIRECTORY = ZERO_UUID

/** The first number that has stood in the list before. */
export function firstTwice(numbers: readonly number[]): number | undefined {
  const seen = new Set<number>()
  return numbers.find((each) => seen.size === seen.add(each).size)
}

/** PARTITION-DECISIONS-2, and as many replicas as the topic's other partitions have. */
export function checkReplicas(image: MetadataImage, replicas: readonly number[], factor: number): number[] {
  const refuse = (why: string): never => {
    throw new KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, why)
  }
  if (replicas.length === 0) refuse('The manual partition assignment includes an empty replica list.')
  if (replicas.length > REPLICAS_MAX) refuse(`A partition has at most ${REPLICAS_MAX} replicas.`)
  const twice = firstTwice(replicas)
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
  const unable = `Unable to replicate the partition ${factor} time(s):`
  if (nodes.length === 0) {
    const why = `${unable} All brokers are currently fenced, or have all their log directories cordoned.`
    throw new KafkaError(ErrorCode.INVALID_REPLICATION_FACTOR, why)
  }
  if (factor > nodes.length) {
    throw new KafkaError(
      ErrorCode.INVALID_REPLICATION_FACTOR,
      `${unable} The target replication factor of ${factor} cannot be reached because only ${nodes.length} broker(s) are registered or some brokers have all their log directories cordoned.`,
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

/** The records that bring a topic to `count` partitions. Throws KafkaError. */
export function decideGrowth(
  image: MetadataImage,
  wish: MorePartitions,
  charge: Charge,
): { records: MetadataRecordInput[] } {
  const topic = image.topic(wish.name)
  if (!topic) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  const before = topic.partitions.length
  const added = checkCount(topic, wish.count)
  charge(added)
  const replicas = addedReplicas(image, topic, added, wish.assignments)
  checkUnreplicated(replicas)
  return { records: replicas.map((nodes, i) => partitionRecord(image, topic.id, before + i, nodes)) }
}

/** How many partitions are to be added. */
function checkCount({ name, partitions }: TopicImage, count: number): number {
  const before = partitions.length
  if (count === before)
    throw new KafkaError(ErrorCode.INVALID_PARTITIONS, `Topic already has ${count} partition(s).`)
  if (count < before) {
    const why = `The topic ${name} currently has ${before} partition(s); ${count} would not be an increase.`
    throw new KafkaError(ErrorCode.INVALID_PARTITIONS, why)
  }
  // Kafka meets its own limit on records here, and does not know what to call it.
  if (count - before > PARTITIONS_MAX) throw new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR)
  return count - before
}

function addedReplicas(
  image: MetadataImage,
  topic: TopicImage,
  added: number,
  assignments: MorePartitions['assignments'],
): number[][] {
  const factor = topic.partitions[0]!.replicas.length
  if (!assignments) return place(image, added, factor, topic.partitions.length)
  if (assignments.length !== added) {
    const why = `Attempted to add ${added} additional partition(s), but only ${assignments.length} assignment(s) were specified.`
    throw new KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, why)
  }
  return assignments.map((nodes) => checkReplicas(image, nodes, factor))
}

/** The record that makes a partition: all replicas in the ISR, the first one leads. */
export function partitionRecord(
  image: MetadataImage,
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
      directories: replicas.map((id) => directoryOf(image, id)),
    },
  }
}

/** A node with one directory keeps it there; with more the node says which. */
function directoryOf(image: MetadataImage, brokerId: number): string {
  const directories = image.brokers.get(brokerId)?.directories ?? []
  return directories.length === 1 ? directories[0]! : UNASSIGNED_DIRECTORY
}
