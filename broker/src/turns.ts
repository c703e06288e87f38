/**
 * Turns: how one thread serves all clients.
 *
 * Kafka has threads that read sockets, and eight that handle requests; a slow request delays only its own client, and a
 * client that has sent a thousand requests has one of them in work at a time. Here there is one thread. So everything that
 * may take long waits in one queue, and takes turns:
 *
 *   connection A   frame |                | frame
 *   connection B         | frame          |      | frame
 *   job of C             |      | slice   |             | slice   a long request, or background work of the broker
 *                        '--- a turn -----'                       then sockets are read, signals and timers handled
 *
 * In a turn each waiting party is served once: one frame or one slice. Cheap frames get a few rounds, until ROUNDS_MS_MAX
 * have passed. A turn ends after TURN_MS, even if some parties were not served.
 *
 * The choice of the next party: turn-queue.ts.
 *
 * Work that grows with a request is written as a generator that pauses (`yield`) where it may be interrupted. It checks
 * `isOver` every few hundred items, and yields when its turn is over. A job that finishes within its first turn, as nearly
 * all do, has no overhead: it runs within the call that started it. So does a frame if no party waits.
 *
 * TURNS-1  a slice ends at the first `yield` after TURN_MS; the job continues in a later turn, after jobs that used less
 * TURNS-2  `done` or `failed` is called once; if the job is cancelled, neither is called
 * TURNS-3  between two turns the sockets are read: however much a party has sent, its cheap frames get ROUNDS_MS_MAX,
 *     and its expensive ones one per turn
 * TURNS-4  a quiet client waits for the current slice and for other quiet clients, not for those that are always busy
 * TURNS-5  a job's time is charged to the connection whose request started it
 * TURNS-6  a party waits for at most two slices of each other party
 * TURNS-7  at most REQUESTS_IN_WORK_MAX requests continue beyond their first SLICES_FREE slices at a time, because each
 *     holds its partial results. A request that is known to be large does not even begin without a place. A cheap request
 *     that is cut because the processor was busy elsewhere does not wait, unless PARKED_MANY requests wait already
 * TURNS-8  a job that yields a Wait is not served until that is over, and has no place among the requests in work so long
 */
import type { Clock, StallWatch, Timers, Work } from './core.ts'
import { STALL_MS } from './stalls.ts'
import { type Account, newPlace, type Party, type Place, TurnQueue } from './turn-queue.ts'

/** How long a slice and a turn may last before others are served, in ms. */
const TURN_MS = 2
/** How long a turn continues with further rounds, in ms, and how many, before sockets are read: a read costs as much as a frame. */
const ROUNDS_MS_MAX = 0.3
const ROUNDS_MAX = 8
/** The maximum charge for a frame or a slice, in ms: the garbage collector or another process may have used the rest. */
const CHARGE_MS_MAX = 20

/** What a job has to wait for. */
export interface Wait {
  /** Calls `goOn` once it is over; at once if it is over now. */
  whenOver(goOn: () => void): void
}

/** Work that can be interrupted: it pauses at each `yield`, and returns its result at the end. It yields what it waits for, if anything. */
export type Steps<Result> = Generator<Wait | undefined, Result, void>

/** Runs all steps at once, for work that is known to be short, or when no client waits. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The steps of work that needs no pause. */
export function* oneStep<Result>(work: () => Result): Steps<Result> {
  yield* []
  return work()
}

/** Called when a slice of a job begins and ends, to measure its request's cost (quota/). */
export interface Meter {
  resume(): void
  pause(): void
}

/** A request whose jobs share a place among the large requests (TURNS-7); the owner calls `leave` after the last one. */
export interface PlaceOwner {
  /** Whether it is known to be large: then it needs the place from its first slice on. */
  readonly isLarge: boolean
  /** The same object each time; created when it is needed, as most requests need none. */
  readonly place: Place
}

