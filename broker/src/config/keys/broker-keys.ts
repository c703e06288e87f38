/**
 * All keys of a broker, and functions to look up a declaration, parse a value, or suggest the key that was meant.
 */
import { ConfigError, type ConfigKey, type ConfigKeys, type ValueOf } from '../config-key.ts'
import { parseValue } from '../config-value.ts'
import { COORDINATOR_KEYS } from './coordinator-keys.ts'
import { LOG_KEYS } from './log-keys.ts'
import { NETWORK_KEYS } from './network-keys.ts'
import { REMOTE_STORAGE_KEYS } from './remote-storage-keys.ts'
import { REPLICATION_KEYS } from './replication-keys.ts'
import { SECURITY_KEYS } from './security-keys.ts'
import { THROTTLE_KEYS } from './throttle-keys.ts'

/** Every broker key of Apache Kafka 4.3. */
export const BROKER_KEYS = {
  ...NETWORK_KEYS,
  ...LOG_KEYS,
  ...REPLICATION_KEYS,
  ...COORDINATOR_KEYS,
  ...SECURITY_KEYS,
  ...REMOTE_STORAGE_KEYS,
} as const

export type BrokerKeys = typeof BROKER_KEYS
export type BrokerKey = keyof BrokerKeys
export type ConfigMap = ReadonlyMap<string, string>

/** The current values of a broker. */
export interface BrokerValues {
  get<K extends BrokerKey>(name: K): ValueOf<BrokerKeys[K]>
}

/** The declaration of a key; undefined if the key is unknown. */
export function brokerKey(name: string): ConfigKey<unknown> | undefined {
  return Object.hasOwn(BROKER_KEYS, name) ? (BROKER_KEYS as ConfigKeys)[name] : undefined
}

/** The same for a running broker, which also has THROTTLE_KEYS. */
export function dynamicBrokerKey(name: string): ConfigKey<unknown> | undefined {
  return brokerKey(name) ?? (Object.hasOwn(THROTTLE_KEYS, name) ? THROTTLE_KEYS[name] : undefined)
}

/** The key without its listener prefix: `listener.name.internal.max.connections` is max.connections. */
export function plainName(name: string): string {
  return /^listener\.name\.[^.]*\.(.*)$/.exec(name)?.[1] ?? name
}

/** Parses the value of a broker key; throws ConfigError. */
export function parseBrokerValue(name: string, text: string | null): unknown {
  const key = brokerKey(name)
  if (!key) throw new ConfigError(`Unknown configuration ${name}${suggestion(name)}`)
  return parseValue(name, key, text)
}

/** Suggests a similar key: the same words in another order, or up to two letters different. */
function suggestion(name: string): string {
  const words = (text: string): string => text.split(/[._-]/).sort().join('.')
  const near = Object.keys(BROKER_KEYS).find((key) => words(key) === words(name) || isNear(key, name))
  return near ? `; did you mean ${near}?` : ''
}

function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  return Math.max(a.length, b.length) - start - end <= 2
}
