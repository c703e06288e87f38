/**
 * The replicas of this node.
 *
 * The replica manager follows the metadata: it opens or creates the log of a partition that is assigned to this node, gives it
 * its role (partition.ts), starts and stops copying from leaders (replica-fetchers.ts), and deletes the log when the topic is
 * deleted or the replica moves to another node.
 *
 *   metadata                                  replica here
 *   this node is a replica, and leads         leader
 *   this node is a replica                    follower of the leader, if there is one
 *   this node is no replica, or no topic      none; its log is deleted
 *
 * Request handlers get the leader of a partition here, or the error that tells the client what to do:
 *
 *   not in the metadata             UNKNOWN_TOPIC_OR_PARTITION   the client refreshes its metadata, or gives up
 *   another topic with this name    INCONSISTENT_TOPIC_ID        the topic was deleted and created again
 *   led by another node             NOT_LEADER_OR_FOLLOWER       the client connects to that node
 *   its disk failed                 KAFKA_STORAGE_ERROR          the client waits for another leader
 *
 * REPLICA-MANAGER-1  a partition is served while this node is its leader in the metadata and its log is open
 * REPLICA-MANAGER-2  a failing disk of one partition does not affect other partitions
 * REPLICA-MANAGER-3  a log is opened once, and only its Partition has it, from the assignment of the replica until its end: a
 *     change of leader neither closes nor opens it
 *
 * (kafka.server.ReplicaManager)
 */

import type { Core, Timer } from '../core.ts'
import { StorageError } from '../core.ts'
import { Counters } from '../counters.ts'
import { DiskTroubles, explain } from '../log/disk-trouble.ts'
import type { LogManager } from '../log/log-manager.ts'
import { changedKeys } from '../shared-map.ts'
import { isInternalTopic, partitionKey } from '../topic-names.ts'
import type { Steps, Turns } from '../turns.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { ZERO_UUID } from '../wire/uuid.ts'
import type { AssignedBroker, AssignedPartition, AssignedTopic, Assignment } from './assignment.ts'
import { type FetchSessionSettings, FetchSessions } from './fetch-session.ts'
import type { IsrProposals } from './isr-updates.ts'
import { Partition, type PartitionHost } from './partition.ts'
import { Purgatory } from './purgatory.ts'
import type { ReplicaFetchers } from './replica-fetchers.ts'

/** The process or the machine has no file descriptors left; this does not mean that the disk has failed. */
const NO_DESCRIPTOR: readonly string[] = ['EMFILE', 'ENFILE']
const RETRY_MS = 5000
const NO_TOPICS: ReadonlyMap<string, AssignedTopic> = new Map()
/** replica.lag.time.max.ms by default. */
const LAG_MS_MAX = 30_000

/** How this node takes part in the replication of a cluster. Without it every partition has one replica. */
export interface Replication {
  readonly isrProposals: IsrProposals
  readonly fetchers: ReplicaFetchers
}

export class ReplicaManager {
  /** Fetches that wait for records. */
  readonly purgatory: Purgatory
  /** Requests that wait for other replicas: Produce with acks=all, DeleteRecords. */
  readonly waitingForReplicas: Purgatory
  readonly sessions: FetchSessions
  readonly counters: Counters
  private readonly core: Core
  private readonly nodeId: number
  private readonly logs: LogManager
  /** Every replica of this node. */
  private readonly hosted = new Map<string, Partition>()
  /** Those that this node leads. */
  private readonly led = new Map<string, Partition>()
  /** Those of them that have followers. */
  private readonly replicated = new Set<Partition>()
  private readonly troubles: DiskTroubles
  private image: Assignment | undefined
  private readonly waitingForDescriptor = new Set<string>()
  private retry: Timer | undefined
  private readonly onReopened: () => void
  private isClosed = false
  private readonly host: PartitionHost
  private readonly replication: Replication | undefined
  /** Set while this node leads a partition that has followers. */
  private isrCheck: Timer | undefined

  /** `onReopened`: called when partitions that could not be opened before are served. */
  constructor(options: {
    core: Core
    nodeId: number
    logs: LogManager
    sessions: FetchSessionSettings
    counters?: Counters
    turns?: Turns
    onReopened?: () => void
    replication?: Replication | undefined
    /** replica.lag.time.max.ms */
    lagMsMax?: () => number
  }) {
    this.onReopened = options.onReopened ?? (() => {})
    this.counters = options.counters ?? new Counters()
    this.core = options.core
    this.nodeId = options.nodeId
    this.logs = options.logs
    this.troubles = new DiskTroubles(options.core.clock, options.core.log)
    const { timers, random, clock } = options.core
    this.purgatory = new Purgatory(timers, options.turns)
    this.waitingForReplicas = new Purgatory(timers, options.turns)
    this.replication = options.replication
    this.host = {
      nodeId: options.nodeId,
      monotonicMs: () => clock.monotonicMs(),
      lagMsMax: options.lagMsMax ?? (() => LAG_MS_MAX),
      broker: (id) => this.broker(id),
      isrProposals: options.replication?.isrProposals,
      trace: options.core.trace,
      moved: (partition) => this.moved(partition),
    }
    this.sessions = new FetchSessions(
      options.sessions,
      (bound) => random.int(bound),
      () => clock.monotonicMs(),
    )
  }

