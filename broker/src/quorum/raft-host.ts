/**
 * What a replica of the metadata log is given: its settings, and all that it may use of the outside.
 *
 * It has no network, storage, clock or random numbers of its own. So a simulation runs it with links that lose messages
 * and disks that lose what was not flushed, and a run is replayed from its seed.
 */
import type { Clock, Logger, Randomness, Timers } from '../core.ts'
import type { ElectionStore } from './quorum-state.ts'
import type { SendRaftRequest } from './raft-calls.ts'
import type { RaftLog } from './raft-log.ts'

/** Kafka's keys `controller.quorum.*`; ms and bytes. */
export interface RaftConfig {
  readonly electionTimeoutMs: number
  readonly electionBackoffMaxMs: number
  readonly fetchTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly retryBackoffMs: number
  /** How long a leader holds a fetch that it has nothing for. */
  readonly fetchMaxWaitMs: number
  readonly fetchBytesMax: number
  readonly fetchSnapshotBytesMax: number
  /** Whether an observer asks to become a voter (controller.quorum.auto.join.enable). */
  readonly autoJoin: boolean
}

/** How often a follower looks whether its entry in the set of voters is right, in fetch timeouts. */
export const VOTER_CHECK_FACTOR = 3

export const DEFAULT_RAFT_CONFIG: RaftConfig = {
  electionTimeoutMs: 1000,
  electionBackoffMaxMs: 1000,
  fetchTimeoutMs: 2000,
  requestTimeoutMs: 2000,
  retryBackoffMs: 20,
  fetchMaxWaitMs: 500,
  fetchBytesMax: 1_048_576,
  fetchSnapshotBytesMax: 1_048_576,
  autoJoin: false,
}

/** What a replica is given. It has no network, storage, clock or random numbers of its own. */
export interface RaftHost {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Randomness
  readonly say: Logger
  readonly log: RaftLog
  readonly elections: ElectionStore
  readonly send: SendRaftRequest
}
