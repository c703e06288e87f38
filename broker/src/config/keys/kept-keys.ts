/**
 * The list of all keys: what each means, and whether it has an effect here. The site generates a page from it.
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
  /** The type of resource with this key. */
  readonly scope: 'broker' | 'topic' | 'group' | 'client metrics'
  readonly type: ConfigType
  /** The default as DescribeConfigs shows it; null: not set. */
  readonly default: string | null
  /** Where a broker key may be changed while the broker runs; keys of other resources can always be changed. */
  readonly update: UpdateMode | 'any time'
  /** Its documentation, in English. */
  readonly documentation: string
  /** Why it has no effect; absent if it has one. Follows "kept, without effect here, because". */
  readonly reason?: { readonly en: string; readonly ru: string }
}

const SCOPES: readonly (readonly [ListedKey['scope'], ConfigKeys])[] = [
  ['broker', BROKER_KEYS],
  ['topic', TOPIC_KEYS],
  ['group', GROUP_KEYS],
  ['client metrics', CLIENT_METRICS_KEYS],
]

/** Every key of Apache Kafka 4.3 except those for its own tests, by scope and name. */
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

/** The keys that have no effect here. */
export function keptKeys(): readonly (ListedKey & Required<Pick<ListedKey, 'reason'>>)[] {
  return allKeys().flatMap((key) => (key.reason ? [{ ...key, reason: key.reason }] : []))
}
