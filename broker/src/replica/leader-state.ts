/**
 * What a leader decides: how far the log is committed (high watermark), and who counts as in sync (ISR).
 *
 *   replica        log end
 *   1  leader         50
 *   2  in the ISR     47   <- the smallest log end of the maximal ISR: the high watermark
 *   3  not in it      12      does not count, until it has caught up
 *
 * The controller keeps the ISR, because it elects leaders from it. The leader only proposes changes (AlterPartition, KIP-497),
 * and until the answer arrives it does not know which of two ISRs the controller has. So it uses the one that is safe in both
 * cases, the maximal ISR:
 *
 *   state             ISR of the controller          maximal ISR          leaves this state by
 *   committed         isr                            isr                  a proposal
 *   pending expand    isr, or isr + the joining one  isr + joining        the answer, new metadata
 *   pending shrink    isr, or isr - the leaving      isr                  the answer, new metadata
 *
 *   the answer                                              what happens
 *   the new ISR, in this leader epoch                       committed, with it; the high watermark may advance
 *   INELIGIBLE_REPLICA, OPERATION_NOT_ATTEMPTED             committed, with the ISR as before: certainly nothing changed
 *   FENCED_LEADER_EPOCH, INVALID_UPDATE_VERSION,            stays pending until new metadata arrives: the controller knows
 *     NEW_LEADER_ELECTED, UNKNOWN_TOPIC_ID, …               something newer than this leader
 *   any other error                                         the same proposal again
 *   an answer to a proposal that is no longer pending       ignored
 *
 * A follower joins the ISR with a Fetch from an offset that is not below the high watermark and not below the offset at which
 * this leader epoch began: between the two there may be records that an earlier leader has committed (KAFKA-7128). It leaves
 * the ISR when it was not caught up for replica.lag.time.max.ms (follower-state.ts).
 *
 * LEADER-STATE-1  a record is below the high watermark only if each member of the maximal ISR has it (ReplicationQuorumSuperset)
 * LEADER-STATE-2  the high watermark does not advance while the ISR is smaller than min.insync.replicas (KIP-966), and never
 *     decreases
 * LEADER-STATE-3  it waits for a follower that is about to join the ISR, if that follower may join: neither fenced nor shutting
 *     down, and not restarted since its last Fetch (KAFKA-15021)
 * LEADER-STATE-4  the ISR expands only when a Fetch arrives, by the offset and the broker epoch of this Fetch (KIP-903, KIP-966)
 * LEADER-STATE-5  at most one proposal is pending, and it names the partition epoch that it is based on
 * LEADER-STATE-6  when the ISR has changed, the high watermark is computed again (KAFKA-13091)
 *
 * (kafka.cluster.Partition: maybeIncrementLeaderHW, maybeExpandIsr, maybeShrinkIsr, PartitionState)
 */

import type { Log } from '../log/log.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import type { AssignedBroker, AssignedPartition } from './assignment.ts'
import {
  type FollowerState,
  followerAfterFetch,
  followerInNewEpoch,
  isCaughtUp,
  unknownFollower,
} from './follower-state.ts'
import type { IsrAnswer, IsrProposal } from './isr-updates.ts'

/** What a leader asks its node. */
export interface LeaderHost {
  readonly nodeId: number
  monotonicMs(): number
  /** replica.lag.time.max.ms */
  lagMsMax(): number
  /** A registered broker, in the newest metadata of this node. */
  broker(id: number): AssignedBroker | undefined
}

/** A Fetch of a follower, as its leader needs it. */
export interface FetchOfFollower {
  readonly followerId: number
  /** -1: the request has none. */
  readonly brokerEpoch: number
  readonly fetchOffset: number
  readonly logStartOffset: number
  /** The leader's log end before the records for this Fetch were read. */
  readonly leaderEndOffset: number
}

/** What is to be done after an event. */
export interface LeaderEffects {
  readonly highWatermarkMoved: boolean
  /** A follower has another log start than before: the low watermark may have moved. */
  readonly logStartMoved?: boolean
  /** To be sent to the controller; its answer comes to `onAnswer`. */
  readonly proposal?: IsrProposal | undefined
}