/** A started job. */
export interface Job {
  /** Cancels the job between two turns: its generator's `finally` blocks run, no callback is called. Idempotent. */
  cancel(): void
}

/** A job that finished within its first slice. */
const OVER: Job = { cancel: () => {} }

export class Turns {
  private readonly clock: Pick<Clock, 'monotonicMs'>
  private readonly timers: Timers
  private readonly stalls: StallWatch | undefined
  private readonly waiting = new TurnQueue()
  /** Parties that arrived since the turn began. */
  private arrivals: Party[] = []
  private readonly jobs = new Set<Job>()
  private serving: Party | undefined
  /** When the last party was served. */
  private servedUntilMs: number
  private isScheduled = false
  private isClosed = false
  /** When the current slice began. */
  private startedMs = 0
  /** Duration of the last frame or slice, in ms. */
  private lastMs = 0
  /** Time spent since the last turn on parties that were served at their arrival. */
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

  /** For a new client: slightly ahead of those that are always busy, if it has not sent much. */
  newAccount(): Account {
    if (!this.serving && !this.isScheduled) this.countIdleTime()
    return this.waiting.newAccount()
  }

  /** Whether the current turn has lasted long enough: then a generator must yield. */
  get isOver(): boolean {
    return this.clock.monotonicMs() - this.startedMs >= TURN_MS
  }

  /** `party` has something to do: it is served at once if no other party waits, or else in its turn. */
  enter(party: Party): void {
    if (this.isClosed) return
    if (this.serving || this.isScheduled) return this.queue(party)
    this.countIdleTime()
    this.waiting.passes(party.account)
    let isMore = this.serve(party)
    let spentMs = this.lastMs
    for (let rounds = 1; isMore && this.mayGoOn(rounds, spentMs); rounds++) {
      isMore = this.serve(party)
      spentMs += this.lastMs
    }
    if (isMore) this.queue(party)
    this.aheadOfTurnMs += spentMs
    // Many sockets may have one cheap frame each: timers and signals must be handled in between, too.
    if (this.aheadOfTurnMs >= TURN_MS) this.schedule()
  }

  /**
   * Runs `steps` to its end, in as many turns as needed; the first slice runs now. `failed` gets its error.
   * `name`: for the log line about a stall, if it is not a request's; `meter` is called for each slice. `owner`: if several
   * jobs of a request share a place.
   */
  run<Result>(
    steps: Steps<Result>,
    done: (result: Result) => void,
    failed: (error: unknown) => void,
    { name = 'a job', meter, owner }: { name?: string; meter?: Meter; owner?: PlaceOwner } = {},
  ): Job {
    const { serving } = this
    if (!serving) {
      const job = this.jobOf(steps, done, failed, { account: this.newAccount(), work: { job: name }, meter })
      if (this.serve(job)) this.queue(job)
      return job
    }
    const { account } = serving
    if (owner?.isLarge && !this.waiting.mayBegin(owner.place)) {
      const job = this.jobOf(steps, done, failed, {
        account,
        place: owner.place,
        isShared: true,
        work: serving.work(),
        meter,
      })
      this.queue(job)
      return job
    }
    // Nearly all jobs of requests finish within their first slice: then no state is needed.
    let step: IteratorResult<Wait | undefined, Result>
    try {
      step = this.sliceOf(steps, meter)
    } catch (error) {
      failed(error)
      return OVER
    }
    if (step.done) {
      done(step.value)
      return OVER
    }
    const place = owner?.place ?? newPlace(false)
    const isShared = owner !== undefined
    const job = this.jobOf(steps, done, failed, {
      account,
      place,
      isShared,
      work: serving.work(),
      meter,
    })
    if (step.value) return this.wait(job, step.value)
    this.queue(job)
    return job
  }

