/**
 * Time that passes only when told to: a clock, and everything that is to happen, in order.
 *
 *   now 1,000 ms    queue: (1,003, #7 deliver) (1,003, #9 timer) (1,250, #2 flush done) …
 *                          '--- step: the clock jumps there, and the event happens ---'
 *
 * Events of the same millisecond happen in the order in which they were asked for. So a run is a function of what
 * was asked, and a timeout of 45 seconds costs nothing.
 *
 * VIRTUAL-TIME-1  events happen in the order of (time, number); the clock never goes back
 * VIRTUAL-TIME-2  no event happens within the call that asked for it
 * VIRTUAL-TIME-3  a machine's wall clock may be set; its monotonic one, and its timers, do not feel it
 */
import type { Clock, Timer } from '../core.ts'
import { Heap } from '../heap.ts'

interface Event {
  readonly at: number
  readonly number: number
  readonly happen: () => void
  cancelled: boolean
}

/** Midnight, 1 January 2026, UTC: a run's first moment unless told otherwise. */
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

  /** Since the run began: it is not to be taken for the time of day. */
  monotonicMs(): number {
    return this.current - this.startMs
  }

  /** Lets `happen` happen `delayMs` from now. */
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

  /** Lets the next event happen, if it is due until `untilMs`; false when there is none. */
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

  /** Lets everything happen that is due within `ms`, and moves the clock there. */
  run(ms: number): void {
    const untilMs = this.current + ms
    while (this.step(untilMs)) {}
    this.current = untilMs
  }
}

/** The clock of one machine in a run: it tells the run's time until somebody sets it (VIRTUAL-TIME-3). */
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

  /** Sets the wall clock ahead by `ms`, or back when that is below zero. */
  jump(ms: number): void {
    this.aheadMs += ms
  }
}