  /**
   * Applies new metadata: opens, deletes and updates partitions, and pauses between two of them when the turn is over.
   * Unchanged topics cost nothing.
   */
  *apply(image: Assignment, pace: { readonly isOver: boolean }): Steps<void> {
    const before = this.image?.topics ?? NO_TOPICS
    this.image = image
    const names = changedKeys(before, image.topics)
    for (const name of names) {
      const topic = before.get(name)
      if (topic && image.topic(name)?.id !== topic.id) yield* this.deleteTopic(topic, pace)
    }
    for (const name of names) {
      const topic = image.topic(name)
      for (const [index, partition] of topic?.partitions.entries() ?? []) {
        if (pace.isOver) yield
        if (this.isClosed) return
        this.follow(topic!, index, partition)
      }
    }
    this.replication?.fetchers.closeIdle()
    this.scheduleIsrCheck()
  }

  /** A registered broker in the newest metadata. */
  broker(id: number): AssignedBroker | undefined {
    return this.image?.brokers.get(id)
  }

  private *deleteTopic({ name, partitions }: AssignedTopic, pace: { readonly isOver: boolean }): Steps<void> {
    for (const index of partitions.keys()) {
      if (pace.isOver) yield
      if (this.isClosed) return
      const partition = this.hosted.get(partitionKey(name, index))
      if (partition) this.delete(partition)
    }
    this.counters.forgetTopic(name)
  }

  /** Updates the settings of these topics' logs; 'all' if the broker's defaults have changed. */
  applySettings(topics: readonly string[] | 'all'): void {
    if (topics === 'all') {
      for (const partition of this.hosted.values()) this.updateSettings(partition)
      return
    }
    for (const topic of topics)
      for (const index of this.image?.topic(topic)?.partitions.keys() ?? []) {
        const partition = this.replica(topic, index)
        if (partition) this.updateSettings(partition)
      }
  }

  private updateSettings(partition: Partition): void {
    if (partition.role !== 'offline') this.logs.updateConfig(partition.log)
  }

  /** Opens the replica if it is new, and gives it the role that the metadata says. */
  private follow(topic: AssignedTopic, index: number, assigned: AssignedPartition): void {
    const key = partitionKey(topic.name, index)
    const known = this.hosted.get(key)
    if (!assigned.replicas.includes(this.nodeId)) {
      if (known) this.delete(known)
      return
    }
    if (known?.role !== 'offline') this.bringUp(known ?? this.create(topic, index), assigned)
  }

  private bringUp(partition: Partition, assigned: AssignedPartition): void {
    const { topic, index, topicId } = partition
    try {
      if (partition.role === 'offline') partition.open(this.logs.open(topic, index, topicId))
      this.assign(partition, assigned)
    } catch (error) {
      this.takeOffline(partition, error)
    }
  }

  private create({ name, id }: AssignedTopic, index: number): Partition {
    const counters = this.counters.ofTopic(name)
    const partition = new Partition({ topic: name, topicId: id, index, counters, host: this.host })
    this.hosted.set(partition.key, partition)
    return partition
  }

  private assign(partition: Partition, assigned: AssignedPartition): void {
    const { key } = partition
    if (assigned.leader === this.nodeId) {
      const mustCheck = partition.lead(assigned)
      if (!partition.leadership) return
      this.led.set(key, partition)
      if (partition.leadership.followerCount > 0) this.replicated.add(partition)
      else this.replicated.delete(partition)
      this.replication?.fetchers.forget(key)
      if (mustCheck) this.checkDelayed(key)
      return
    }
    const isNew = partition.follow(assigned)
    const wasLed = this.stopLeading(partition)
    if (isNew) this.replication?.fetchers.follow(partition)
    if (wasLed) this.checkDelayed(key)
  }

  /** Returns whether this node has led the partition until now. */
  private stopLeading(partition: Partition): boolean {
    this.replicated.delete(partition)
    return this.led.delete(partition.key)
  }

  /** Takes a partition offline whose log is lost, until the broker is restarted. */
  lose(topic: string, index: number, error: Error): void {
    const partition = this.replica(topic, index)
    if (!partition || partition.role === 'offline') return
    this.takeOffline(partition, error)
    this.checkDelayed(partition.key)
  }

