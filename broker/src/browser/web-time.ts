/**
 * Time on every JavaScript platform: Date and performance. Pages and Node processes share this file.
 *
 * WEB-TIME-1  timestamps follow the machine's clock at once when it is set; durations are not affected by it
 *     (settled-time.ts)
 */
import type { Clock } from '../core.ts'

/** The machine's two clocks (WEB-TIME-1). */
export function machineClock(): Clock {
  return { now: () => Date.now(), monotonicMs: () => performance.now() }
}
