/**
 * A replica fetcher: this node as a follower copies the logs of all partitions that one other node leads.
 *
 * There is one request on its way at a time, for all partitions that are ready, in a session (fetch-session-handler.ts). The leader delays it until there are records
 * (waiting-fetch.ts), so an idle cluster costs two requests per second and pair of nodes. The request is at the same time the
 * report of how far this node's logs reach (follower-state.ts).
 *
 * A partition here is in one of four states:
 *
 *   state      event                                         next       what happens
 *   (new)      metadata: that node leads, in epoch e         fetching   from the log end, with the epoch of the last record
 *   fetching   records                                       fetching   appended; high watermark and log start taken over
 *   fetching   diverging epoch                               fetching   the log is truncated; nothing else is taken over
 *   fetching   OFFSET_OUT_OF_RANGE                           resetting  ListOffsets asks for the leader's log end and start
 *   resetting  the leader's log ends before this one         fetching   truncated to the leader's end
 *   resetting  it starts after the end of this one           fetching   truncated fully, begins at the leader's start
 *   resetting  otherwise                                     fetching   from the log end: the leader has caught up meanwhile
 *   fetching,  FENCED_LEADER_EPOCH                           failed     this node's metadata is old
 *   resetting  disk error, or records that do not fit        failed     until a newer epoch, or a restart
 *              any other error, a damaged batch, no answer   delayed    for replica.fetch.backoff.ms
 *   delayed    the time is over                              fetching
 *   any        metadata: the same leader, a later epoch      fetching   as new
 *   any        metadata: another leader; deleted             (gone)
 *
 * REPLICA-FETCHER-1  an answer counts for a partition only if its leader epoch and its fetch offset are still those of the
 *     request: one that was sent in an older epoch neither truncates nor appends (KAFKA-18991)
 * REPLICA-FETCHER-2  a partition that fails or is delayed does not stop the others
 * REPLICA-FETCHER-3  partitions that got records move to the end of the request, so that each has its turn under the limit of
 *     bytes
 * REPLICA-FETCHER-4  after `close` nothing is sent, no timer is left, and no answer is handled
 *
 * (kafka.server: AbstractFetcherThread, ReplicaFetcherThread, RemoteLeaderEndPoint)
 */
import { type Clock, type Logger, StorageError, type Timer, type Timers } from '../core.ts'
import type { FetchRequest, FetchResponse } from '../messages/fetch.ts'
import type { ListOffsetsRequest, ListOffsetsResponse } from '../messages/list-offsets.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import type { InputOf } from '../wire/schema.ts'
import {
  FetchSessionHandler,
  keyOf,
  type PartitionFetch,
  type SessionFetch,
} from './fetch-session-handler.ts'
import type { Partition } from './partition.ts'

/** How the leader is reached. Each request is answered once, not within the call; undefined: there was no answer. */
export interface LeaderEndpoint {
  fetch(request: InputOf<typeof FetchRequest>, answered: (response: FetchResponse | undefined) => void): void
  listOffsets(
    request: InputOf<typeof ListOffsetsRequest>,
    answered: (response: ListOffsetsResponse | undefined) => void,
  ): void
  close(): void
}

/** Each named after its config key, with the prefix replica.fetch. */
export interface FetcherSettings {
  readonly waitMaxMs: number
  readonly minBytes: number
  /** Per partition. */
  readonly maxBytes: number
  readonly responseMaxBytes: number
  readonly backoffMs: number
}

export interface ReplicaFetcherOptions {
  readonly nodeId: number
  readonly endpoint: LeaderEndpoint
  readonly settings: FetcherSettings
  readonly timers: Timers
  readonly clock: Clock
  readonly log: Logger
  /** The broker epoch of this node's registration. */
  readonly brokerEpoch: () => number
  /** The log of the partition has changed. */
  readonly moved: (partition: Partition) => void
}

type FetchOfRequest = NonNullable<InputOf<typeof FetchRequest>['topics']>[number]

type State = 'fetching' | 'delayed' | 'resetting' | 'failed'

/** A partition in one leader epoch; a new epoch makes a new object (REPLICA-FETCHER-1). */
interface Following {
  readonly partition: Partition
  readonly leaderEpoch: number
  state: State
  /** When a delay is over, monotonic ms. */
  readyMs: number
}

/** What a request asks for a partition, whether it is named in the request or remembered by the session. */
interface Asked extends PartitionFetch {
  readonly following: Following
}

type PartitionAnswer = FetchResponse['responses'][number]['partitions'][number]

const READ_UNCOMMITTED = 0
/** ListOffsets. To a follower the latest offset is the log end. */
const LATEST = -1
const EARLIEST = -2
const NO_RECORDS = new Uint8Array(0)

