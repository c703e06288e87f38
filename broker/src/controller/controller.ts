/**
 * The controller: decides what the cluster looks like, by appending records to the metadata log.
 *
 *   a request --> a decision (decisions/*.ts) --> records --> the metadata log --flushed--> a new image
 *                                                                                                |
 *                                         nodes apply it (open, delete, elect) <-----------------+
 *                                         and then the request completes
 *
 * Only records change the cluster. A node that starts replays the log and has the same image.
 *
 * - one controller serves all nodes of this process; with one voter it needs no vote (metadata-log.ts)
 *
 * CONTROLLER-1  a request completes after its records are on disk and after every listener has applied the new image.
 *     No listener sees an image before all nodes are prepared for it, which takes many turns if it has thousands of new
 *     partitions
 * CONTROLLER-2  a decision sees all earlier ones, even if they are not on disk yet
 *
 * (org.apache.kafka.controller.QuorumController)
 */
import type { BrokerConfig } from '../config/broker-config.ts'
import type { Core } from '../core.ts'
import type { MetadataRecord, MetadataRecordInput } from '../messages/records/metadata-frame.ts'
import { type Job, type Steps, Turns } from '../turns.ts'
import { ErrorCode } from '../wire/errors.ts'
import { randomUuid } from '../wire/uuid.ts'
import { decideBootstrap } from './bootstrap.ts'
import {
  decideControllerRegistration,
  decideFencing,
  decideProducerIds,
  decideRegistration,
  decideUnregistration,
  type NodeEndpoint,
} from './decisions/broker-decisions.ts'
import { type ConfigChange, decideChanges } from './decisions/config-decisions.ts'
import { decideFeatures, type FeatureUpdate } from './decisions/feature-decisions.ts'
import {
  type Answer,
  type ChangeOptions,
  DONE,
  decideEach,
  NO_CHARGE,
  type Outcome,
  outcomeOf,
} from './decisions/outcome.ts'
import { decideCreatePartitions, type NewPartitions } from './decisions/partition-decisions.ts'
import { decideQuotas, type QuotaChange } from './decisions/quota-decisions.ts'
import {
  decideScram,
  type PasswordHashes,
  type ScramChanges,
  type ScramResult,
} from './decisions/scram-decisions.ts'
import {
  checkBatch,
  checkCount,
  checkTotal,
  decideCreateTopic,
  decideDeleteTopic,
  type NewTopic,
  type NewTopicDecision,
} from './decisions/topic-decisions.ts'
import { internalTopic } from './internal-topic-settings.ts'
import { ImageBuilder, type MetadataImage } from './metadata/metadata-image.ts'
import type { MetadataLog } from './metadata/metadata-log.ts'
import { replayRecord } from './metadata/replay-record.ts'
import { SnapshotGenerator } from './metadata/snapshot-generator.ts'
import { writeQuorumState } from './quorum/quorum-state.ts'

export type { NodeEndpoint } from './decisions/broker-decisions.ts'
export type { Answer, Outcome } from './decisions/outcome.ts'

export type ImageListener = (image: MetadataImage) => void
/** Prepares a node for an image before it is published: opens the logs of new partitions, in turns. */
export type ImagePreparer = (image: MetadataImage, turns: Turns) => Steps<void>

/** A record of a decision that is in no published image yet. */
interface Unpublished {
  readonly record: MetadataRecord
  readonly offset: number
}

export class Controller {
  private readonly core: Core
  private readonly config: BrokerConfig
  private readonly log: MetadataLog
  private readonly snapshots: SnapshotGenerator
  private readonly passwordHashes: PasswordHashes | undefined
  private readonly turns: Turns
  private readonly listeners = new Set<{ readonly follow: ImageListener; readonly prepare: ImagePreparer }>()
  /** Requests that complete once all records below `end` are published. */
  private readonly waiting: { readonly end: number; readonly done: () => void }[] = []
  /** The job that prepares nodes for the next image. */
  private preparing: Job | undefined
  private isPublishing = false
  /** The image with all decisions, on disk or not (CONTROLLER-2). */
  private latest: ImageBuilder
  /** The image that is on disk and visible to all nodes. */
  private published: ImageBuilder
  /** Sorted by offset. */
  private readonly unpublished: Unpublished[] = []

  constructor(options: {
    core: Core
    config: BrokerConfig
    log: MetadataLog
    clusterId: string
    nodeId: number
    /** Undefined: SCRAM passwords cannot be set. */
    passwordHashes?: PasswordHashes | undefined
  }) {
    this.passwordHashes = options.passwordHashes
    this.core = options.core
    this.turns = new Turns(options.core)
    this.config = options.config
    this.log = options.log
    this.snapshots = new SnapshotGenerator(options)
    this.latest = new ImageBuilder(options.clusterId, options.nodeId)
    this.published = copyOf(this.latest)
  }

  /** The newest image that is on disk. */
  get image(): MetadataImage {
    return this.published
  }

  get metadataLog(): MetadataLog {
    return this.log
  }

