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
 * BROKER-CONFIG-1  an unknown key or a bad value is refused when it is set, with one line that says what and why
 * BROKER-CONFIG-2  `get` gives a value of the type that the key was declared with
 */
import { checkBrokerSettings } from './checks/broker-checks.ts'
import { ConfigError, type ValueOf } from './config-key.ts'
import {
  type BrokerKey,
  type BrokerKeys,
  type BrokerValues,
  brokerKey,
  type ConfigMap,
  parseBrokerValue,
} from './keys/broker-keys.ts'

/** Where a value comes from, the strongest first. */
export type BrokerConfigSource = 'dynamic broker' | 'dynamic default broker' | 'static' | 'default'

const NOTHING: ConfigMap = new Map()

export class BrokerConfig implements BrokerValues {
  private readonly statics: ConfigMap
  private forThis: ConfigMap = NOTHING
  private forAll: ConfigMap = NOTHING
  /** Parsed values; emptied when something changes. */
  private parsed = new Map<string, unknown>()

  /** Takes the static settings; throws ConfigError on an unknown key or a bad value (BROKER-CONFIG-1). */
  constructor(settings: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(settings)) parseBrokerValue(name, text)
    this.statics = new Map(Object.entries(withBothIds(settings)))
    if (this.statics.size > 0) checkBrokerSettings(this)
  }

  /** The same broker with other dynamic settings, to see whether it could have them. */
  changed({ forThis, forAll }: { readonly forThis?: ConfigMap; readonly forAll?: ConfigMap }): BrokerConfig {
    const other = new BrokerConfig(Object.fromEntries(this.statics))
    other.setDynamic(forThis ?? this.forThis, forAll ?? this.forAll)
    return other
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

  /** What is set while the broker runs, but declared by nobody: a listener's own keys, a plugin's. */
  undeclared(): string[] {
    return [...new Set([...this.forThis.keys(), ...this.forAll.keys()])].filter((name) => !brokerKey(name))
  }

  /** What the metadata says now of this broker, and of all brokers. */
  setDynamic(forThis: ConfigMap, forAll: ConfigMap): void {
    this.forThis = forThis
    this.forAll = forAll
    this.parsed = new Map()
  }
}

/** node.id was broker.id before there were controllers; each stands for the other. */
function withBothIds(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const id = settings['node.id'] ?? settings['broker.id']
  if (id === undefined) return settings
  if (id !== (settings['broker.id'] ?? id))
    throw new ConfigError('You must set `node.id` to the same value as `broker.id`.')
  return { ...settings, 'node.id': id, 'broker.id': id }
}
