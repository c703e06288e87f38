/**
 * The list of all keys: what each is, and whether it works here or is only kept. The site makes a page of it.
 */

import type { ConfigKeys, ConfigType, UpdateMode } from '../config-key.ts'
import { BROKER_KEYS } from './broker-keys.ts'
import { CLIENT_METRICS_KEYS } from './client-metrics-keys.ts'
import { GROUP_KEYS } from './group-keys.ts'
import { documentationOf } from './key-docs.ts'
import { TOPIC_KEYS } from './topic-keys.ts'
import { reasonFor } from './without-effect.ts'

export interface ListedKey {
  readonly name: string
  /** The resource that has it. */
  readonly scope: 'broker' | 'topic' | 'group' | 'client metrics'
  readonly type: ConfigType
  /** As DescribeConfigs shows it; null: not set. */
  readonly default: string | null
  /** Where it may be changed while the broker runs; a key of any other resource always may. */
  readonly update: UpdateMode | 'any time'
  /** Its documentation here, in English. */
  readonly documentation: string
  /** Why it has no effect; absent when it works. Behind "kept, without effect here, because". */
  readonly reason?: { readonly en: string; readonly ru: string }
}

const SCOPES: readonly (readonly [ListedKey['scope'], ConfigKeys])[] = [
  ['broker', BROKER_KEYS],
  ['topic', TOPIC_KEYS],
  ['group', GROUP_KEYS],
  ['client metrics', CLIENT_METRICS_KEYS],
]

/** Every key of Apache Kafka 4.3 but those for its own tests, by scope and name. */
export function allKeys(): readonly ListedKey[] {
  return SCOPES.flatMap(([scope, keys]) =>
    Object.entries(keys)
      .filter(([, { internal }]) => !internal)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { type, text, update }]): ListedKey => {
        const reason = reasonFor(name)
        return {
          name,
          scope,
          type,
          default: text,
          update: scope === 'broker' ? (update ?? 'read-only') : 'any time',
          documentation: documentationOf(name),
          ...(reason && { reason: { en: reason.en, ru: reason.ru } }),
        }
      }),
  )
}

/** The keys that are kept and shown, but have no effect here. */
export function keptKeys(): readonly (ListedKey & Required<Pick<ListedKey, 'reason'>>)[] {
  return allKeys().flatMap((key) => (key.reason ? [{ ...key, reason: key.reason }] : []))
}
