/**
 * Time as every JavaScript platform has it: Date and performance. A page and a Node process share this.
 *
 * WEB-TIME-1  timestamps are the machine's, right at once when it is set; what is measured does not feel that
 *     (settled-time.ts)
 */
import type { Clock } from '../core.ts'

/** The machine's two clocks (WEB-TIME-1). */
export function machineClock(): Clock {
  return { now: () => Date.now(), monotonicMs: () => performance.now() }
}
