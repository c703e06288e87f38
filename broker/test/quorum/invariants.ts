/**
 * What must hold in a quorum, under the names that the specifications give it.
 *
 *   after every event
 *     NeverTwoLeadersInSameEpoch    (kip_853, Kafka's SingleLeader)
 *     MonotonicEpoch                the epoch of a replica never falls, also over restarts
 *     MonotonicHighWatermark        the newest leader's high watermark is never below one that a leader had before
 *     MajorityReachedHighWatermark  what a leader takes for committed is on the disks of a majority of the voters
 *     LeaderHasAllAckedValues       a leader that is elected has everything that was acknowledged
 *     AckedValueNotLost             nothing else is ever committed at the offset of an acknowledged value
 *     NoLogDivergence               a replica has all that it takes for committed, and it is what the others have
 *     SnapshotAtLogStart            where a log begins above 0, a snapshot ends
 *     LeaderNeverLoadSnapshot       the state machine of a leader loads no snapshot
 *     NoIllegalState                no replica meets something that it cannot explain
 *     StatesMatchRoles              only a voter stands for election
 *   after everything is healed, within bounded time (eventually.ts)
 *     EventuallyLeaderElected, ValuesEventuallyAcked, NotStuckInProspective, ReconfigurationNotStuck
 *
 * (Vanlightly/raft-tlaplus, kip_853 and kip_996; RaftEventSimulationTest)
 */
import type { EpochState } from '../../src/quorum/epoch-state.ts'
import type { OffsetAndEpoch } from '../../src/quorum/raft-log.ts'
import { isSameReplica } from '../../src/quorum/voters/voter-set.ts'
import type { SimReplica, Watcher } from './sim-replica.ts'

export type InvariantName =
  | 'NeverTwoLeadersInSameEpoch'
  | 'MonotonicEpoch'
  | 'MonotonicHighWatermark'
  | 'MajorityReachedHighWatermark'
  | 'LeaderHasAllAckedValues'
  | 'AckedValueNotLost'
  | 'NoLogDivergence'
  | 'SnapshotAtLogStart'
  | 'LeaderNeverLoadSnapshot'
  | 'NoIllegalState'
  | 'StatesMatchRoles'
  | 'EventuallyLeaderElected'
  | 'ValuesEventuallyAcked'
  | 'NotStuckInProspective'
  | 'ReconfigurationNotStuck'

export class Violation extends Error {
  override readonly name = 'Violation'
  readonly invariant: InvariantName
  constructor(invariant: InvariantName, detail: string) {
    super(`${invariant}: ${detail}`)
    this.invariant = invariant
  }
}

interface Committed {
  readonly epoch: number
  readonly crc: number
}

/** What was last seen of a replica. */
interface Seen {
  life: number
  state: EpochState | undefined
  highWatermark: number
  leaderHighWatermark: number | undefined
}

export class Invariants implements Watcher {
  /** Violations of these only; all if undefined. */
  private readonly only: ReadonlySet<InvariantName> | undefined
  private readonly leaders = new Map<number, number>()
  /** By base offset; a value that is committed is acknowledged. */
  private readonly committedAt = new Map<number, Committed>()
  private readonly seen = new Map<SimReplica, Seen>()
  private readonly epochs = new Map<string, number>()
  private newestLeaderEpoch = -1
  private highestHighWatermark = 0
  /** Violations that happen within a call of the replica, which catches exceptions. */
  private within: Violation | undefined
  ackedEnd = 0
  electedCount = 0

  constructor(only?: Iterable<InvariantName>) {
    this.only = only && new Set(only)
  }

  violate(invariant: InvariantName, detail: string): void {
    if (this.only && !this.only.has(invariant)) return
    throw new Violation(invariant, detail)
  }

  // -- as it happens -------------------------------------------------------------------------------------------------

  committed(
    replica: SimReplica,
    { baseOffset, epoch, crc }: { baseOffset: number; epoch: number; crc: number },
  ): void {
    const known = this.committedAt.get(baseOffset)
    if (!known) {
      this.committedAt.set(baseOffset, { epoch, crc })
      this.ackedEnd = Math.max(this.ackedEnd, baseOffset + 1)
    } else if (known.crc !== crc || known.epoch !== epoch) {
      const detail = `offset ${baseOffset} is a record of epoch ${known.epoch}, replica ${replica.id} commits one of ${epoch}`
      this.keep(() => this.violate('AckedValueNotLost', detail))
      this.keep(() => this.violate('NoLogDivergence', detail))
    }
  }

  loadedSnapshot(replica: SimReplica, { offset }: OffsetAndEpoch): void {
    // At its start a replica that leads at once, being the only voter, has loaded its own snapshot.
    const seen = this.seen.get(replica)
    if (replica.isLeader && seen?.life === replica.life && seen.highWatermark > 0)
      this.keep(() =>
        this.violate('LeaderNeverLoadSnapshot', `leader ${replica.id} loads the snapshot at ${offset}`),
      )
  }

