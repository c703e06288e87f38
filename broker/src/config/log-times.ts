/**
 * Times of logs that a broker may have in several units; the finest unit that is set applies.
 *
 *   log.retention.ms, log.retention.minutes, log.retention.hours     any negative number means unlimited, -1
 *   log.roll.ms, log.roll.hours      log.roll.jitter.ms, log.roll.jitter.hours
 */
import type { BrokerValues } from './keys/broker-keys.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** How long records are kept (ms); -1: without limit. */
export function retentionMsOf(config: BrokerValues): number {
  const minutes = config.get('log.retention.minutes')
  const coarse = minutes === null ? config.get('log.retention.hours') * HOUR_MS : minutes * MINUTE_MS
  return Math.max(-1, config.get('log.retention.ms') ?? coarse)
}

/** The age at which a log rolls to a new segment (ms). */
export function rollMsOf(config: BrokerValues): number {
  return config.get('log.roll.ms') ?? config.get('log.roll.hours') * HOUR_MS
}

/** The maximum random reduction of that age (ms). */
export function rollJitterMsOf(config: BrokerValues): number {
  return config.get('log.roll.jitter.ms') ?? config.get('log.roll.jitter.hours') * HOUR_MS
}