  /**
   * Replays the newest snapshot and the log after it. Then makes the first decision: the bootstrap records of a new
   * cluster, or that all known brokers are fenced until they register again.
   */
  start(): void {
    const snapshot = this.snapshots.load()
    for (const record of snapshot?.records ?? []) replayRecord(this.latest, record, snapshot!.endOffset - 1)
    this.log.start((record, offset) => replayRecord(this.latest, record, offset), snapshot)
    const { leaderEpoch } = this.log
    writeQuorumState(this.core.storage, { leaderId: this.latest.controllerId, leaderEpoch })
    const isNew = this.latest.features.size === 0
    this.published = copyOf(this.latest)
    this.decide(isNew ? decideBootstrap(this.config) : decideFencing(this.latest))
    this.decide([decideControllerRegistration(this.log.voter, this.newId())])
    // Not awaited: clients are served after a broker has registered, and that waits until these are on disk, too.
    this.publish(this.log.endOffset, () => {})
  }

  /**
   * Calls `prepare` for each new image, then `follow`, and then completes requests (CONTROLLER-1). Returns a function that
   * removes the listener.
   */
  onImage(follow: ImageListener, prepare: ImagePreparer = noPreparation): () => void {
    const listener = { follow, prepare }
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** Registers a node with a new broker epoch, and makes it the leader of its partitions. */
  registerBroker(endpoint: NodeEndpoint, done: (outcome: Outcome) => void): void {
    this.attempt(done, () => {
      const registration = { brokerEpoch: this.log.endOffset, incarnationId: this.newId() }
      this.commit(decideRegistration(this.latest, endpoint, registration), done)
    })
  }

  /** Removes a node that will not come back. */
  unregisterBroker(brokerId: number, done: (outcome: Outcome) => void): void {
    this.attempt(done, () => this.commit(decideUnregistration(this.latest, brokerId), done))
  }

  /** Creates the valid topics. With `validateOnly` only returns what they would be. */
  createTopics(
    topics: readonly NewTopic[],
    { validateOnly = false, charge = NO_CHARGE }: ChangeOptions,
    done: (answers: readonly Answer<NewTopicDecision>[]) => void,
  ): void {
    const context = { config: this.config, id: (): string => this.newId(), charge }
    const decide = (topic: NewTopic, at: number): NewTopicDecision =>
      decideCreateTopic(this.latest, topic, { ...context, place: this.latest.topics.size + at })
    this.decideAll(topics, decide, validateOnly, done, () => checkTotal(topics, this.config))
  }

  /** Creates one topic, without a quota. */
  createTopic(topic: NewTopic, done: (outcome: Outcome) => void): void {
    this.createTopics([topic], {}, ([answer]) => done(answer!))
  }

  /** Creates an internal topic with the settings that its coordinator needs. */
  createInternalTopic(name: string, done: (outcome: Outcome) => void): void {
    const { numPartitions, configs } = internalTopic(name, this.config)
    // Kafka's default is three replicas, and a cluster of one must lower it. There is no replication here yet.
    this.createTopic({ name, numPartitions, replicationFactor: 1, assignments: [], configs }, done)
  }

  /** Deletes the topics with these ids. */
  deleteTopics(
    ids: readonly string[],
    { charge = NO_CHARGE }: ChangeOptions,
    done: (answers: readonly Outcome[]) => void,
  ): void {
    this.decideAll(ids, (id) => decideDeleteTopic(this.latest, id, charge), false, done)
  }

  /** Adds partitions to topics. */
  createPartitions(
    requests: readonly NewPartitions[],
    { validateOnly = false, charge = NO_CHARGE }: ChangeOptions,
    done: (answers: readonly Outcome[]) => void,
  ): void {
    this.decideAll(requests, (each) => decideCreatePartitions(this.latest, each, charge), validateOnly, done)
  }

  /** Sets and removes quotas; each entity has its own result (quota-decisions.ts). */
  alterClientQuotas(
    changes: readonly QuotaChange[],
    validateOnly: boolean,
    done: (answers: readonly Outcome[]) => void,
  ): void {
    this.decideAll(changes, (change) => decideQuotas(this.latest, change), validateOnly, done)
  }

  /** Sets and removes SCRAM passwords (scram-decisions.ts). */
  alterScram(changes: ScramChanges, done: (results: readonly ScramResult[]) => void): void {
    const users = [...changes.deletions, ...changes.upsertions].map(({ name }) => name)
    const all = (outcome: Outcome): void => done([...new Set(users)].map((user) => ({ user, ...outcome })))
    this.attempt(all, () => {
      const { records, results } = decideScram(this.latest, changes, this.passwordHashes)
      if (records.length === 0) return done(results)
      this.commit(records, (outcome) => (outcome.errorCode === ErrorCode.NONE ? done(results) : all(outcome)))
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
      checkCount(changes.length)
      const records = decideChanges(this.latest, this.config, type, name, changes)
      if (validateOnly || records.length === 0) return done(DONE)
      this.commit(records, done)
    })
  }

  /** Changes the levels of features: all of them, or none. */
  updateFeatures(
    updates: readonly FeatureUpdate[],
    validateOnly: boolean,
    done: (outcome: Outcome) => void,
  ): void {
    this.attempt(done, () => {
      checkCount(updates.length)
      const records = decideFeatures(this.latest, updates)
      if (validateOnly || records.length === 0) return done(DONE)
      this.commit(records, done)
    })
  }

  /** Allocates a block of producer ids to a node. */
  allocateProducerIds(
    nodeId: number,
    done: (error: ErrorCode, block?: { firstProducerId: number; size: number }) => void,
  ): void {
    const { record, block } = decideProducerIds(this.latest, nodeId)
    this.commit([record], ({ errorCode }) =>
      errorCode === ErrorCode.NONE ? done(errorCode, block) : done(errorCode),
    )
  }

  close(): void {
    this.preparing?.cancel()
    this.log.close()
  }

  private newId(): string {
    return randomUuid((length) => this.core.random.bytes(length))
  }

  /** Runs a decision; an error that it throws becomes the outcome. */
  private attempt(done: (outcome: Outcome) => void, decide: () => void): void {
    try {
      decide()
    } catch (error) {
      done(outcomeOf(error, this.core))
    }
  }

  /**
   * Decides on each item separately. The records of all valid items are one batch, so all of them are written or none
   * (METADATA-LOG-1).
   */
  private decideAll<Item, Decision extends { readonly records: readonly MetadataRecordInput[] }>(
    items: readonly Item[],
    decide: (item: Item, at: number) => Decision,
    validateOnly: boolean,
    done: (answers: readonly Answer<Decision>[]) => void,
    checkAll: () => void = () => {},
  ): void {
    const all = (outcome: Outcome): void => done(items.map(() => outcome))
    this.attempt(all, () => {
      checkCount(items.length)
      checkAll()
      const answers = decideEach(items, decide, this.core)
      const records = answers.flatMap(({ decision }) => decision?.records ?? [])
      checkBatch(records)
      if (validateOnly || records.length === 0) return done(answers)
      this.commit(records, (outcome) =>
        outcome.errorCode === ErrorCode.NONE
          ? done(answers)
          : done(answers.map((each) => (each.decision ? outcome : each))),
      )
    })
  }

  /** Appends a decision; calls `done` once it is on disk and published (CONTROLLER-1). */
  private commit(records: readonly MetadataRecordInput[], done: (outcome: Outcome) => void): void {
    this.attempt(done, () => {
      this.decide(records)
      this.log.whenFlushed((error) => {
        if (error) return done({ errorCode: ErrorCode.KAFKA_STORAGE_ERROR, message: error.message })
        this.publish(this.log.flushedOffset, () => done(DONE))
      })
    })
  }

  /** Appends records; later decisions see them at once (CONTROLLER-2). */
  private decide(records: readonly MetadataRecordInput[]): void {
    if (records.length === 0) return
    this.log.append(records, (record, offset) => {
      replayRecord(this.latest, record, offset)
      this.unpublished.push({ record, offset })
    })
  }

  /** Publishes an image with all records below `end`, then calls `done`. One image at a time, in order. */
  private publish(end: number, done: () => void): void {
    this.waiting.push({ end, done })
    if (!this.isPublishing) this.publishNext()
  }

  private publishNext(): void {
    const end = this.waiting.at(-1)!.end
    // The records are sorted by offset, so the first one is enough to look at.
    const [first] = this.unpublished
    if (!first || first.offset >= end) return this.answer(end)
    const image = copyOf(this.published)
    const after = this.unpublished.findIndex(({ offset }) => offset >= end)
    const records = this.unpublished.splice(0, after < 0 ? this.unpublished.length : after)
    this.isPublishing = true
    const prepared = (): void => {
      this.isPublishing = false
      this.handOut(image)
      this.answer(end)
    }
    this.preparing = this.turns.run(this.prepare(image, records), prepared, (error) => {
      this.core.log('error', `controller: ${error instanceof Error ? error.stack : String(error)}`)
      prepared()
    })
  }

  private *prepare(image: ImageBuilder, records: readonly Unpublished[]): Steps<void> {
    for (const { record, offset } of records) {
      if (this.turns.isOver) yield
      replayRecord(image, record, offset)
    }
    for (const { prepare } of [...this.listeners]) yield* prepare(image, this.turns)
  }

  private handOut(image: ImageBuilder): void {
    this.published = image
    this.core.trace?.({ type: 'image', offset: image.offset, topics: image.topics.size })
    for (const { follow } of [...this.listeners]) follow(image)
    this.snapshots.maybeWrite(image, this.log)
  }

  /** Completes the requests that wait for records below `end`, and continues with the next image for the others. */
  private answer(end: number): void {
    const left = this.waiting.findIndex((each) => each.end > end)
    for (const { done } of this.waiting.splice(0, left < 0 ? this.waiting.length : left)) done()
    if (this.waiting.length > 0 && !this.isPublishing) this.publishNext()
  }
}

/** For a listener that needs no preparation. */
function* noPreparation(): Steps<void> {}

function copyOf(image: ImageBuilder): ImageBuilder {
  return new ImageBuilder(image.clusterId, image.controllerId, image)
}
