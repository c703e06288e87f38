/**
 * Bugs that Kafka had, or that Raft has if a rule is left out: each is one rule of quorum-rules.ts in its broken form, and
 * names the invariant that must see it.
 *
 * A simulation that finds nothing proves little before it has found what was planted.
 */
import { nextHighWatermark } from '../../src/quorum/high-watermark.ts'
import { KRAFT_RULES, type QuorumRules } from '../../src/quorum/quorum-rules.ts'
import type { RaftConfig } from '../../src/quorum/raft-host.ts'
import type { InvariantName } from './invariants.ts'

export interface PlantedBug {
  readonly rules: Partial<QuorumRules>
  /** The invariants that must find it, each alone. */
  readonly seenBy: readonly InvariantName[]
  /** What the run is like; default: as the seed says. */
  readonly voters?: number
  readonly replicas?: number
  readonly faults?: number
  readonly shares?: Readonly<Record<string, number>>
  readonly isRisky?: boolean
  readonly hasEvenLinks?: boolean
  readonly config?: Partial<RaftConfig>
}

export const PLANTED_BUGS = {
  /** KAFKA-10533: a vote or fetch speaks of records that are not on disk. */
  'no-flush': {
    rules: { countedOffset: ({ endOffset }) => endOffset },
    seenBy: ['MajorityReachedHighWatermark', 'AckedValueNotLost'],
    shares: { crash: 40, 'crash of the leader': 30, 'slow disk': 20 },
  },
  /** KAFKA-15489: a leader that is cut off stays leader. */
  'no-check-quorum': {
    rules: { checkQuorumSize: () => undefined },
    seenBy: ['EventuallyLeaderElected'],
    voters: 3,
  },
  /** KAFKA-16144: the only voter resigns as no other voter fetches. */
  'check-quorum-of-one': {
    rules: { checkQuorumSize: (voters, leader) => KRAFT_RULES.checkQuorumSize(voters, leader) ?? 1 },
    seenBy: ['EventuallyLeaderElected'],
    voters: 1,
  },
  /** KAFKA-12460: a follower goes back to where its last epoch began, below what is committed. */
  'truncate-under-hw': {
    rules: {
      truncateTo: (log, { epoch }) => log.endOffsetForEpoch(Math.max(0, epoch - 1)).offset,
    },
    seenBy: ['NoLogDivergence'],
  },
  /** KAFKA-18345: all candidates wait equally long, and take the votes from each other again. */
  'same-backoff': {
    rules: { electionTimeoutMs: (configuredMs) => configuredMs },
    seenBy: ['EventuallyLeaderElected'],
    // Nothing else breaks the step.
    ...{ voters: 3, faults: 0, hasEvenLinks: true },
  },
  /** KAFKA-16530: a leader that was removed counts itself in the majority of the others. */
  'leader-counts-itself': {
    rules: {
      highWatermark: ({ voters, leader, current, epochStartOffset }) => {
        if (voters.some(({ id }) => id === leader.id))
          return nextHighWatermark(voters, { current, epochStartOffset })
        const falling = [leader, ...voters].map(({ offset }) => offset ?? -1).sort((a, b) => b - a)
        const offset = falling[Math.floor(voters.length / 2)] ?? -1
        return offset > epochStartOffset ? Math.max(current ?? 0, offset) : current
      },
    },
    seenBy: ['MajorityReachedHighWatermark'],
    ...{ voters: 3, replicas: 3, isRisky: true },
    shares: { 'voter removed': 60, 'voter added': 40, 'one-way cut': 40, 'links healed': 20 },
  },
  /** The hole in Raft's thesis: the voters change before the change before is committed, and a record of this epoch. */
  'reconfig-too-early': {
    rules: { refusalOfVoterChange: () => undefined },
    seenBy: ['LeaderHasAllAckedValues'],
    ...{ voters: 3, replicas: 4, isRisky: true },
    // A leader that is cut off removes one voter after the other before it resigns.
    shares: { 'voter removed': 120, 'isolation of the leader': 40, 'links healed': 25 },
    config: { requestTimeoutMs: 60, fetchMaxWaitMs: 30 },
  },
  /** A voter that was removed cannot fetch, so it never learns of it. */
  'refuse-old-voters': {
    rules: { servesFetchOf: (replica, voters) => voters.isVoter(replica) },
    seenBy: ['ReconfigurationNotStuck'],
  },
  /** A node that lost only the leader waits for votes that it will not get. */
  'prospective-forever': {
    rules: { leavesLostPreVote: () => false },
    seenBy: ['NotStuckInProspective'],
  },
  /** A replica forgets that it has voted. */
  'vote-twice': {
    rules: {
      mayGrantVote: (state, question) =>
        state.kind === 'Unattached' || state.kind === 'Prospective'
          ? question.isLogUpToDate
          : KRAFT_RULES.mayGrantVote(state, question),
    },
    seenBy: ['NeverTwoLeadersInSameEpoch'],
  },
  /** A vote for a log that lacks committed records. */
  'vote-for-short-log': {
    rules: {
      mayGrantVote: (state, question) =>
        KRAFT_RULES.mayGrantVote(state, { ...question, isLogUpToDate: true }),
    },
    seenBy: ['LeaderHasAllAckedValues'],
  },
  /** Raft, figure 8: a record of an older epoch is taken for committed as it is on a majority. */
  'commit-of-old-epoch': {
    rules: {
      highWatermark: ({ voters, current }) => nextHighWatermark(voters, { current, epochStartOffset: -1 }),
    },
    seenBy: ['MonotonicHighWatermark'],
  },
  /** What one voter has counts as what a majority has. */
  'high-watermark-of-one': {
    rules: {
      highWatermark: ({ leader, current, epochStartOffset }) =>
        nextHighWatermark([leader], { current, epochStartOffset }),
    },
    seenBy: ['MajorityReachedHighWatermark', 'MonotonicHighWatermark'],
  },
} satisfies Record<string, PlantedBug>
