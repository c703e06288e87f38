/**
 * A partition on one of its nodes: a replica, with its log and its role.
 *
 *      log start offset        last stable offset   high watermark    log end offset
 *            |                          |                 |                |
 *            v                          v                 v                v
 *   deleted  | committed, ended         | open            | not yet on     |
 *            | transactions             | transactions    | every replica  |
 *            '----- read_committed -----'                 |
 *            '----- read_uncommitted ---------------------'
 *            '----- followers --------------------------------------------'
 *
 * One replica is the leader. It assigns offsets and serves clients; the others are followers and copy its log. A record
 * becomes visible when the high watermark passes it, that is, when every replica of the ISR has it (leader-state.ts). With one
 * replica this is immediately.
 *
 *   role       event                        next       what happens
 *   offline    the log is opened            follower   the leader is not known yet
 *   follower   this node is elected         leader     a leader epoch begins at the log end; followers are unknown
 *   follower   another leader, or none      follower   it fetches from that leader (replica-fetcher.ts)
 *   leader     a new epoch, the same leader leader     followers stay known, their times begin again
 *   leader     another leader, or none      follower   the ISR is forgotten; delayed requests fail; the log stays as it is
 *   follower,  the disk fails, or the       offline    the log is out of use; it may be opened again after the failure
 *     leader     replica is deleted
 *
 * The log belongs to the replica, not to a role: no change of role opens, closes or replaces it.
 *
 * The leader epoch is incremented with each new leader. A client sends the leader epoch of its metadata: an older one is
 * fenced, a newer one means that this node is behind (KIP-320).
 *
 * PARTITION-1  log start <= last stable <= high watermark <= log end
 * PARTITION-2  the high watermark never decreases while the leader stays; on a follower it may
 * PARTITION-3  every append is made in the leader epoch that the metadata assigns to this leader
 * PARTITION-4  roles change as in the table; whatever the role, it is the same log, and only the leader assigns offsets
 * PARTITION-5  an answer of the controller that arrives after the leadership has ended changes nothing
 *
 * (kafka.cluster.Partition)
 */

import type { TraceEvent } from '../core.ts'
import type { TopicCounters } from '../counters.ts'
import type {
  EpochEndOffset,
  KnownTransaction,
  Log,
  LogAppendInfo,
  Preparation,
  PreparedBatch,
  ProducerDescription,
  TimestampAndOffset,
} from '../log/log.ts'
import type { TentativeBatch } from '../log/producers/tentative-sequences.ts'
import type { EndTransaction } from '../record/control-record.ts'
import { partitionKey } from '../topic-names.ts'
import type { Steps } from '../turns.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import type { Int64 } from '../wire/int64.ts'
import type { AssignedPartition } from './assignment.ts'
import { appendFromLeader, type FetchedFromLeader, truncationOffset } from './follower-log.ts'
import type { IsrProposal, IsrProposals } from './isr-updates.ts'
import { type FetchOfFollower, type LeaderHost, LeaderState } from './leader-state.ts'
import { listedOffset } from './listed-offset.ts'

export type IsolationLevel = 'read_uncommitted' | 'read_committed'
export type Role = 'leader' | 'follower' | 'offline'
type RoleEvent = 'opened' | 'elected' | 'followed' | 'closed'

/** The table above. A missing entry is a bug of the caller. */
const NEXT_ROLE: Readonly<Record<Role, Partial<Readonly<Record<RoleEvent, Role>>>>> = {
  offline: { opened: 'follower' },
  follower: { elected: 'leader', followed: 'follower', closed: 'offline' },
  leader: { elected: 'leader', followed: 'follower', closed: 'offline' },
}

/** No leader, or no leader epoch. */
const NONE = -1

/** What a partition needs from its node. */
export interface PartitionHost extends LeaderHost {
  /** Absent: no partition has more than one replica. */
  readonly isrProposals?: IsrProposals | undefined
  readonly trace?: ((event: TraceEvent) => void) | undefined
  /** The controller has answered, and that has moved the high watermark: delayed operations must be checked. */
  moved(partition: Partition): void
}

/** What other replicas have to do before a request is answered: to fetch records (acks=all), or to delete them (DeleteRecords). */
export interface Awaited {
  readonly partition: Partition
  /** The leadership in which the request was made. */
  readonly leader: LeaderState
  readonly what: 'append' | 'deletion'
  /** All records below it. */
  readonly offset: number
}

