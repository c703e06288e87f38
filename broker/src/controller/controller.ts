/**
 * The controller: decides what the cluster looks like, by appending records to the metadata log.
 *
 *   a wish --> a decision (topic-decisions.ts, config-decisions.ts) --> records --> the log --flushed--> a new image
 *                                                                                                          |
 *                                                  nodes follow (open, delete, elect) <--------------------+
 *                                                  and then the wish is answered
 *
 * Nothing is changed but by a record. A node that starts replays the log and has the same image.
 *
 * C1  a decision is answered after it is on disk and after every listener has followed the new image
 * C2  decisions see the ones before them, whether or not these are on disk yet
 * C3  one controller serves all nodes of this process; with one voter it needs no vote (metadata-log.ts)
 */
import type { BrokerConfig } from '../config/broker-config.ts'
import type { Core } from '../core.ts'
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
  type MetadataRecordInput,
} from '../messages/records/metadata-frame.ts'
import { ErrorCode, errorName, KafkaError } from '../wire/errors.ts'
import { randomUuid } from '../wire/uuid.ts'
import { decideBootstrap } from './bootstrap.ts'
import { decideFencing, decideRegistration, type NodeEndpoint } from './broker-decisions.ts'
import { type ConfigChange, decideChanges } from './config-decisions.ts'
import { decideFeatures, type FeatureUpdate } from './feature-decisions.ts'
import { internalTopic } from './internal-topic.ts'
import { ImageBuilder, type MetadataImage, type TopicImage } from './metadata-image.ts'
import type { MetadataLog } from './metadata-log.ts'
import { addedReplicas, checkUnreplicated, partitionRecord } from './partition-decisions.ts'
import { writeQuorumState } from './quorum-state.ts'
import { replayRecord } from './replay-record.ts'
import { decideTopic, type NewTopic, topicRecords } from './topic-decisions.ts'

const PRODUCER_ID_BLOCK = 1000

export type { NodeEndpoint } from './broker-decisions.ts'

/** The outcome of a wish: NONE, or what is wrong with it, with a message for the client. */
export interface Outcome {
  readonly errorCode: ErrorCode
  readonly message: string | null
}
const DONE: Outcome = { errorCode: ErrorCode.NONE, message: null }

export type ImageListener = (image: MetadataImage) => void

export class Controller {
  private readonly core: Core
  private readonly config: BrokerConfig
  private readonly log: MetadataLog
  private readonly listeners = new Set<ImageListener>()
  /** With every decision, on disk or not (C2). */
  private latest: ImageBuilder
  /** What is on disk, and what everybody sees. */
  private published: ImageBuilder
  /** Records that are decided and not yet published, each with its offset. */
  private readonly unpublished: { readonly record: MetadataRecord; readonly offset: number }[] = []

  constructor(options: {
    core: Core
    config: BrokerConfig
    log: MetadataLog
    clusterId: string
    nodeId: number
  }) {
    this.core = options.core
    this.config = options.config
    this.log = options.log
    this.latest = new ImageBuilder(options.clusterId, options.nodeId)
    this.published = new ImageBuilder(options.clusterId, options.nodeId)
  }

  /** The newest image that is on disk. */
  get image(): MetadataImage {
    return this.published
  }

  /** The metadata log's leader epoch. */
  get leaderEpoch(): number {
    return this.log.leaderEpoch
  }

  get metadataLog(): MetadataLog {
    return this.log
  }

  /**
   * Replays the log. Then the first decision: what a new cluster begins with, or that the brokers of before are fenced
   * until they register again.
   */
  start(): void {
    this.log.start((record, offset) => replayRecord(this.latest, record, offset))
    writeQuorumState(this.core.storage, { leaderId: this.latest.controllerId, leaderEpoch: this.leaderEpoch })
    this.published = copyOf(this.latest)
    const isNew = this.latest.features.size === 0
    const first = isNew ? decideBootstrap(this.config) : decideFencing(this.latest)
    if (first.length > 0) this.decide(first)
    // Nobody is served before a broker has registered, and that is answered when these are on disk too.
    this.publish(this.log.endOffset)
  }

  /** Calls `listener` with each new image, before anyone is answered (C1); gives a function that ends it. */
  onImage(listener: ImageListener): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** A node registers, with a new broker epoch, and leads its partitions from now on. */
  registerBroker(endpoint: NodeEndpoint, done: (outcome: Outcome) => void): void {
    this.attempt(done, () => {
      const incarnationId = randomUuid((length) => this.core.random.bytes(length))
      const registration = { brokerEpoch: this.log.endOffset, incarnationId }
      this.commit(decideRegistration(this.latest, endpoint, registration), done)
    })
  }

  /** Makes a topic, or with `validateOnly` says what it would be. */
  createTopic(
    topic: NewTopic,
    validateOnly: boolean,
    done: (outcome: Outcome, topic?: TopicImage) => void,
  ): void {
    this.attempt(done, () => {
      const replicas = decideTopic(this.latest, topic, this.config)
      checkUnreplicated(replicas)
      const id = randomUuid((length) => this.core.random.bytes(length))
      const records = topicRecords(topic, id, replicas)
      if (validateOnly) return done(DONE, previewOf(records, this.latest, topic.name))
      this.commit(records, (outcome) => done(outcome, this.published.topic(topic.name)))
    })
  }

