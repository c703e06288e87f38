/**
 * The configuration of a broker: the settings at its start, and the changes since then.
 *
 * The value of a key is looked up in this order (KIP-226):
 *
 *   dynamic, for this broker   kafka-configs --entity-name 1
 *   dynamic, for all brokers   kafka-configs --entity-default
 *   static                     the command line, a properties file
 *   default                    the key's declaration
 *
 * BROKER-CONFIG-1  an unknown key or an invalid value is refused when it is set, with one line that says what and why
 * BROKER-CONFIG-2  `get` returns a value of the declared type
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

/** The source of a value, in the order of the lookup. */
export type BrokerConfigSource = 'dynamic broker' | 'dynamic default broker' | 'static' | 'default'

const NOTHING: ConfigMap = new Map()

export class BrokerConfig implements BrokerValues {
  private readonly statics: ConfigMap
  private forThis: ConfigMap = NOTHING
  private forAll: ConfigMap = NOTHING
  /** Cache of parsed values; cleared by each change. */
  private parsed = new Map<string, unknown>()

  /** `settings`: the static ones. Throws ConfigError for an unknown key or an invalid value (BROKER-CONFIG-1). */
  constructor(settings: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(settings)) parseBrokerValue(name, text)
    this.statics = new Map(Object.entries(withBothIds(settings)))
    if (this.statics.size > 0) checkBrokerSettings(this)
  }

  /** A copy with other dynamic settings, to check whether they are valid. */
  changed({ forThis, forAll }: { readonly forThis?: ConfigMap; readonly forAll?: ConfigMap }): BrokerConfig {
    const other = new BrokerConfig(Object.fromEntries(this.statics))
    other.setDynamic(forThis ?? this.forThis, forAll ?? this.forAll)
    return other
  }

  /** The current value, parsed. */
  get<K extends BrokerKey>(name: K): ValueOf<BrokerKeys[K]> {
    if (!this.parsed.has(name)) this.parsed.set(name, parseBrokerValue(name, this.find(name).text))
    return this.parsed.get(name) as ValueOf<BrokerKeys[K]>
  }

  /** The current value as text, and its source. */
  find(name: string): { readonly text: string | null; readonly source: BrokerConfigSource } {
    return this.candidates(name)[0]!
  }

  /** All values that the key has, in the order of the lookup. */
  // #region candidates
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
  // #endregion candidates

  /** Dynamic settings without a declaration: keys with a listener prefix, keys of plugins. */
  undeclared(): string[] {
    return [...new Set([...this.forThis.keys(), ...this.forAll.keys()])].filter((name) => !brokerKey(name))
  }

  /** Replaces the dynamic settings by those of new metadata. */
  setDynamic(forThis: ConfigMap, forAll: ConfigMap): void {
    this.forThis = forThis
    this.forAll = forAll
    this.parsed = new Map()
  }
}

/** node.id and broker.id (its older name) must be equal: sets both if one is given. */
function withBothIds(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const id = settings['node.id'] ?? settings['broker.id']
  if (id === undefined) return settings
  if (id !== (settings['broker.id'] ?? id))
    throw new ConfigError('You must set `node.id` to the same value as `broker.id`.')
  return { ...settings, 'node.id': id, 'broker.id': id }
}
