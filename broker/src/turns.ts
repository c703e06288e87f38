/**
 * Turns: how one thread serves everyone.
 *
 * Kafka has eight threads for requests; one that takes long holds up nobody but its own client. Here there is one
 * thread, and a request that walks over a million partitions would hold up all clients at once. So work that grows with
 * what a client sent is written as a generator that pauses (`yield`) where it may be interrupted:
 *
 *   a: |step step step|            |step step|          done(result)
 *   b:                |step step|            |step|     done(result)
 *          a turn          frames of other connections, timers, other jobs
 *
 * A generator asks `isOver` every few hundred items, and pauses when its turn is over. A job that is done within its
 * first turn, which nearly all are, costs no detour: it runs within the call that started it.
 *
 * J1  a turn ends at the first `yield` after TURN_MS; the job goes on in an event of its own, after those that wait
 * J2  `done` or `failed` is called once, unless the job was cancelled: then neither is
 */
import type { Clock, Timer, Timers } from './core.ts'

/** How long a job runs before others are served, in ms. */
const TURN_MS = 5

/** Work that can be interrupted: pauses at each `yield`, returns its result at the end. */
export type Steps<Result> = Generator<void, Result, void>

/** A job that was started. */
export interface Job {
  /** Ends it between two turns: its generator's `finally` blocks run, nothing is called back. Idempotent. */
  cancel(): void
}

export class Turns {
  private readonly clock: Clock
  private readonly timers: Timers
  private startedMs = 0

  constructor({ clock, timers }: { readonly clock: Clock; readonly timers: Timers }) {
    this.clock = clock
    this.timers = timers
  }

  /** Whether the turn that is under way has lasted long enough: a generator that sees it yields. */
  get isOver(): boolean {
    return this.clock.monotonicMs() - this.startedMs >= TURN_MS
  }

  /** Runs `steps` to its end, in as many turns as it takes; the first one now. `failed` gets what it throws. */
  run<Result>(steps: Steps<Result>, done: (result: Result) => void, failed: (error: unknown) => void): Job {
    let timer: Timer | undefined
    let isCancelled = false
    const turn = (): void => {
      let result: Result
      try {
        const step = this.turnOf(steps)
        if (isCancelled) return
        if (!step.done) {
          timer = this.timers.set(0, turn)
          return
        }
        result = step.value
      } catch (error) {
        if (!isCancelled) failed(error)
        return
      }
      done(result)
    }
    turn()
    return {
      cancel: () => {
        isCancelled = true
        timer?.cancel()
        steps.return(undefined as never)
      },
    }
  }

  /** Steps until the turn is over (J1). */
  private turnOf<Result>(steps: Steps<Result>): IteratorResult<void, Result> {
    this.startedMs = this.clock.monotonicMs()
    for (;;) {
      const step = steps.next()
      if (step.done || this.isOver) return step
    }
  }
}
