/**
 * The count of an election: which voters granted the vote, which refused, who has not answered.
 *
 * A voter counts once, whatever it answers to a second request. The set of voters is the one at the beginning of the
 * election. (Kafka: EpochElection)
 */
import type { ReplicaKey, VoterSet } from './voters/voter-set.ts'

export class VoteCount {
  private readonly voters: VoterSet
  private readonly granted = new Set<number>()
  private readonly refused = new Set<number>()

  /** The nominee votes for itself. */
  constructor(voters: VoterSet, nomineeId: number) {
    this.voters = voters
    this.record(nomineeId, true)
  }

  /** Ignores nodes that are no voters. */
  record(voterId: number, isGranted: boolean): void {
    if (!this.voters.node(voterId)) return
    const [to, from] = isGranted ? [this.granted, this.refused] : [this.refused, this.granted]
    to.add(voterId)
    from.delete(voterId)
  }

  get isWon(): boolean {
    return this.granted.size >= this.voters.majority
  }

  /** Whether a majority can no longer be reached. */
  get isLost(): boolean {
    return this.voters.size - this.refused.size < this.voters.majority
  }

  get grantedBy(): readonly number[] {
    return [...this.granted].sort((a, b) => a - b)
  }

  get unanswered(): readonly ReplicaKey[] {
    return this.voters.keys.filter(({ id }) => !this.granted.has(id) && !this.refused.has(id))
  }
}
