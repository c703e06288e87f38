/**
 * Who may have the vote of this replica.
 *
 *   state         pre-vote (KIP-996)                       vote
 *   Unattached    an up-to-date log                        an up-to-date log, if no vote was given and no leader is
 *   Prospective   the same                                 known; the same candidate again
 *   Candidate     an up-to-date log                        never: it has voted for itself
 *   Resigned      an up-to-date log                        never: it was the leader of this epoch
 *   Follower      an up-to-date log, if the leader has     never: the epoch has a leader
 *                 not answered a fetch yet
 *   Leader        never                                    never
 *
 * A log is up to date if it ends in a newer epoch, or in the same epoch and not before this one: the elected node then
 * has all that is committed. A pre-vote changes nothing at the voter, so it may be granted to several nodes. A request
 * for a higher epoch first makes this replica Unattached in that epoch. (EpochState.canGrantVote)
 *
 * VOTE-GRANT-1  in one epoch a replica votes for one candidate, also after a restart
 * VOTE-GRANT-2  no vote for a log that could lack committed records
 * VOTE-GRANT-3  while a follower hears from its leader, it grants no pre-vote: a node that was cut off deposes no leader
 */
import type { EpochState } from './epoch-state.ts'
import { isSameReplica, type ReplicaKey } from './voters/voter-set.ts'

export interface VoteQuestion {
  readonly nominee: ReplicaKey
  readonly preVote: boolean
  /** Whether the nominee's log has all that this log can have committed. */
  readonly isLogUpToDate: boolean
}

/** Whether the vote is granted. The epoch of the request is the epoch of `state`. */
export function mayGrantVote(state: EpochState, { nominee, preVote, isLogUpToDate }: VoteQuestion): boolean {
  switch (state.kind) {
    case 'Leader':
      return false
    case 'Candidate':
    case 'Resigned':
      return preVote && isLogUpToDate
    case 'Follower':
      return preVote && isLogUpToDate && !state.hasFetched
    default: {
      if (preVote) return isLogUpToDate
      if (state.votedKey) return isSameReplica(state.votedKey, nominee)
      return state.leaderId === undefined && isLogUpToDate
    }
  }
}