const NOTHING: LeaderEffects = { highWatermarkMoved: false }
const HIGH_WATERMARK_MOVED: LeaderEffects = { highWatermarkMoved: true }

/** The controller says that it did not apply the proposal, and that the partition epoch in it is the newest one. */
const NOT_APPLIED: readonly number[] = [ErrorCode.INELIGIBLE_REPLICA, ErrorCode.OPERATION_NOT_ATTEMPTED]
/** This leader's metadata is old; the newer state is on its way. */
const OUTDATED: readonly number[] = [
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.UNKNOWN_TOPIC_ID,
  ErrorCode.FENCED_LEADER_EPOCH,
  ErrorCode.INVALID_UPDATE_VERSION,
  ErrorCode.INVALID_REQUEST,
  ErrorCode.NEW_LEADER_ELECTED,
]

/** Shared, and never changed: most partitions of a small cluster have one replica. */
const NO_FOLLOWERS = new Map<number, FollowerState>()

interface Pending {
  readonly proposal: IsrProposal
  /** The follower that joins; undefined if others leave. */
  readonly joining: number | undefined
}

export interface LeaderOptions {
  readonly topicId: string
  readonly index: number
  readonly log: Log
  readonly host: LeaderHost
  readonly assigned: AssignedPartition
}

/** One leadership: from the election of this node until another node leads. */
export class LeaderState {
  private readonly topicId: string
  private readonly index: number
  private readonly log: Log
  private readonly host: LeaderHost
  private followers: Map<number, FollowerState> = NO_FOLLOWERS
  private leaderEpoch: number
  private partitionEpoch: number
  /** Where the leader epoch began. */
  private epochStartOffset: number
  private committedIsr: readonly number[]
  private pending: Pending | undefined

  constructor({ topicId, index, log, host, assigned }: LeaderOptions) {
    this.topicId = topicId
    this.index = index
    this.log = log
    this.host = host
    this.leaderEpoch = assigned.leaderEpoch
    this.partitionEpoch = assigned.partitionEpoch
    this.committedIsr = assigned.isr
    this.epochStartOffset = log.logEndOffset
    this.setFollowers(assigned.replicas)
  }

  /** The ISR that the controller has confirmed. */
  get isr(): readonly number[] {
    return this.committedIsr
  }
  get followerCount(): number {
    return this.followers.size
  }
  get isProposing(): boolean {
    return this.pending !== undefined
  }
  /** By node id; for tests and tools. */
  get followerStates(): ReadonlyMap<number, FollowerState> {
    return this.followers
  }
  /** Everyone who may be in the ISR of the controller. */
  get maximalIsr(): readonly number[] {
    const joining = this.pending?.joining
    return joining === undefined ? this.committedIsr : [...this.committedIsr, joining]
  }

  /** New metadata, in which this node still leads. An older state than the known one changes nothing. */
  update(assigned: AssignedPartition): LeaderEffects {
    if (assigned.partitionEpoch < this.partitionEpoch) return NOTHING
    const isNewEpoch = assigned.leaderEpoch > this.leaderEpoch
    if (assigned.partitionEpoch > this.partitionEpoch || isNewEpoch) {
      this.partitionEpoch = assigned.partitionEpoch
      this.committedIsr = assigned.isr
      this.pending = undefined
    }
    // After an answer to AlterPartition the partition epoch is known already, but not a reassignment that it completed.
    this.setFollowers(assigned.replicas)
    if (isNewEpoch) this.startEpoch(assigned.leaderEpoch)
    return this.moved()
  }

  private startEpoch(leaderEpoch: number): void {
    this.leaderEpoch = leaderEpoch
    this.epochStartOffset = this.log.logEndOffset
    const nowMs = this.host.monotonicMs()
    for (const [id, state] of this.followers) {
      const isInSync = this.committedIsr.includes(id)
      const times = { isInSync, leaderEndOffset: this.epochStartOffset, nowMs }
      this.followers.set(id, followerInNewEpoch(state, times))
    }
  }

