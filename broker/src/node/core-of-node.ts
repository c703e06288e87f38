/**
 * The core's capabilities in Node: clock, timers, random numbers and connections. Storage and log are passed in.
 */
import { randomFillSync, randomInt } from 'node:crypto'
import { machineClock } from '../browser/web-time.ts'
import { WebTimers } from '../browser/web-timers.ts'
import type { Core, Logger, Randomness, StallWatch, Storage, TraceEvent } from '../core.ts'
import type { MovableTime } from './movable-time.ts'
import { type AddressOf, TcpDialer } from './network/tcp-dialer.ts'
import { NODE_LOOP } from './node-loop.ts'

export interface NodeCore {
  readonly core: Core
  /** Cancels all timers, and closes the connections to other nodes. */
  close(): void
}

export interface NodeParts {
  /** Where the node stores its files. */
  readonly storage: Storage
  readonly log: Logger
  readonly stalls: StallWatch
  /** Gets every trace event of the core. */
  readonly trace?: ((event: TraceEvent) => void) | undefined
  /** Where the nodes of this process listen, by the address that they advertise. */
  readonly addressOf?: AddressOf | undefined
  /** A test's own time; left out: the machine's. */
  readonly time?: MovableTime | undefined
}

export function coreOfNode({ storage, log, stalls, trace, addressOf, time }: NodeParts): NodeCore {
  const webTimers = new WebTimers(log, NODE_LOOP, stalls)
  const clock = time?.clock ?? machineClock()
  const timers = time?.timers(webTimers) ?? webTimers
  const dialer = new TcpDialer(log, addressOf)
  const { dial } = dialer
  const core: Core = { clock, timers, random: dice, storage, log, dial, stalls, trace }
  const close = (): void => {
    webTimers.close()
    dialer.close()
  }
  return { core, close }
}

/** Random numbers of the operating system. */
export const dice: Randomness = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
  int: (bound) => randomInt(bound),
}
