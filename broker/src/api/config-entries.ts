/**
 * Settings as a client sees them: value, where it comes from, and what it would be without it.
 *
 * DescribeConfigs shows them, and CreateTopics for the topic that it has made. A sensitive value (a password) is never
 * shown, nor is one that is only for Kafka's own tests (`internal.…`).
 */
import { BROKER_KEYS } from '../config/broker-config.ts'
import type { ConfigKey, ConfigKeys, ConfigType } from '../config/config-key.ts'
import { GROUP_KEYS } from '../config/group-keys.ts'
import { TopicConfig, type TopicConfigSource } from '../config/topic-config.ts'
import { TOPIC_KEYS, type TopicKey } from '../config/topic-keys.ts'
import type { Services } from './api.ts'

/** DescribeConfigsResponse.ConfigSource. */
export const SOURCE: Readonly<Record<TopicConfigSource | 'group', number>> = {
  topic: 1,
  'dynamic broker': 2,
  'dynamic default broker': 3,
  static: 4,
  default: 5,
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

interface Candidate {
  readonly name: string
  readonly text: string | null
  readonly source: TopicConfigSource | 'group'
}

/** The settings of a topic. */
export function topicEntries(services: Services, topic: string) {
  const own = services.metadata().configs.get(`topic:${topic}`) ?? new Map<string, string>()
  const config = new TopicConfig(own, services.config)
  return shown(TOPIC_KEYS).map(([name, key]) => {
    const candidates = config.candidates(name as TopicKey)
    return entry(name, key, config.find(name as TopicKey), candidates, false)
  })
}

/** The settings of this broker. */
export function brokerEntries(services: Services) {
  return shown(BROKER_KEYS).map(([name, key]) => {
    const candidates = services.config.candidates(name).map((each) => ({ name, ...each }))
    const readOnly = (key.update ?? 'read-only') === 'read-only'
    return entry(name, key, candidates[0]!, candidates, readOnly)
  })
}

/** What was set for all brokers together; there are no defaults to it. */
export function clusterEntries(services: Services) {
  const own = services.metadata().configs.get('broker:') ?? new Map<string, string>()
  return [...own].map(([name, text]) => {
    const key = (BROKER_KEYS as ConfigKeys)[name]!
    const candidate: Candidate = { name, text, source: 'dynamic default broker' }
    return entry(name, key, candidate, [candidate], false)
  })
}

/** The settings of a group. */
export function groupEntries(services: Services, group: string) {
  const own = services.metadata().configs.get(`group:${group}`)
  return shown(GROUP_KEYS).map(([name, key]) => {
    const set = own?.get(name)
    const fallback: Candidate = { name, text: key.text, source: 'default' }
    const candidates: Candidate[] = set === undefined ? [fallback] : [{ name, text: set, source: 'group' }, fallback]
    return entry(name, key, candidates[0]!, candidates, false)
  })
}

function shown(keys: ConfigKeys): [string, ConfigKey<unknown>][] {
  return Object.entries(keys).filter(([name]) => !name.startsWith('internal.'))
}

function entry(
  name: string,
  key: ConfigKey<unknown>,
  inForce: Candidate,
  candidates: readonly Candidate[],
  readOnly: boolean,
) {
  const isSensitive = key.sensitive ?? false
  return {
    name,
    value: isSensitive ? null : inForce.text,
    readOnly,
    configSource: SOURCE[inForce.source],
    isSensitive,
    synonyms: candidates.map((each) => ({
      name: each.name,
      value: isSensitive ? null : each.text,
      source: SOURCE[each.source],
    })),
    configType: TYPE[key.type],
    documentation: key.doc ?? '',
  }
}