  private setFollowers(replicas: readonly number[]): void {
    const { nodeId } = this.host
    const before = this.followers
    if (replicas.length <= 1) {
      this.followers = NO_FOLLOWERS
      return
    }
    this.followers = new Map()
    for (const id of replicas) {
      if (id === nodeId) continue
      const isInSync = this.committedIsr.includes(id)
      this.followers.set(id, before.get(id) ?? unknownFollower(isInSync, this.host.monotonicMs()))
    }
  }

  // #region high-watermark
  /** The smallest log end offset of the maximal ISR; returns whether it is a new one. */
  maybeIncrementHighWatermark(): boolean {
    const { log } = this
    if (this.isUnderMinIsr) return false
    let committed = log.logEndOffset
    if (this.followers !== NO_FOLLOWERS)
      for (const [id, follower] of this.followers)
        if (follower.logEndOffset < committed && this.mustHave(id, follower))
          committed = follower.logEndOffset
    const { highWatermark } = log
    if (committed < highWatermark) return false
    log.highWatermark = committed
    return committed > highWatermark
  }
  // #endregion high-watermark

  /** Whether a record is committed only when this follower has it (LEADER-STATE-1, LEADER-STATE-3). */
  private mustHave(id: number, follower: FollowerState): boolean {
    if (this.committedIsr.includes(id) || this.pending?.joining === id) return true
    const nowMs = this.host.monotonicMs()
    const lag = { leaderEndOffset: this.log.logEndOffset, nowMs, lagMsMax: this.host.lagMsMax() }
    return isCaughtUp(follower, lag) && this.mayJoin(id, follower)
  }

  private moved(): LeaderEffects {
    return this.maybeIncrementHighWatermark() ? HIGH_WATERMARK_MOVED : NOTHING
  }

  /** min.insync.replicas, but at most the number of replicas: one replica is never under it. */
  private get minIsr(): number {
    return Math.min(this.log.settings.minInsyncReplicas, this.followers.size + 1)
  }
  /** Whether acks=all is refused (NOT_ENOUGH_REPLICAS), and the high watermark stays. */
  get isUnderMinIsr(): boolean {
    return this.followers !== NO_FOLLOWERS && this.committedIsr.length < this.minIsr
  }

  /**
   * Whether acks=all is satisfied for records below `requiredOffset`: NONE; undefined: not yet; or
   * NOT_ENOUGH_REPLICAS_AFTER_APPEND if the ISR has become too small since the append.
   */
  acknowledged(requiredOffset: number): ErrorCode | undefined {
    if (this.log.highWatermark < requiredOffset) return undefined
    return this.maximalIsr.length < this.minIsr ? ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND : ErrorCode.NONE
  }

  /**
   * Throws KafkaError if no such replica is assigned: UNKNOWN_LEADER_EPOCH if the request knows the leader epoch, since a
   * reassignment may have added the replica, and this leader has not seen it yet; otherwise NOT_LEADER_OR_FOLLOWER.
   */
  checkFollower(followerId: number, knowsEpoch: boolean): void {
    if (this.followers.has(followerId)) return
    throw new KafkaError(knowsEpoch ? ErrorCode.UNKNOWN_LEADER_EPOCH : ErrorCode.NOT_LEADER_OR_FOLLOWER)
  }

  /** A Fetch has arrived, in this leader epoch. Throws NOT_LEADER_OR_FOLLOWER if it is from before the broker's restart. */
  onFetch({ followerId, ...fetch }: FetchOfFollower): LeaderEffects {
    const before = this.followers.get(followerId)
    if (!before) return NOTHING
    const registered = this.host.broker(followerId)
    const isOfOldLife = registered && !registered.fenced && registered.epoch > fetch.brokerEpoch
    if (fetch.brokerEpoch !== -1 && isOfOldLife) throw new KafkaError(ErrorCode.NOT_LEADER_OR_FOLLOWER)
    const state = followerAfterFetch(before, { ...fetch, nowMs: this.host.monotonicMs() })
    this.followers.set(followerId, state)
    const proposal = this.maybeExpandIsr(followerId, state)
    const highWatermarkMoved =
      state.logEndOffset !== before.logEndOffset && this.maybeIncrementHighWatermark()
    return { highWatermarkMoved, logStartMoved: state.logStartOffset !== before.logStartOffset, proposal }
  }

