/**
 * The quorum: one replica of `__cluster_metadata`, kept equal on all its replicas by KRaft, Kafka's Raft.
 *
 *   requests --.                            .--> requests and responses (raft-calls.ts)
 *   responses -+--> one event at a time ----+--> log: append, truncate, flush (raft-log.ts)
 *   timer -----+    then: what is due now?  +--> quorum-state (quorum-state.ts)
 *   flush -----'                            '--> listeners: committed records, who leads (raft-listeners.ts)
 *
 * It differs from Raft as in the paper in one thing above all: followers fetch. The leader sends no records; it learns
 * from the offset of a fetch what a follower has. So the log is replicated by the request that brokers and consumers use,
 * and observers (all brokers) need nothing of their own. (KIP-595, KIP-630, KIP-853, KIP-996; KafkaRaftClient)
 *
 * Where to read: the states and moves epoch-state.ts, who may have a vote vote-grant.ts, elections elections.ts, where
 * the high watermark advances high-watermark.ts, what a follower does with a diverging epoch following.ts, changes of the
 * voters voters/voter-changes.ts, and all rules with the bugs that they prevent quorum-rules.ts.
 *
 * This file takes the events, asks the part that belongs to the state what is due, and sets the one timer. It is a
 * state machine without network, storage or clock of its own, so a simulation runs it (broker/test/quorum); a node
 * is not connected to it yet.
 *
 * QUORUM-1  one timer is set: for the next moment at which there is something to do
 * QUORUM-2  after an error that it cannot explain the replica stops: a wrong answer could lose committed records
 * QUORUM-3  after `close` nothing is requested, written or told to listeners any more
 */
import type { Timer } from '../core.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { Elections } from './elections.ts'
import type { EpochState } from './epoch-state.ts'
import { Following } from './following.ts'
import { LeaderLog } from './leader-log.ts'
import { Leading } from './leading.ts'
import { KRAFT_RULES, type QuorumRules } from './quorum-rules.ts'
import type { RaftApi, RaftRequest, RaftResponseInput } from './raft-calls.ts'
import { DEFAULT_RAFT_CONFIG, type RaftConfig } from './raft-host.ts'
import { type LeaderAndEpoch, type RaftListener, RaftListeners } from './raft-listeners.ts'
import type { OffsetAndEpoch } from './raft-log.ts'
import { RaftNode, type RaftNodeOptions } from './raft-node.ts'
import { ServingFetch } from './serving-fetch.ts'
import { Joining } from './voters/joining.ts'
import { VoterChanges } from './voters/voter-changes.ts'
import type { FirstVoters } from './voters/voter-history.ts'
import type { VoterSet } from './voters/voter-set.ts'

/** The requests that a replica answers. ApiVersions is answered by every node, and not here. */
export type ServedApi = Exclude<RaftApi, 'ApiVersions'>
/** Answers once, perhaps later. */
export type Respond<Api extends RaftApi> = (response: RaftResponseInput<Api>) => void

export type QuorumOptions = Omit<RaftNodeOptions, 'config' | 'rules'> & {
  readonly config?: Partial<RaftConfig>
  /** Only a test passes others than Kafka's. */
  readonly rules?: QuorumRules
}

/** More moves than this without any time passing are an error. */
const MOVES_AT_ONCE_MAX = 32

export class Quorum {
  private readonly node: RaftNode
  private readonly leaderLog: LeaderLog
  private readonly fetches: ServingFetch
  private readonly leading: Leading
  private readonly changes: VoterChanges
  private readonly elections: Elections
  private readonly following: Following
  private readonly listeners: RaftListeners
  private timer: Timer | undefined
  private onShutdown: (() => void) | undefined
  private isRunning = false
  private mustLookAgain = false

  constructor({ config, rules = KRAFT_RULES, ...options }: QuorumOptions) {
    const node = new RaftNode({ ...options, rules, config: { ...DEFAULT_RAFT_CONFIG, ...config } })
    this.node = node
    this.leaderLog = new LeaderLog(node, () => this.fetches.complete())
    this.fetches = new ServingFetch(node, this.leaderLog)
    this.leading = new Leading(node, this.leaderLog)
    this.changes = new VoterChanges(node, { leaderLog: this.leaderLog, fetches: this.fetches })
    this.elections = new Elections(node, () => this.leading.start())
    this.following = new Following(node, { elections: this.elections, joining: new Joining(node) })
    this.listeners = new RaftListeners(node)
    node.onMove = (from, to) => this.moved(from, to)
    node.onHighWatermark = () => this.highWatermarkAdvanced()
    node.run = (event) => this.run(event)
  }

