/**
 * The core's five things, as a Node process has them: its clock, its timers, its dice, its disk, its log.
 *
 * N1  time never goes back, even when the machine's clock is set back: two records in a row keep their order
 */
import { randomFillSync } from 'node:crypto'
import type { Clock, Core, Logger, Randomness, Storage, Timers, TraceEvent } from '../core.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** setTimeout takes no more than 31 bits (ms); a longer wait is made of several. */
const TIMEOUT_MS_MAX = 0x7fff_ffff

/** A core on `storage`; `log` gets the lines for people. */
export function coreOfNode(options: {
  storage: Storage
  log: Logger
  trace?: ((event: TraceEvent) => void) | undefined
}): Core {
  return { clock: wallClock(), timers: nodeTimers, random: systemRandom, ...options }
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

const nodeTimers: Timers = {
  set: (delayMs, fire) => {
    let timeout: NodeJS.Timeout
    const wait = (leftMs: number): void => {
      const partMs = Math.min(leftMs, TIMEOUT_MS_MAX)
      timeout = setTimeout(() => (leftMs > partMs ? wait(leftMs - partMs) : fire()), partMs)
    }
    wait(Math.max(0, delayMs))
    return { cancel: () => clearTimeout(timeout) }
  },
}

const systemRandom: Randomness = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
  int: (bound) => randomFillSync(new Uint32Array(1))[0]! % bound,
}

/** Writes a line per event to `write` when it is at least as grave as `level`: `time LEVEL message key=value`. */
export function lineLogger(level: LogLevel, write: (line: string) => void): Logger {
  const least = LOG_LEVELS.indexOf(level)
  return (eventLevel, message, fields = {}) => {
    if (LOG_LEVELS.indexOf(eventLevel) < least) return
    const { stack, ...rest } = fields
    const pairs = Object.entries(rest).map(([key, value]) => ` ${key}=${String(value)}`)
    const trace = typeof stack === 'string' ? `\n${stack}` : ''
    write(`${new Date().toISOString()} ${eventLevel.toUpperCase()} ${message}${pairs.join('')}${trace}\n`)
  }
}