  /** Makes an internal topic with the settings that its coordinator needs. */
  createInternalTopic(name: string, done: (outcome: Outcome) => void): void {
    const { numPartitions, configs } = internalTopic(name, this.config)
    // Kafka asks for three replicas, and for the key to be lowered on a cluster of one; here there is no replication yet.
    this.createTopic({ name, numPartitions, replicationFactor: 1, assignments: [], configs }, false, done)
  }

  deleteTopic(id: string, done: (outcome: Outcome) => void): void {
    this.attempt(done, () => {
      if (!this.latest.topicById(id)) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_ID)
      this.commit([{ name: 'RemoveTopicRecord', version: 0, value: { topicId: id } }], done)
    })
  }

  /** Adds partitions up to `count`; `assignments` names the new ones' replicas, null lets us place them. */
  createPartitions(
    name: string,
    count: number,
    assignments: readonly (readonly number[])[] | null,
    validateOnly: boolean,
    done: (outcome: Outcome) => void,
  ): void {
    this.attempt(done, () => {
      const topic = this.latest.topic(name)
      if (!topic) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
      const replicas = addedReplicas(this.latest, topic, count, assignments)
      checkUnreplicated(replicas)
      const records = replicas.map((nodes, i) =>
        partitionRecord(topic.id, topic.partitions.length + i, nodes),
      )
      if (validateOnly) return done(DONE)
      this.commit(records, done)
    })
  }

  /** Changes the settings of one resource. */
  alterConfigs(
    type: number,
    name: string,
    changes: readonly ConfigChange[],
    validateOnly: boolean,
    done: (outcome: Outcome) => void,
  ): void {
    this.attempt(done, () => {
      const records = decideChanges(this.latest, this.config, type, name, changes)
      if (validateOnly || records.length === 0) return done(DONE)
      this.commit(records, done)
    })
  }

  /** Moves features to other levels: all of them, or none. */
  updateFeatures(
    updates: readonly FeatureUpdate[],
    validateOnly: boolean,
    done: (outcome: Outcome) => void,
  ): void {
    this.attempt(done, () => {
      const records = decideFeatures(this.latest, updates)
      if (validateOnly || records.length === 0) return done(DONE)
      this.commit(records, done)
    })
  }

  /** A block of producer ids that nobody else gets. */
  allocateProducerIds(
    nodeId: number,
    done: (error: ErrorCode, block?: { firstProducerId: number; size: number }) => void,
  ): void {
    const firstProducerId = this.latest.nextProducerId
    const nextProducerId = firstProducerId + PRODUCER_ID_BLOCK
    const brokerEpoch = this.latest.brokers.get(nodeId)?.epoch ?? -1
    this.commit(
      [{ name: 'ProducerIdsRecord', version: 0, value: { brokerId: nodeId, brokerEpoch, nextProducerId } }],
      ({ errorCode }) =>
        errorCode === ErrorCode.NONE
          ? done(errorCode, { firstProducerId, size: PRODUCER_ID_BLOCK })
          : done(errorCode),
    )
  }

  close(): void {
    this.log.close()
  }

  /** What is thrown while a wish is decided is its answer. */
  private attempt(done: (outcome: Outcome) => void, decide: () => void): void {
    try {
      decide()
    } catch (error) {
      done(outcomeOf(error, this.core))
    }
  }

  /** Appends a decision and answers when it is on disk and followed (C1). */
  private commit(records: readonly MetadataRecordInput[], done: (outcome: Outcome) => void): void {
    this.attempt(done, () => {
      this.decide(records)
      this.log.whenFlushed((error) => {
        if (error) return done({ errorCode: ErrorCode.KAFKA_STORAGE_ERROR, message: error.message })
        this.publish(this.log.flushedOffset)
        done(DONE)
      })
    })
  }

  /** Appends records; the decisions that follow see them (C2). */
  private decide(records: readonly MetadataRecordInput[]): void {
    this.log.append(records, (record, offset) => {
      replayRecord(this.latest, record, offset)
      this.unpublished.push({ record, offset })
    })
  }

  /** Hands out an image with all records below `end`, unless it is the one that everybody has. */
  private publish(end: number): void {
    if (!this.unpublished.some(({ offset }) => offset < end)) return
    const image = copyOf(this.published)
    while (this.unpublished[0] && this.unpublished[0].offset < end) {
      const { record, offset } = this.unpublished.shift()!
      replayRecord(image, record, offset)
    }
    this.published = image
    this.core.trace?.({ type: 'image', offset: image.offset, topics: image.topics.size })
    for (const listener of [...this.listeners]) listener(image)
  }
}

function copyOf(image: ImageBuilder): ImageBuilder {
  return new ImageBuilder(image.clusterId, image.controllerId, image)
}

function outcomeOf(error: unknown, core: Core): Outcome {
  if (error instanceof KafkaError) {
    // Without a message of its own an error has its name for one: clients know better words.
    const message = error.message === errorName(error.code) ? null : error.message
    return { errorCode: error.code, message }
  }
  core.log('error', `controller: ${error instanceof Error ? error.stack : String(error)}`)
  return { errorCode: ErrorCode.UNKNOWN_SERVER_ERROR, message: String(error) }
}

function previewOf(
  records: readonly MetadataRecordInput[],
  image: ImageBuilder,
  name: string,
): TopicImage | undefined {
  const preview = copyOf(image)
  for (const record of records) replayRecord(preview, asRead(record), image.offset)
  return preview.topic(name)
}

/** A record as whoever reads the log sees it: what was left out has its default. */
function asRead(record: MetadataRecordInput): MetadataRecord {
  return decodeMetadataRecord(encodeMetadataRecord(record))
}
