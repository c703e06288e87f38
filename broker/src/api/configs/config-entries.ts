/**
 * Configs in responses: the value, its source, and its synonyms.
 *
 * DescribeConfigs returns them, and CreateTopics for a new topic. Synonyms are all sources that define a value, in order
 * of precedence:
 *
 *   retention.ms of a topic    retention.ms (topic), log.retention.ms (this broker), … (all brokers), … (static)
 *
 * The list begins with the key's own name, for a topic with the broker key of the same unit: a value that is set in
 * hours only is effective, but Kafka does not list it. (ConfigHelper.configSynonyms)
 *
 * CONFIG-ENTRIES-1  a sensitive value (a password) is never shown
 * CONFIG-ENTRIES-2  a key for Kafka's own tests is shown only if it is set
 * CONFIG-ENTRIES-3  a value is shown as it was parsed, `TRUE ` as true; among the synonyms, a broker's value is shown
 *     as it was written
 */
import type { BrokerConfig } from '../../config/broker-config.ts'
import type { ConfigKey, ConfigKeys, ConfigType } from '../../config/config-key.ts'
import { formatValue } from '../../config/config-value.ts'
import { BROKER_KEYS, brokerKey, dynamicBrokerKey, plainName } from '../../config/keys/broker-keys.ts'
import { CLIENT_METRICS_KEYS } from '../../config/keys/client-metrics-keys.ts'
import { GROUP_KEYS } from '../../config/keys/group-keys.ts'
import { documentationOf } from '../../config/keys/key-docs.ts'
import { BROKER_SYNONYMS, TOPIC_KEYS, type TopicKey } from '../../config/keys/topic-keys.ts'
import { TopicConfig, type TopicConfigSource } from '../../config/topic-config.ts'
import { type Loggers, ROOT_LOGGER } from './loggers.ts'

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

/** The configs of a topic; `own` are those that were set on it. */
export function topicEntries(own: Settings = NOTHING, broker: BrokerConfig) {
  const config = new TopicConfig(own, broker)
  return named(TOPIC_KEYS).flatMap(([name, key]) => {
    const all = config.candidates(name as TopicKey)
    const main = BROKER_SYNONYMS[name as TopicKey]?.[0]
    const ofTopic = all.filter(({ source }) => source === 'topic')
    const ofBroker = all.slice(ofTopic.length)
    const from = ofBroker.findIndex((each) => each.name === main)
    const told = from < 0 ? ofTopic : [...ofTopic, ...ofBroker.slice(from)]
    const ofTopicShown = told.map((each) =>
      each.source === 'topic' ? { ...each, text: textShown(key, each.text) } : each,
    )
    return shown(name, key, textShown(key, config.find(name as TopicKey).text), ofTopicShown, false)
  })
}

/** The configs of a broker. */
export function brokerEntries(broker: BrokerConfig) {
  const undeclared = broker.undeclared().flatMap((name) => undeclaredEntry(name, ofBroker(broker, name)))
  return [...undeclared, ...declaredEntries(broker)]
}

function declaredEntries(broker: BrokerConfig) {
  return named(BROKER_KEYS).flatMap(([name, key]) => {
    return shown(name, key, textShown(key, broker.find(name).text), ofBroker(broker, name), isReadOnly(key))
  })
}

/** All sources of a broker's key and its synonyms, from the key itself on. */
function ofBroker(broker: BrokerConfig, name: string): Candidate[] {
  const all = synonymsOf(name).flatMap((synonym) =>
    broker
      .candidates(synonym)
      .flatMap(({ text, source }) => (text === null ? [] : [{ name: synonym, text, source }])),
  )
  const sorted = all.sort((a, b) => SOURCE[a.source] - SOURCE[b.source])
  const from = sorted.findIndex((each) => each.name === name)
  return from < 0 ? [] : sorted.slice(from)
}

/** The keys of the same time in other units; flush.ms has a synonym that it only overrides. */
function synonymsOf(name: string): readonly string[] {
  const same = Object.values(BROKER_SYNONYMS).find((names) => names.includes(name)) ?? [name]
  if (plainName(name) !== name) return [name, plainName(name)]
  return name === 'log.flush.scheduler.interval.ms' ? [name] : same
}

/** Configs that are set for all brokers; they have no defaults. */
export function clusterEntries(own: Settings = NOTHING) {
  return [...own].flatMap(([name, text]) => {
    const key = brokerKey(name)
    const told: Candidate[] = [{ name, text, source: 'dynamic default broker' }]
    return key ? shown(name, key, text, told, isReadOnly(key)) : undeclaredEntry(name, told)
  })
}

/**
 * A listener's own key has the type of the plain key. The type of an undeclared key is unknown, so its value is hidden: it
 * might be a password (CONFIG-ENTRIES-1).
 */
function undeclaredEntry(name: string, told: readonly Candidate[]) {
  const text = told[0]?.text ?? null
  const dynamic = dynamicBrokerKey(name)
  if (dynamic) return shown(name, dynamic, textShown(dynamic, text), told, false)
  const key = brokerKey(plainName(name))
  if (key) return shown(name, key, text, told, true)
  return shown(name, { type: 'password', text: null, sensitive: true }, text, told, true).map((entry) => ({
    ...entry,
    configType: TYPE_UNKNOWN,
  }))
}

/** The configs of a group: its own, or the broker's with the same name and the prefix `group.`. */
export function groupEntries(own: Settings = NOTHING, broker: BrokerConfig) {
  return named(GROUP_KEYS).flatMap(([name, key]) => {
    const text = own.get(name)
    const told: Candidate[] =
      text === undefined ? [] : [{ name, text: textShown(key, text), source: 'group' }]
    const twin = `group.${name}`
    const ofAll: Candidate[] = brokerKey(twin)
      ? ofBroker(broker, twin)
      : [{ name, text: key.text, source: 'default' }]
    const all = [...told, ...ofAll]
    return shown(name, key, textShown(key, all[0]!.text), all, false)
  })
}

/** The configs of a client metrics subscription. */
export function clientMetricsEntries(own: Settings = NOTHING) {
  return named(CLIENT_METRICS_KEYS).flatMap(([name, key]) => {
    const text = own.get(name)
    const value = textShown(key, text ?? key.text)
    const told: Candidate[] = text === undefined ? [] : [{ name, text: value, source: 'client metrics' }]
    return shown(name, key, value, told, false)
  })
}

/** This broker has one log for people, with one level (KIP-412). */
export function loggerEntries(loggers: Loggers) {
  const entry = {
    name: ROOT_LOGGER,
    value: loggers.level,
    readOnly: false,
    configSource: SOURCE.logger,
    isSensitive: false,
  }
  return [{ ...entry, synonyms: [], configType: TYPE_UNKNOWN, documentation: '' }]
}

function named(keys: ConfigKeys): [string, ConfigKey<unknown>][] {
  return Object.entries(keys)
}

/** The parsed form of a value (CONFIG-ENTRIES-3). */
function textShown(key: ConfigKey<unknown>, text: string | null): string | null {
  return text === null ? null : formatValue(key, text)
}

function isReadOnly({ update }: ConfigKey<unknown>): boolean {
  return (update ?? 'read-only') === 'read-only'
}

/** One config; none if it must not be shown (CONFIG-ENTRIES-2). */
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
    // Null for a key of a plugin or of a listener, even if documentation is requested. (A logger has an empty one.)
    documentation: documentationOf(name) || null,
  }
  return [entry]
}
