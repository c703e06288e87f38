/**
 * The five capabilities of the core, from Node: its clock, timers and dice. Storage and log are handed in.
 *
 * N1  time never goes back, even when the machine's clock is set back: two records in a row keep their order
 * N2  what a timer's callback throws is logged and ends there: one partition's mistake is not the process's
 * N3  after `close` no timer is left; a process with nothing else to do ends
 */
import { randomFillSync, randomInt } from 'node:crypto'
import type { Clock, Core, Logger, Randomness, Storage, Timer, Timers, TraceEvent } from '../core.ts'

/** setTimeout holds at most 2^31 - 1 ms (24 days), and fires at once when asked for more. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1

export interface NodeCore {
  readonly core: Core
  close(): void
}

/** `storage`: where the node keeps its files. `trace`: gets every event of the core. */
export function coreOfNode(storage: Storage, log: Logger, trace?: (event: TraceEvent) => void): NodeCore {
  const timers = new NodeTimers(log)
  const core: Core = { clock: wallClock(), timers, random: dice, storage, log, trace }
  return { core, close: () => timers.close() }
}

function wallClock(): Clock {
  let latest = 0
  return {
    now: () => {
      latest = Math.max(latest, Date.now())
      return latest
    },
  }
}

/** The operating system's. */
export const dice: Randomness = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
  int: (bound) => randomInt(bound),
}

class NodeTimers implements Timers {
  private readonly log: Logger
  private readonly pending = new Set<Timer>()

  constructor(log: Logger) {
    this.log = log
  }

  set(delayMs: number, fire: () => void): Timer {
    let handle: NodeJS.Timeout
    const timer: Timer = {
      cancel: () => {
        clearTimeout(handle)
        this.pending.delete(timer)
      },
    }
    const wait = (leftMs: number): void => {
      const partMs = Math.min(leftMs, TIMEOUT_MS_MAX)
      handle = setTimeout(() => (leftMs > partMs ? wait(leftMs - partMs) : this.fire(timer, fire)), partMs)
    }
    this.pending.add(timer)
    wait(Math.max(0, delayMs))
    return timer
  }

  private fire(timer: Timer, fire: () => void): void {
    this.pending.delete(timer)
    try {
      fire()
    } catch (error) {
      this.log('error', `a timer failed: ${error instanceof Error ? error.stack : String(error)}`)
    }
  }

  close(): void {
    for (const timer of [...this.pending]) timer.cancel()
  }
}
