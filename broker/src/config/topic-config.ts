/**
 * The configuration of a topic: its own value of a key, otherwise the broker's value of a synonym, otherwise the default.
 *
 * TOPIC-CONFIG-1  a value is returned with its source: DescribeConfigs shows where each value comes from
 */
import type { BrokerConfig, BrokerConfigSource } from './broker-config.ts'
import { ConfigError, type ConfigKeys, type ValueOf } from './config-key.ts'
import { parseValue } from './config-value.ts'
import { type ConfigMap, parseBrokerValue } from './keys/broker-keys.ts'
import { BROKER_SYNONYMS, TOPIC_KEYS, type TopicKey } from './keys/topic-keys.ts'

export type TopicConfigSource = 'topic' | BrokerConfigSource

export interface TopicCandidate {
  /** The key of the value: the topic key, or a synonym of the broker. */
  readonly name: string
  readonly text: string | null
  readonly source: TopicConfigSource
}

/** Factors that convert the unit of a broker key to the milliseconds of the topic key. */
const MS_IN: readonly (readonly [suffix: string, ms: number])[] = [
  ['.hours', 3_600_000],
  ['.minutes', 60_000],
]

export class TopicConfig {
  private readonly own: ConfigMap
  private readonly broker: BrokerConfig

  /** `own`: the topic's own settings; they were checked when they were set. */
  constructor(own: ConfigMap, broker: BrokerConfig) {
    this.own = own
    this.broker = broker
  }

  /** The current value, parsed. */
  get<K extends TopicKey>(name: K): ValueOf<(typeof TOPIC_KEYS)[K]> {
    return parseTopicValue(name, this.find(name).text) as ValueOf<(typeof TOPIC_KEYS)[K]>
  }

  /** The current value as text, and its source. A broker value is converted to the unit of the topic key. */
  find(name: TopicKey): TopicCandidate {
    const [first] = this.candidates(name)
    return first
      ? { ...first, text: inTopicUnit(first) }
      : { name, text: TOPIC_KEYS[name].text, source: 'default' }
  }

  /** All values that the key has, in the order of the lookup, in their own units. */
  candidates(name: TopicKey): TopicCandidate[] {
    const own = this.own.get(name)
    const candidates: TopicCandidate[] = own === undefined ? [] : [{ name, text: own, source: 'topic' }]
    const rank: readonly TopicConfigSource[] = [
      'dynamic broker',
      'dynamic default broker',
      'static',
      'default',
    ]
    const ofBroker = (BROKER_SYNONYMS[name] ?? []).flatMap((synonym) =>
      this.broker
        .candidates(synonym)
        .filter(({ text }) => text !== null)
        .map((candidate) => ({ name: synonym, ...candidate })),
    )
    return [...candidates, ...ofBroker.sort((a, b) => rank.indexOf(a.source) - rank.indexOf(b.source))]
  }
}

function inTopicUnit({ name, text }: TopicCandidate): string | null {
  const unit = MS_IN.find(([suffix]) => name.endsWith(suffix))
  if (!unit || text === null) return text
  // Any negative number means unlimited, in every unit (AbstractKafkaConfig.logRetentionTimeMillis).
  return String(Math.max(-1, Number(parseBrokerValue(name, text)) * unit[1]))
}

export function isTopicKey(name: string): name is TopicKey {
  return Object.hasOwn(TOPIC_KEYS, name)
}

/** Parses the value of a topic key; throws ConfigError, also for an unknown key. */
export function parseTopicValue(name: string, text: string | null): unknown {
  if (!isTopicKey(name)) throw new ConfigError(`Unknown topic config name: ${name}`)
  return parseValue(name, (TOPIC_KEYS as ConfigKeys)[name]!, text)
}
