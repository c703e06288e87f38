/** Lab 03: what the suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

export const waived: Waived = {
  offsets: ['createLog.0', 'createLog().read.0'],
  probes: {},
}
