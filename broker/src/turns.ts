/**
 * Turns: how one thread serves everyone.
 *
 * Kafka has threads that read sockets, and eight that handle requests; one that takes long holds up nobody but its own
 * client, and a client that has sent a thousand requests has one of them in work at a time. Here there is one thread.
 * So everything that may take long waits in one queue, and takes turns:
 *
 *   connection A   frame |                | frame
 *   connection B         | frame          |      | frame
 *   job of C             |      | slice   |             | slice   a request that is cut, or work of the broker's own
 *                        '--- a turn -----'                       then sockets are read, signals heard, timers fired
 *
 * A turn serves each waiting party once: one frame or one slice. Cheap frames have a few rounds, until ROUNDS_MS_MAX have
 * passed. A turn is over after TURN_MS, even if some were not served.
 *
 * The party that has used the least time is next. A client that sends expensive requests waits behind those that send
 * cheap ones; two hundred such clients wait in the same place, so a quiet client is next, however many they are. Unused
 * time is saved up to CREDIT_MS_MAX only, so a quiet client can't shut the others out. A debt is DEBT_MS_MAX at most, so one
 * slow request does not shut its client out. (Start-time fair queueing; Linux's CFS places tasks that wake in this way.)
 *
 * Every second time, the party that has waited longest is next. The clock also runs while another process has the
 * processor, so a party may be charged for time that it did not use; then it waits one round at most.
 *
 *   used    A 510 ms   B 3 ms -> 400, as the queue stands at 500   C 503 ms        next: B, C, A
 *
 * Work that grows with what a client sent is written as a generator that pauses (`yield`) where it may be interrupted.
 * It asks `isOver` every few hundred items, and pauses when its turn is over. A job that is done within its first turn,
 * which nearly all are, costs no detour: it runs within the call that started it. So does a frame when nobody waits.
 *
 * TURNS-1  a slice ends at the first `yield` after TURN_MS; the job goes on in a later turn, after jobs that used less
 * TURNS-2  `done` or `failed` is called once, unless the job was cancelled: then neither is
 * TURNS-3  between two turns the sockets are read: however much a party has sent, its cheap frames take ROUNDS_MS_MAX,
 *     and of others there is one in a turn
 * TURNS-4  a quiet client waits for the slice in work and for other quiet ones, and not for those that are always busy
 * TURNS-5  a job's time counts as that of the connection whose request started it
 * TURNS-6  a party waits for two slices of each other party at most
 * TURNS-7  at most REQUESTS_IN_WORK_MAX requests go on beyond their first SLICES_FREE at a time: each holds what it has
 *     made so far. A cheap request may be cut too, when the processor was busy elsewhere: it waits for none of them
 */
import type { Clock, StallWatch, Timers, Work } from './core.ts'
import { Heap } from './heap.ts'
import { STALL_MS } from './stalls.ts'

/** How long a slice, and a turn, may last before others are served, in ms. */
const TURN_MS = 2
/** A turn goes on so long, in ms, and for so many rounds at most, before sockets are read: a read costs as much as a frame. */
const ROUNDS_MS_MAX = 0.3
const ROUNDS_MAX = 8
/** How far behind the others an account may stand, in ms. */
const DEBT_MS_MAX = 100
/** What a frame or a slice counts at most, in ms: the garbage collector, or another process, may have had the rest. */
const CHARGE_MS_MAX = 20
/** How many requests are in work at a time that are cut: as many as Kafka has threads for them (num.io.threads). */
const REQUESTS_IN_WORK_MAX = 8
/** A request that is done within so many slices has made little. */
const SLICES_FREE = 4
/** How far before the others, who are always busy, one may enter that was quiet, in ms. */
const CREDIT_MS_MAX = 100

/** Work that can be interrupted: pauses at each `yield`, returns its result at the end. */
export type Steps<Result> = Generator<void, Result, void>

/** Does all of the work at once, where it is known to be little, or where nobody waits. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** A job that was started. */
export interface Job {
  /** Ends it between two turns: its generator's `finally` blocks run, nothing is called back. Idempotent. */
  cancel(): void
}

/** A job that was done when it was started. */
const OVER: Job = { cancel: () => {} }

/** The same for one that is new: it has not shown yet what it is. */
const NEW_CREDIT_MS = 1
/** What reading a byte counts: a gigabyte a second. So of two that are new, the one that has sent little comes first. */
const MS_PER_BYTE_READ = 1e-6

