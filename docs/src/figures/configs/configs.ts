/** What the figure of settings and its worker have in common; the worker alone loads the broker. */

/** Where a setting may stand, in the order in which it is looked up. */
export const LAYERS = ['topic', 'broker', 'brokers', 'file'] as const
export type Layer = (typeof LAYERS)[number]

/** How large a record may be: the key of a topic, and that of a broker. */
export const TOPIC_KEY = 'max.message.bytes'
export const BROKER_KEY = 'message.max.bytes'

/** What each layer says, if it says anything. */
export const LAYER_BYTES: Readonly<Record<Layer, number>> = {
  topic: 1_000_000,
  broker: 3_000_000,
  brokers: 500_000,
  file: 2_000_000,
}

/** How large the record is that is sent, bytes of its value. */
export const RECORD_BYTES = [400_000, 900_000, 1_500_000, 2_500_000] as const

export interface ConfigAsk {
  set: readonly Layer[]
  recordBytes: number
}

export interface ConfigView {
  /** What is in force for the topic, bytes. */
  bytes: number
  /** Where that comes from, as kafka-configs names it. */
  source: string
  /** All that were found, in the order of the lookup; the first one counts. */
  synonyms: { source: string; name: string; value: string }[]
  /** What the broker answers to the record: NONE, or the name of an error. */
  answer: string
}
