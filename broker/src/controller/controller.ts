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
 * - requests are decided one after the other; a large one takes many turns (decision-queue.ts)
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
import type { MetadataRecordInput } from '../messages/records/metadata-frame.ts'
import { writeQuorumState } from '../quorum/quorum-state.ts'
import { finish, type Job, oneStep, type Steps, Turns } from '../turns.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { Int64 } from '../wire/int64.ts'
import { randomUuid } from '../wire/uuid.ts'
import { decideBootstrap } from './bootstrap.ts'
import { checkDeadline, DecisionQueue } from './decision-queue.ts'
import {
  decideControllerRegistration,
  decideFencing,
  decideProducerIds,
  decideRegistration,
  type NodeEndpoint,
} from './decisions/broker-decisions.ts'
import { type ConfigAlteration, decideAlteration } from './decisions/config-decisions.ts'
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
import type { AppendedRecord, MetadataLog } from './metadata/metadata-log.ts'
import { replayRecord } from './metadata/replay-record.ts'
import { SnapshotGenerator } from './metadata/snapshot-generator.ts'
import { decideUnregistered } from './replicas/broker-changes.ts'
import { decideElection, type Election } from './replicas/elections.ts'
import type { ReplicaContext } from './replicas/replica-context.ts'

export type { NodeEndpoint } from './decisions/broker-decisions.ts'
export type { Answer, Outcome } from './decisions/outcome.ts'

export type ImageListener = (image: MetadataImage) => void
/** Prepares a node for an image before it is published: opens the logs of new partitions, in turns. */
export type ImagePreparer = (image: MetadataImage, turns: Turns) => Steps<void>