  private delete(partition: Partition): void {
    const { key } = partition
    this.hosted.delete(key)
    this.stopLeading(partition)
    this.replication?.fetchers.forget(key)
    this.waitingForDescriptor.delete(key)
    const hadLog = partition.role !== 'offline'
    partition.close(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    try {
      if (hadLog) this.logs.delete(partition.log)
    } catch (error) {
      this.core.log('warn', `could not delete the log of ${key}: ${String(error)}`)
    }
    this.checkDelayed(key)
  }

  /** The replica of this node, whatever its role; undefined if it has none. */
  replica(topic: string, index: number): Partition | undefined {
    return this.hosted.get(partitionKey(topic, index))
  }

  /** The partition, if this node leads it. */
  find(topic: string, index: number): Partition | undefined {
    return this.led.get(partitionKey(topic, index))
  }

  /** The partition, if this node leads it; throws the KafkaErrors of the table above. `topicId`: from the request. */
  leader(topic: string, index: number, topicId: string = ZERO_UUID): Partition {
    const partition = this.find(topic, index)
    if (!partition) throw new KafkaError(this.leaderError(topic, index))
    if (topicId !== ZERO_UUID && topicId !== partition.topicId)
      throw new KafkaError(ErrorCode.INCONSISTENT_TOPIC_ID)
    return partition
  }

  /** As `leader`, but this node may also be a follower: consumers may read from it (KIP-392). */
  readable(topic: string, index: number, topicId: string = ZERO_UUID): Partition {
    const partition = this.replica(topic, index)
    const isReadable = partition?.role === 'follower' && [ZERO_UUID, partition.topicId].includes(topicId)
    return isReadable ? partition : this.leader(topic, index, topicId)
  }

  private leaderError(topic: string, index: number): ErrorCode {
    if (this.replica(topic, index)?.role === 'offline') return ErrorCode.KAFKA_STORAGE_ERROR
    const known = this.image?.topic(topic)?.partitions[index]
    return known ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  }

  /** The number of replicas of this node. */
  get partitionCount(): number {
    return this.hosted.size
  }

  /** Every replica whose log is open, led or not. */
  *online(): Generator<Partition> {
    for (const partition of this.hosted.values()) if (partition.role !== 'offline') yield partition
  }

  /** The keys of replicas whose disk failed. */
  offlinePartitions(): ReadonlySet<string> {
    const keys = new Set<string>()
    for (const { key, role } of this.hosted.values()) if (role === 'offline') keys.add(key)
    return keys
  }

  isInternal(topic: string): boolean {
    return isInternalTopic(topic)
  }

  /** Called after records were appended or deleted: checks the delayed operations of the partition. */
  moved(partition: Partition): void {
    this.core.trace?.({
      type: 'moved',
      topic: partition.topic,
      partition: partition.index,
      logStartOffset: partition.log.logStartOffset,
      highWatermark: partition.log.highWatermark,
      logEndOffset: partition.log.logEndOffset,
    })
    this.checkDelayed(partition.key)
  }

  private checkDelayed(key: string): void {
    if (this.waitingForReplicas.waiting > 0) this.waitingForReplicas.check(key)
    this.purgatory.check(key)
  }

  /** The error code for a thrown error. Errors that are neither KafkaErrors nor of the disk are bugs, and are logged. */
  errorCodeOf(error: unknown): ErrorCode {
    if (error instanceof KafkaError) return error.code
    if (error instanceof StorageError) {
      this.troubles.report(error.path, error)
      return ErrorCode.KAFKA_STORAGE_ERROR
    }
    this.core.log('error', `unexpected: ${error instanceof Error ? error.stack : String(error)}`)
    return ErrorCode.UNKNOWN_SERVER_ERROR
  }

  private takeOffline(partition: Partition, error: unknown): void {
    const { key } = partition
    partition.close(ErrorCode.KAFKA_STORAGE_ERROR)
    this.stopLeading(partition)
    this.replication?.fetchers.forget(key)
    if (error instanceof StorageError && NO_DESCRIPTOR.includes(error.code)) {
      this.troubles.report(key, error)
      this.retry ??= this.core.timers.set(RETRY_MS, () => this.reopen())
      this.waitingForDescriptor.add(key)
      return
    }
    this.core.log('error', `${key} is offline until the broker is restarted: ${explain(error)}`)
  }

  /** Only file descriptors were missing: tries to open the logs again. */
  private reopen(): void {
    this.retry = undefined
    const keys = [...this.waitingForDescriptor]
    this.waitingForDescriptor.clear()
    for (const key of keys) {
      const partition = this.hosted.get(key)
      const assigned = partition && this.image?.topic(partition.topic)?.partitions[partition.index]
      if (assigned) this.bringUp(partition, assigned)
    }
    this.onReopened()
  }

  /** Half as often as a follower may lag: so one that stops is removed after 1 to 1.5 times replica.lag.time.max.ms. */
  private scheduleIsrCheck(): void {
    if (!this.replication || this.isrCheck || this.isClosed || this.replicated.size === 0) return
    const check = (): void => {
      this.isrCheck = undefined
      for (const partition of this.replicated) partition.maybeShrinkIsr()
      this.scheduleIsrCheck()
    }
    this.isrCheck = this.core.timers.set(this.host.lagMsMax() / 2, check, 'check of the ISR')
  }

  /** Expires all delayed operations, and stops copying. The owner of the log manager closes the logs. */
  close(): void {
    this.retry?.cancel()
    this.isrCheck?.cancel()
    this.isClosed = true
    this.replication?.fetchers.close()
    this.waitingForReplicas.expireAll()
    this.purgatory.expireAll()
    this.hosted.clear()
    this.led.clear()
    this.replicated.clear()
  }
}