  private maybeExpandIsr(id: number, state: FollowerState): IsrProposal | undefined {
    if (this.pending || this.committedIsr.includes(id) || !this.mayJoin(id, state)) return undefined
    const isCurrent =
      state.logEndOffset >= this.log.highWatermark && state.logEndOffset >= this.epochStartOffset
    return isCurrent ? this.propose([...this.committedIsr, id], id) : undefined
  }

  /** Whether the controller would accept the follower as a member of the ISR. */
  private mayJoin(id: number, { brokerEpoch }: FollowerState): boolean {
    const registered = this.host.broker(id)
    if (!registered || registered.fenced || registered.inControlledShutdown) return false
    return brokerEpoch === -1 || brokerEpoch === registered.epoch
  }

  /** Called periodically: proposes the ISR without the members that have fallen behind, if there are any. */
  maybeShrinkIsr(): IsrProposal | undefined {
    if (this.pending || this.followers.size === 0) return undefined
    const { nodeId } = this.host
    const nowMs = this.host.monotonicMs()
    const lag = { leaderEndOffset: this.log.logEndOffset, nowMs, lagMsMax: this.host.lagMsMax() }
    const staying = this.committedIsr.filter((id) => {
      if (id === nodeId) return true
      const state = this.followers.get(id)
      return state !== undefined && isCaughtUp(state, lag)
    })
    return staying.length < this.committedIsr.length ? this.propose(staying, undefined) : undefined
  }

  /** LEADER-STATE-5. */
  private propose(isr: readonly number[], joining: number | undefined): IsrProposal {
    const { topicId, index, leaderEpoch, partitionEpoch } = this
    const withEpochs = isr.map((brokerId) => ({ brokerId, brokerEpoch: this.brokerEpochOf(brokerId) }))
    const proposal = { topicId, index, leaderEpoch, partitionEpoch, isr: withEpochs }
    this.pending = { proposal, joining }
    return proposal
  }

  /** -1 for a member that has not fetched from this leader: if it has restarted, the controller has removed it already. */
  private brokerEpochOf(id: number): number {
    if (id === this.host.nodeId) return this.host.broker(id)?.epoch ?? -1
    return this.followers.get(id)?.brokerEpoch ?? -1
  }

  /** The controller's answer to `proposal`. `again`: the same proposal must be sent again. */
  onAnswer(proposal: IsrProposal, answer: IsrAnswer): LeaderEffects & { readonly again: boolean } {
    if (this.pending?.proposal !== proposal) return { ...NOTHING, again: false }
    if (answer.errorCode !== ErrorCode.NONE) return { ...NOTHING, again: this.onError(answer.errorCode) }
    if (answer.leaderEpoch !== this.leaderEpoch || answer.partitionEpoch < this.partitionEpoch)
      return { ...NOTHING, again: false }
    this.committedIsr = answer.isr
    this.partitionEpoch = answer.partitionEpoch
    this.pending = undefined
    return { ...this.moved(), again: false }
  }

  /** Returns whether the proposal must be sent again. */
  private onError(errorCode: number): boolean {
    if (NOT_APPLIED.includes(errorCode)) this.pending = undefined
    return !NOT_APPLIED.includes(errorCode) && !OUTDATED.includes(errorCode)
  }

  /** NONE if all replicas that are alive have deleted what is below `offset`; undefined: not yet. */
  deleted(offset: number): ErrorCode | undefined {
    return this.lowWatermark >= offset ? ErrorCode.NONE : undefined
  }

  /** DeleteRecords is complete on all replicas up to here: the smallest log start offset of the replicas that are alive. */
  get lowWatermark(): number {
    let low = this.log.logStartOffset
    for (const [id, { logStartOffset }] of this.followers) {
      const registered = this.host.broker(id)
      if (registered && !registered.fenced) low = Math.min(low, logStartOffset)
    }
    return low
  }
}
