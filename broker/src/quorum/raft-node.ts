/**
 * One replica of the metadata log: its state in the current epoch, the moves between states, and what all parts of the
 * quorum share.
 *
 *   elections.ts    serving-fetch.ts   leading.ts   following.ts   voters/voter-changes.ts   voters/joining.ts
 *        `---------------'-----------------'------------'--------------------'----------------------'
 *                                          RaftNode: state, log, voters, connections
 *
 * Each move checks that it is allowed (epoch-state.ts has the table), writes quorum-state where the next life must know of
 * it, and forgets all requests on the way: their answers would speak about the state before. (QuorumState,
 * KafkaRaftClient.maybeTransition, maybeHandleCommonResponse)
 *
 * RAFT-NODE-1  the epoch and the vote are on disk before another node hears of them
 * RAFT-NODE-2  an answer to a request of an earlier state is ignored
 * RAFT-NODE-3  a former leader starts as Resigned: it neither writes nor votes in that epoch again
 * RAFT-NODE-4  a node with a new disk leaves the epochs that its old disk led: it cannot vote in them a second time
 */
import { ErrorCode, errorName } from '../wire/errors.ts'
import { Connections } from './connections.ts'
import { type EpochState, type Follower, highWatermarkOf, leaderIdOf, votedKeyOf } from './epoch-state.ts'
import { FlushedLog } from './flushed-log.ts'
import { LeaderProgress } from './leader-progress.ts'
import type { QuorumRules } from './quorum-rules.ts'
import {
  type LeaderFields,
  NO_LEADER,
  type RaftApi,
  type RaftPeer,
  type RaftRequestInput,
  type RaftResponse,
} from './raft-calls.ts'
import { type RaftConfig, type RaftHost, VOTER_CHECK_FACTOR } from './raft-host.ts'
import type { RaftLog } from './raft-log.ts'
import { VoteCount } from './vote-count.ts'
import { type FirstVoters, VoterHistory } from './voters/voter-history.ts'
import type { Endpoint, ReplicaKey, VoterNode } from './voters/voter-set.ts'

const NEVER_MS = Number.POSITIVE_INFINITY

export interface RaftNodeOptions {
  readonly host: RaftHost
  /** This replica, as it should stand in the set of voters. */
  readonly local: VoterNode
  readonly clusterId: string
  /** The voters that were formatted or configured. */
  readonly firstVoters: FirstVoters
  /** Nodes to ask who leads, as long as no leader is known (controller.quorum.bootstrap.servers). */
  readonly bootstrapServers: readonly { readonly host: string; readonly port: number }[]
  readonly config: RaftConfig
  readonly rules: QuorumRules
}

export class RaftNode {
  readonly host: RaftHost
  readonly local: VoterNode
  readonly clusterId: string
  readonly config: RaftConfig
  readonly rules: QuorumRules
  readonly voters: VoterHistory
  readonly flushed: FlushedLog
  readonly connections: Connections
  readonly bootstrapPeers: readonly RaftPeer[]
  /** Called when the high watermark advanced; set once, by the quorum, as the next two. */
  onHighWatermark: () => void = () => {}
  /** Called after each move. */
  onMove: (from: EpochState, to: EpochState) => void = () => {}
  /** Handles an event, then does what is due. */
  run: (event: () => void) => void = (event) => event()
  /** Set when this node shuts down: the moment by which it leaves in any case, in ms of the monotonic clock. */
  shutdownAtMs: number | undefined
  private current: EpochState
  private failedWith: Error | undefined
  private closed = false

  constructor({ host, local, clusterId, firstVoters, bootstrapServers, config, rules }: RaftNodeOptions) {
    this.host = host
    this.local = local
    this.clusterId = clusterId
    this.config = config
    this.rules = rules
    this.startAtSnapshot()
    this.voters = new VoterHistory(host.log, firstVoters)
    this.flushed = new FlushedLog(host.log, {
      onFlushed: () => this.run(() => {}),
      onFailure: (error) => this.fail(error),
    })
    this.connections = new Connections(config)
    // Kafka numbers them from -2 down: -1 means "no node".
    this.bootstrapPeers = bootstrapServers.map((server, i) => ({ id: -2 - i, ...server }))
    this.current = this.firstState()
    this.persist()
  }

