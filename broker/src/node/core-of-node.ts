/**
 * The core's capabilities in Node: clock, timers and random numbers. Storage and log are passed in.
 */
import { randomFillSync, randomInt } from 'node:crypto'
import { machineClock } from '../browser/web-time.ts'
import { WebTimers } from '../browser/web-timers.ts'
import type { Core, Logger, Randomness, StallWatch, Storage, TraceEvent } from '../core.ts'
import { NODE_LOOP } from './node-loop.ts'

export interface NodeCore {
  readonly core: Core
  /** Cancels all timers. */
  close(): void
}

export interface NodeParts {
  /** Where the node stores its files. */
  readonly storage: Storage
  readonly log: Logger
  readonly stalls: StallWatch
  /** Gets every trace event of the core. */
  readonly trace?: ((event: TraceEvent) => void) | undefined
}

export function coreOfNode({ storage, log, stalls, trace }: NodeParts): NodeCore {
  const timers = new WebTimers(log, NODE_LOOP, stalls)
  const core: Core = { clock: machineClock(), timers, random: dice, storage, log, stalls, trace }
  return { core, close: () => timers.close() }
}

/** Random numbers of the operating system. */
export const dice: Randomness = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
  int: (bound) => randomInt(bound),
}
