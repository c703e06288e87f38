/**
 * Every key of a broker, and what is done with a key's name: its declaration, its value, the key that was meant.
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

/** A broker's values in force. */
export interface BrokerValues {
  get<K extends BrokerKey>(name: K): ValueOf<BrokerKeys[K]>
}

/** A key's declaration, if there is such a key. */
export function brokerKey(name: string): ConfigKey<unknown> | undefined {
  return Object.hasOwn(BROKER_KEYS, name) ? (BROKER_KEYS as ConfigKeys)[name] : undefined
}

/** The same, of a running broker: there are some that its properties file does not have. */
export function dynamicBrokerKey(name: string): ConfigKey<unknown> | undefined {
  return brokerKey(name) ?? (Object.hasOwn(THROTTLE_KEYS, name) ? THROTTLE_KEYS[name] : undefined)
}

/** The key that a listener has for itself: `listener.name.internal.max.connections` is max.connections. */
export function plainName(name: string): string {
  return /^listener\.name\.[^.]*\.(.*)$/.exec(name)?.[1] ?? name
}

/** Parses a broker key's value; throws ConfigError. */
export function parseBrokerValue(name: string, text: string | null): unknown {
  const key = brokerKey(name)
  if (!key) throw new ConfigError(`Unknown configuration ${name}${suggestion(name)}`)
  return parseValue(name, key, text)
}

/** The key that may have been meant: the same words in another order, or a letter away. */
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