  get state(): EpochState {
    return this.current
  }

  get epoch(): number {
    return this.current.epoch
  }

  get log(): RaftLog {
    return this.host.log
  }

  get key(): ReplicaKey {
    return this.local.key
  }

  get nowMs(): number {
    return this.host.clock.monotonicMs()
  }

  get leaderId(): number | undefined {
    return leaderIdOf(this.current, this.key.id)
  }

  /** Where the leader can be reached; empty if that is unknown. */
  get leaderEndpoints(): readonly Endpoint[] {
    const { current } = this
    if (current.kind === 'Leader' || current.kind === 'Resigned') return this.local.endpoints
    if (current.kind === 'Follower' || current.kind === 'Prospective') return current.leaderEndpoints
    return this.voters.last.endpointsOf(this.leaderId ?? NO_LEADER)
  }

  get highWatermark(): number | undefined {
    return highWatermarkOf(this.current)
  }

  get isVoter(): boolean {
    return this.voters.last.isVoter(this.key)
  }

  get isClosed(): boolean {
    return this.closed
  }

  /** Why this replica has stopped; undefined while it works. */
  get failure(): Error | undefined {
    return this.failedWith
  }

  /** Whether all of the log may be claimed in a vote or a fetch; otherwise a flush is begun. */
  isLogCounted(): boolean {
    if (this.rules.countedOffset(this.flushed) >= this.log.endOffset) return true
    this.flushed.flush()
    return false
  }

  // -- the first state ---------------------------------------------------------------------------------------------

  /** A crash between the end of a snapshot and its taking the place of the log: the second half is done now. */
  private startAtSnapshot(): void {
    const latest = this.log.snapshots.latest()
    if (latest && latest.offset > this.log.endOffset) this.log.truncateFullyAndStartAt(latest.offset)
  }

  private firstState(): EpochState {
    const stored = this.host.elections.read() ?? { leaderId: NO_LEADER, leaderEpoch: 0 }
    const { leaderId, leaderEpoch, votedKey } = stored
    const epoch = Math.max(leaderEpoch, this.log.lastEpoch)
    const electionDeadlineMs = this.electionDeadlineMs()
    const unattached = { kind: 'Unattached', epoch, highWatermark: undefined, electionDeadlineMs } as const
    if (epoch > leaderEpoch) return { ...unattached, leaderId: undefined, votedKey: undefined }
    if (leaderId === this.key.id) {
      // RAFT-NODE-3: what it wrote and did not flush may be gone, and others may have it.
      const unacknowledged = this.otherVoterIds()
      return {
        kind: 'Resigned',
        epoch,
        unacknowledged,
        successors: [],
        electionDeadlineMs: this.resignedUntilMs(),
      }
    }
    const isOwnCandidate = votedKey?.id === this.key.id && votedKey.directoryId === this.key.directoryId
    if (isOwnCandidate && leaderId === NO_LEADER && this.isVoter) {
      const votes = new VoteCount(this.voters.last, this.key.id)
      return { kind: 'Candidate', epoch, highWatermark: undefined, votes, electionDeadlineMs }
    }
    const known = leaderId === NO_LEADER ? undefined : leaderId
    const endpoints = this.voters.last.endpointsOf(leaderId)
    if (known === undefined || endpoints.length === 0) return { ...unattached, leaderId: known, votedKey }
    return this.followerOf(epoch, { leaderId: known, endpoints, votedKey, highWatermark: undefined })
  }

  // -- moves -------------------------------------------------------------------------------------------------------

