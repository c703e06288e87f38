/**
 * Client metrics keys: which metrics clients should push, and how often (KIP-714).
 *
 * The broker does not collect the metrics; subscriptions are stored so that tools can write and read them.
 *
 *   match   client_id=orders-.*,client_software_name=java   all of them must match; after each `=` a regular expression
 */

import { ConfigError, int, list } from '../config-key.ts'
import type { ConfigMap } from './broker-keys.ts'

export const CLIENT_METRICS_KEYS = {
  'interval.ms': int(300_000),
  match: list(''),
  metrics: list(''),
} as const

const INTERVAL_MS_MIN = 100
const INTERVAL_MS_MAX = 3_600_000
const MATCHED = [
  ...['client_instance_id', 'client_id', 'client_software_name', 'client_software_version'],
  ...['client_source_address', 'client_source_port'],
]

/** The error of an interval out of range, or undefined. (ClientMetricsConfigs.validateProperties) */
export function intervalError(own: ConfigMap): string | undefined {
  const text = own.get('interval.ms')
  if (text === undefined) return undefined
  const value = Number(text)
  if (value >= INTERVAL_MS_MIN && value <= INTERVAL_MS_MAX) return undefined
  return `Invalid value ${value} for interval.ms, interval must be between 100 and 3600000 (1 hour)`
}

/** Throws ConfigError if a pattern in `match` is invalid. */
export function checkMatch(own: ConfigMap): void {
  const text = own.get('match')?.trim() ?? ''
  for (const pattern of text === '' ? [] : text.split(',').map((each) => each.trim()))
    if (!isPattern(pattern)) throw new ConfigError(`Illegal client matching pattern: ${pattern}`)
}

function isPattern(text: string): boolean {
  const parts = text.split('=').map((each) => each.trim())
  if (parts.length !== 2 || !MATCHED.includes(parts[0]!)) return false
  try {
    return new RegExp(parts[1]!).source !== undefined
  } catch {
    return false
  }
}