export class ReplicaFetcher {
  private readonly options: ReplicaFetcherOptions
  private readonly partitions = new Map<string, Following>()
  private readonly session = new FetchSessionHandler()
  private isFetching = false
  private wake: Timer | undefined
  private isClosed = false

  constructor(options: ReplicaFetcherOptions) {
    this.options = options
  }

  /** The number of partitions. */
  get size(): number {
    return this.partitions.size
  }

  /** By partition, its state; for tests and tools. */
  stateOf(key: string): State | undefined {
    return this.partitions.get(key)?.state
  }

  /** Follows the partition in its leader epoch; does nothing if it does so already. */
  add(partition: Partition): void {
    const { leaderEpoch } = partition
    const known = this.partitions.get(partition.key)
    if (known?.partition === partition && known.leaderEpoch === leaderEpoch) return
    this.partitions.delete(partition.key)
    this.partitions.set(partition.key, { partition, leaderEpoch, state: 'fetching', readyMs: 0 })
    this.fetchNext()
  }

  remove(key: string): void {
    this.partitions.delete(key)
  }

  // #region request
  private fetchNext(): void {
    if (this.isClosed || this.isFetching) return
    const asked = new Map<string, Asked>()
    for (const following of this.partitions.values()) {
      if (following.state !== 'fetching') continue
      const { topicId, index } = following.partition
      asked.set(keyOf(topicId, index), askedOf(following))
    }
    if (asked.size === 0) return
    this.isFetching = true
    const fetch = this.session.next(asked)
    this.options.endpoint.fetch(this.requestOf(fetch), (response) => {
      if (this.isClosed) return
      this.isFetching = false
      this.session.onResponse(response)
      this.handle(asked, response, fetch.isFull)
      this.fetchNext()
    })
  }

  private requestOf({ sessionId, sessionEpoch, named, forgotten }: SessionFetch<Asked>) {
    const { nodeId, settings, brokerEpoch } = this.options
    return {
      replicaId: nodeId,
      replicaState: { replicaId: nodeId, replicaEpoch: brokerEpoch() },
      maxWaitMs: settings.waitMaxMs,
      minBytes: settings.minBytes,
      maxBytes: settings.responseMaxBytes,
      isolationLevel: READ_UNCOMMITTED,
      sessionId,
      sessionEpoch,
      topics: topicsOf(named, settings.maxBytes),
      forgottenTopicsData: forgotten.map(({ topic, topicId, index }) => ({
        topic,
        topicId,
        partitions: [index],
      })),
      rackId: '',
    }
  }
  // #endregion request

  // #region response
  private handle(
    asked: ReadonlyMap<string, Asked>,
    response: FetchResponse | undefined,
    isFull: boolean,
  ): void {
    const missing = new Map(asked)
    if (response?.errorCode === ErrorCode.NONE)
      for (const { topicId, partitions } of response.responses)
        for (const answer of partitions) {
          const key = keyOf(topicId, answer.partitionIndex)
          const item = asked.get(key)
          missing.delete(key)
          if (item && this.isCurrent(item)) this.handleOne(item, answer)
        }
    // In a session, no answer for a partition means that there is nothing new.
    if (response?.errorCode === ErrorCode.NONE && !isFull) return
    for (const item of missing.values()) if (this.isCurrent(item)) this.delay(item.following)
  }

  /** REPLICA-FETCHER-1. */
  private isCurrent({ following, fetchOffset }: Asked): boolean {
    const { partition } = following
    return (
      this.partitions.get(partition.key) === following &&
      following.state === 'fetching' &&
      partition.role === 'follower' &&
      partition.leaderEpoch === following.leaderEpoch &&
      partition.logEndOffset === fetchOffset
    )
  }

  private handleOne({ following }: Asked, answer: PartitionAnswer): void {
    switch (answer.errorCode) {
      case ErrorCode.NONE:
        return this.guarded(following, () => this.takeOver(following, answer))
      case ErrorCode.OFFSET_OUT_OF_RANGE:
        return this.reset(following)
      case ErrorCode.FENCED_LEADER_EPOCH:
        return this.fail(following, 'the leader has a later epoch')
      default:
        return this.delay(following)
    }
  }

  private takeOver(following: Following, answer: PartitionAnswer): void {
    const { partition, leaderEpoch } = following
    const { epoch, endOffset } = answer.divergingEpoch
    if (epoch >= 0) {
      partition.truncateToDivergence({ epoch, endOffset: Number(endOffset) })
    } else {
      const records = answer.records ?? NO_RECORDS
      const highWatermark = Number(answer.highWatermark)
      const logStartOffset = Number(answer.logStartOffset)
      partition.appendFromLeader({ records, leaderEpoch, highWatermark, logStartOffset })
      if (records.length > 0) this.moveToEnd(following)
    }
    this.options.moved(partition)
  }