  /** There is a newer epoch, or an election in this one was lost. */
  becomeUnattached(epoch: number, leaderId: number | undefined): void {
    const from = this.current
    const isSameEpoch = epoch === from.epoch
    if (epoch < from.epoch || (isSameEpoch && from.kind !== 'Prospective'))
      throw this.illegal('Unattached', epoch)
    const keepsDeadline =
      'electionDeadlineMs' in from &&
      from.electionDeadlineMs < NEVER_MS &&
      !(from.kind === 'Prospective' && from.votes.isLost)
    this.move({
      kind: 'Unattached',
      epoch,
      leaderId,
      votedKey: isSameEpoch ? votedKeyOf(from, this.key) : undefined,
      highWatermark: highWatermarkOf(from),
      electionDeadlineMs: keepsDeadline && this.isVoter ? from.electionDeadlineMs : this.electionDeadlineMs(),
    })
  }

  /** Gives the vote of this epoch. The election timeout begins anew: the candidate may well win. */
  addVote(candidate: ReplicaKey): void {
    const from = this.current
    if ((from.kind !== 'Unattached' && from.kind !== 'Prospective') || from.votedKey)
      throw this.illegal('vote', from.epoch)
    const electionDeadlineMs = this.electionDeadlineMs()
    this.current = { ...from, votedKey: candidate, electionDeadlineMs }
    if (this.current.kind === 'Prospective')
      this.current = { ...this.current, votes: new VoteCount(this.voters.last, this.key.id) }
    this.persist()
    this.onMove(from, this.current)
  }

  /** Nothing was heard from a leader for too long. Nothing changes on disk: the epoch stays. */
  becomeProspective(): void {
    const from = this.current
    if (from.kind === 'Leader' || from.kind === 'Prospective' || !this.isVoter)
      throw this.illegal('Prospective', from.epoch)
    const leaderId = from.kind === 'Resigned' ? undefined : this.leaderId
    this.move({
      kind: 'Prospective',
      epoch: from.epoch,
      leaderId,
      leaderEndpoints: from.kind === 'Follower' ? from.leaderEndpoints : [],
      votedKey: votedKeyOf(from, this.key),
      highWatermark: highWatermarkOf(from),
      votes: new VoteCount(this.voters.last, this.key.id),
      electionDeadlineMs: this.electionDeadlineMs(),
    })
  }

  /** The pre-vote is won: a new epoch begins. */
  becomeCandidate(): void {
    const from = this.current
    if (from.kind !== 'Prospective') throw this.illegal('Candidate', from.epoch)
    this.move({
      kind: 'Candidate',
      epoch: from.epoch + 1,
      highWatermark: from.highWatermark,
      votes: new VoteCount(this.voters.last, this.key.id),
      electionDeadlineMs: this.electionDeadlineMs(),
    })
  }

  /** The election is won. Returns what the leader knows of the others: nothing yet. */
  becomeLeader(): LeaderProgress {
    const from = this.current
    if (from.kind !== 'Candidate' || !from.votes.isWon) throw this.illegal('Leader', from.epoch)
    const progress = new LeaderProgress(
      {
        local: this.key,
        startOffset: this.log.endOffset,
        voters: this.voters.last,
        grantedBy: from.votes.grantedBy,
      },
      { nowMs: this.nowMs, fetchTimeoutMs: this.config.fetchTimeoutMs, rules: this.rules },
    )
    this.move({ kind: 'Leader', epoch: from.epoch, progress })
    return progress
  }

  becomeResigned(): void {
    const from = this.current
    if (from.kind !== 'Leader') throw this.illegal('Resigned', from.epoch)
    this.move({
      kind: 'Resigned',
      epoch: from.epoch,
      unacknowledged: this.otherVoterIds(),
      successors: from.progress.successors(),
      electionDeadlineMs: this.resignedUntilMs(),
    })
  }

