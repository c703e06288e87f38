/**
 * The partitions that this node hosts.
 *
 * The replica manager follows the metadata: it opens or creates a new partition, deletes the log of a deleted topic, and
 * updates a changed leader epoch. Request handlers get the leader of a partition here, or the error that tells the client
 * what to do:
 *
 *   not in the metadata             UNKNOWN_TOPIC_OR_PARTITION   the client refreshes its metadata, or gives up
 *   another topic with this name    INCONSISTENT_TOPIC_ID        the topic was deleted and created again
 *   led by another node             NOT_LEADER_OR_FOLLOWER       the client connects to that node
 *   its disk failed                 KAFKA_STORAGE_ERROR          the client waits for another leader
 *
 * REPLICA-MANAGER-1  a partition is served while this node is its leader in the metadata and its log is open. After a
 *     resignation the log stays open, so that it is opened once, until its topic is deleted or the broker stops
 * REPLICA-MANAGER-2  a failing disk of one partition does not affect other partitions
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
import type { AssignedPartition, AssignedTopic, Assignment } from './assignment.ts'
import { type FetchSessionSettings, FetchSessions } from './fetch-session.ts'
import { Partition } from './partition.ts'
import { Purgatory } from './purgatory.ts'

/** The process or the machine has no file descriptors left; this does not mean that the disk has failed. */
const NO_DESCRIPTOR: readonly string[] = ['EMFILE', 'ENFILE']
const RETRY_MS = 5000
const NO_TOPICS: ReadonlyMap<string, AssignedTopic> = new Map()

export class ReplicaManager {
  readonly purgatory: Purgatory
  readonly sessions: FetchSessions
  readonly counters: Counters
  private readonly core: Core
  private readonly nodeId: number
  private readonly logs: LogManager
  private readonly hosted = new Map<string, Partition>()
  /** Partitions that this node led before and leads no more (REPLICA-MANAGER-1). */
  private readonly resigned = new Map<string, Partition>()
  private readonly offline = new Set<string>()
  private readonly troubles: DiskTroubles
  private image: Assignment | undefined
  private readonly waitingForDescriptor = new Set<string>()
  private retry: Timer | undefined
  private readonly onReopened: () => void
  private isClosed = false

  /** `onReopened`: called when partitions that could not be opened before are served. */
  constructor(options: {
    core: Core
    nodeId: number
    logs: LogManager
    sessions: FetchSessionSettings
    counters?: Counters
    turns?: Turns
    onReopened?: () => void
  }) {
    this.onReopened = options.onReopened ?? (() => {})
    this.counters = options.counters ?? new Counters()
    this.core = options.core
    this.nodeId = options.nodeId
    this.logs = options.logs
    this.troubles = new DiskTroubles(options.core.clock, options.core.log)
    const { timers, random, clock } = options.core
    this.purgatory = new Purgatory(timers, options.turns)
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
  }

  private *deleteTopic({ name, partitions }: AssignedTopic, pace: { readonly isOver: boolean }): Steps<void> {
    for (const index of partitions.keys()) {
      if (pace.isOver) yield
      if (this.isClosed) return
      this.offline.delete(partitionKey(name, index))
      const key = partitionKey(name, index)
      const partition = this.hosted.get(key) ?? this.resigned.get(key)
      if (partition) this.delete(partition)
    }
    this.counters.forgetTopic(name)
  }

  /** Updates the settings of these topics' logs; 'all' if the broker's defaults have changed. */
  applySettings(topics: readonly string[] | 'all'): void {
    if (topics === 'all') {
      for (const { log } of this.hosted.values()) this.logs.updateConfig(log)
      return
    }
    for (const topic of topics)
      for (const index of this.image?.topic(topic)?.partitions.keys() ?? []) {
        const partition = this.find(topic, index)
        if (partition) this.logs.updateConfig(partition.log)
      }
  }

