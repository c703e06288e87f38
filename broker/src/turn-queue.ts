/**
 * Who waits for a turn (turns.ts), and who is next.
 *
 *   by what was used   quiet, 3 ms | asks now and then, 40 ms | always busy, 900 ms      every other one comes from here
 *   by age             always busy | quiet | asks now and then                          and every other one from here
 *
 * The party that has used the least time is next. A client that sends expensive requests waits behind those that send
 * cheap ones; two hundred such clients wait in the same place, so a quiet client is next, however many they are (TURNS-4).
 * Unused time is saved up to CREDIT_MS_MAX only, so a quiet client can't shut the others out. A debt is DEBT_MS_MAX at
 * most, so one slow request does not shut its client out. (Start-time fair queueing; Linux's CFS places tasks that wake
 * in this way.)
 *
 * Every second time, the party that has waited longest is next (TURNS-6). The clock also runs while another process has the
 * processor, so a party may be charged for time that it did not use; then it waits one round at most.
 *
 *   used    A 510 ms   B 3 ms -> 400, as the queue stands at 500   C 503 ms        next: B, C, A
 *
 * A job of a request that is cut needs a place as well, of which there are few: each such request holds what it has made so
 * far (TURNS-7). One without a place is parked: it is in neither order until it gets one.
 */
import type { Work } from './core.ts'
import { Heap } from './heap.ts'

/** How far behind the others an account may stand, in ms. */
const DEBT_MS_MAX = 100
/** How far before the others, who are always busy, one may enter that was quiet, in ms. */
const CREDIT_MS_MAX = 100
/** The same for one that is new: it has not shown yet what it is. */
const NEW_CREDIT_MS = 1
/** How many requests are in work at a time that are cut: as many as Kafka has threads for them (num.io.threads). */
const REQUESTS_IN_WORK_MAX = 8
/** A request that is done within so many slices has made little. */
const SLICES_FREE = 4
/** What reading a byte counts: a gigabyte a second. So of two that are new, the one that has sent little comes first. */
const MS_PER_BYTE_READ = 1e-6
/** So many that are served are kept before the queue is moved up. */
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

  /** Calls `then` when no job of this account is under way: now, or when the last one has ended. */
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

/** A request's place among those that are in work (TURNS-7). */
export interface Place {
  state: 'none' | 'taken' | 'over'
  /** How many slices it had without a place. */
  slices: number
}

/** Who takes turns: a connection, or a job. */
export interface Party {
  readonly account: Account
  /** Of a request that is cut. */
  readonly place?: Place | undefined
  /** Handles one frame, or works for one slice; gives whether there is more to do. Does not throw. */
  serve(): boolean
  /** What it is working on. */
  work(): Work
}

interface Waiting {
  readonly party: Party
  readonly usedMs: number
  readonly number: number
  isServed: boolean
}

/** Who has used least, first; of two that have used as much, who came first. */
function isBefore(a: Waiting, b: Waiting): boolean {
  return a.usedMs === b.usedMs ? a.number < b.number : a.usedMs < b.usedMs
}

export class TurnQueue {
  private readonly byUse = new Heap<Waiting>(isBefore)
  private byAge: Waiting[] = []
  /** Before it in `byAge`, all are served. */
  private oldestAt = 0
  private isOldestNext = false
  /** Requests that are cut and have no place yet. */
  private readonly parked = new Heap<Waiting>(isBefore)
  private placesTaken = 0
  private nextNumber = 0
  /** Rises to the most that anybody had used who was served. */
  private standMs = 0

  /** Whether nobody waits, but for those who are parked. */
  get isEmpty(): boolean {
    return this.oldestAt === this.byAge.length
  }

  /** For a new client: it stands a little before those that are always busy, if it has not sent much. */
  newAccount(): Account {
    return new Account(this.standMs - NEW_CREDIT_MS)
  }

  /** Nobody was served for so long: who was connected already comes before those who come new. */
  moveOn(idleMs: number): void {
    this.standMs += idleMs
  }

  /** `account` is served without having waited. */
  passes(account: Account): void {
    this.standMs = Math.max(this.standMs, this.place(account))
  }

  add(party: Party): void {
    const usedMs = this.place(party.account)
    const waiting: Waiting = { party, usedMs, number: this.nextNumber++, isServed: false }
    if (!party.place || this.hasPlace(party.place)) this.line(waiting)
    else this.parked.push(waiting)
  }

  private line(waiting: Waiting): void {
    this.byUse.push(waiting)
    this.byAge.push(waiting)
  }

  /** By turns who has used least and who has waited longest (TURNS-6). */
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

  /** A queue of a thousand is not moved up for each that is served. */
  private dropServed(): void {
    const { byAge } = this
    while (byAge[this.oldestAt]?.isServed) this.oldestAt++
    if (this.oldestAt < byAge.length && this.oldestAt < SERVED_KEPT_MAX) return
    byAge.splice(0, this.oldestAt)
    this.oldestAt = 0
  }

  /** Whether a request may go on: it needs no place yet, has one, or gets one (TURNS-7). */
  private hasPlace(place: Place): boolean {
    if (place.state !== 'none' || ++place.slices < SLICES_FREE) return true
    if (this.placesTaken === REQUESTS_IN_WORK_MAX) return false
    place.state = 'taken'
    this.placesTaken++
    return true
  }

  /**
   * A request is over: the one that has used least of those without a place gets its place. Gives whether there was one:
   * it waits now.
   */
  leave(place: Place): boolean {
    const hadPlace = place.state === 'taken'
    place.state = 'over'
    if (!hadPlace) return false
    this.placesTaken--
    for (let next = this.parked.pop(); next; next = this.parked.pop()) {
      if (next.party.place!.state === 'over' || !this.hasPlace(next.party.place!)) continue
      this.line(next)
      return true
    }
    return false
  }

  /** Nobody waits any more. */
  clear(): void {
    this.byUse.clear()
    this.byAge = []
    this.oldestAt = 0
    this.parked.clear()
  }

  /** Where an account stands: not too far from who was served last, neither before nor behind. */
  private place(account: Account): number {
    const { standMs } = this
    account.usedMs = Math.min(Math.max(account.usedMs, standMs - CREDIT_MS_MAX), standMs + DEBT_MS_MAX)
    return account.usedMs
  }
}
