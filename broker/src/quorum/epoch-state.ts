/**
 * The states of a replica in an epoch, and how it moves from one to another.
 *
 *   from          event                                        to
 *   Unattached    a higher epoch                               Unattached
 *                 the vote is granted to a candidate           Unattached, with a vote
 *                 the leader of this or a higher epoch         Follower
 *                 the election timeout                         Prospective
 *   Prospective   a higher epoch                               Unattached, or Follower if its leader is known
 *                 the vote is granted to a candidate           Prospective, with a vote
 *                 a majority grants the pre-vote               Candidate, in the next epoch
 *                 the pre-vote is lost, or times out           Follower if the leader is known, or Unattached
 *   Candidate     a higher epoch, or its leader                Unattached, Follower
 *                 a majority grants the vote                   Leader
 *                 the election timeout                         Prospective
 *   Leader        a higher epoch                               Unattached, Follower
 *                 no majority fetches, removed, shutdown       Resigned
 *   Resigned      a higher epoch                               Unattached, Follower
 *                 the election timeout                         Unattached, in the next epoch
 *   Follower      a higher epoch                               Unattached, Follower
 *                 no successful fetch for fetchTimeoutMs       Prospective (a voter only)
 *
 * An observer is only ever Unattached or Follower. Before it raises the epoch, a replica asks in a pre-vote whether it
 * would win (Prospective, KIP-996): a node that was cut off would otherwise return with a high epoch and depose a healthy
 * leader. The moves themselves are in raft-node.ts. (QuorumState and its states, KIP-595)
 *
 * EPOCH-STATE-1  the epoch of a replica never falls, also not over a restart
 * EPOCH-STATE-2  within an epoch a known leader stays the leader, and a vote stays given
 */
import type { LeaderProgress } from './leader-progress.ts'
import type { SnapshotWriter } from './raft-log.ts'
import type { VoteCount } from './vote-count.ts'
import type { Endpoint, ReplicaKey } from './voters/voter-set.ts'

interface AnyState {
  readonly epoch: number
}

/** Knows the epoch; perhaps has voted in it, perhaps knows the leader but cannot fetch from it. */
export interface Unattached extends AnyState {
  readonly kind: 'Unattached'
  readonly leaderId: number | undefined
  readonly votedKey: ReplicaKey | undefined
  readonly highWatermark: number | undefined
  /** Ms of the monotonic clock; Infinity for an observer. */
  readonly electionDeadlineMs: number
}

/** Asks the voters whether it would win an election. Still in the old epoch. */
export interface Prospective extends AnyState {
  readonly kind: 'Prospective'
  readonly leaderId: number | undefined
  readonly leaderEndpoints: readonly Endpoint[]
  readonly votedKey: ReplicaKey | undefined
  readonly highWatermark: number | undefined
  readonly votes: VoteCount
  readonly electionDeadlineMs: number
}

/** Asks the voters for their votes in a new epoch; has voted for itself. */
export interface Candidate extends AnyState {
  readonly kind: 'Candidate'
  readonly highWatermark: number | undefined
  readonly votes: VoteCount
  readonly electionDeadlineMs: number
}

export interface Leader extends AnyState {
  readonly kind: 'Leader'
  /** What the leader knows of the other replicas. */
  readonly progress: LeaderProgress
}

/** Was the leader of this epoch, and tells the voters that it has resigned. It neither writes nor votes in this epoch. */
export interface Resigned extends AnyState {
  readonly kind: 'Resigned'
  /** Voters that have not answered to EndQuorumEpoch yet. */
  readonly unacknowledged: Set<number>
  /** The voters, those with most of the log first. */
  readonly successors: readonly ReplicaKey[]
  readonly electionDeadlineMs: number
}

/** Fetches from the leader of the epoch. */
export interface Follower extends AnyState {
  readonly kind: 'Follower'
  readonly leaderId: number
  readonly leaderEndpoints: readonly Endpoint[]
  readonly votedKey: ReplicaKey | undefined
  highWatermark: number | undefined
  /** Without a successful fetch until then, a voter tries to replace the leader. */
  fetchDeadlineMs: number
  /** Whether the leader has answered a fetch: then it is alive, and no pre-vote is granted. */
  hasFetched: boolean
  /** When this replica next compares its entry in the set of voters with itself. */
  voterCheckMs: number
  /** The snapshot that is being loaded; no records are fetched meanwhile. */
  snapshot: SnapshotWriter | undefined
}

export type EpochState = Unattached | Prospective | Candidate | Leader | Resigned | Follower

/** The leader of the epoch as this state knows it; `localId` if it is this node. */
export function leaderIdOf(state: EpochState, localId: number): number | undefined {
  switch (state.kind) {
    case 'Leader':
    case 'Resigned':
      return localId
    case 'Candidate':
      return undefined
    default:
      return state.leaderId
  }
}

/** The replica that has the vote of this node in this epoch. */
export function votedKeyOf(state: EpochState, local: ReplicaKey): ReplicaKey | undefined {
  switch (state.kind) {
    case 'Candidate':
      return local
    case 'Leader':
    case 'Resigned':
      return undefined
    default:
      return state.votedKey
  }
}

/** The high watermark as this state knows it. A new leader does not keep the one it knew as a follower. */
export function highWatermarkOf(state: EpochState): number | undefined {
  switch (state.kind) {
    case 'Leader':
      return state.progress.highWatermark
    case 'Resigned':
      return undefined
    default:
      return state.highWatermark
  }
}
