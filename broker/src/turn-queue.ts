/**
 * The queue of those that wait for a turn (turns.ts), and the choice of the next one.
 *
 *   by time used   quiet, 3 ms | occasional, 40 ms | always busy, 900 ms      every other turn is chosen from here
 *   by age         always busy | quiet | occasional                           and every other one from here
 *
 * The party that has used the least time is next. So a client with expensive requests waits behind clients with cheap
 * ones; and because two hundred such clients share the same position, a quiet client is next, however many they are (TURNS-4).
 * Unused time is credited up to CREDIT_MS_MAX only, so a quiet client can't lock out the others. A debt is limited to
 * DEBT_MS_MAX, so one slow request does not lock out its client. (Start-time fair queueing; Linux's CFS places waking tasks
 * in this way.)
 *
 * Every second time, the party that has waited longest is next (TURNS-6). The clock also runs while another process uses the
 * processor, so a party may be charged for time that it did not use; then it waits one round at most.
 *
 *   used    A 510 ms   B 3 ms -> 400, as the queue is at 500   C 503 ms            next: B, C, A
 *
 * A large request also needs a place, of which there are few, because each such request holds its partial results in memory
 * (TURNS-7). It keeps the place until its response is encoded: otherwise a thousand requests would build their results one
 * after the other, and all of them wait to encode them. A job without a place is parked: it is in neither order until it
 * gets one.
 */
import type { Work } from './core.ts'
import { Heap } from './heap.ts'

/** How far an account may be behind the others, in ms. */
const DEBT_MS_MAX = 100
/** How far an account that was quiet may be ahead of those that are always busy, in ms. */
const CREDIT_MS_MAX = 100
/** The same for a new account, whose behaviour is unknown. */
const NEW_CREDIT_MS = 1
/** How many large requests are in work at a time: as many as Kafka has threads (num.io.threads). */
const REQUESTS_IN_WORK_MAX = 8
/** A request that needs at most this many slices holds few results, and needs no place. */
const SLICES_FREE = 4
/** If so many are parked, one slice is free: the results of a thousand requests would take much memory all the same. */
const PARKED_MANY = 50
/** The cost of reading a byte: a gigabyte a second. So of two new clients, the one that has sent less comes first. */
const MS_PER_BYTE_READ = 1e-6
/** How many served entries are kept before the queue is shifted. */
const SERVED_KEPT_MAX = 1000

/** The time that one connection has used. */
export class Account {
  /** In ms, as `TurnQueue.place` counts it. */
  usedMs: number
  private jobs = 0
  private whenDone: (() => void) | undefined

  constructor(usedMs: number) {
    this.usedMs = usedMs
  }

  hasRead(bytes: number): void {
    this.usedMs += bytes * MS_PER_BYTE_READ
  }

  get hasJobs(): boolean {
    return this.jobs > 0
  }

  /** Calls `then` when no job of this account is running: now, or when the last one has ended. */
  afterJobs(then: () => void): void {
    if (this.jobs === 0) then()
    else this.whenDone = then
  }

  jobPaused(): void {
    this.jobs++
  }

  jobEnded(): void {
    if (--this.jobs > 0) return
    this.whenDone?.()
    this.whenDone = undefined
  }
}

/** A request's place among the large requests in work (TURNS-7). */
export interface Place {
  isTaken: boolean
  /** How many slices it has run without a place. */
  slices: number
  /** Its jobs that are parked. */
  readonly parked: Waiting[]
}

/** `isLarge`: the request needs a place from its first slice on. */
export function newPlace(isLarge: boolean): Place {
  return { isTaken: false, slices: isLarge ? SLICES_FREE : 0, parked: [] }
}

/** A party in the queue: a connection, or a job. */
export interface Party {
  readonly account: Account
  /** For the job of a request that is cut into slices. */
  readonly place?: Place | undefined
  /** Whether the job was cancelled. */
  isCancelled?(): boolean
  /** Handles one frame, or one slice; returns whether there is more to do. Does not throw. */
  serve(): boolean
  /** What it is doing, for the log line about a stall. */
  work(): Work
}

interface Waiting {
  readonly party: Party
  readonly usedMs: number
  readonly number: number
  isServed: boolean
  isParked: boolean
}

/** Least used first; if equal, in the order of arrival. */
function isBefore(a: Waiting, b: Waiting): boolean {
  return a.usedMs === b.usedMs ? a.number < b.number : a.usedMs < b.usedMs
}