  private follow(topic: AssignedTopic, index: number, { leader, leaderEpoch }: AssignedPartition): void {
    const key = partitionKey(topic.name, index)
    if (leader !== this.nodeId) return this.resign(key)
    if (this.offline.has(key)) return
    try {
      const known = this.hosted.get(key) ?? this.resigned.get(key)
      if (known) {
        known.setLeaderEpoch(leaderEpoch)
        this.resigned.delete(key)
        this.hosted.set(key, known)
        return
      }
      const log = this.logs.open(topic.name, index, topic.id)
      this.hosted.set(
        key,
        new Partition({
          topic: topic.name,
          topicId: topic.id,
          index,
          log,
          leaderEpoch,
          counters: this.counters.ofTopic(topic.name),
        }),
      )
      this.core.trace?.({
        type: 'leader',
        topic: topic.name,
        partition: index,
        node: this.nodeId,
        epoch: leaderEpoch,
      })
    } catch (error) {
      this.takeOffline(key, error)
    }
  }

  /** Takes a partition offline whose log is lost, until the broker is restarted. */
  lose(topic: string, index: number, error: Error): void {
    const key = partitionKey(topic, index)
    const isHosted = this.hosted.delete(key)
    if (!this.resigned.delete(key) && !isHosted) return
    this.takeOffline(key, error)
    this.purgatory.check(key)
  }

  /** This node is no longer the leader; the log stays open. */
  private resign(key: string): void {
    const partition = this.hosted.get(key)
    if (!partition) return
    this.hosted.delete(key)
    this.resigned.set(key, partition)
    this.purgatory.check(key)
  }

  private delete(partition: Partition): void {
    this.hosted.delete(partition.key)
    this.resigned.delete(partition.key)
    try {
      this.logs.delete(partition.log)
    } catch (error) {
      this.core.log('warn', `could not delete the log of ${partition.key}: ${String(error)}`)
    }
    this.purgatory.check(partition.key)
  }

  /** The partition, if this node leads it. */
  find(topic: string, index: number): Partition | undefined {
    return this.hosted.get(partitionKey(topic, index))
  }

  /** The partition, if this node leads it; throws the KafkaErrors of the table above. `topicId`: from the request. */
  leader(topic: string, index: number, topicId: string = ZERO_UUID): Partition {
    const partition = this.find(topic, index)
    if (!partition) throw new KafkaError(this.leaderError(topic, index))
    if (topicId !== ZERO_UUID && topicId !== partition.topicId)
      throw new KafkaError(ErrorCode.INCONSISTENT_TOPIC_ID)
    return partition
  }

  private leaderError(topic: string, index: number): ErrorCode {
    if (this.offline.has(partitionKey(topic, index))) return ErrorCode.KAFKA_STORAGE_ERROR
    const known = this.image?.topic(topic)?.partitions[index]
    return known ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  }

  /** The number of partitions that this node leads. */
  get partitionCount(): number {
    return this.hosted.size
  }

  /** Every partition that this node leads. */
  partitions(): IterableIterator<Partition> {
    return this.hosted.values()
  }

  /** The keys of partitions whose disk failed. */
  offlinePartitions(): ReadonlySet<string> {
    return this.offline
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
    this.purgatory.check(partition.key)
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

  private takeOffline(key: string, error: unknown): void {
    this.offline.add(key)
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
    const keys = new Set(this.waitingForDescriptor)
    this.waitingForDescriptor.clear()
    for (const key of keys) this.offline.delete(key)
    for (const topic of this.image?.topics.values() ?? []) {
      for (const [index, partition] of topic.partitions.entries())
        if (keys.has(partitionKey(topic.name, index))) this.follow(topic, index, partition)
    }
    this.onReopened()
  }

  /** Expires all delayed operations. The owner of the log manager closes the logs. */
  close(): void {
    this.retry?.cancel()
    this.isClosed = true
    this.purgatory.expireAll()
    this.hosted.clear()
    this.resigned.clear()
  }
}