export class Partition {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  /** The key under which operations wait for this partition: `topic-index`. */
  readonly key: string
  /** The counters of the topic. */
  readonly counters: TopicCounters
  private readonly host: PartitionHost
  private listeners: Set<(highWatermark: number) => void> | undefined
  private currentRole: Role = 'offline'
  private openedLog: Log | undefined
  /** Set while this node leads. */
  private leading: LeaderState | undefined
  private leader = NONE
  private epoch = NONE
  private closedBy: ErrorCode = ErrorCode.KAFKA_STORAGE_ERROR

  /** A replica without a log yet: `open` comes next. */
  constructor(options: {
    topic: string
    topicId: string
    index: number
    counters: TopicCounters
    host: PartitionHost
  }) {
    this.topic = options.topic
    this.topicId = options.topicId
    this.index = options.index
    this.key = partitionKey(options.topic, options.index)
    this.counters = options.counters
    this.host = options.host
  }

  get role(): Role {
    return this.currentRole
  }
  /** The node that leads, in the newest metadata; -1 if none does. */
  get leaderId(): number {
    return this.leader
  }
  get leaderEpoch(): number {
    return this.epoch
  }
  /** What this node knows as the leader; undefined if it does not lead. */
  get leadership(): LeaderState | undefined {
    return this.leading
  }
  /** Throws KAFKA_STORAGE_ERROR if it was never open. */
  get log(): Log {
    if (!this.openedLog) throw new KafkaError(ErrorCode.KAFKA_STORAGE_ERROR)
    return this.openedLog
  }

  // #region roles
  private changeRole(event: RoleEvent): void {
    const next = NEXT_ROLE[this.currentRole][event]
    if (!next) throw new Error(`partition ${this.key}: '${event}' as ${this.currentRole}`)
    this.currentRole = next
  }

  open(log: Log): void {
    this.changeRole('opened')
    this.openedLog = log
    this.epoch = NONE
  }

  /** This node leads, in newer metadata. Returns whether delayed operations must be checked. */
  lead(assigned: AssignedPartition): boolean {
    if (assigned.leaderEpoch < this.epoch) return false
    const { log, leading } = this
    this.changeRole('elected')
    const isNewEpoch = assigned.leaderEpoch > this.epoch
    this.epoch = assigned.leaderEpoch
    this.leader = assigned.leader
    // With other replicas the file is written now: they may ask for this epoch before it has a record (KAFKA-7415).
    if (isNewEpoch) log.startLeaderEpoch(assigned.leaderEpoch, { durable: assigned.replicas.length > 1 })
    const before = log.highWatermark
    if (leading) leading.update(assigned)
    else {
      const { topicId, index, host } = this
      this.leading = new LeaderState({ topicId, index, log, host, assigned })
      this.leading.maybeIncrementHighWatermark()
      this.trace('leader', { epoch: this.epoch })
    }
    if (log.highWatermark !== before) this.tellListeners()
    return isNewEpoch || log.highWatermark !== before
  }

  /** Another node leads, or none. Returns whether it is a new leader epoch, so that fetching must begin anew. */
  follow(assigned: AssignedPartition): boolean {
    if (assigned.leaderEpoch < this.epoch) return false
    this.changeRole('followed')
    const isNew = assigned.leaderEpoch > this.epoch || assigned.leader !== this.leader
    this.epoch = assigned.leaderEpoch
    this.leader = assigned.leader
    this.leading = undefined
    return isNew
  }

  /** The disk failed, or the replica is deleted: `error` says why it is out of use. The caller closes the log. */
  close(error: ErrorCode): void {
    if (this.currentRole !== 'offline') this.changeRole('closed')
    this.closedBy = error
    this.leading = undefined
    this.leader = NONE
  }
  // #endregion roles

  /** Throws FENCED_LEADER_EPOCH or UNKNOWN_LEADER_EPOCH if the client has another leader epoch (KIP-320). */
  checkLeaderEpoch(clientEpoch: number): void {
    if (clientEpoch === NONE || clientEpoch === this.epoch) return
    throw new KafkaError(
      clientEpoch < this.epoch ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH,
    )
  }

  /**
   * Appends one batch and advances the high watermark; offset and epoch are written into `bytes`. Throws KafkaError. A
   * coordinator's append is made with acks=all. The caller must check the delayed operations of `key` afterwards
   * (ReplicaManager.moved).
   */
  append(bytes: Uint8Array, origin: 'client' | 'coordinator', transactionVersion = 0): LogAppendInfo {
    const leader = this.checkMayAppend(origin === 'coordinator')
    const options = { leaderEpoch: this.epoch, origin, transactionVersion }
    const info = this.log.appendAsLeader(bytes, options)
    this.count(info, bytes.length)
    this.advance(leader)
    return info
  }