  /** A running job, which is served slice by slice. */
  private jobOf<Result>(
    steps: Steps<Result>,
    done: (result: Result) => void,
    failed: (error: unknown) => void,
    {
      account,
      place,
      isShared = false,
      work,
      meter,
    }: {
      account: Account
      place?: Place
      /** Whether other jobs have the same place. */
      isShared?: boolean
      work: Work
      meter?: Meter | undefined
    },
  ): Job & Party {
    let isOver = false
    let isStepping = false
    const end = (): void => {
      isOver = true
      account.jobEnded()
      this.jobs.delete(job)
      if (place && !isShared) this.leave(place)
    }
    const slice = (): boolean => {
      if (isOver) return false
      let step: IteratorResult<Wait | undefined, Result>
      isStepping = true
      try {
        step = this.sliceOf(steps, meter)
        // The job has cancelled itself: a running generator can't be ended.
        if (isOver) steps.return(undefined as never)
      } catch (error) {
        if (isOver) return false
        end()
        failed(error)
        return false
      } finally {
        isStepping = false
      }
      if (isOver) return false
      if (!step.done) {
        if (step.value) this.wait(job, step.value)
        return !step.value
      }
      end()
      done(step.value)
      return false
    }
    const cancel = (): void => {
      if (isOver) return
      end()
      if (!isStepping) steps.return(undefined as never)
    }
    const isCancelled = (): boolean => isOver
    const job: Job & Party = { account, place, serve: slice, work: () => work, cancel, isCancelled }
    account.jobPaused()
    this.jobs.add(job)
    return job
  }

  /** Serves the job again when `wait` is over (TURNS-8). */
  private wait(job: Job & Party, wait: Wait): Job {
    if (job.place) this.leave(job.place)
    wait.whenOver(() => this.queue(job))
    return job
  }

  /** The jobs that share this place are over. Idempotent. */
  leave(place: Place): void {
    if (this.waiting.leave(place)) this.schedule()
  }

  /** Empties the queue, and cancels running jobs. */
  close(): void {
    this.isClosed = true
    this.waiting.clear()
    this.arrivals = []
    for (const job of [...this.jobs]) job.cancel()
  }

  /** Runs steps until the turn is over (TURNS-1). */
  private sliceOf<Result>(
    steps: Steps<Result>,
    meter: Meter | undefined,
  ): IteratorResult<Wait | undefined, Result> {
    meter?.resume()
    try {
      for (;;) {
        const step = steps.next()
        if (step.done || step.value || this.isOver) return step
      }
    } finally {
      meter?.pause()
    }
  }

  /** `party` has something to do, and is served in its turn: never within this call. */
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

  /** Serves each waiting party once, as far as the time of a turn allows. */
  private readonly turn = (): void => {
    this.isScheduled = false
    this.aheadOfTurnMs = 0
    for (const party of this.arrivals.splice(0)) this.waiting.add(party)
    let spentMs = 0
    let rounds = 1
    try {
      while (spentMs < TURN_MS) {
        const next = this.waiting.next()
        if (next) {
          if (this.serve(next)) this.queue(next)
          spentMs += this.lastMs
        } else if (this.arrivals.length === 0 || spentMs >= ROUNDS_MS_MAX || rounds++ === ROUNDS_MAX) return
        else for (const party of this.arrivals.splice(0)) this.waiting.add(party)
      }
    } finally {
      if (!this.waiting.isEmpty) this.schedule()
    }
  }

  /** Advances the queue for the time in which the thread was idle: existing clients get ahead of new ones. */
  private countIdleTime(): void {
    const nowMs = this.clock.monotonicMs()
    this.waiting.moveOn(nowMs - this.servedUntilMs)
    this.servedUntilMs = nowMs
  }

  /** Whether a party that was served at its arrival is served again at once: no other party waits. */
  private mayGoOn(rounds: number, spentMs: number): boolean {
    return rounds < ROUNDS_MAX && spentMs < ROUNDS_MS_MAX && this.arrivals.length === 0
  }

  /** Serves one frame or slice of a party; returns whether it has more, and sets `lastMs` to the duration. */
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
