/**
 * Stalls: work that blocked the only thread for too long. They are counted, and logged with their cause.
 *
 * Work that grows with a request is cut into turns (turns.ts), so nothing should take 200 ms. If something does, the cause is
 * a bug of ours, a slow disk, or a machine that did not run the process. The log line shows which:
 *
 *   the event loop stalled for 812 ms   api=Metadata version=12 client=app host=10.0.0.7 connection=41
 *
 * STALLS-1  everything that took STALL_MS or longer is counted
 * STALLS-2  time is counted once: of nested work, the inner one is named
 * STALLS-3  there is at most one line in QUIET_MS; it contains the number of stalls without a line
 */
import type { Clock, Logger, StallWatch, Work } from './core.ts'

/** The limit for a stall. With Apache Kafka, one hostile client delays others by a third of a second at most. */
export const STALL_MS = 200
const QUIET_MS = 10_000

export class Stalls implements StallWatch {
  private readonly log: Logger
  private readonly clock: Pick<Clock, 'monotonicMs'>
  private saidMs = Number.NEGATIVE_INFINITY
  private unsaid = 0
  /** The end of the time that is already counted (STALLS-2). */
  private countedUntilMs = Number.NEGATIVE_INFINITY
  /** Number of stalls since the start. */
  count = 0
  /** The longest stall, in ms. */
  longestMs = 0
  /** Total duration of all stalls, in ms. */
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
