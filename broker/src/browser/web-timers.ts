/**
 * Timers on every JavaScript platform: setTimeout. Pages and Node processes share this file.
 *
 * A process that did not run for a while (a breakpoint, a closed laptop, a slow disk) finds two things when it runs
 * again: overdue timers, and bytes that clients have sent in time. JavaScript fires the timers first, so a group would
 * remove members whose heartbeats are already on the sockets. So a due timer first lets the received bytes be handled:
 *
 *   |.... stopped ....| heartbeat read -> its timer is reset       timers that are still due fire
 *                       '-- bytes, and the turns that they take --' '-- when no more bytes come, or after a while
 *
 * Apache Kafka has a thread for timers and others for sockets, and its expirations wait in one queue with the requests.
 *
 * WEB-TIMERS-1  the error of a timer's callback is logged and does not spread: a bug in one partition does not stop the process
 * WEB-TIMERS-2  after `close` no timer is left, so a process with nothing else to do exits
 * WEB-TIMERS-3  a timer fires after the bytes that had arrived at its due time are read and handled. It waits at most as
 *     long as it is late, and at most SETTLE_MS_MAX: timers fire under constant load, too
 * WEB-TIMERS-4  timers fire in the order of their due times
 */
import type { Logger, StallWatch, Timer, Timers } from '../core.ts'

/** The maximum delay of setTimeout is 2^31 - 1 ms (24 days); a longer one fires at once. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1
/** How long an overdue timer waits until received bytes are handled. */
const SETTLE_MS_MAX = 1000
/** How many times in a row nothing must be pending: paused sockets are read in between. */
const CALM_LOOKS = 2

/** The platform's event loop and clock. */
export interface Loop {
  /** Calls back after received bytes, messages and signals are handled, and before timers that become due later. */
  soon(fire: () => void): void
  monotonicMs(): number
  /** Cancels all callbacks. */
  close?(): void
}

/** A due timer. */
interface Due {
  readonly timer: Timer
  readonly fire: () => void
  readonly work: string
  /** When it fires even if there is pending work. */
  readonly waitUntilMs: number
}

export class WebTimers implements Timers {
  private readonly log: Logger
  private readonly loop: Loop
  private readonly stalls: StallWatch | undefined
  private readonly pending = new Set<Timer>()
  private due: Due[] = []
  /** Pending calls of `soon`, and their total number. */
  private soonPending = 0
  private soonCalls = 0
  private isClosed = false

  /** `log` gets the errors of callbacks; `stalls` gets slow callbacks. */
  constructor(log: Logger, loop: Loop, stalls?: StallWatch) {
    this.log = log
    this.loop = loop
    this.stalls = stalls
  }

  set(delayMs: number, fire: () => void, work = 'timer'): Timer {
    let handle: ReturnType<typeof setTimeout>
    const dueMs = this.loop.monotonicMs() + Math.max(0, delayMs)
    const timer: Timer = {
      cancel: () => {
        clearTimeout(handle)
        this.pending.delete(timer)
      },
    }
    const wait = (leftMs: number): void => {
      const partMs = Math.min(leftMs, TIMEOUT_MS_MAX)
      handle = setTimeout(() => {
        if (leftMs > partMs) wait(leftMs - partMs)
        else this.fellDue(timer, fire, work, dueMs)
      }, partMs)
    }
    this.pending.add(timer)
    wait(Math.max(0, delayMs))
    return timer
  }

  soon(fire: () => void): void {
    this.soonPending++
    this.soonCalls++
    this.loop.soon(() => {
      this.soonPending--
      if (!this.isClosed) this.call(fire)
    })
  }

  /** Cancels all timers (WEB-TIMERS-2). */
  close(): void {
    this.isClosed = true
    for (const timer of [...this.pending]) timer.cancel()
    this.due = []
    this.loop.close?.()
  }

  private fellDue(timer: Timer, fire: () => void, work: string, dueMs: number): void {
    const nowMs = this.loop.monotonicMs()
    const waitUntilMs = nowMs + Math.min(nowMs - dueMs, SETTLE_MS_MAX)
    this.due.push({ timer, fire, work, waitUntilMs })
    if (this.due.length === 1) this.look(0, this.soonCalls)
  }

  /** Fires due timers when nothing has arrived for a few checks, or they have waited long enough (WEB-TIMERS-3). */
  private look(calmLooks: number, callsBefore: number): void {
    this.loop.soon(() => {
      if (this.isClosed) return
      const isCalm = this.soonPending === 0 && this.soonCalls === callsBefore
      const calm = isCalm ? calmLooks + 1 : 0
      if (calm >= CALM_LOOKS) {
        for (const due of this.due.splice(0)) this.fire(due)
        return
      }
      const nowMs = this.loop.monotonicMs()
      while (this.due.length > 0 && this.due[0]!.waitUntilMs < nowMs) this.fire(this.due.shift()!)
      if (this.due.length > 0) this.look(calm, this.soonCalls)
    })
  }

  private fire({ timer, fire, work }: Due): void {
    // It may have been cancelled by earlier work.
    if (!this.pending.delete(timer)) return
    const startedMs = this.loop.monotonicMs()
    this.call(fire)
    this.stalls?.worked(this.loop.monotonicMs() - startedMs, () => ({ timer: work }))
  }

  private call(fire: () => void): void {
    try {
      fire()
    } catch (error) {
      this.log('error', `a timer failed: ${error instanceof Error ? error.stack : String(error)}`)
    }
  }
}