  private keep(check: () => void): void {
    try {
      check()
    } catch (error) {
      if (error instanceof Violation) this.within ??= error
    }
  }

  // -- after every event ---------------------------------------------------------------------------------------------

  check(replicas: readonly SimReplica[]): void {
    if (this.within) throw this.within
    for (const replica of replicas) if (replica.quorum) this.checkReplica(replica, replicas)
  }

  private checkReplica(replica: SimReplica, all: readonly SimReplica[]): void {
    const quorum = replica.quorum!
    if (quorum.failure) this.violate('NoIllegalState', `replica ${replica.id}: ${quorum.failure.message}`)
    const { state } = quorum
    const isNominee = state.kind === 'Prospective' || state.kind === 'Candidate'
    if (isNominee && !quorum.voters.isVoter(replica.node.key))
      this.violate('StatesMatchRoles', `replica  is  and no voter`)
    const seen = this.seenOf(replica)
    this.checkEpoch(replica.directoryId, state.epoch)
    seen.highWatermark = Math.max(seen.highWatermark, quorum.highWatermark ?? 0)
    if (state.kind === 'Leader') this.checkLeader(replica, { state, seen, all })
    seen.state = state
    const { endOffset, startOffset, snapshots } = replica.disk
    if (endOffset < seen.highWatermark)
      this.violate(
        'NoLogDivergence',
        `replica ${replica.id} ends at ${endOffset}, below its high watermark ${seen.highWatermark}`,
      )
    if (startOffset > 0 && snapshots[0]?.id.offset !== startOffset)
      this.violate('SnapshotAtLogStart', `replica ${replica.id} begins at ${startOffset}`)
  }

  /** A replica with a new disk is another one. */
  private checkEpoch(directoryId: string, epoch: number): void {
    const highest = this.epochs.get(directoryId) ?? -1
    if (epoch < highest)
      this.violate('MonotonicEpoch', `disk ${directoryId} goes from epoch ${highest} to ${epoch}`)
    this.epochs.set(directoryId, epoch)
  }

  private seenOf(replica: SimReplica): Seen {
    const seen = this.seen.get(replica)
    if (seen?.life === replica.life) return seen
    const fresh: Seen = {
      life: replica.life,
      state: undefined,
      highWatermark: 0,
      leaderHighWatermark: undefined,
    }
    this.seen.set(replica, fresh)
    return fresh
  }

  private checkLeader(
    replica: SimReplica,
    { state, seen, all }: { state: EpochState & { kind: 'Leader' }; seen: Seen; all: readonly SimReplica[] },
  ): void {
    const { epoch } = state
    const known = this.leaders.get(epoch)
    if (known !== undefined && known !== replica.id)
      this.violate('NeverTwoLeadersInSameEpoch', `epoch ${epoch} is led by ${known} and ${replica.id}`)
    this.leaders.set(epoch, replica.id)
    if (seen.state !== state) {
      this.electedCount++
      seen.leaderHighWatermark = undefined
      if (epoch > this.newestLeaderEpoch) {
        this.newestLeaderEpoch = epoch
        this.checkHasAllAcked(replica)
      }
    }
    const { highWatermark } = state.progress
    if (highWatermark === undefined || highWatermark === seen.leaderHighWatermark) return
    seen.leaderHighWatermark = highWatermark
    const voters = replica.quorum!.voters
    const having = voters.keys.filter((key) => {
      const voter = all.find(({ node }) => isSameReplica(key, node.key))
      // A voter whose disk was replaced may have had it.
      return !voter || voter.disk.flushedEnd >= highWatermark
    })
    if (having.length < voters.majority)
      this.violate(
        'MajorityReachedHighWatermark',
        `${highWatermark} of leader ${replica.id} is on ${having.length} of ${voters.size} voters`,
      )
    if (epoch < this.newestLeaderEpoch) return
    if (highWatermark < this.highestHighWatermark)
      this.violate(
        'MonotonicHighWatermark',
        `leader ${replica.id} of epoch ${epoch}: ${highWatermark} after ${this.highestHighWatermark}`,
      )
    this.highestHighWatermark = highWatermark
  }

  private checkHasAllAcked(replica: SimReplica): void {
    const { disk } = replica
    for (const [offset, { epoch, crc }] of this.committedAt) {
      if (offset < disk.startOffset) continue
      const batch = disk.batchAt(offset)
      if (batch?.crc !== crc || batch.epoch !== epoch)
        this.violate(
          'LeaderHasAllAckedValues',
          `leader ${replica.id} of epoch ${replica.quorum?.state.epoch} lacks offset ${offset} of epoch ${epoch}`,
        )
    }
  }
}
