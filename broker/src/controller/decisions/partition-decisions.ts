/**
 * Decisions about new partitions: which nodes have their replicas, and which node is the leader?
 *
 * The operator names the nodes, or the controller places the replicas (replicas/placement.ts). At first all replicas on
 * active brokers are in the ISR, and the first one of them is the leader.
 *
 * PARTITION-DECISIONS-1  the partitions of a topic are numbered from 0 without gaps, and their number never decreases
 * PARTITION-DECISIONS-2  the replicas of a partition are on different nodes, which are registered
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { MetadataImage, TopicImage } from '../metadata/metadata-image.ts'
import { type Dice, placePartitions } from '../replicas/placement.ts'
import { directoryOfNewReplica, isActive } from '../replicas/replica-context.ts'

/** The largest number of partitions in one request (MAX_PARTITIONS_PER_BATCH). */
const PARTITIONS_MAX = 10_000
/** A replication factor is an int16. */
const REPLICAS_MAX = 32_767
export const PARTITION_RECORD_VERSION = 2
/** Called with the number of partitions to create or delete; throws if the quota is exceeded (KIP-599). */
export type Charge = (partitions: number) => void

/** CreatePartitions: the new total, and the replicas of the added partitions; null: the controller places them. */
export interface NewPartitions {
  readonly name: string
  readonly count: number
  readonly assignments: readonly (readonly number[])[] | null
}

/** The first number that occurs a second time. */
export function firstDuplicate(numbers: readonly number[]): number | undefined {
  const seen = new Set<number>()
  return numbers.find((each) => seen.size === seen.add(each).size)
}

/** Checks the target of a reassignment: PARTITION-DECISIONS-2. */
export function checkTargetReplicas(image: MetadataImage, replicas: readonly number[]): void {
  const refuse = (why: string): never => {
    throw new KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, why)
  }
  if (replicas.length === 0) refuse('The manual partition assignment includes an empty replica list.')
  if (replicas.length > REPLICAS_MAX) refuse(`A partition has at most ${REPLICAS_MAX} replicas.`)
  const twice = firstDuplicate(replicas)
  if (twice !== undefined) {
    refuse(`The manual partition assignment includes the broker ${twice} more than once.`)
  }
  const missing = replicas.find((id) => !image.brokers.has(id))
  if (missing !== undefined)
    refuse(`The manual partition assignment includes broker ${missing}, but no such broker is registered.`)
}

/** Checks a manual assignment: also some replica can lead, and as many replicas as the other partitions have. */
export function checkReplicas(image: MetadataImage, replicas: readonly number[], factor: number): number[] {
  checkTargetReplicas(image, replicas)
  const refuse = (why: string): never => {
    throw new KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, why)
  }
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

/** Places `count` new partitions on the brokers that are not in controlled shutdown (replicas/placement.ts). */
export function placeReplicas(image: MetadataImage, count: number, factor: number, dice: Dice): number[][] {
  if (count > PARTITIONS_MAX) {
    throw new KafkaError(ErrorCode.POLICY_VIOLATION, 'Excessively large number of partitions per request.')
  }
  const usable = [...image.brokers.values()].filter(({ inControlledShutdown }) => !inControlledShutdown)
  return placePartitions(usable, { count, factor }, dice)
}

/** The records that add partitions to a topic. Throws KafkaError. */
export function decideCreatePartitions(
  image: MetadataImage,
  request: NewPartitions,
  { charge, dice }: { readonly charge: Charge; readonly dice: Dice },
): { records: MetadataRecordInput[] } {
  const topic = image.topic(request.name)
  if (!topic) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  const before = topic.partitions.length
  const added = checkCount(topic, request.count)
  charge(added)
  const replicas = addedReplicas(image, topic, added, request.assignments, dice)
  return { records: replicas.map((nodes, i) => partitionRecord(image, topic.id, before + i, nodes)) }
}

/** The number of partitions to add. Throws KafkaError. */
// #region only-more
function checkCount({ name, partitions }: TopicImage, count: number): number {
  const before = partitions.length
  if (count === before)
    throw new KafkaError(ErrorCode.INVALID_PARTITIONS, `Topic already has ${count} partition(s).`)
  if (count < before) {
    const why = `The topic ${name} currently has ${before} partition(s); ${count} would not be an increase.`
    throw new KafkaError(ErrorCode.INVALID_PARTITIONS, why)
  }
  // Kafka exceeds its own limit of records per batch here, which is an unexpected exception.
  if (count - before > PARTITIONS_MAX) throw new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR)
  return count - before
}
// #endregion only-more

function addedReplicas(
  image: MetadataImage,
  topic: TopicImage,
  added: number,
  assignments: NewPartitions['assignments'],
  dice: Dice,
): number[][] {
  const factor = topic.partitions[0]!.replicas.length
  if (!assignments) return placeReplicas(image, added, factor, dice)
  if (assignments.length !== added) {
    const why = `Attempted to add ${added} additional partition(s), but only ${assignments.length} assignment(s) were specified.`
    throw new KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, why)
  }
  return assignments.map((nodes) => checkReplicas(image, nodes, factor))
}

/** The record that creates a partition: the replicas on active brokers are the ISR, and the first of them is the leader. */
export function partitionRecord(
  image: MetadataImage,
  topicId: string,
  partitionId: number,
  replicas: readonly number[],
): MetadataRecordInput {
  const isr = replicas.filter((id) => isActive({ image }, id))
  return {
    name: 'PartitionRecord',
    version: PARTITION_RECORD_VERSION,
    value: {
      partitionId,
      topicId,
      replicas,
      isr,
      leader: isr[0] ?? -1,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: replicas.map((id) => directoryOfNewReplica(image, id)),
    },
  }
}
