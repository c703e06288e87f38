/**
 * Who may have a vote: quorum/vote-grant.ts beside canGrantVote of Kafka's states (UnattachedState, ProspectiveState,
 * CandidateState, ResignedState, FollowerState). The cases are few enough to ask them all.
 */
import type { EpochState } from '../src/quorum/epoch-state.ts'
import { VoteCount } from '../src/quorum/vote-count.ts'
import { mayGrantVote } from '../src/quorum/vote-grant.ts'
import { type ReplicaKey, VoterSet } from '../src/quorum/voters/voter-set.ts'
import { ZERO_UUID } from '../src/wire/uuid.ts'
import type { KafkaOracle } from './kafka-oracle.ts'

const DIRECTORY = 'BBBBBBBBBBBBBBBBBBBBBA'
const OTHER_DIRECTORY = 'CCCCCCCCCCCCCCCCCCCCCA'

export interface VoteGrantCase {
  readonly kind: Exclude<EpochState['kind'], 'Leader'>
  readonly leaderId: number | null
  readonly voted: ReplicaKey | null
  /** Whether a follower has an answer of its leader. */
  readonly hasFetched: boolean
  readonly nominee: ReplicaKey
  readonly preVote: boolean
  readonly isLogUpToDate: boolean
  /** The directory of the replica that is asked. */
  readonly directory: string
}

/** All cases of a replica that does not lead: its state, what it knows, who asks for what. */
export function voteGrantCases(): VoteGrantCase[] {
  const kinds = ['Unattached', 'Prospective', 'Candidate', 'Resigned', 'Follower'] as const
  const nominees = [
    { id: 3, directoryId: DIRECTORY },
    { id: 3, directoryId: OTHER_DIRECTORY },
    { id: 4, directoryId: DIRECTORY },
  ]
  const booleans = [false, true]
  return kinds.flatMap((kind) =>
    [null, 2].flatMap((leaderId) =>
      [null, { id: 3, directoryId: DIRECTORY }, { id: 3, directoryId: ZERO_UUID }].flatMap((voted) =>
        booleans.flatMap((hasFetched) =>
          nominees.flatMap((nominee) =>
            booleans.flatMap((preVote) =>
              booleans.map((isLogUpToDate) => ({
                ...{ kind, leaderId, voted, hasFetched, nominee, preVote, isLogUpToDate },
                directory: DIRECTORY,
              })),
            ),
          ),
        ),
      ),
    ),
  )
}

export function ourVoteGrant({ nominee, preVote, isLogUpToDate, ...asked }: VoteGrantCase): boolean {
  return mayGrantVote(stateOf(asked), { nominee, preVote, isLogUpToDate })
}

function stateOf(asked: Pick<VoteGrantCase, 'kind' | 'leaderId' | 'voted' | 'hasFetched'>): EpochState {
  const votes = new VoteCount(new VoterSet(), 1)
  const common = { epoch: 5, highWatermark: undefined, electionDeadlineMs: 1000 }
  const known = { leaderId: asked.leaderId ?? undefined, votedKey: asked.voted ?? undefined }
  switch (asked.kind) {
    case 'Unattached':
      return { kind: 'Unattached', ...common, ...known }
    case 'Prospective':
      return { kind: 'Prospective', ...common, ...known, leaderEndpoints: [], votes }
    case 'Candidate':
      return { kind: 'Candidate', ...common, votes }
    case 'Resigned':
      return { kind: 'Resigned', ...common, unacknowledged: new Set(), successors: [] }
    case 'Follower':
      return {
        ...{ kind: 'Follower', epoch: 5, leaderId: 2, leaderEndpoints: [], votedKey: known.votedKey },
        ...{ highWatermark: undefined, fetchDeadlineMs: 1000, hasFetched: asked.hasFetched },
        ...{ voterCheckMs: 1000, snapshot: undefined },
      }
  }
}

/** Kafka's answer. */
export function kafkaVoteGrant(oracle: KafkaOracle, asked: VoteGrantCase): Promise<unknown> {
  return oracle.ask({ ask: 'vote-grant', ...asked })
}
