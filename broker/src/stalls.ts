/**
 * Stalls: work that kept the one thread from everyone else for too long, counted and named.
 *
 * Work that grows with what a client sent is cut into turns (turns.ts), so nothing should take a fifth of a second. What
 * does is a mistake of ours, a slow disk, or a machine that did not run us. An operator sees which, in one line:
 *
 *   the event loop stalled for 812 ms   api=Metadata version=12 client=app host=10.0.0.7 connection=41
 *
 * STALLS-1  whatever took STALL_MS or longer is counted
 * STALLS-2  time is counted once: of work within work, the inner one is named
 * STALLS-3  there is at most one line in QUIET_MS; it says how many stalls went by without one
 */
import type { Clock, Logger, StallWatch, Work } from './core.ts'

/** From here on it is a stall: what Apache Kafka's clients feel beside a hostile one is a third of a second at most. */
export const STALL_MS = 200
const QUIET_MS = 10_000

export class Stalls implements StallWatch {
  private readonly log: Logger
  private readonly clock: Pick<Clock, 'monotonicMs'>
  private saidMs = Number.NEGATIVE_INFINITY
  private unsaid = 0
  /** What lies before it was counted (STALLS-2). */
  private countedUntilMs = Number.NEGATIVE_INFINITY
  /** How many there were since the start. */
  count = 0
  /** The longest of them, in ms. */
  longestMs = 0
  /** All of them together, in ms. */
  totalMs = 0

  constructor({ log, clock }: { readonly log: Logger; readonly clock: Pick<Clock, 'monotonicMs'> }) {
    this.log = log
    this.clock = clock
  }

  worked(tookMs: number, work: () => Work): void {
    if (tookMs < STALL_MS) return
    const nowMs = this.clock.monotonicMs()
    const ms = Math.min(tookMs, nowMs - this.countedUntilMs)
    if (ms < STALL_MS) return
    this.countedUntilMs = nowMs
    this.count++
    this.totalMs += ms
    this.longestMs = Math.max(this.longestMs, ms)
    if (nowMs - this.saidMs < QUIET_MS) {
      this.unsaid++
      return
    }
    const others = this.unsaid > 0 ? { stallsNotLogged: this.unsaid } : {}
    this.log('warn', `the event loop stalled for ${Math.round(ms)} ms`, { ...work(), ...others })
    this.saidMs = nowMs
    this.unsaid = 0
  }
}
