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
 * CONTROLLER-1  a decision is answered after it is on disk and after every listener has followed the new image; nobody
 *     sees that image before every node was prepared for it, which takes many turns if it has thousands of new
 *     partitions
 * CONTROLLER-2  decisions see the ones before them, whether or not these are on disk yet
 * - one controller serves all nodes of this process; with one voter it needs no vote (metadata-log.ts)
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
  DONE,
  decideEach,
  FREE,
  type Outcome,
  outcomeOf,
  type WishOptions,
} from './decisions/outcome.ts'
import { decideGrowth, type MorePartitions } from './decisions/partition-decisions.ts'
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
  decideRemoval,
  decideTopic,
  type NewTopic,
  type TopicGrant,
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
/** Makes a node ready for an image that nobody has seen yet: it opens the logs of new partitions, in turns. */
export type ImagePreparer = (image: MetadataImage, turns: Turns) => Steps<void>

/** A record that is decided on, and in no image that was handed out. */
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
  /** Those who wait until all records below `end` are published. */
  private readonly waiting: { readonly end: number; readonly done: () => void }[] = []
  /** While nodes are prepared for the next image. */
  private preparing: Job | undefined
  private isPublishing = false
  /** With every decision, on disk or not (CONTROLLER-2). */
  private latest: ImageBuilder
  /** What is on disk, and what everybody sees. */
  private published: ImageBuilder
  /** Records that are decided and not yet published, each with its offset. */
  private readonly unpublished: Unpublished[] = []

  constructor(options: {
    core: Core
    config: BrokerConfig
    log: MetadataLog
    clusterId: string
    nodeId: number
    /** Without them no password can be set. */
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
   * Replays the newest snapshot and what the log has after it. Then the first decision: what a new cluster begins with, or that the brokers of before are fenced
   * until they register again.
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
    // Nobody is served before a broker has registered, and that is answered when these are on disk too.
    this.publish(this.log.endOffset, () => {})
  }

  /**
   * Prepares for each new image, then calls `follow` before anyone is answered (CONTROLLER-1); gives a function that
   * ends it.
   */
  onImage(follow: ImageListener, prepare: ImagePreparer = nothing): () => void {
    const listener = { follow, prepare }
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** A node registers, with a new broker epoch, and leads its partitions from now on. */
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

  /** Makes the topics that may be made, or with `validateOnly` says what they would be. */
  createTopics(
    topics: readonly NewTopic[],
    { validateOnly = false, charge = FREE }: WishOptions,
    done: (answers: readonly Answer<TopicGrant>[]) => void,
  ): void {
    const terms = { config: this.config, id: (): string => this.newId(), charge }
    const decide = (topic: NewTopic, at: number): TopicGrant =>
      decideTopic(this.latest, topic, { ...terms, place: this.latest.topics.size + at })
    this.grant(topics, decide, validateOnly, done, () => checkTotal(topics, this.config))
  }

  /** Makes one topic, at nobody's charge. */
  createTopic(topic: NewTopic, done: (outcome: Outcome) => void): void {
    this.createTopics([topic], {}, ([answer]) => done(answer!))
  }

  /** Makes an internal topic with the settings that its coordinator needs. */
  createInternalTopic(name: string, done: (outcome: Outcome) => void): void {
    const { numPartitions, configs } = internalTopic(name, this.config)
    // Kafka asks for three replicas, and for the key to be lowered on a cluster of one; here there is no replication yet.
    this.createTopic({ name, numPartitions, replicationFactor: 1, assignments: [], configs }, done)
  }

  /** Removes the topics with these ids. */
  deleteTopics(
    ids: readonly string[],
    { charge = FREE }: WishOptions,
    done: (answers: readonly Outcome[]) => void,
  ): void {
    this.grant(ids, (id) => decideRemoval(this.latest, id, charge), false, done)
  }

  /** Adds partitions. */
  createPartitions(
    wishes: readonly MorePartitions[],
    { validateOnly = false, charge = FREE }: WishOptions,
    done: (answers: readonly Outcome[]) => void,
  ): void {
    this.grant(wishes, (wish) => decideGrowth(this.latest, wish, charge), validateOnly, done)
  }

  /** Sets and removes quotas, each entity's on its own (quota-decisions.ts). */
  alterClientQuotas(
    changes: readonly QuotaChange[],
    validateOnly: boolean,
    done: (answers: readonly Outcome[]) => void,
  ): void {
    this.grant(changes, (change) => decideQuotas(this.latest, change), validateOnly, done)
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

  /** Moves features to other levels: all of them, or none. */
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

  /** A block of producer ids that nobody else gets. */
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

  /** What is thrown while a wish is decided is its answer. */
  private attempt(done: (outcome: Outcome) => void, decide: () => void): void {
    try {
      decide()
    } catch (error) {
      done(outcomeOf(error, this.core))
    }
  }

  /**
   * Decides on each wish by itself; what is granted is one batch, on disk as a whole or not at all (METADATA-LOG-1).
   */
  private grant<Wish, Grant extends { readonly records: readonly MetadataRecordInput[] }>(
    wishes: readonly Wish[],
    decide: (wish: Wish, at: number) => Grant,
    validateOnly: boolean,
    done: (answers: readonly Answer<Grant>[]) => void,
    checkAll: () => void = () => {},
  ): void {
    const all = (outcome: Outcome): void => done(wishes.map(() => outcome))
    this.attempt(all, () => {
      checkCount(wishes.length)
      checkAll()
      const answers = decideEach(wishes, decide, this.core)
      const records = answers.flatMap(({ granted }) => granted?.records ?? [])
      checkBatch(records)
      if (validateOnly || records.length === 0) return done(answers)
      this.commit(records, (outcome) =>
        outcome.errorCode === ErrorCode.NONE
          ? done(answers)
          : done(answers.map((each) => (each.granted ? outcome : each))),
      )
    })
  }

  /** Appends a decision and answers when it is on disk and followed (CONTROLLER-1). */
  private commit(records: readonly MetadataRecordInput[], done: (outcome: Outcome) => void): void {
    this.attempt(done, () => {
      this.decide(records)
      this.log.whenFlushed((error) => {
        if (error) return done({ errorCode: ErrorCode.KAFKA_STORAGE_ERROR, message: error.message })
        this.publish(this.log.flushedOffset, () => done(DONE))
      })
    })
  }

  /** Appends records; the decisions that follow see them (CONTROLLER-2). */
  private decide(records: readonly MetadataRecordInput[]): void {
    if (records.length === 0) return
    this.log.append(records, (record, offset) => {
      replayRecord(this.latest, record, offset)
      this.unpublished.push({ record, offset })
    })
  }

  /** Hands out an image with all records below `end`, and then calls `done`. One image at a time, in order. */
  private publish(end: number, done: () => void): void {
    this.waiting.push({ end, done })
    if (!this.isPublishing) this.publishNext()
  }

  private publishNext(): void {
    const end = this.waiting.at(-1)!.end
    // They are in the order of their offsets: a thousand that wait to be answered look at one of them each.
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
    this.snapshots.consider(image, this.log)
  }

  /** Answers those who waited for the records below `end`, and goes on with the next image for the others. */
  private answer(end: number): void {
    const left = this.waiting.findIndex((each) => each.end > end)
    for (const { done } of this.waiting.splice(0, left < 0 ? this.waiting.length : left)) done()
    if (this.waiting.length > 0 && !this.isPublishing) this.publishNext()
  }
}

/** For a listener that needs no preparation. */
function* nothing(): Steps<void> {}

function copyOf(image: ImageBuilder): ImageBuilder {
  return new ImageBuilder(image.clusterId, image.controllerId, image)
}
