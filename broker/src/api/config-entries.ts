/**
 * Settings as a client sees them: value, where it comes from, and what it would be without it.
 *
 * DescribeConfigs shows them, and CreateTopics for the topic that it has made. Synonyms are the places that have a value,
 * the strongest first:
 *
 *   retention.ms of a topic    retention.ms (topic), log.retention.ms (this broker), … (all brokers), … (static)
 *
 * They are told from the key's own name on, or for a topic from the broker key of the same unit on: what is set in
 * hours only is in force, but Kafka does not tell of it. (ConfigHelper.configSynonyms)
 *
 * E1  a sensitive value (a password) is never shown
 * E2  a key for Kafka's own tests is shown only when it is set
 */
import { BROKER_KEYS, type BrokerConfig, brokerKey } from '../config/broker-config.ts'
import { CLIENT_METRICS_KEYS } from '../config/client-metrics-keys.ts'
import type { ConfigKey, ConfigKeys, ConfigType } from '../config/config-key.ts'
import { GROUP_KEYS } from '../config/group-keys.ts'
import { documentationOf } from '../config/key-docs.ts'
import { TopicConfig, type TopicConfigSource } from '../config/topic-config.ts'
import { BROKER_SYNONYMS, TOPIC_KEYS, type TopicKey } from '../config/topic-keys.ts'

/** DescribeConfigsResponse.ConfigSource. */
const SOURCE: Readonly<Record<TopicConfigSource | 'logger' | 'client metrics' | 'group', number>> = {
  topic: 1,
  'dynamic broker': 2,
  'dynamic default broker': 3,
  static: 4,
  default: 5,
  logger: 6,
  'client metrics': 7,
  group: 8,
}

/** DescribeConfigsResponse.ConfigType. */
const TYPE: Readonly<Record<ConfigType, number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
}
const TYPE_UNKNOWN = 0

type Settings = ReadonlyMap<string, string>
const NOTHING: Settings = new Map()

interface Candidate {
  readonly name: string
  readonly text: string | null
  readonly source: keyof typeof SOURCE
}

/** The settings of a topic; `own` are those that were set on it. */
export function topicEntries(own: Settings = NOTHING, broker: BrokerConfig) {
  const config = new TopicConfig(own, broker)
  return named(TOPIC_KEYS).flatMap(([name, key]) => {
    const all = config.candidates(name as TopicKey)
    const main = BROKER_SYNONYMS[name as TopicKey]?.[0]
    const ofTopic = all.filter(({ source }) => source === 'topic')
    const ofBroker = all.slice(ofTopic.length)
    const from = ofBroker.findIndex((each) => each.name === main)
    const told = from < 0 ? ofTopic : [...ofTopic, ...ofBroker.slice(from)]
    return shown(name, key, config.find(name as TopicKey).text, told, false)
  })
}

/** The settings of a broker. */
export function brokerEntries(broker: BrokerConfig) {
  return named(BROKER_KEYS).flatMap(([name, key]) => {
    const candidates = broker.candidates(name).map((each) => ({ name, ...each }))
    const told = candidates.filter(({ text }) => text !== null)
    return shown(name, key, candidates[0]?.text ?? null, told, isReadOnly(key))
  })
}

/** What was set for all brokers together; there are no defaults to it. */
export function clusterEntries(own: Settings = NOTHING) {
  return [...own].flatMap(([name, text]) => {
    const key = brokerKey(name)
    return key
      ? shown(name, key, text, [{ name, text, source: 'dynamic default broker' }], isReadOnly(key))
      : []
  })
}

/** The settings of a group: its own, or the broker's under the same name with `group.` before it. */
export function groupEntries(own: Settings = NOTHING, broker: BrokerConfig) {
  return named(GROUP_KEYS).flatMap(([name, key]) => {
    const text = own.get(name)
    const told: Candidate[] = text === undefined ? [] : [{ name, text, source: 'group' }]
    const twin = `group.${name}`
    const ofBroker: Candidate[] = brokerKey(twin)
      ? broker.candidates(twin).map((each) => ({ name: twin, ...each }))
      : [{ name, text: key.text, source: 'default' }]
    const all = [...told, ...ofBroker]
    return shown(name, key, all[0]!.text, all, false)
  })
}

/** The settings of a subscription to clients' metrics. */
export function clientMetricsEntries(own: Settings = NOTHING) {
  return named(CLIENT_METRICS_KEYS).flatMap(([name, key]) => {
    const text = own.get(name)
    const told: Candidate[] = text === undefined ? [] : [{ name, text, source: 'client metrics' }]
    return shown(name, key, text ?? key.text, told, false)
  })
}

/** This broker has one log for people, at one level. */
export function loggerEntries() {
  const entry = {
    name: 'root',
    value: 'INFO',
    readOnly: true,
    configSource: SOURCE.logger,
    isSensitive: false,
  }
  return [{ ...entry, synonyms: [], configType: TYPE_UNKNOWN, documentation: '' }]
}

function named(keys: ConfigKeys): [string, ConfigKey<unknown>][] {
  return Object.entries(keys)
}

function isReadOnly({ update }: ConfigKey<unknown>): boolean {
  return (update ?? 'read-only') === 'read-only'
}

/** One setting; none when it is not to be shown (E2). */
function shown(
  name: string,
  key: ConfigKey<unknown>,
  value: string | null,
  told: readonly Candidate[],
  readOnly: boolean,
) {
  const source = told[0]?.source ?? 'default'
  if (key.internal && source === 'default') return []
  const isSensitive = key.sensitive ?? false
  const entry = {
    name,
    value: isSensitive ? null : value,
    readOnly,
    configSource: SOURCE[source],
    isSensitive,
    synonyms: told.map(({ name, text, source }) => ({
      name,
      value: isSensitive ? null : text,
      source: SOURCE[source],
    })),
    configType: TYPE[key.type],
    documentation: documentationOf(name),
  }
  return [entry]
}
