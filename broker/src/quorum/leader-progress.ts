/**
 * What a leader knows of the other replicas: how far each has come, and when it was last heard.
 *
 *   voter 1 (self)   on disk 62
 *   voter 2          fetched from 60, 40 ms ago       an offset is known by a fetch: "I have everything below 60"
 *   voter 3          never fetched in this epoch
 *   observer 4       fetched from 62, caught up       a broker, or a controller that may become a voter
 *
 * From the voters' offsets follows the high watermark (high-watermark.ts). From the times follows whether the leader still
 * reaches a majority: if not, it must resign, since the others have probably elected a new leader, and a leader that does
 * not know this would keep its clients waiting forever ("check quorum", KAFKA-15489). A fetch of a removed voter, or of
 * an observer, counts for neither. (LeaderState)
 *
 * LEADER-PROGRESS-1  a leader that no majority of the voters fetches from for 1.5 x fetchTimeoutMs resigns
 * LEADER-PROGRESS-2  a leader that is the only voter never resigns for that reason
 * LEADER-PROGRESS-3  what a replica said in an older epoch does not count: a leader begins with no offsets but its own
 */
import type { VoterProgress } from './high-watermark.ts'
import { isSameReplica, type ReplicaKey, type VoterSet } from './voters/voter-set.ts'

const CHECK_QUORUM_FACTOR = 1.5
/** An observer that has not fetched for this long is forgotten. */
const OBSERVER_SESSION_MS = 300_000
/** A new voter must have been caught up, and must have fetched within this time. */
const CAUGHT_UP_WITHIN_MS = 3_600_000
const NEVER = -1

/** The rules by which a leader judges what it knows; they are listed in quorum-rules.ts. */
export interface LeaderRules {
  /** The high watermark of the leader; `leader` counts only if it is one of the `voters`. (KAFKA-16530) */
  highWatermark(progress: {
    readonly voters: readonly VoterProgress[]
    readonly leader: VoterProgress
    readonly current: number | undefined
    readonly epochStartOffset: number
  }): number | undefined
  /**
   * How many other voters must fetch, again and again, for a leader to stay leader; undefined if it need not hear from
   * any. (KAFKA-15489, KAFKA-16144, KAFKA-16531)
   */
  checkQuorumSize(voters: VoterSet, leader: ReplicaKey): number | undefined
}

/** Times are ms of the monotonic clock; -1 means never. */
export interface ReplicaProgress {
  readonly key: ReplicaKey
  /** Everything below it is on the replica's disk; undefined if it has not fetched in this epoch. */
  offset: number | undefined
  lastFetchMs: number
  /** When the replica had all that the leader had. */
  lastCaughtUpMs: number
  /** The end of the leader's log at the last fetch. */
  leaderEndAtFetch: number
}

export class LeaderProgress {
  readonly startOffset: number
  /** The voters that elected this leader, for the LeaderChange record. */
  readonly grantedBy: readonly number[]
  /** Undefined until a record of this epoch is on a majority (HIGH-WATERMARK-2). */
  highWatermark: number | undefined
  isResignRequested = false
  private readonly local: ReplicaKey
  private readonly rules: LeaderRules
  private readonly fetchTimeoutMs: number
  private voterSet: VoterSet
  private voters = new Map<number, ReplicaProgress>()
  private observers: ReplicaProgress[] = []
  private localOffset: number | undefined
  /** The voters that fetched since a majority last did. */
  private readonly heard = new Set<number>()
  private checkQuorumAtMs: number
  private remindAtMs: number

  constructor(
    epoch: {
      readonly local: ReplicaKey
      readonly startOffset: number
      readonly voters: VoterSet
      readonly grantedBy: readonly number[]
    },
    timing: { readonly nowMs: number; readonly fetchTimeoutMs: number; readonly rules: LeaderRules },
  ) {
    this.local = epoch.local
    this.startOffset = epoch.startOffset
    this.grantedBy = epoch.grantedBy
    this.rules = timing.rules
    this.fetchTimeoutMs = timing.fetchTimeoutMs
    this.checkQuorumAtMs = timing.nowMs + this.checkQuorumTimeoutMs
    this.remindAtMs = timing.nowMs
    this.voterSet = epoch.voters
    this.setVoters(epoch.voters)
  }

  private get checkQuorumTimeoutMs(): number {
    return this.fetchTimeoutMs * CHECK_QUORUM_FACTOR
  }

  /** The leader has more on disk, or other voters. Returns whether the high watermark advanced. */
  updateLocal(offset: number, voters: VoterSet): boolean {
    this.localOffset = offset
    if (voters !== this.voterSet) this.setVoters(voters)
    return this.advance()
  }

  private setVoters(voters: VoterSet): void {
    this.voterSet = voters
    const known = [...this.voters.values(), ...this.observers]
    this.voters = new Map(
      voters.keys.map((key) => [
        key.id,
        known.find((replica) => isSameReplica(key, replica.key)) ?? unheard(key),
      ]),
    )
    const kept = new Set(this.voters.values())
    this.observers = known.filter((replica) => !kept.has(replica) && replica.key.id !== this.local.id)
    for (const id of this.heard) if (!this.voters.has(id)) this.heard.delete(id)
  }

