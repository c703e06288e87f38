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
 * CONTROLLER-1  a request completes after its records are on disk and after every listener has applied the new image
 *     (metadata/image-publisher.ts)
 * CONTROLLER-2  a decision sees all earlier ones, even if they are not on disk yet
 *
 * (org.apache.kafka.controller.QuorumController)
 */
import type { BrokerConfig } from '../config/broker-config.ts'
import type { Core, Timer } from '../core.ts'
import type { AlterPartitionRequest } from '../messages/alter-partition.ts'
import type { MetadataRecordInput } from '../messages/records/metadata-frame.ts'
import { writeQuorumState } from '../quorum/quorum-state.ts'
import { finish, oneStep, type Steps, Turns } from '../turns.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { Int64 } from '../wire/int64.ts'
import { randomUuid } from '../wire/uuid.ts'
import { decideBootstrap } from './bootstrap.ts'
import { checkDeadline, DecisionQueue } from './decision-queue.ts'
import {
  decideControllerRegistration,
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
import { type ImageListener, type ImagePreparer, ImagePublisher } from './metadata/image-publisher.ts'
import { ImageBuilder, type MetadataImage } from './metadata/metadata-image.ts'
import type { MetadataLog } from './metadata/metadata-log.ts'
import { replayRecord } from './metadata/replay-record.ts'
import { SnapshotGenerator } from './metadata/snapshot-generator.ts'
import { type AlterPartitionDecision, decideAlterPartition } from './replicas/alter-partition.ts'
import { decideElections, decideRestart, decideUnregistered } from './replicas/broker-changes.ts'
import { decideBalance, decideElection, decideUncleanElections, type Election } from './replicas/elections.ts'
import { decideReassignment, type Move } from './replicas/reassign.ts'
import type { ReplicaContext } from './replicas/replica-context.ts'

export type { NodeEndpoint } from './decisions/broker-decisions.ts'
export type { Answer, Outcome } from './decisions/outcome.ts'

export class Controller {
  private readonly core: Core
  private readonly config: BrokerConfig
  private readonly log: MetadataLog
  private readonly snapshots: SnapshotGenerator
  private readonly passwordHashes: PasswordHashes | undefined
  private readonly turns: Turns
  private readonly decisions: DecisionQueue
  /** By name: what is decided from time to time. */
  private readonly repeated = new Map<string, Timer>()
  /** The image with all decisions, on disk or not (CONTROLLER-2). */
  private readonly latest: ImageBuilder
  /** The image that is on disk and visible to all nodes. */
  private readonly published: ImagePublisher

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
    const onPublished = (image: MetadataImage): void => this.snapshots.maybeWrite(image, this.log)
    this.published = new ImagePublisher({ core: options.core, turns: this.turns, onPublished }, this.latest)
  }

  /** The newest image that is on disk. */
  get image(): MetadataImage {
    return this.published.image
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
    this.published.restart(this.latest)
    if (isNew) finish(this.append(decideBootstrap(this.config)))
    // One after the other: the last one in an ISR is the one that may lead again.
    for (const { id, fenced } of [...this.latest.brokers.values()])
      if (!fenced) finish(this.append(decideRestart(this.replicaContext, id)))
    finish(this.append([decideControllerRegistration(this.log.voter, this.newId())]))
    this.electFromTimeToTime()
    // Not awaited: clients are served after a broker has registered, and that waits until these are on disk, too.
    this.published.publish(this.log.endOffset, () => {})
  }

  /** Adds a listener for new images; returns a function that removes it (metadata/image-publisher.ts). */
  onImage(follow: ImageListener, prepare?: ImagePreparer): () => void {
    return this.published.onImage(follow, prepare)
  }

  /**
   * Registers a node with a new broker epoch. It leads its partitions without other replicas again, and those that have no
   * leader and may be led by it. `cleanEpoch`: the broker epoch of the shutdown before, if it was clean.
   */
  registerBroker(endpoint: NodeEndpoint, done: (outcome: Outcome) => void, cleanEpoch?: number): void {
    this.change(() => {
      const registration = { brokerEpoch: this.log.endOffset, incarnationId: this.newId(), cleanEpoch }
      return decideRegistration(this.replicaContext, endpoint, registration)
    }, done)
    this.change(
      () => decideElections(this.replicaContext),
      () => {},
    )
  }

  /** A leader's proposal of new ISRs; `done` gets the results of its partitions (replicas/alter-partition.ts). */
  alterPartition(
    request: AlterPartitionRequest,
    apiVersion: number,
    done: (outcome: Outcome, topics: AlterPartitionDecision['topics']) => void,
  ): void {
    let topics: AlterPartitionDecision['topics'] = []
    const decide = (): readonly MetadataRecordInput[] => {
      const decision = decideAlterPartition(this.replicaContext, request, apiVersion)
      topics = decision.topics
      return decision.records
    }
    this.change(decide, (outcome) => done(outcome, topics))
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
    const settings = internalTopic(name, this.config, this.latest.brokers.size)
    this.createTopic({ name, assignments: [], ...settings }, done)
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

  /** Moves partitions to other brokers, or cancels a move; each has its own result (replicas/reassign.ts). */
  alterReassignments(
    moves: readonly Move[],
    options: ChangeOptions,
    done: (answers: readonly Outcome[]) => void,
  ): void {
    const decide = ({ topic, partition, replicas }: Move) => {
      const change = decideReassignment(this.replicaContext, topic, partition, replicas)
      return { records: change ? [change] : [] }
    }
    this.decideAll(moves, decide, options, done)
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

  /** Elections that the controller begins by itself (replicas/elections.ts). */
  private electFromTimeToTime(): void {
    const balance = (): readonly MetadataRecordInput[] =>
      this.config.get('auto.leader.rebalance.enable') ? decideBalance(this.replicaContext).records : []
    const unclean = (): readonly MetadataRecordInput[] => decideUncleanElections(this.replicaContext).records
    this.repeat('balance', this.config.get('leader.imbalance.check.interval.seconds') * 1000, balance)
    this.repeat('unclean elections', this.config.get('unclean.leader.election.interval.ms'), unclean)
  }

  /** Decides every `ms`, in a cluster of several brokers. */
  private repeat(name: string, ms: number, decide: () => readonly MetadataRecordInput[]): void {
    const again = (): void => {
      if (this.latest.brokers.size > 1) this.change(decide, () => {})
      this.repeat(name, ms, decide)
    }
    this.repeated.set(name, this.core.timers.set(ms, again, name))
  }

  close(): void {
    for (const timer of this.repeated.values()) timer.cancel()
    this.decisions.close()
    this.published.close()
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
          this.published.publish(this.log.flushedOffset, () => done(DONE))
        })
      }.bind(this),
    )
  }

  /** Appends records and replays them; later decisions see them (CONTROLLER-2). Returns false if there are none. */
  private *append(records: readonly MetadataRecordInput[]): Steps<boolean> {
    if (records.length === 0) return false
    const appended = yield* this.log.append(records, this.turns)
    this.published.add(appended)
    for (const { record, offset } of appended) {
      if (this.turns.isOver) yield
      replayRecord(this.latest, record, offset)
    }
    return true
  }
}