  /** Begins: the only voter leads at once, others wait for a leader or for their election timeout. */
  start(): void {
    this.run(() => {
      const { node } = this
      const isCandidate = node.state.kind === 'Candidate'
      if (node.voters.last.isOnlyVoter(node.key) && !isCandidate) this.elections.start()
    })
  }

  // -- what others may know ------------------------------------------------------------------------------------------

  get state(): EpochState {
    return this.node.state
  }

  get leaderAndEpoch(): LeaderAndEpoch {
    return { leaderId: this.node.leaderId, epoch: this.node.epoch }
  }

  /** Undefined as long as it is not known: a new leader, or a replica that has just started. */
  get highWatermark(): number | undefined {
    return this.node.highWatermark
  }

  /** The voters in force. */
  get voters(): VoterSet {
    return this.node.voters.last
  }

  /** Why the replica has stopped (QUORUM-2); undefined while it works. */
  get failure(): Error | undefined {
    return this.node.failure
  }

  /** The voters and kraft.version for the header of a snapshot that ends at `endOffset`. */
  votersAt(endOffset: number): FirstVoters {
    return this.node.voters.at(endOffset - 1)
  }

  /** Whether `what` may be said of the replicas is known by the leader only; undefined elsewhere. */
  describe() {
    const { node } = this
    if (node.state.kind !== 'Leader') return undefined
    const { progress, epoch } = node.state
    const { nowMs } = node
    const wallMs = node.host.clock.now()
    const { voters, observers } = progress.describe(nowMs)
    const describeReplica = ({ key, offset, lastFetchMs, lastCaughtUpMs }: (typeof voters)[number]) => ({
      replicaId: key.id,
      replicaDirectoryId: key.directoryId,
      logEndOffset: offset ?? -1,
      lastFetchTimestamp: lastFetchMs < 0 ? -1 : Math.round(wallMs - nowMs + lastFetchMs),
      lastCaughtUpTimestamp: lastCaughtUpMs < 0 ? -1 : Math.round(wallMs - nowMs + lastCaughtUpMs),
    })
    return {
      leaderId: node.key.id,
      leaderEpoch: epoch,
      highWatermark: progress.highWatermark ?? -1,
      currentVoters: voters.map(describeReplica),
      observers: observers.map(describeReplica),
    }
  }

  // -- what others may ask -------------------------------------------------------------------------------------------

  register(listener: RaftListener): void {
    this.run(() => this.listeners.register(listener))
  }

  unregister(listener: RaftListener): void {
    this.listeners.unregister(listener)
  }

  /**
   * Appends a batch as the leader of `epoch`; it counts when a listener gets it. Returns the offset of its first record.
   * Throws KafkaError if this replica does not lead that epoch.
   */
  append(epoch: number, batch: Uint8Array): number {
    const { state } = this.node
    if (
      this.node.isClosed ||
      state.kind !== 'Leader' ||
      state.epoch !== epoch ||
      state.progress.isResignRequested
    )
      throw new KafkaError(ErrorCode.NOT_CONTROLLER, `This node does not lead epoch ${epoch}.`)
    let offset = -1
    this.run(() => {
      offset = this.leaderLog.append(batch)
    })
    return offset
  }

  /** Resigns from `epoch`, if this replica still leads it. */
  resign(epoch: number): void {
    this.run(() => {
      const { state } = this.node
      if (state.kind === 'Leader' && state.epoch === epoch) state.progress.isResignRequested = true
    })
  }

  /** A snapshot was stored beside the log. */
  snapshotStored({ offset }: OffsetAndEpoch): void {
    this.node.voters.truncateOld(offset)
  }

  /** A request of another node. `respond` is called once, perhaps later; never if the replica stops. */
  handle<Api extends ServedApi>(api: Api, request: RaftRequest<Api>, respond: Respond<Api>): void {
    this.run(() => {
      this.handlers[api](request, respond)
    })
  }