  /** A replica fetched: it has everything below `offset`. Returns whether the high watermark advanced. */
  updateReplica(
    key: ReplicaKey,
    { offset, leaderEnd, nowMs }: { offset: number; leaderEnd: number; nowMs: number },
  ): boolean {
    const replica = this.replicaOf(key)
    if (offset >= leaderEnd) replica.lastCaughtUpMs = nowMs
    else if (replica.leaderEndAtFetch > 0 && offset >= replica.leaderEndAtFetch)
      replica.lastCaughtUpMs = Math.max(replica.lastCaughtUpMs, replica.lastFetchMs)
    replica.leaderEndAtFetch = leaderEnd
    replica.lastFetchMs = nowMs
    replica.offset = offset
    this.heardFrom(key, nowMs)
    return this.isVoter(key) && this.advance()
  }

  private replicaOf(key: ReplicaKey): ReplicaProgress {
    const known = this.find(key)
    if (known) return known
    const added = unheard(key)
    this.observers.push(added)
    return added
  }

  private find(key: ReplicaKey): ReplicaProgress | undefined {
    const voter = this.voters.get(key.id)
    if (voter && this.isVoter(key)) return voter
    return this.observers.find((replica) => isSameReplica(replica.key, key))
  }

  private isVoter(key: ReplicaKey): boolean {
    return this.voterSet.isVoter(key)
  }

  private advance(): boolean {
    const before = this.highWatermark
    const leader = { id: this.local.id, offset: this.localOffset }
    this.highWatermark = this.rules.highWatermark({
      voters: [...this.voters.values()].map(({ key, offset }) =>
        key.id === leader.id ? leader : { id: key.id, offset },
      ),
      leader,
      current: before,
      epochStartOffset: this.startOffset,
    })
    return this.highWatermark !== before
  }

  /** A voter fetched records or a piece of a snapshot: it follows this leader (LEADER-PROGRESS-1). */
  heardFrom(key: ReplicaKey, nowMs: number): void {
    if (this.isVoter(key)) this.heard.add(key.id)
    if (this.heard.size < (this.rules.checkQuorumSize(this.voterSet, this.local) ?? 0)) return
    this.heard.clear()
    this.checkQuorumAtMs = nowMs + this.checkQuorumTimeoutMs
  }

  /** Ms until the leader must resign as no majority fetches; Infinity if it needs none (LEADER-PROGRESS-2). */
  checkQuorumMs(nowMs: number): number {
    if (this.rules.checkQuorumSize(this.voterSet, this.local) === undefined) return Number.POSITIVE_INFINITY
    return Math.max(0, this.checkQuorumAtMs - nowMs)
  }

  /** The voters that do not fetch: they may not know who leads. At most every half of fetchTimeoutMs. */
  takeReminders(nowMs: number): ReplicaKey[] {
    if (nowMs < this.remindAtMs) return []
    this.remindAtMs = nowMs + this.fetchTimeoutMs / 2
    return [...this.voters.values()]
      .filter(({ key, lastFetchMs }) => {
        if (key.id === this.local.id) return false
        return lastFetchMs === NEVER || nowMs - lastFetchMs >= this.fetchTimeoutMs / 2
      })
      .map(({ key }) => key)
  }

  /** Ms until `takeReminders` is to be called again. */
  reminderMs(nowMs: number): number {
    return Math.max(0, this.remindAtMs - nowMs)
  }

  /** The other voters, those with most of the log first. */
  successors(): ReplicaKey[] {
    const others = [...this.voters.values()].filter(({ key }) => key.id !== this.local.id)
    return others.sort((a, b) => (b.offset ?? NEVER) - (a.offset ?? NEVER)).map(({ key }) => key)
  }

  /** Whether an observer is near enough to the end of the log to become a voter. */
  isCaughtUp(key: ReplicaKey, nowMs: number): boolean {
    const replica = this.find(key)
    return (
      replica !== undefined &&
      replica.lastCaughtUpMs >= 0 &&
      replica.lastFetchMs > nowMs - CAUGHT_UP_WITHIN_MS
    )
  }

  /** For DescribeQuorum: all voters, and the observers that still fetch. */
  describe(nowMs: number): { voters: readonly ReplicaProgress[]; observers: readonly ReplicaProgress[] } {
    this.observers = this.observers.filter(({ lastFetchMs }) => nowMs - lastFetchMs < OBSERVER_SESSION_MS)
    const self = {
      offset: this.localOffset,
      lastFetchMs: nowMs,
      lastCaughtUpMs: nowMs,
      leaderEndAtFetch: NEVER,
    }
    const voters = [...this.voters.values()].map((each) =>
      each.key.id === this.local.id ? { key: each.key, ...self } : each,
    )
    return { voters, observers: this.observers }
  }
}

function unheard(key: ReplicaKey): ReplicaProgress {
  return { key, offset: undefined, lastFetchMs: NEVER, lastCaughtUpMs: NEVER, leaderEndAtFetch: NEVER }
}