  /** REPLICA-FETCHER-3. */
  private moveToEnd(following: Following): void {
    const { key } = following.partition
    this.partitions.delete(key)
    this.partitions.set(key, following)
  }
  // #endregion response

  // #region out-of-range
  /** This log and the leader's have no offset in common, or the leader's ends before this one. */
  private reset(following: Following): void {
    following.state = 'resetting'
    this.ask(following, LATEST, (leaderEnd) => {
      const { partition } = following
      if (leaderEnd < partition.logEndOffset) {
        this.resetTo(following, () => partition.truncateTo(leaderEnd))
        return
      }
      this.ask(following, EARLIEST, (leaderStart) =>
        this.resetTo(following, () => {
          if (leaderStart > partition.logEndOffset) partition.truncateFullyAndStartAt(leaderStart)
        }),
      )
    })
  }

  private resetTo(following: Following, truncate: () => void): void {
    this.guarded(following, () => {
      truncate()
      following.state = 'fetching'
      this.options.moved(following.partition)
    })
    this.fetchNext()
  }

  /** Asks the leader for one end of its log, in the epoch of `following`. */
  private ask(following: Following, timestamp: number, found: (offset: number) => void): void {
    const { partition, leaderEpoch } = following
    const wanted = { partitionIndex: partition.index, currentLeaderEpoch: leaderEpoch, timestamp }
    const request = {
      replicaId: this.options.nodeId,
      isolationLevel: READ_UNCOMMITTED,
      topics: [{ name: partition.topic, partitions: [wanted] }],
    }
    this.options.endpoint.listOffsets(request, (response) => {
      if (this.isClosed || this.partitions.get(partition.key) !== following) return
      if (partition.role !== 'follower' || partition.leaderEpoch !== leaderEpoch) return
      const answer = response?.topics[0]?.partitions[0]
      if (answer?.errorCode === ErrorCode.NONE) found(Number(answer.offset))
      else if (answer?.errorCode === ErrorCode.FENCED_LEADER_EPOCH)
        this.fail(following, 'the leader has a later epoch')
      else this.delay(following)
    })
  }
  // #endregion out-of-range

  /** Work on a log: an error concerns this partition only (REPLICA-FETCHER-2). */
  private guarded(following: Following, work: () => void): void {
    try {
      work()
    } catch (error) {
      if (error instanceof KafkaError && error.code === ErrorCode.CORRUPT_MESSAGE) this.delay(following)
      else this.fail(following, error instanceof StorageError ? error.message : String(error))
    }
  }

  private fail(following: Following, reason: string): void {
    following.state = 'failed'
    this.options.log('warn', `${following.partition.key} is not copied from its leader: ${reason}`)
  }

  private delay(following: Following): void {
    const { clock, settings } = this.options
    following.state = 'delayed'
    following.readyMs = clock.monotonicMs() + settings.backoffMs
    this.wakeIn(settings.backoffMs)
  }

  private wakeIn(delayMs: number): void {
    this.wake ??= this.options.timers.set(delayMs, () => this.endDelays(), 'backoff of a replica fetcher')
  }

  private endDelays(): void {
    this.wake = undefined
    const nowMs = this.options.clock.monotonicMs()
    let nextMs = Number.POSITIVE_INFINITY
    for (const following of this.partitions.values()) {
      if (following.state !== 'delayed') continue
      if (following.readyMs <= nowMs) following.state = 'fetching'
      else nextMs = Math.min(nextMs, following.readyMs)
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.wakeIn(nextMs - nowMs)
    this.fetchNext()
  }

  close(): void {
    this.isClosed = true
    this.wake?.cancel()
    this.partitions.clear()
    this.options.endpoint.close()
  }
}

function askedOf(following: Following): Asked {
  const { partition, leaderEpoch } = following
  const { topic, topicId, index, log } = partition
  const { logEndOffset: fetchOffset, latestEpoch: lastFetchedEpoch, logStartOffset } = log
  return { following, topic, topicId, index, leaderEpoch, fetchOffset, lastFetchedEpoch, logStartOffset }
}

/** Adjacent partitions of one topic share an entry. */
function topicsOf(named: readonly Asked[], bytesMax: number): FetchOfRequest[] {
  const topics: { topic: string; topicId: string; partitions: object[] }[] = []
  for (const { topic, topicId, index, leaderEpoch, ...asked } of named) {
    let last = topics.at(-1)
    if (last?.topicId !== topicId) {
      last = { topic, topicId, partitions: [] }
      topics.push(last)
    }
    last.partitions.push({
      partition: index,
      currentLeaderEpoch: leaderEpoch,
      fetchOffset: asked.fetchOffset,
      lastFetchedEpoch: asked.lastFetchedEpoch,
      logStartOffset: asked.logStartOffset,
      partitionMaxBytes: bytesMax,
    })
  }
  return topics
}
