/**
 * Decisions about topics: may this topic be created, with which partitions on which nodes?
 *
 * Functions of the image and the request: they return the records to write, or throw the KafkaError for the client.
 * (ReplicationControlManager.createTopic; placement of partitions: partition-decisions.ts)
 *
 * TOPIC-DECISIONS-1  a name is 1 to 249 of [a-zA-Z0-9._-], not '.' or '..', and does not collide with another name:
 *     metrics write '.' as '_' (Topic)
 * TOPIC-DECISIONS-2  the settings of a topic are checked by their declarations before they are stored
 */
import type { BrokerConfig } from '../../config/broker-config.ts'
import { checkTopicSettings } from '../../config/checks/topic-checks.ts'
import { ConfigError } from '../../config/config-key.ts'
import { isTopicKey, parseTopicValue } from '../../config/topic-config.ts'
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { MetadataImage } from '../metadata/metadata-image.ts'
import type { Dice } from '../replicas/placement.ts'
import {
  type Charge,
  checkReplicas,
  firstDuplicate,
  partitionRecord,
  placeReplicas,
} from './partition-decisions.ts'

const NAME_LENGTH_MAX = 249
const TOPIC_RESOURCE = 2

export interface NewTopic {
  readonly name: string
  /** -1: num.partitions, or the number of `assignments`. */
  readonly numPartitions: number
  /** -1: default.replication.factor. */
  readonly replicationFactor: number
  readonly assignments: readonly { readonly partitionIndex: number; readonly brokerIds: readonly number[] }[]
  readonly configs: readonly { readonly name: string; readonly value: string | null }[]
}

/** What the decision depends on, beside the image and the request. */
export interface NewTopicContext {
  readonly config: BrokerConfig
  /** For the placement of replicas. */
  readonly dice: Dice
  /** Generates a topic id. */
  readonly id: () => string
  readonly charge: Charge
}

/** A valid new topic: its id, the replicas of its partitions, and the records that create it. */
export interface NewTopicDecision {
  readonly topicId: string
  readonly replicas: readonly (readonly number[])[]
  readonly records: readonly MetadataRecordInput[]
}

/** Decides on a new topic. Throws KafkaError if it cannot be created. */
export function decideCreateTopic(
  image: MetadataImage,
  topic: NewTopic,
  context: NewTopicContext,
): NewTopicDecision {
  checkName(topic.name)
  if (image.topic(topic.name))
    throw new KafkaError(ErrorCode.TOPIC_ALREADY_EXISTS, `Topic '${topic.name}' already exists.`)
  checkCollision(image, topic.name)
  checkCount(topic.configs.length)
  checkConfigs(topic.configs, context.config)
  const replicas =
    topic.assignments.length > 0 ? manualAssignment(image, topic) : automaticAssignment(image, topic, context)
  context.charge(replicas.length)
  const topicId = context.id()
  return { topicId, replicas, records: topicRecords(image, topic, topicId, replicas) }
}

/**
 * The largest number of partitions of one request, and of records of one decision, which is one batch of the metadata log
 * (ReplicationControlManager.MAX_PARTITIONS_PER_BATCH, QuorumController.MAX_RECORDS_PER_USER_OP).
 */
export const RECORDS_MAX = 10_000

/** Throws POLICY_VIOLATION if all topics of a request together have too many partitions. */
export function checkTotal(topics: readonly NewTopic[], config: BrokerConfig): void {
  const counts = topics.map(({ assignments, numPartitions }) =>
    assignments.length > 0
      ? assignments.length
      : numPartitions === -1
        ? config.get('num.partitions')
        : numPartitions,
  )
  if (counts.reduce((sum, count) => sum + count, 0) <= RECORDS_MAX) return
  throw new KafkaError(ErrorCode.POLICY_VIOLATION, 'Excessively large number of partitions per request.')
}

/**
 * Throws POLICY_VIOLATION if a request has more items than a decision may have records. (Kafka decides on all of them
 * first, and then refuses them if there are too many records.)
 */
export function checkCount(items: number): void {
  if (items <= RECORDS_MAX) return
  throw new KafkaError(ErrorCode.POLICY_VIOLATION, 'Unable to perform excessively large batch operation.')
}

/** Throws POLICY_VIOLATION if a decision has too many records. */
export function checkBatch(records: readonly MetadataRecordInput[]): void {
  if (records.length <= RECORDS_MAX) return
  throw new KafkaError(ErrorCode.POLICY_VIOLATION, 'Unable to perform excessively large batch operation.')
}