  /** The leader of this or a newer epoch is known, with an address. */
  becomeFollower(epoch: number, leaderId: number, endpoints: readonly Endpoint[]): void {
    const from = this.current
    const isSameLeader = epoch === from.epoch && (from.kind === 'Follower' || from.kind === 'Leader')
    if (epoch < from.epoch || leaderId === this.key.id || isSameLeader || endpoints.length === 0)
      throw this.illegal(`Follower of ${leaderId}`, epoch)
    const votedKey = epoch === from.epoch ? votedKeyOf(from, this.key) : undefined
    this.move(this.followerOf(epoch, { leaderId, endpoints, votedKey, highWatermark: highWatermarkOf(from) }))
  }

  private followerOf(
    epoch: number,
    known: Pick<Follower, 'leaderId' | 'votedKey' | 'highWatermark'> & { endpoints: readonly Endpoint[] },
  ): Follower {
    const { leaderId, endpoints, votedKey, highWatermark } = known
    return {
      ...{ kind: 'Follower', epoch, leaderId, leaderEndpoints: endpoints, votedKey, highWatermark },
      fetchDeadlineMs: this.nowMs + this.config.fetchTimeoutMs,
      hasFetched: false,
      voterCheckMs: this.nowMs + this.config.fetchTimeoutMs * VOTER_CHECK_FACTOR,
      snapshot: undefined,
    }
  }

  private move(to: EpochState): void {
    const from = this.current
    if (from.kind === 'Follower') from.snapshot?.close()
    this.current = to
    // Prospective and Resigned change nothing that is stored (RAFT-NODE-1).
    if (to.kind !== 'Prospective' && to.kind !== 'Resigned') this.persist()
    this.connections.resetAll()
    this.host.say(
      'info',
      `quorum: ${from.kind} of epoch ${from.epoch} is now ${to.kind} of epoch ${to.epoch}`,
      {
        leader: this.leaderId ?? NO_LEADER,
      },
    )
    this.onMove(from, to)
  }

  private persist(): void {
    const votedKey = votedKeyOf(this.current, this.key)
    const state = { leaderId: this.leaderId ?? NO_LEADER, leaderEpoch: this.current.epoch, votedKey }
    const { kraftVersion, last } = this.voters
    this.host.elections.write(state, { kraftVersion, voterIds: last.ids })
  }

  private electionDeadlineMs(): number {
    return this.isVoter ? this.resignedUntilMs() : NEVER_MS
  }

  /** Also a leader that was removed from the voters leaves its epoch after this time. */
  private resignedUntilMs(): number {
    return this.nowMs + this.rules.electionTimeoutMs(this.config.electionTimeoutMs, this.host.random)
  }

  private otherVoterIds(): Set<number> {
    return new Set(this.voters.last.ids.filter((id) => id !== this.key.id))
  }

  private illegal(to: string, epoch: number): Error {
    return new Error(
      `quorum: no move from ${this.current.kind} of epoch ${this.current.epoch} to ${to} of epoch ${epoch}`,
    )
  }

  // -- what is the same in all requests ------------------------------------------------------------------------------

  /** Another node names an epoch and perhaps its leader. Throws if it names another leader than is known. */
  learn({ leaderId, leaderEpoch }: LeaderFields, endpoints: readonly Endpoint[] = []): void {
    if (leaderEpoch < this.epoch) return
    if (leaderId === this.key.id) return this.leaveEpochOfOldDisk(leaderEpoch)
    const leader = leaderId === NO_LEADER ? undefined : leaderId
    const own = leaderEpoch === this.epoch ? this.leaderId : undefined
    if (own !== undefined && leader !== undefined && own !== leader)
      throw new Error(`quorum: ${leader} is said to lead epoch ${leaderEpoch}, which ${own} leads`)
    const known = endpoints.length > 0 ? endpoints : this.voters.last.endpointsOf(leaderId)
    if (leaderEpoch > this.epoch && (leader === undefined || known.length === 0))
      return this.becomeUnattached(leaderEpoch, leader)
    // In the same epoch its leader is news, or the address of the leader.
    const isNews = own === undefined || this.state.kind === 'Unattached'
    if (leader !== undefined && known.length > 0 && isNews) this.becomeFollower(leaderEpoch, leader, known)
  }

