/** Lab 12: what its suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

export const waived: Waived = { probes: {} }
