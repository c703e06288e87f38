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
 * Who is next: turn-queue.ts.
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
import { STALL_MS } from './stalls.ts'
import { type Account, type Party, type Place, TurnQueue } from './turn-queue.ts'

/** How long a slice, and a turn, may last before others are served, in ms. */
const TURN_MS = 2
/** A turn goes on so long, in ms, and for so many rounds at most, before sockets are read: a read costs as much as a frame. */
const ROUNDS_MS_MAX = 0.3
const ROUNDS_MAX = 8
/** What a frame or a slice counts at most, in ms: the garbage collector, or another process, may have had the rest. */
const CHARGE_MS_MAX = 20

/** Work that can be interrupted: pauses at each `yield`, returns its result at the end. */
export type Steps<Result> = Generator<void, Result, void>

/** Does all of the work at once, where it is known to be little, or where nobody waits. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** Told when a slice of a job begins and ends: for what its request costs (quota/). */
export interface Meter {
  resume(): void
  pause(): void
}

/** A job that was started. */
export interface Job {
  /** Ends it between two turns: its generator's `finally` blocks run, nothing is called back. Idempotent. */
  cancel(): void
}

/** A job that was done when it was started. */
const OVER: Job = { cancel: () => {} }

export class Turns {
  private readonly clock: Pick<Clock, 'monotonicMs'>
  private readonly timers: Timers
  private readonly stalls: StallWatch | undefined
  private readonly waiting = new TurnQueue()
  /** Who has come since the turn began. */
  private arrivals: Party[] = []
  private readonly jobs = new Set<Job>()
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
    return this.waiting.newAccount()
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
    this.waiting.passes(party.account)
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
   * `name`: for the line about a stall, if it is not a request's; `meter` is told of each slice.
   */
  run<Result>(
    steps: Steps<Result>,
    done: (result: Result) => void,
    failed: (error: unknown) => void,
    { name = 'a job', meter }: { readonly name?: string; readonly meter?: Meter } = {},
  ): Job {
    const { serving } = this
    if (!serving) {
      const job = this.jobOf(steps, done, failed, { account: this.newAccount(), work: { job: name }, meter })
      if (this.serve(job)) this.queue(job)
      return job
    }
    // Nearly all that a request starts is done within its own slice: then nothing has to be kept of it.
    let step: IteratorResult<void, Result>
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
    const { account } = serving
    const place: Place = { state: 'none', slices: 0 }
    const job = this.jobOf(steps, done, failed, { account, place, work: serving.work(), meter })
    this.queue(job)
    return job
  }

  /** A job that is under way, to be served slice by slice. */
  private jobOf<Result>(
    steps: Steps<Result>,
    done: (result: Result) => void,
    failed: (error: unknown) => void,
    {
      account,
      place,
      work,
      meter,
    }: { account: Account; place?: Place; work: Work; meter?: Meter | undefined },
  ): Job & Party {
    let isOver = false
    let isStepping = false
    const end = (): void => {
      isOver = true
      account.jobEnded()
      this.jobs.delete(job)
      if (place && this.waiting.leave(place)) this.schedule()
    }
    const slice = (): boolean => {
      if (isOver) return false
      let step: IteratorResult<void, Result>
      isStepping = true
      try {
        step = this.sliceOf(steps, meter)
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
    this.arrivals = []
    for (const job of [...this.jobs]) job.cancel()
  }

  /** Steps until the turn is over (TURNS-1). */
  private sliceOf<Result>(steps: Steps<Result>, meter: Meter | undefined): IteratorResult<void, Result> {
    meter?.resume()
    try {
      for (;;) {
        const step = steps.next()
        if (step.done || this.isOver) return step
      }
    } finally {
      meter?.pause()
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

  /** The queue moves on while nobody is served: who was connected already comes before those who come new. */
  private countIdleTime(): void {
    const nowMs = this.clock.monotonicMs()
    this.waiting.moveOn(nowMs - this.servedUntilMs)
    this.servedUntilMs = nowMs
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