  /** Others take this node for a leader that it is not: they mean the node with its old disk (RAFT-NODE-4). */
  private leaveEpochOfOldDisk(epoch: number): void {
    const { kind } = this.state
    if (epoch > this.epoch || (kind !== 'Leader' && kind !== 'Resigned'))
      this.becomeUnattached(epoch + 1, undefined)
  }

  /**
   * What every response tells: the epoch and the leader of the other node. Returns undefined if the response is to be
   * handled further, otherwise whether the connection is fine.
   */
  handleCommon(error: number, from: LeaderFields, endpoints: readonly Endpoint[]): boolean | undefined {
    if (from.leaderEpoch < this.epoch || error === ErrorCode.UNKNOWN_LEADER_EPOCH) return true
    const isRefused = error === ErrorCode.FENCED_LEADER_EPOCH || error === ErrorCode.NOT_LEADER_OR_FOLLOWER
    if (from.leaderEpoch > this.epoch || isRefused) {
      this.learn(from, endpoints)
      return true
    }
    if (from.leaderId !== NO_LEADER && this.leaderId === undefined) {
      this.learn(from, endpoints)
      // An observer finds the leader and its first records by the same fetch.
      return error === ErrorCode.NONE && this.state.kind === 'Follower' ? undefined : true
    }
    if (error === ErrorCode.BROKER_NOT_AVAILABLE) return false
    if (error === ErrorCode.INVALID_VOTER_KEY) return true
    if (error === ErrorCode.NONE) return undefined
    this.host.say('warn', `quorum: unexpected error ${errorName(error)} in a response`)
    return false
  }

  /**
   * Sends a request unless the connection is busy or backing off. `handle` returns whether the response was a success.
   * Returns the ms until the next try.
   */
  call<Api extends RaftApi>(
    to: RaftPeer,
    request: {
      readonly api: Api
      readonly body: () => RaftRequestInput<Api>
      readonly versionMin?: number
      readonly handle: (response: RaftResponse<Api>) => boolean
      readonly onFailure?: (error: ErrorCode) => boolean
    },
  ): number {
    const waitMs = this.connections.waitMs(to.id, this.nowMs)
    if (waitMs > 0) return waitMs
    const correlationId = this.connections.sent(to.id, this.nowMs)
    const timeoutMs = this.config.requestTimeoutMs
    const { versionMin } = request
    const options = versionMin === undefined ? { timeoutMs } : { timeoutMs, versionMin }
    this.host.send(to, request.api, request.body(), options, (result) => {
      // RAFT-NODE-2
      if (this.closed || !this.connections.isExpected(to.id, correlationId, this.nowMs)) return
      this.run(() => {
        const success =
          'response' in result
            ? request.handle(result.response)
            : (request.onFailure?.(result.failure) ?? false)
        this.connections.ended(to.id, correlationId, { success, nowMs: this.nowMs })
      })
    })
    return timeoutMs
  }

  /** The address of a voter, or of a leader whose endpoints were sent; undefined if it is unknown. */
  peer(id: number, [endpoint]: readonly Endpoint[] = this.voters.last.endpointsOf(id)): RaftPeer | undefined {
    return endpoint && { id, host: endpoint.host, port: endpoint.port }
  }

  /** Stops after an error of the disk: it is unknown what is stored, so nothing more may be promised. */
  fail(error: Error): void {
    this.failedWith = error
    this.host.say('error', `quorum: stopped, the metadata log was not written: ${error.message}`)
    this.close()
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    if (this.current.kind === 'Follower') this.current.snapshot?.close()
    this.flushed.close()
  }
}