export class Controller {
  private readonly core: Core
  private readonly config: BrokerConfig
  private readonly log: MetadataLog
  private readonly snapshots: SnapshotGenerator
  private readonly passwordHashes: PasswordHashes | undefined
  private readonly turns: Turns
  private readonly decisions: DecisionQueue
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
  /** Records of decisions that are in no published image yet, sorted by offset. */
  private readonly unpublished: AppendedRecord[] = []

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
    this.decisions = new DecisionQueue(this.turns, (error) => outcomeOf(error, options.core))
    this.config = options.config
    this.log = options.log
    this.snapshots = new SnapshotGenerator({ ...options, turns: this.turns })
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
    finish(this.append(isNew ? decideBootstrap(this.config) : decideFencing(this.latest)))
    finish(this.append([decideControllerRegistration(this.log.voter, this.newId())]))
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
    this.change(() => {
      const registration = { brokerEpoch: this.log.endOffset, incarnationId: this.newId() }
      return decideRegistration(this.latest, endpoint, registration)
    }, done)
  }

  /** Removes a node that will not come back. */
  unregisterBroker(brokerId: number, done: (outcome: Outcome) => void): void {
    this.change(() => decideUnregistered(this.replicaContext, brokerId), done)
  }

  /** Creates the valid topics. With `validateOnly` only returns what they would be. */
  createTopics(
    topics: readonly NewTopic[],
    options: ChangeOptions,
    done: (answers: readonly Answer<NewTopicDecision>[]) => void,
  ): void {
    const { charge = NO_CHARGE } = options
    const context = { config: this.config, id: (): string => this.newId(), charge, dice: this.dice }
    const decide = (topic: NewTopic): NewTopicDecision => decideCreateTopic(this.latest, topic, context)
    this.decideAll(topics, decide, options, done, () => checkTotal(topics, this.config))
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
    options: ChangeOptions,
    done: (answers: readonly Outcome[]) => void,
  ): void {
    const { charge = NO_CHARGE } = options
    this.decideAll(ids, (id) => decideDeleteTopic(this.latest, id, charge), options, done)
  }

  /** Adds partitions to topics. */
  createPartitions(
    requests: readonly NewPartitions[],
    options: ChangeOptions,
    done: (answers: readonly Outcome[]) => void,
  ): void {
    const { charge = NO_CHARGE } = options
    this.decideAll(
      requests,
      (each) => decideCreatePartitions(this.latest, each, { charge, dice: this.dice }),
      options,
      done,
    )
  }

  /** Sets and removes quotas; each entity has its own result (quota-decisions.ts). */
  alterClientQuotas(
    changes: readonly QuotaChange[],
    validateOnly: boolean,
    done: (answers: readonly Outcome[]) => void,
  ): void {
    this.decideAll(changes, (change) => decideQuotas(this.latest, change), { validateOnly }, done)
  }

  /** Sets and removes SCRAM passwords (scram-decisions.ts). */
  alterScram(changes: ScramChanges, done: (results: readonly ScramResult[]) => void): void {
    let results: readonly ScramResult[] | undefined
    const decide = (): readonly MetadataRecordInput[] => {
      checkCount(changes.deletions.length + changes.upsertions.length)
      const decided = decideScram(this.latest, changes, this.passwordHashes)
      results = decided.results
      return decided.records
    }
    this.change(decide, (outcome) => {
      if (results && outcome.errorCode === ErrorCode.NONE) return done(results)
      const users = [...changes.deletions, ...changes.upsertions].map(({ name }) => name)
      done([...new Set(users)].map((user) => ({ user, ...outcome })))
    })
  }

  /** Elects leaders of partitions; each has its own result (replicas/elections.ts). */
  electLeaders(
    elections: readonly Election[],
    options: ChangeOptions,
    done: (answers: readonly Outcome[]) => void,
  ): void {
    const decide = ({ topic, partition, type }: Election) => ({
      records: [decideElection(this.replicaContext, topic, partition, type)],
    })
    this.decideAll(elections, decide, options, done)
  }

  /** Changes the settings of resources; each of them completely or not at all (config-decisions.ts). */
  alterConfigs(
    resources: readonly ConfigAlteration[],
    validateOnly: boolean,
    done: (answers: readonly Outcome[]) => void,
  ): void {
    const decide = (each: ConfigAlteration) => ({
      records: decideAlteration(this.latest, this.config, each),
    })
    this.decideAll(resources, decide, { validateOnly }, done)
  }

  /** Changes the levels of features: all of them, or none. */
  updateFeatures(
    updates: readonly FeatureUpdate[],
    validateOnly: boolean,
    done: (outcome: Outcome) => void,
  ): void {
    this.change(() => {
      checkCount(updates.length)
      const records = decideFeatures(this.latest, updates)
      return validateOnly ? [] : records
    }, done)
  }

  /** Allocates a block of producer ids to a node; `brokerEpoch`: the epoch that it names in its request, to be checked. */
  allocateProducerIds(
    nodeId: number,
    done: (error: ErrorCode, block?: { firstProducerId: number; size: number }) => void,
    brokerEpoch?: Int64,
  ): void {
    let allocated: { firstProducerId: number; size: number } | undefined
    const decide = (): readonly MetadataRecordInput[] => {
      const { record, block } = decideProducerIds(this.latest, nodeId, brokerEpoch)
      allocated = block
      return [record]
    }
    this.change(decide, ({ errorCode }) =>
      errorCode === ErrorCode.NONE ? done(errorCode, allocated) : done(errorCode),
    )
  }

  close(): void {
    this.decisions.close()
    this.preparing?.cancel()
    this.snapshots.close()
    this.log.close()
  }

  private readonly dice = (bound: number): number => this.core.random.int(bound)

  private get replicaContext(): ReplicaContext {
    return { image: this.latest, config: this.config }
  }

  private newId(): string {
    return randomUuid((length) => this.core.random.bytes(length))
  }

  /**
   * Decides on each item separately. The records of all valid items are one batch, so all of them are written or none
   * (METADATA-LOG-1).
   */
  private decideAll<Item, Decision extends { readonly records: readonly MetadataRecordInput[] }>(
    items: readonly Item[],
    decide: (item: Item, at: number) => Decision,
    { validateOnly = false, deadlineMs }: ChangeOptions,
    done: (answers: readonly Answer<Decision>[]) => void,
    checkAll: () => void = () => {},
  ): void {
    const { core, turns } = this
    let answers: readonly Answer<Decision>[] | undefined
    const decideEachItem = function* (): Steps<readonly MetadataRecordInput[]> {
      checkDeadline(deadlineMs, core.clock.monotonicMs())
      checkCount(items.length)
      checkAll()
      const decided = yield* decideEach(turns, items, decide, core)
      const records: MetadataRecordInput[] = []
      for (const { decision } of decided) {
        if (turns.isOver) yield
        records.push(...(decision?.records ?? []))
        checkBatch(records)
      }
      answers = decided
      return validateOnly ? [] : records
    }
    this.changeInTurns(decideEachItem, (outcome) => {
      if (!answers) return done(items.map(() => outcome))
      const isDone = outcome.errorCode === ErrorCode.NONE
      done(isDone ? answers : answers.map((each) => (each.decision ? outcome : each)))
    })
  }

  /** Queues a short decision: `decide` returns its records, or throws the error that becomes the outcome. */
  private change(decide: () => readonly MetadataRecordInput[], done: (outcome: Outcome) => void): void {
    this.changeInTurns(() => oneStep(decide), done)
  }

  /** Queues a decision. `done` is called when its records are on disk and published (CONTROLLER-1), or with its error. */
  private changeInTurns(
    decide: () => Steps<readonly MetadataRecordInput[]>,
    done: (outcome: Outcome) => void,
  ): void {
    const { core } = this
    this.decisions.add(
      function* (this: Controller): Steps<void> {
        let isWritten = false
        try {
          isWritten = yield* this.append(yield* decide())
        } catch (error) {
          return done(outcomeOf(error, core))
        }
        if (!isWritten) return done(DONE)
        this.log.whenFlushed((error) => {
          if (error) return done({ errorCode: ErrorCode.KAFKA_STORAGE_ERROR, message: error.message })
          this.publish(this.log.flushedOffset, () => done(DONE))
        })
      }.bind(this),
    )
  }

  /** Appends records and replays them; later decisions see them (CONTROLLER-2). Returns false if there are none. */
  private *append(records: readonly MetadataRecordInput[]): Steps<boolean> {
    if (records.length === 0) return false
    const appended = yield* this.log.append(records, this.turns)
    this.unpublished.push(...appended)
    for (const { record, offset } of appended) {
      if (this.turns.isOver) yield
      replayRecord(this.latest, record, offset)
    }
    return true
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

  private *prepare(image: ImageBuilder, records: readonly AppendedRecord[]): Steps<void> {
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
