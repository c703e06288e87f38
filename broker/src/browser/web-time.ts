/**
 * Time as every JavaScript platform has it: Date and setTimeout. A page and a Node process share this.
 *
 * W1  timestamps are the machine's, right at once when it is set; what is measured does not feel that (settled-time.ts)
 * W2  what a timer's callback throws is logged and ends there: one partition's mistake is not the process's
 * W3  after `close` no timer is left; a process with nothing else to do ends
 */
import type { Clock, Logger, Timer, Timers } from '../core.ts'

/** setTimeout holds at most 2^31 - 1 ms (24 days), and fires at once when asked for more. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1

/** The machine's two clocks (W1). */
export function machineClock(): Clock {
  return { now: () => Date.now(), monotonicMs: () => performance.now() }
}

export class WebTimers implements Timers {
  private readonly log: Logger
  private readonly pending = new Set<Timer>()

  /** `log`: hears of callbacks that throw. */
  constructor(log: Logger) {
    this.log = log
  }

  set(delayMs: number, fire: () => void): Timer {
    let handle: ReturnType<typeof setTimeout>
    const timer: Timer = {
      cancel: () => {
        clearTimeout(handle)
        this.pending.delete(timer)
      },
    }
    const wait = (leftMs: number): void => {
      const partMs = Math.min(leftMs, TIMEOUT_MS_MAX)
      handle = setTimeout(() => (leftMs > partMs ? wait(leftMs - partMs) : this.fire(timer, fire)), partMs)
    }
    this.pending.add(timer)
    wait(Math.max(0, delayMs))
    return timer
  }

  private fire(timer: Timer, fire: () => void): void {
    this.pending.delete(timer)
    try {
      fire()
    } catch (error) {
      this.log('error', `a timer failed: ${error instanceof Error ? error.stack : String(error)}`)
    }
  }

  /** Cancels what is left (W3). */
  close(): void {
    for (const timer of [...this.pending]) timer.cancel()
  }
}
