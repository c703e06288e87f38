/**
 * The rules that keep the quorum safe and alive, in one list.
 *
 * Each of them was a bug of Kafka, or a hole of Raft, before it was a rule: the ticket stands beside it. The parts of the
 * quorum ask the rules they were given; everything but a test gives them these. A test puts another rule in the place of
 * one of them, and shows that the simulation finds what goes wrong (broker/test/quorum/planted-bugs.ts).
 */
import type { Randomness } from '../core.ts'
import { nextHighWatermark } from './high-watermark.ts'
import type { LeaderRules } from './leader-progress.ts'
import { type OffsetAndEpoch, type RaftLog, truncationOffset } from './raft-log.ts'
import { mayGrantVote } from './vote-grant.ts'
import type { ReplicaKey, VoterSet } from './voters/voter-set.ts'

export interface QuorumRules extends LeaderRules {
  /** How much of its log a replica may claim to have: in a fetch, in a vote, in the leader's majority. (KAFKA-10533) */
  countedOffset(log: { readonly flushedOffset: number; readonly endOffset: number }): number
  /** Who may have the vote of this replica. (KIP-595, KIP-996) */
  mayGrantVote: typeof mayGrantVote
  /** Where a follower truncates; throws if this would remove committed records. (KAFKA-12460) */
  truncateTo(log: RaftLog, leaderEnd: OffsetAndEpoch, highWatermark: number | undefined): number
  /** The time after which a replica tries to be elected. (KAFKA-18345) */
  electionTimeoutMs(configuredMs: number, random: Randomness): number
  /** Why the voters may not change now; undefined if they may. (Raft's thesis, as corrected in 2015; KIP-853) */
  refusalOfVoterChange(leader: {
    readonly highWatermark: number | undefined
    readonly votersOffset: number
  }): string | undefined
  /** Whether the leader answers fetches of this replica. A voter that was removed must learn of it. (KIP-853) */
  servesFetchOf(replica: ReplicaKey, voters: VoterSet): boolean
  /** Whether a node that lost its pre-vote goes back to its leader, or to none. (KIP-996) */
  leavesLostPreVote(): boolean
}

export const KRAFT_RULES: QuorumRules = {
  countedOffset: ({ flushedOffset }) => flushedOffset,
  mayGrantVote,
  highWatermark: ({ voters, current, epochStartOffset }) =>
    nextHighWatermark(voters, { current, epochStartOffset }),
  checkQuorumSize: (voters, leader) => {
    if (voters.isOnlyVoter(leader)) return undefined
    return voters.isVoter(leader) ? voters.majority - 1 : voters.majority
  },
  truncateTo: (log, leaderEnd, highWatermark = 0) => {
    const offset = truncationOffset(log, leaderEnd)
    if (offset < highWatermark)
      throw new Error(`quorum: truncation to ${offset} is below the high watermark ${highWatermark}`)
    return offset
  },
  electionTimeoutMs: (configuredMs, random) => configuredMs + random.int(Math.max(1, configuredMs)),
  refusalOfVoterChange: ({ highWatermark, votersOffset }) => {
    if (highWatermark === undefined) return 'leader to establish HWM and fence previous voter changes'
    if (votersOffset >= highWatermark)
      return `voters to commit the latest voter change at Optional[${votersOffset}] with HWM ${highWatermark}`
    return undefined
  },
  servesFetchOf: () => true,
  leavesLostPreVote: () => true,
}