/** The time that one connection has used. */
export class Account {
  /** In ms, as `Turns.place` counts it. */
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
interface Place {
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

export class Turns {
  private readonly clock: Pick<Clock, 'monotonicMs'>
  private readonly timers: Timers
  private readonly stalls: StallWatch | undefined
  /** Those who wait, twice: by what they have used, and in the order of coming. */
  private readonly waiting = new Heap<Waiting>(isBefore)
  private byAge: Waiting[] = []
  private isOldestNext = false
  /** Requests that are cut and have no place yet. */
  private readonly parked = new Heap<Waiting>(isBefore)
  private placesTaken = 0
  /** Who has come since the turn began. */
  private arrivals: Party[] = []
  private readonly jobs = new Set<Job>()
  private nextNumber = 0
  /** Where the queue stands: rises to the most that anybody had used who was served, and while nobody is. */
  private standMs = 0
  private serving: Party | undefined
  /** When the last one had been served. */
  private servedUntilMs: number
  private isScheduled = false
  private isClosed = false
  /** When the slice under way began. */
  private startedMs = 0
  /** How long the last frame or slice took, in ms. */
  private lastMs = 0
  /** Spent on parties that were served as they came, since the last turn. */
  private aheadOfTurnMs = 0

  constructor({
    clock,
    timers,
    stalls,
  }: {
    readonly clock: Pick<Clock, 'monotonicMs'>
    readonly timers: Timers
    readonly stalls?: StallWatch | undefined
  }) {
    this.clock = clock
    this.timers = timers
    this.stalls = stalls
    this.servedUntilMs = clock.monotonicMs()
  }

  /** For a new client: it stands a little before those that are always busy, if it has not sent much. */
  newAccount(): Account {
    if (!this.serving && !this.isScheduled) this.countIdleTime()
    return new Account(this.standMs - NEW_CREDIT_MS)
  }

  /** Whether the turn that is under way has lasted long enough: a generator that sees it yields. */
  get isOver(): boolean {
    return this.clock.monotonicMs() - this.startedMs >= TURN_MS
  }

  /** `party` has something to do: it is served at once if nobody waits, or else when its turn comes. */
  enter(party: Party): void {
    if (this.isClosed) return
    if (this.serving || this.isScheduled) return this.queue(party)
    this.countIdleTime()
    this.standMs = Math.max(this.standMs, this.place(party.account))
    let isMore = this.serve(party)
    let spentMs = this.lastMs
    for (let rounds = 1; isMore && this.mayGoOn(rounds, spentMs); rounds++) {
      isMore = this.serve(party)
      spentMs += this.lastMs
    }
    if (isMore) this.queue(party)
    this.aheadOfTurnMs += spentMs
    // Many sockets with a cheap frame each come in a row: others than sockets are to be heard, too.
    if (this.aheadOfTurnMs >= TURN_MS) this.schedule()
  }

  /**
   * Runs `steps` to its end, in as many turns as it takes; the first slice now. `failed` gets what it throws.
   * `name`: for the line about a stall, if it is not a request's.
   */
  run<Result>(
    steps: Steps<Result>,
    done: (result: Result) => void,
    failed: (error: unknown) => void,
    name = 'a job',
  ): Job {
    const { serving } = this
    if (!serving) {
      const job = this.jobOf(steps, done, failed, { account: this.newAccount(), work: { job: name } })
      if (this.serve(job)) this.queue(job)
      return job
    }
    // Nearly all that a request starts is done within its own slice: then nothing has to be kept of it.
    let step: IteratorResult<void, Result>
    try {
      step = this.sliceOf(steps)
    } catch (error) {
      failed(error)
      return OVER
    }
    if (step.done) {
      done(step.value)
      return OVER
    }
    const { account } = serving
    const place: Place = { state: 'none', slices: 0 }
    const job = this.jobOf(steps, done, failed, { account, place, work: serving.work() })
    this.queue(job)
    return job
  }

  /** A job that is under way, to be served slice by slice. */
  private jobOf<Result>(
    steps: Steps<Result>,
    done: (result: Result) => void,
    failed: (error: unknown) => void,
    { account, place, work }: { account: Account; place?: Place; work: Work },
  ): Job & Party {
    let isOver = false
    let isStepping = false
    const end = (): void => {
      isOver = true
      account.jobEnded()
      this.jobs.delete(job)
      if (place) this.leave(place)
    }
    const slice = (): boolean => {
      if (isOver) return false
      let step: IteratorResult<void, Result>
      isStepping = true
      try {
        step = this.sliceOf(steps)
        // Cancelled by what it did itself: a generator that runs can't be ended.
        if (isOver) steps.return(undefined as never)
      } catch (error) {
        if (isOver) return false
        end()
        failed(error)
        return false
      } finally {
        isStepping = false
      }
      if (isOver || !step.done) return !isOver
      end()
      done(step.value)
      return false
    }
    const cancel = (): void => {
      if (isOver) return
      end()
      if (!isStepping) steps.return(undefined as never)
    }
    const job: Job & Party = { account, place, serve: slice, work: () => work, cancel }
    account.jobPaused()
    this.jobs.add(job)
    return job
  }

  /** Nobody is served any more; jobs that are under way are cancelled. */
  close(): void {
    this.isClosed = true
    this.waiting.clear()
    this.byAge = []
    this.parked.clear()
    this.arrivals = []
    for (const job of [...this.jobs]) job.cancel()
  }