  /** Validates a client's batch in steps, before `appendPrepared`. Throws KafkaError. */
  prepare(batch: Uint8Array): Preparation {
    return this.log.prepare(batch)
  }

  /** Appends a prepared batch of a client; only its producer state is validated here. Throws KafkaError. */
  appendPrepared(batch: PreparedBatch, transactionVersion = 0, acksAll = false): LogAppendInfo {
    const leader = this.checkMayAppend(acksAll)
    const options = { leaderEpoch: this.epoch, origin: 'client', transactionVersion } as const
    const info = this.log.appendPrepared(batch, options)
    this.advance(leader)
    this.count(info, batch.bytes.length)
    return info
  }

  /** Ends a producer's transaction: appends its marker. Throws KafkaError. The caller's duty is the same as for `append`. */
  appendEndTxnMarker(end: EndTransaction, transactionVersion: number): LogAppendInfo {
    const leader = this.checkMayAppend(true)
    const info = this.log.appendEndTxnMarker(end, { leaderEpoch: this.epoch, transactionVersion })
    this.advance(leader)
    return info
  }

  /** Throws NOT_LEADER_OR_FOLLOWER; with acks=all also NOT_ENOUGH_REPLICAS, before anything is appended. */
  private checkMayAppend(acksAll: boolean): LeaderState {
    const { leading } = this
    if (!leading) throw new KafkaError(ErrorCode.NOT_LEADER_OR_FOLLOWER)
    if (acksAll && leading.isUnderMinIsr) throw new KafkaError(ErrorCode.NOT_ENOUGH_REPLICAS)
    return leading
  }

  private count({ firstOffset, lastOffset, duplicate }: LogAppendInfo, bytes: number): void {
    if (duplicate) return
    this.counters.messagesIn += lastOffset - firstOffset + 1
    this.counters.bytesIn += bytes
  }

  private advance(leader: LeaderState): void {
    if (leader.maybeIncrementHighWatermark()) this.tellListeners()
  }

  /** What has to be awaited; undefined if there is only one replica: then there is nothing. */
  awaited(what: Awaited['what'], offset: number): Awaited | undefined {
    const { leading } = this
    if (!leading || leading.followerCount === 0) return undefined
    return { partition: this, leader: leading, what, offset }
  }

  /** NONE when the replicas have done it, undefined while they have not; otherwise why it will not be known any more. */
  resultOf({ leader, what, offset }: Awaited): ErrorCode | undefined {
    if (this.leading === leader)
      return what === 'append' ? leader.acknowledged(offset) : leader.deleted(offset)
    return this.currentRole === 'offline' ? this.closedBy : ErrorCode.NOT_LEADER_OR_FOLLOWER
  }

  /** Calls `listener` with each new high watermark, within the event that moves it, until the returned function is called. */
  onHighWatermark(listener: (highWatermark: number) => void): () => void {
    this.listeners = (this.listeners ?? new Set()).add(listener)
    return () => this.listeners?.delete(listener)
  }

  private tellListeners(): void {
    if (this.listeners) for (const listener of [...this.listeners]) listener(this.log.highWatermark)
  }

  // #region leader
  /** Throws KafkaError if node `followerId` has no replica, or if this node does not lead. */
  checkFollower(followerId: number, clientEpoch: number): void {
    if (!this.leading) throw new KafkaError(ErrorCode.NOT_LEADER_OR_FOLLOWER)
    this.leading.checkFollower(followerId, clientEpoch !== NONE)
  }

  /**
   * A follower's Fetch in the current leader epoch. Returns whether the high or the low watermark may have moved: then delayed
   * operations must be checked. Throws NOT_LEADER_OR_FOLLOWER if it was sent before the follower's restart.
   */
  onFollowerFetch(fetch: FetchOfFollower): boolean {
    const { leading } = this
    if (!leading) return false
    const { highWatermarkMoved, logStartMoved, proposal } = leading.onFetch(fetch)
    this.propose(leading, proposal)
    if (highWatermarkMoved) this.tellListeners()
    return highWatermarkMoved || logStartMoved === true
  }

  /** Removes followers from the ISR that have not caught up for replica.lag.time.max.ms. */
  maybeShrinkIsr(): void {
    if (this.leading && this.host.isrProposals) this.propose(this.leading, this.leading.maybeShrinkIsr())
  }

