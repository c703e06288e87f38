/**
 * A broker's settings: what it was started with, and what was changed since.
 *
 * A key's value is looked for in this order; the first that is set counts (KIP-226):
 *
 *   dynamic, for this broker   kafka-configs --entity-name 1
 *   dynamic, for all brokers   kafka-configs --entity-default
 *   static                     the command line, a properties file
 *   default                    the key's declaration
 *
 * B1  an unknown key or a bad value is refused when it is set, with one line that says what and why
 * B2  `get` gives a value of the type that the key was declared with
 */
import { ConfigError, type ConfigKey, type ConfigKeys, type ValueOf } from './config-key.ts'
import { parseValue } from './config-value.ts'
import { COORDINATOR_KEYS } from './coordinator-keys.ts'
import { LOG_KEYS } from './log-keys.ts'
import { NETWORK_KEYS } from './network-keys.ts'
import { REMOTE_STORAGE_KEYS } from './remote-storage-keys.ts'
import { REPLICATION_KEYS } from './replication-keys.ts'
import { SECURITY_KEYS } from './security-keys.ts'

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

/** Where a value comes from, the strongest first. */
export type BrokerConfigSource = 'dynamic broker' | 'dynamic default broker' | 'static' | 'default'

const NOTHING: ConfigMap = new Map()

export class BrokerConfig {
  private readonly statics: ConfigMap
  private forThis: ConfigMap = NOTHING
  private forAll: ConfigMap = NOTHING
  /** Parsed values; emptied when something changes. */
  private parsed = new Map<string, unknown>()

  /** Takes the static settings; throws ConfigError on an unknown key or a bad value (B1). */
  constructor(settings: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(settings)) parseBrokerValue(name, text)
    this.statics = new Map(Object.entries(settings))
  }

  /** The value in force. */
  get<K extends BrokerKey>(name: K): ValueOf<BrokerKeys[K]> {
    if (!this.parsed.has(name)) this.parsed.set(name, parseBrokerValue(name, this.find(name).text))
    return this.parsed.get(name) as ValueOf<BrokerKeys[K]>
  }

  /** The text in force, and where it comes from. */
  find(name: string): { readonly text: string | null; readonly source: BrokerConfigSource } {
    return this.candidates(name)[0]!
  }

  /** Every place that has a value for the key, the strongest first. */
  candidates(name: string): { readonly text: string | null; readonly source: BrokerConfigSource }[] {
    const places: [BrokerConfigSource, ConfigMap][] = [
      ['dynamic broker', this.forThis],
      ['dynamic default broker', this.forAll],
      ['static', this.statics],
    ]
    const set = places.flatMap(([source, map]) => {
      const text = map.get(name)
      return text === undefined ? [] : [{ text, source }]
    })
    const key = brokerKey(name)
    return key ? [...set, { text: key.text, source: 'default' }] : set
  }

  /** What the metadata says now of this broker, and of all brokers. */
  setDynamic(forThis: ConfigMap, forAll: ConfigMap): void {
    this.forThis = forThis
    this.forAll = forAll
    this.parsed = new Map()
  }
}

/** A key's declaration, if there is such a key. */
export function brokerKey(name: string): ConfigKey<unknown> | undefined {
  return Object.hasOwn(BROKER_KEYS, name) ? (BROKER_KEYS as ConfigKeys)[name] : undefined
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