  /** Steps until the turn is over (TURNS-1). */
  private sliceOf<Result>(steps: Steps<Result>): IteratorResult<void, Result> {
    for (;;) {
      const step = steps.next()
      if (step.done || this.isOver) return step
    }
  }

  /** `party` has something to do, and is served when its turn comes: never within this call. */
  queue(party: Party): void {
    if (!this.serving && !this.isScheduled) this.countIdleTime()
    this.arrivals.push(party)
    this.schedule()
  }

  private schedule(): void {
    if (this.isScheduled || this.isClosed) return
    this.isScheduled = true
    if (this.timers.soon) this.timers.soon(this.turn)
    else this.timers.set(0, this.turn)
  }

  /** Serves those who wait now, once each, as far as the time of a turn goes. */
  private readonly turn = (): void => {
    this.isScheduled = false
    this.aheadOfTurnMs = 0
    for (const party of this.arrivals.splice(0)) this.arrive(party)
    let spentMs = 0
    let rounds = 1
    try {
      while (spentMs < TURN_MS) {
        const next = this.next()
        if (next) {
          if (this.serve(next.party)) this.queue(next.party)
          spentMs += this.lastMs
        } else if (this.arrivals.length === 0 || spentMs >= ROUNDS_MS_MAX || rounds++ === ROUNDS_MAX) return
        else for (const party of this.arrivals.splice(0)) this.arrive(party)
      }
    } finally {
      if (this.byAge.length > 0) this.schedule()
    }
  }

  private arrive(party: Party): void {
    const usedMs = this.place(party.account)
    const waiting: Waiting = { party, usedMs, number: this.nextNumber++, isServed: false }
    if (!party.place || this.hasPlace(party.place)) this.line(waiting)
    else this.parked.push(waiting)
  }

  private line(waiting: Waiting): void {
    this.waiting.push(waiting)
    this.byAge.push(waiting)
  }

  /** By turns who has used least and who has waited longest (TURNS-6). */
  private next(): Waiting | undefined {
    const next = this.isOldestNext ? this.byAge[0] : this.leastUsed()
    if (!next) return undefined
    next.isServed = true
    if (!this.isOldestNext) this.standMs = Math.max(this.standMs, next.usedMs)
    this.isOldestNext = !this.isOldestNext
    let served = 0
    while (this.byAge[served]?.isServed) served++
    if (served > 0) this.byAge.splice(0, served)
    return next
  }

  private leastUsed(): Waiting | undefined {
    for (;;) {
      const next = this.waiting.pop()
      if (!next?.isServed) return next
    }
  }

  /** Whether a request may go on: it needs no place yet, has one, or gets one (TURNS-7). */
  private hasPlace(place: Place): boolean {
    if (place.state !== 'none' || ++place.slices < SLICES_FREE) return true
    if (this.placesTaken === REQUESTS_IN_WORK_MAX) return false
    place.state = 'taken'
    this.placesTaken++
    return true
  }

  /** A request is over: the one that has used least of those without a place gets its place. */
  private leave(place: Place): void {
    const hadPlace = place.state === 'taken'
    place.state = 'over'
    if (!hadPlace) return
    this.placesTaken--
    for (let next = this.parked.pop(); next; next = this.parked.pop()) {
      if (next.party.place!.state === 'over' || !this.hasPlace(next.party.place!)) continue
      this.line(next)
      this.schedule()
      return
    }
  }

  /** The queue moves on while nobody is served: who was connected already comes before those who come new. */
  private countIdleTime(): void {
    const nowMs = this.clock.monotonicMs()
    this.standMs += nowMs - this.servedUntilMs
    this.servedUntilMs = nowMs
  }

  /** Where an account stands in the queue: not too far from who was served last, neither before nor behind. */
  private place(account: Account): number {
    const { standMs } = this
    account.usedMs = Math.min(Math.max(account.usedMs, standMs - CREDIT_MS_MAX), standMs + DEBT_MS_MAX)
    return account.usedMs
  }

  /** Whether a party that was served when it came, and has more, is served again at once: nobody else waits. */
  private mayGoOn(rounds: number, spentMs: number): boolean {
    return rounds < ROUNDS_MAX && spentMs < ROUNDS_MS_MAX && this.arrivals.length === 0
  }

  /** One frame or slice of a party; gives whether it has more, and leaves in `lastMs` how long it took. */
  private serve(party: Party): boolean {
    const startedMs = this.clock.monotonicMs()
    this.startedMs = startedMs
    this.serving = party
    let isMore = false
    try {
      isMore = party.serve() && !this.isClosed
    } finally {
      this.serving = undefined
      this.servedUntilMs = this.clock.monotonicMs()
      this.lastMs = this.servedUntilMs - startedMs
    }
    party.account.usedMs += Math.min(this.lastMs, CHARGE_MS_MAX)
    if (this.lastMs >= STALL_MS) this.stalls?.worked(this.lastMs, () => party.work())
    return isMore
  }
}