export class TurnQueue {
  private readonly byUse = new Heap<Waiting>(isBefore)
  private byAge: Waiting[] = []
  /** Entries before this index of `byAge` are served. */
  private oldestAt = 0
  private isOldestNext = false
  /** Parked: jobs of large requests without a place. */
  private readonly parked = new Heap<Waiting>(isBefore)
  private placesTaken = 0
  private nextNumber = 0
  /** The largest used time of all parties that were served. */
  private standMs = 0

  /** Whether no party waits, apart from parked ones. */
  get isEmpty(): boolean {
    return this.oldestAt === this.byAge.length
  }

  /** For a new client: slightly ahead of those that are always busy, if it has not sent much. */
  newAccount(): Account {
    return new Account(this.standMs - NEW_CREDIT_MS)
  }

  /** The thread was idle for so long: existing clients get ahead of new ones. */
  moveOn(idleMs: number): void {
    this.standMs += idleMs
  }

  /** `account` is served without waiting. */
  passes(account: Account): void {
    this.standMs = Math.max(this.standMs, this.place(account))
  }

  add(party: Party): void {
    const usedMs = this.place(party.account)
    const { place } = party
    const isParked = place !== undefined && !this.hasPlace(place)
    const waiting: Waiting = { party, usedMs, number: this.nextNumber++, isServed: false, isParked }
    if (!isParked) return this.line(waiting)
    this.parked.push(waiting)
    place.parked.push(waiting)
  }

  private line(waiting: Waiting): void {
    this.byUse.push(waiting)
    this.byAge.push(waiting)
  }

  /** Alternates between the least used and the longest waiting (TURNS-6). */
  next(): Party | undefined {
    const next = this.isOldestNext ? this.byAge[this.oldestAt] : this.leastUsed()
    if (!next) return undefined
    next.isServed = true
    if (!this.isOldestNext) this.standMs = Math.max(this.standMs, next.usedMs)
    this.isOldestNext = !this.isOldestNext
    this.dropServed()
    return next.party
  }

  private leastUsed(): Waiting | undefined {
    for (;;) {
      const next = this.byUse.pop()
      if (!next?.isServed) return next
    }
  }

  /** Drops served entries from time to time, so that a long queue is not shifted at each turn. */
  private dropServed(): void {
    const { byAge } = this
    while (byAge[this.oldestAt]?.isServed) this.oldestAt++
    if (this.oldestAt < byAge.length && this.oldestAt < SERVED_KEPT_MAX) return
    byAge.splice(0, this.oldestAt)
    this.oldestAt = 0
  }

  /** Whether a request may run its first slice. */
  mayBegin(place: Place): boolean {
    return place.slices < SLICES_FREE || this.hasPlace(place)
  }

  /** Whether a request may continue: it needs no place yet, has one, or gets one (TURNS-7). */
  private hasPlace(place: Place): boolean {
    const free = this.parked.size >= PARKED_MANY ? 1 : SLICES_FREE
    if (place.isTaken || ++place.slices < free) return true
    if (this.placesTaken === REQUESTS_IN_WORK_MAX) return false
    this.take(place)
    return true
  }

  private take(place: Place): void {
    place.isTaken = true
    this.placesTaken++
    for (const waiting of place.parked.splice(0)) {
      waiting.isParked = false
      this.line(waiting)
    }
  }

  /**
   * A request has ended, or waits for something and needs a place again afterwards. Returns whether a parked one got its
   * place; it is in the queue now. Idempotent.
   */
  leave(place: Place): boolean {
    if (!place.isTaken) return false
    place.isTaken = false
    this.placesTaken--
    // The least used of the parked requests gets the place.
    for (let next = this.parked.pop(); next; next = this.parked.pop()) {
      if (!next.isParked || next.party.isCancelled?.()) continue
      this.take(next.party.place!)
      return true
    }
    return false
  }

  /** Empties the queue. */
  clear(): void {
    this.byUse.clear()
    this.byAge = []
    this.oldestAt = 0
    this.parked.clear()
  }

  /** The position of an account: limited in its distance from the last served one, in both directions. */
  private place(account: Account): number {
    const { standMs } = this
    account.usedMs = Math.min(Math.max(account.usedMs, standMs - CREDIT_MS_MAX), standMs + DEBT_MS_MAX)
    return account.usedMs
  }
}
