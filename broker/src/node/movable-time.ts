/**
 * Time that a test moves forward: what a broker does after an hour can be seen in a moment.
 *
 *   const time = new MovableTime()
 *   const broker = await startBroker({ time })
 *   time.advance(3_600_000)      retention, sessions, transactions: what is due in the next hour happens now
 *
 * Between two moves time passes as on the machine's clock. Only the brokers' time moves: records get the timestamps of the
 * clients that send them.
 *
 * MOVABLE-TIME-1  both clocks jump by the same number of ms, and never back
 * MOVABLE-TIME-2  timers that are due after a move fire soon, in the order of their due times; the others fire that much
 *     earlier. A timer that sets itself again fires once for each move
 */
import { machineClock } from '../browser/web-time.ts'
import type { Clock, Timer, Timers } from '../core.ts'

interface Pending {
  readonly dueMs: number
  /** Sets it anew for what is left until it is due. */
  readonly arm: () => void
}

export class MovableTime {
  private readonly machine = machineClock()
  private readonly pending = new Set<Pending>()
  private movedMs = 0

  /** The clock of a broker. */
  readonly clock: Clock = {
    now: () => this.machine.now() + this.movedMs,
    monotonicMs: () => this.machine.monotonicMs() + this.movedMs,
  }

  /** Moves time forward by so many ms (MOVABLE-TIME-1). */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new Error(`time does not go back: ${ms} ms`)
    this.movedMs += ms
    for (const { arm } of [...this.pending].sort((a, b) => a.dueMs - b.dueMs)) arm()
  }

  /** Timers that go by this time, set by means of the platform's (MOVABLE-TIME-2). */
  timers(platform: Timers): Timers {
    const set = (delayMs: number, fire: () => void, work?: string): Timer => {
      let timer: Timer | undefined
      const dueMs = this.clock.monotonicMs() + delayMs
      const entry: Pending = {
        dueMs,
        arm: () => {
          timer?.cancel()
          const done = () => {
            this.pending.delete(entry)
            fire()
          }
          timer = platform.set(Math.max(0, dueMs - this.clock.monotonicMs()), done, work)
        },
      }
      this.pending.add(entry)
      entry.arm()
      return {
        cancel: () => {
          this.pending.delete(entry)
          timer?.cancel()
        },
      }
    }
    return platform.soon === undefined ? { set } : { set, soon: (fire: () => void) => platform.soon?.(fire) }
  }
}
