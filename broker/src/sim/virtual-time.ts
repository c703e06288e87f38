/**
 * Virtual time: a clock that advances only on demand, and a queue of scheduled events.
 *
 *   now 1,000 ms    queue: (1,003, #7 deliver) (1,003, #9 timer) (1,250, #2 flush done) …
 *                          '--- step: the clock jumps there, and the event happens ---'
 *
 * Events of the same millisecond happen in the order in which they were scheduled. So a run is deterministic, and a
 * timeout of 45 seconds takes no real time.
 *
 * VIRTUAL-TIME-1  events happen in the order of (time, number); the clock never goes back
 * VIRTUAL-TIME-2  no event happens within the call that scheduled it
 * VIRTUAL-TIME-3  a machine's wall clock may be set; its monotonic clock and its timers are not affected
 */
import type { Clock, Timer } from '../core.ts'
import { Heap } from '../heap.ts'

interface Event {
  readonly at: number
  readonly number: number
  readonly happen: () => void
  cancelled: boolean
}

/** Midnight, 1 January 2026, UTC: the default start of a run. */
const START_MS = 1_767_225_600_000

export class VirtualTime implements Clock {
  private current: number
  private readonly startMs: number
  private nextNumber = 0
  private readonly events = new Heap<Event>((a, b) => (a.at === b.at ? a.number < b.number : a.at < b.at))

  constructor(startMs = START_MS) {
    this.current = startMs
    this.startMs = startMs
  }

  now(): number {
    return this.current
  }

  /** Ms since the run began. */
  monotonicMs(): number {
    return this.current - this.startMs
  }

  /** Schedules `happen` for `delayMs` from now. */
  after(delayMs: number, happen: () => void): Timer {
    const at = this.current + Math.max(0, Math.ceil(delayMs))
    const event: Event = { at, number: this.nextNumber++, happen, cancelled: false }
    this.events.push(event)
    return {
      cancel: () => {
        event.cancelled = true
      },
    }
  }

  /** Runs the next event if it is due by `untilMs`; returns false if there is none. */
  step(untilMs = Number.POSITIVE_INFINITY): boolean {
    while (this.events.first?.cancelled) this.events.pop()
    const next = this.events.first
    if (!next || next.at > untilMs) return false
    this.events.pop()
    if (next.at < this.current) throw new Error(`virtualTime.step: ${next.at} is before ${this.current}`)
    this.current = next.at
    next.happen()
    return true
  }

  /** Runs all events that are due within `ms`, and advances the clock. */
  run(ms: number): void {
    const untilMs = this.current + ms
    while (this.step(untilMs)) {}
    this.current = untilMs
  }
}

/** The clock of one machine in a run: it shows the run's time until it is set (VIRTUAL-TIME-3). */
export class MachineClock implements Clock {
  private readonly time: VirtualTime
  private aheadMs = 0

  constructor(time: VirtualTime) {
    this.time = time
  }

  now(): number {
    return this.time.now() + this.aheadMs
  }

  monotonicMs(): number {
    return this.time.monotonicMs()
  }

  /** Sets the wall clock ahead by `ms`, or back if negative. */
  jump(ms: number): void {
    this.aheadMs += ms
  }
}