/** The record that deletes a topic with its partitions and settings. Throws KafkaError. */
export function decideDeleteTopic(
  image: MetadataImage,
  topicId: string,
  charge: Charge,
): { records: MetadataRecordInput[] } {
  const topic = image.topicById(topicId)
  if (!topic) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_ID)
  charge(topic.partitions.length)
  return { records: [{ name: 'RemoveTopicRecord', version: 0, value: { topicId } }] }
}

/** Replicas placed by the controller: the numbers of the request, or the broker's defaults. */
function automaticAssignment(
  image: MetadataImage,
  { numPartitions, replicationFactor }: NewTopic,
  { config, dice }: NewTopicContext,
): number[][] {
  if (replicationFactor === 0 || replicationFactor < -1) {
    throw new KafkaError(
      ErrorCode.INVALID_REPLICATION_FACTOR,
      'Replication factor must be larger than 0, or -1 to use the default value.',
    )
  }
  if (numPartitions === 0 || numPartitions < -1) {
    throw new KafkaError(
      ErrorCode.INVALID_PARTITIONS,
      'Number of partitions was set to an invalid non-positive value.',
    )
  }
  const count = numPartitions === -1 ? config.get('num.partitions') : numPartitions
  const factor = replicationFactor === -1 ? config.get('default.replication.factor') : replicationFactor
  return placeReplicas(image, count, factor, dice)
}

/** The names that Kafka accepts (TOPIC-DECISIONS-1); throws INVALID_TOPIC_EXCEPTION in Kafka's words. */
export function checkName(name: string): void {
  const refuse = (why: string): never => {
    throw new KafkaError(ErrorCode.INVALID_TOPIC_EXCEPTION, why)
  }
  if (name === '') refuse('Topic name is invalid: the empty string is not allowed')
  if (name === '.' || name === '..') refuse(`Topic name is invalid: '${name}' is not allowed`)
  if (name.length > NAME_LENGTH_MAX) {
    refuse(
      `Topic name is invalid: the length of '${name}' is longer than the max allowed length ${NAME_LENGTH_MAX}`,
    )
  }
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    refuse(
      `Topic name is invalid: '${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`,
    )
  }
}

function checkCollision(image: MetadataImage, name: string): void {
  const other = image.topicLike(name)?.name
  if (other === undefined) return
  throw new KafkaError(
    ErrorCode.INVALID_TOPIC_EXCEPTION,
    `Topic '${name}' collides with existing topic: ${other}`,
  )
}

function checkConfigs(configs: NewTopic['configs'], broker: BrokerConfig): void {
  const own = new Map<string, string>()
  try {
    // Like Kafka, check all names before the first value.
    for (const { name, value } of configs) {
      if (!isTopicKey(name) && value !== null) throw new ConfigError(`Unknown topic config name: ${name}`)
    }
    for (const { name, value } of configs) {
      if (value === null) throw new ConfigError(`Null value not supported for topic configs: ${name}`)
      parseTopicValue(name, value)
      own.set(name, value)
    }
    checkTopicSettings(own, broker)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new KafkaError(ErrorCode.INVALID_CONFIG, error.message)
  }
}

function manualAssignment(image: MetadataImage, topic: NewTopic): number[][] {
  if (topic.numPartitions !== -1 || topic.replicationFactor !== -1) {
    const what = topic.replicationFactor !== -1 ? 'replication factor' : 'numPartitions'
    throw new KafkaError(
      ErrorCode.INVALID_REQUEST,
      `A manual partition assignment was specified, but ${what} was not set to -1.`,
    )
  }
  const indexes = topic.assignments.map(({ partitionIndex }) => partitionIndex)
  const twice = firstDuplicate(indexes)
  if (twice !== undefined) {
    const why = `Found multiple manual partition assignments for partition ${twice}`
    throw new KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, why)
  }
  const sorted = [...topic.assignments].sort((a, b) => a.partitionIndex - b.partitionIndex)
  return sorted.map(({ partitionIndex, brokerIds }, at) => {
    if (partitionIndex !== at) {
      throw new KafkaError(
        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
        'partitions should be a consecutive 0-based integer sequence',
      )
    }
    return checkReplicas(image, brokerIds, sorted[0]!.brokerIds.length)
  })
}

/** The records that create a topic. */
function topicRecords(
  image: MetadataImage,
  topic: NewTopic,
  topicId: string,
  replicas: readonly (readonly number[])[],
): MetadataRecordInput[] {
  return [
    { name: 'TopicRecord', version: 0, value: { name: topic.name, topicId } },
    ...topic.configs.map(
      ({ name, value }): MetadataRecordInput => ({
        name: 'ConfigRecord',
        version: 0,
        value: { resourceType: TOPIC_RESOURCE, resourceName: topic.name, name, value },
      }),
    ),
    ...replicas.map((nodes, index) => partitionRecord(image, topicId, index, nodes)),
  ]
}
