/**
 * Timers with names. Setting a timer again replaces it: each heartbeat does so with the session timer of its member.
 *
 *   "session|group|member"   "join|group"   "sync|group"   "rebalance|group|member"   "complete|transactional id"
 *
 * NAMED-TIMERS-1  a name has at most one timer
 * NAMED-TIMERS-2  after `close` nothing fires
 * NAMED-TIMERS-3  a timer that is replaced or cancelled does not fire, even if it was due and its work was queued
 */
import type { Timer, Timers } from '../../core.ts'

export class NamedTimers {
  private readonly timers: Timers
  private readonly run: (work: () => void) => void
  private readonly running = new Map<string, Timer>()

  /** `run` runs the work of a timer that is due, now or after the work that is running. */
  constructor(timers: Timers, run: (work: () => void) => void) {
    this.timers = timers
    this.run = run
  }

  /** Fires once after `delayMs`, unless the name is set again or cancelled before. */
  set(name: string, delayMs: number, fire: () => void): void {
    this.running.get(name)?.cancel()
    const fired = (): void => {
      if (this.running.get(name) !== timer) return
      this.running.delete(name)
      fire()
    }
    const timer = this.timers.set(delayMs, () => this.run(fired), `coordinator: ${name}`)
    this.running.set(name, timer)
  }

  has(name: string): boolean {
    return this.running.has(name)
  }

  cancel(name: string): void {
    this.running.get(name)?.cancel()
    this.running.delete(name)
  }

  close(): void {
    for (const timer of this.running.values()) timer.cancel()
    this.running.clear()
  }
}
