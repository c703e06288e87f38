/**
 * The five capabilities of the core, from Node: its clock, timers and dice. Storage and log are handed in.
 */
import { randomFillSync, randomInt } from 'node:crypto'
import { machineClock, WebTimers } from '../browser/web-time.ts'
import type { Core, Logger, Randomness, Storage, TraceEvent } from '../core.ts'

export interface NodeCore {
  readonly core: Core
  /** Cancels every timer that is left. */
  close(): void
}

/** `storage`: where the node keeps its files. `trace`: gets every event of the core. */
export function coreOfNode(storage: Storage, log: Logger, trace?: (event: TraceEvent) => void): NodeCore {
  const timers = new WebTimers(log)
  const core: Core = { clock: machineClock(), timers, random: dice, storage, log, trace }
  return { core, close: () => timers.close() }
}

/** The operating system's. */
export const dice: Randomness = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
  int: (bound) => randomInt(bound),
}
