/**
 * A topic's settings in force: its own, or else the broker's under their synonyms, or else the default.
 *
 * TOPIC-CONFIG-1  the source of a value is told with it: DescribeConfigs shows where each comes from
 */
import type { BrokerConfig, BrokerConfigSource } from './broker-config.ts'
import { ConfigError, type ConfigKeys, type ValueOf } from './config-key.ts'
import { parseValue } from './config-value.ts'
import { type ConfigMap, parseBrokerValue } from './keys/broker-keys.ts'
import { BROKER_SYNONYMS, TOPIC_KEYS, type TopicKey } from './keys/topic-keys.ts'

export type TopicConfigSource = 'topic' | BrokerConfigSource

export interface TopicCandidate {
  /** The key under which the value stands: the topic's, or a broker's synonym. */
  readonly name: string
  readonly text: string | null
  readonly source: TopicConfigSource
}

/** How a broker key's unit becomes the topic key's milliseconds. */
const MS_IN: readonly (readonly [suffix: string, ms: number])[] = [
  ['.hours', 3_600_000],
  ['.minutes', 60_000],
]

export class TopicConfig {
  private readonly own: ConfigMap
  private readonly broker: BrokerConfig

  /** `own`: the topic's own settings, checked when they were set. */
  constructor(own: ConfigMap, broker: BrokerConfig) {
    this.own = own
    this.broker = broker
  }

  /** The value in force. */
  get<K extends TopicKey>(name: K): ValueOf<(typeof TOPIC_KEYS)[K]> {
    return parseTopicValue(name, this.find(name).text) as ValueOf<(typeof TOPIC_KEYS)[K]>
  }

  /** The text in force and its source; a broker's value is given in the topic key's unit. */
  find(name: TopicKey): TopicCandidate {
    const [first] = this.candidates(name)
    return first
      ? { ...first, text: inTopicUnit(first) }
      : { name, text: TOPIC_KEYS[name].text, source: 'default' }
  }

  /** Every place that has a value, the strongest first, each as it was set there. */
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
  // Any number below zero is "for ever", whatever the unit (AbstractKafkaConfig.logRetentionTimeMillis).
  return String(Math.max(-1, Number(parseBrokerValue(name, text)) * unit[1]))
}

export function isTopicKey(name: string): name is TopicKey {
  return Object.hasOwn(TOPIC_KEYS, name)
}

/** Parses a topic key's value; throws ConfigError, for an unknown key in Kafka's words. */
export function parseTopicValue(name: string, text: string | null): unknown {
  if (!isTopicKey(name)) throw new ConfigError(`Unknown topic config name: ${name}`)
  return parseValue(name, (TOPIC_KEYS as ConfigKeys)[name]!, text)
}
