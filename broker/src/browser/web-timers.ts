/**
 * Timers as every JavaScript platform has them: setTimeout. A page and a Node process share this.
 *
 * A process that did not run for a while (a breakpoint, a laptop's lid, a slow disk) finds two things when it runs
 * again: timers that are overdue, and what clients sent in time. JavaScript fires the timers first. Then a group's
 * members are thrown out whose heartbeats lie on the sockets. So a timer that is due lets in first what has come:
 *
 *   |.... stopped ....| heartbeat read -> its timer is set anew    timers that are still due fire
 *                       '-- bytes, and the turns that they take --' '-- when nothing more comes, or after a while
 *
 * Apache Kafka has a thread for timers and others for sockets, and expiration waits in one queue with the requests.
 *
 * WEB-TIMERS-1  what a timer's callback throws is logged and ends there: one partition's mistake is not the process's
 * WEB-TIMERS-2  after `close` no timer is left; a process with nothing else to do ends
 * WEB-TIMERS-3  a timer fires after what had come when it fell due was read and handled. It waits for that no longer
 *     than it is late, and SETTLE_MS_MAX at most: under constant load timers fire, too
 * WEB-TIMERS-4  timers fire in the order in which they fell due
 */
import type { Logger, StallWatch, Timer, Timers } from '../core.ts'

/** setTimeout holds at most 2^31 - 1 ms (24 days), and fires at once when asked for more. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1
/** How long an overdue timer waits for what has come to be handled. */
const SETTLE_MS_MAX = 1000
/** So many times in a row nothing was left to do: sockets that had been paused were read in between. */
const CALM_LOOKS = 2

/** What the platform gives: how to be called later, and how late it is. */
export interface Loop {
  /** Calls back when the bytes, messages and signals that have come were taken in; before timers that fall due later. */
  soon(fire: () => void): void
  monotonicMs(): number
  /** Nobody is called back any more. */
  close?(): void
}

/** A timer that fell due. */
interface Due {
  readonly timer: Timer
  readonly fire: () => void
  readonly work: string
  /** When it fires, though there is still something to do. */
  readonly waitUntilMs: number
}

export class WebTimers implements Timers {
  private readonly log: Logger
  private readonly loop: Loop
  private readonly stalls: StallWatch | undefined
  private readonly pending = new Set<Timer>()
  private due: Due[] = []
  /** Calls of `soon` that are under way, and how many there were at all. */
  private soonPending = 0
  private soonCalls = 0
  private isClosed = false

  /** `log`: hears of callbacks that throw; `stalls`: of those that take long. */
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

  /** Cancels what is left (WEB-TIMERS-2). */
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

  /** Fires what is due when nothing has come for a few looks, or it has waited long enough (WEB-TIMERS-3). */
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
    // It may have been cancelled by what came first.
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