  private readonly handlers: {
    readonly [Api in ServedApi]: (request: RaftRequest<Api>, respond: Respond<Api>) => void
  } = {
    Vote: (request, respond) => respond(this.elections.handleVote(request)),
    BeginQuorumEpoch: (request, respond) => respond(this.leading.handleBeginQuorumEpoch(request)),
    EndQuorumEpoch: (request, respond) => respond(this.leading.handleEndQuorumEpoch(request)),
    Fetch: (request, respond) => this.fetches.handleFetch(request, respond),
    FetchSnapshot: (request, respond) => respond(this.fetches.handleFetchSnapshot(request)),
    AddRaftVoter: (request, respond) => this.changes.handleAdd(request, respond),
    RemoveRaftVoter: (request, respond) => this.changes.handleRemove(request, respond),
    UpdateRaftVoter: (request, respond) => respond(this.changes.handleUpdate(request)),
  }

  /** Leaves the quorum in order: a leader resigns and waits until another one is elected, or `timeoutMs` is over. */
  shutdown(timeoutMs: number, done: () => void): void {
    this.run(() => {
      this.node.shutdownAtMs = this.node.nowMs + timeoutMs
      this.onShutdown = done
    })
  }

  close(): void {
    this.node.close()
    this.stop()
  }

  // -- the loop ------------------------------------------------------------------------------------------------------

  /** Handles one event, then does what is due, until there is nothing more to do now. */
  private run(event: () => void): void {
    if (this.node.isClosed) return
    if (this.isRunning) {
      event()
      this.mustLookAgain = true
      return
    }
    this.isRunning = true
    try {
      event()
      this.setTimer(this.doWhatIsDue())
    } catch (error) {
      this.node.fail(error instanceof Error ? error : new Error(String(error)))
    } finally {
      this.isRunning = false
    }
    if (this.node.isClosed) this.stop()
  }

  /** Returns the ms until something is due again. */
  private doWhatIsDue(): number {
    for (let moves = 0; moves < MOVES_AT_ONCE_MAX; moves++) {
      this.mustLookAgain = false
      const waitMs = this.poll()
      if (this.node.isClosed || this.endShutdown()) return Number.POSITIVE_INFINITY
      this.listeners.update()
      if (waitMs > 0 && !this.mustLookAgain) return waitMs
    }
    throw new Error(`quorum: ${this.node.state.kind} of epoch ${this.node.epoch} moves without end`)
  }

  private poll(): number {
    const { state } = this.node
    switch (state.kind) {
      case 'Leader':
        return this.leading.pollLeader(state)
      case 'Resigned':
        return this.leading.pollResigned(state)
      case 'Prospective':
      case 'Candidate':
        return this.elections.poll(state)
      case 'Follower':
        return this.following.pollFollower(state)
      case 'Unattached':
        return this.following.pollUnattached(state)
    }
  }

  /** QUORUM-1 */
  private setTimer(waitMs: number): void {
    this.timer?.cancel()
    const { shutdownAtMs, nowMs } = this.node
    const ms = shutdownAtMs === undefined ? waitMs : Math.min(waitMs, Math.max(0, shutdownAtMs - nowMs))
    const isNeeded = ms < Number.POSITIVE_INFINITY && !this.node.isClosed
    this.timer = isNeeded ? this.node.host.timers.set(ms, () => this.run(() => {}), 'the quorum') : undefined
  }

  private moved(from: EpochState, to: EpochState): void {
    if (from.kind !== 'Leader' || to.kind === 'Leader') return
    this.fetches.failAll(ErrorCode.NOT_LEADER_OR_FOLLOWER)
    this.changes.fail()
  }

  private highWatermarkAdvanced(): void {
    const { state } = this.node
    if (state.kind === 'Leader') this.changes.committed(state)
    this.fetches.complete()
    this.mustLookAgain = true
  }

  /** Whether the shutdown is done: there is another leader, none is needed, or the time is over. */
  private endShutdown(): boolean {
    const { node } = this
    if (node.shutdownAtMs === undefined) return false
    const hasOtherLeader = node.leaderId !== undefined && node.leaderId !== node.key.id
    const isNeeded = node.isVoter && !node.voters.last.isOnlyVoter(node.key) && !hasOtherLeader
    if (isNeeded && node.nowMs < node.shutdownAtMs) return false
    this.close()
    this.onShutdown?.()
    return true
  }

  private stop(): void {
    this.timer?.cancel()
    this.timer = undefined
    this.fetches.failAll(ErrorCode.BROKER_NOT_AVAILABLE)
    this.changes.fail()
  }
}