  private propose(leader: LeaderState, proposal: IsrProposal | undefined): void {
    if (!proposal) return
    this.trace('isr proposed', { isr: proposal.isr.map(({ brokerId }) => brokerId) })
    this.host.isrProposals?.submit(proposal, (answer) => {
      if (this.leading !== leader) return 'done'
      const { highWatermarkMoved, again } = leader.onAnswer(proposal, answer)
      if (!leader.isProposing) this.trace('isr', { isr: leader.isr })
      if (highWatermarkMoved) {
        this.tellListeners()
        this.host.moved(this)
      }
      return again ? 'again' : 'done'
    })
  }
  // #endregion leader

  // #region follower
  /** Appends what the leader has sent, and takes over its high watermark and log start (follower-log.ts, also for errors). */
  appendFromLeader(fetched: FetchedFromLeader): void {
    const log = this.followingLog
    const before = log.highWatermark
    appendFromLeader(log, fetched)
    if (log.highWatermark !== before) this.tellListeners()
  }

  /** The leader's log has another history from somewhere on: truncates to where both are certainly equal. */
  truncateToDivergence(theirs: EpochEndOffset): void {
    const log = this.followingLog
    log.truncateTo(truncationOffset(log, theirs))
  }

  /** The leader's log ends at `offset`, before this one. */
  truncateTo(offset: number): void {
    this.followingLog.truncateTo(offset)
  }

  /** The leader's log starts after the end of this one: nothing of this log is of use. */
  truncateFullyAndStartAt(offset: number): void {
    this.followingLog.truncateFullyAndStartAt(offset)
  }

  private get followingLog(): Log {
    if (this.currentRole === 'follower') return this.log
    throw new Error(`partition ${this.key}: only a follower copies another log, not as ${this.currentRole}`)
  }
  // #endregion follower

  private trace(type: string, more: { readonly epoch: number } | { readonly isr: readonly number[] }): void {
    const { topic, index: partition, host } = this
    host.trace?.({ type, topic, partition, node: host.nodeId, ...more })
  }

  /** The first offset that is not visible with this isolation level. */
  visibleEnd(isolation: IsolationLevel): number {
    return isolation === 'read_committed' ? this.log.lastStableOffset : this.log.highWatermark
  }

  get logStartOffset(): number {
    return this.log.logStartOffset
  }
  get logEndOffset(): number {
    return this.log.logEndOffset
  }

  /** ListOffsets: the first record below `end` with this timestamp or a later one, or an end of the log (listed-offset.ts). */
  fetchOffsetForTimestamp(timestamp: Int64, end: number): Steps<TimestampAndOffset> {
    return listedOffset(this.log, { timestamp, end, leaderEpoch: this.epoch })
  }

  /** The largest epoch <= `leaderEpoch` and its end offset (exclusive); undefined if none is known (KIP-101). */
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset | undefined {
    return this.log.endOffsetForEpoch(leaderEpoch)
  }

  /** The producers in the producer state, with their open transactions (DescribeProducers). */
  activeProducers(): ProducerDescription[] {
    return this.log.activeProducers()
  }

  /** What the log knows of a producer's transaction in this epoch, before it writes. */
  transactionOf(producerId: Int64, producerEpoch: number): KnownTransaction {
    return this.log.transactionOf(producerId, producerEpoch)
  }

  /** Notes a batch while the transaction coordinator verifies it (log/producers/tentative-sequences.ts). */
  noteTentative(batch: TentativeBatch): void {
    this.log.noteTentative?.(batch)
  }

  /** Returns `offset` if it is from log start to log end, both included; otherwise throws OFFSET_OUT_OF_RANGE. */
  checkOffset(offset: Int64): number {
    if (offset < this.log.logStartOffset || offset > this.log.logEndOffset) {
      throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    }
    return Number(offset)
  }

  /**
   * DeleteRecords: advances the log start to `offset`; -1 means the high watermark. Returns the new low watermark. Throws
   * POLICY_VIOLATION if cleanup.policy does not include delete, and OFFSET_OUT_OF_RANGE.
   */
  deleteRecordsBefore(offset: Int64): number {
    if (!this.log.settings.cleanupPolicy.includes('delete')) throw new KafkaError(ErrorCode.POLICY_VIOLATION)
    const target = offset === -1 ? this.log.highWatermark : offset
    if (target < 0 || target > this.log.highWatermark) throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
    this.log.deleteRecordsBefore(Number(target))
    return this.lowWatermark
  }

  /** The smallest log start offset of the replicas that are alive. */
  get lowWatermark(): number {
    return this.leading?.lowWatermark ?? this.log.logStartOffset
  }
}
