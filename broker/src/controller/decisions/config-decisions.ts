/**
 * Decisions about configs: the settings of a resource after a change, and whether they are valid.
 *
 *   SET 0       the value               DELETE 1     back to the default
 *   APPEND 2    to a list               SUBTRACT 3   from a list          (KIP-339)
 *
 * First the new settings are computed, then they are checked as a whole: names, values, and whether they fit each other. The
 * configs of a broker were checked by that broker before the request came here (broker-config-decisions.ts).
 *
 * CONFIG-DECISIONS-1  all changes of a resource are made, or none
 * CONFIG-DECISIONS-2  a value is parsed by the declaration of its key before it is stored
 *
 * (ConfigurationControlManager, ControllerConfigurationValidator)
 */
import type { BrokerConfig } from '../../config/broker-config.ts'
import { checkGroupSettings } from '../../config/checks/group-checks.ts'
import { checkTopicSettings } from '../../config/checks/topic-checks.ts'
import { ConfigError, type ConfigKeys } from '../../config/config-key.ts'
import { parseValue } from '../../config/config-value.ts'
import { BROKER_KEYS, type ConfigMap } from '../../config/keys/broker-keys.ts'
import { CLIENT_METRICS_KEYS, checkMatch, intervalError } from '../../config/keys/client-metrics-keys.ts'
import { GROUP_KEYS } from '../../config/keys/group-keys.ts'
import { TOPIC_KEYS } from '../../config/keys/topic-keys.ts'
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { ConfigResource, MetadataImage } from '../metadata/metadata-image.ts'
import { editList } from './edited-list.ts'
import { checkCount, checkName } from './topic-decisions.ts'

export const ResourceType = { TOPIC: 2, BROKER: 4, BROKER_LOGGER: 8, CLIENT_METRICS: 16, GROUP: 32 } as const
export const Operation = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const

export interface ConfigChange {
  readonly name: string
  readonly operation: number
  readonly value: string | null
}

/** The changes of one resource in a request. */
export interface ConfigAlteration {
  readonly type: number
  readonly name: string
  readonly changes: readonly ConfigChange[]
  /** Whether all other configs go back to their defaults (AlterConfigs). */
  readonly replaces: boolean
}

interface Kind {
  /** The prefix of the resource names in the image. */
  readonly word: string
  readonly keys: ConfigKeys
  /** The error for an empty name; undefined if the empty name is valid (all brokers). */
  readonly nameless?: string
  readonly unknownKey: string
}
const KINDS: Readonly<Record<number, Kind>> = {
  [ResourceType.TOPIC]: {
    word: 'topic',
    keys: TOPIC_KEYS,
    nameless: 'Default topic resources are not allowed.',
    unknownKey: 'Unknown topic config name: ',
  },
  [ResourceType.BROKER]: { word: 'broker', keys: BROKER_KEYS, unknownKey: 'Unknown configuration ' },
  [ResourceType.CLIENT_METRICS]: {
    word: 'client-metrics',
    keys: CLIENT_METRICS_KEYS,
    nameless: "Subscription name can't be empty",
    unknownKey: 'Unknown client metrics configuration: ',
  },
  [ResourceType.GROUP]: {
    word: 'group',
    keys: GROUP_KEYS,
    nameless: 'Default group resources are not allowed.',
    unknownKey: 'Unknown group config name: ',
  },
}

/** The kind of a resource; throws INVALID_REQUEST for a type without configs. */
function kindOf(type: number): Kind {
  const kind = KINDS[type]
  if (!kind) throw new KafkaError(ErrorCode.INVALID_REQUEST, `Unknown resource type ${type}`)
  return kind
}

/** The name of a resource in the image; throws INVALID_REQUEST for a type without configs. */
export function resourceOf(type: number, name: string): ConfigResource {
  return `${kindOf(type).word}:${name}` as ConfigResource
}

/** The records that alter one resource (CONFIG-DECISIONS-1). Throws KafkaError. */
export function decideAlteration(
  image: MetadataImage,
  broker: BrokerConfig,
  { type, name, changes, replaces }: ConfigAlteration,
): MetadataRecordInput[] {
  const all = replaces ? toIncrementalChanges(image, type, name, changes) : changes
  checkCount(all.length)
  return decideChanges(image, broker, type, name, all)
}

function decideChanges(
  image: MetadataImage,
  broker: BrokerConfig,
  type: number,
  name: string,
  changes: readonly ConfigChange[],
): MetadataRecordInput[] {
  const own = image.configs.get(resourceOf(type, name)) ?? new Map()
  const changed = changes.map((change): [string, string | null] => [change.name, newValue(type, own, change)])
  checkSettings(image, broker, type, name, applyChanges(own, changed))
  if (type === ResourceType.BROKER) checkMinIsr(name, image, changes)
  return changed
    .filter(([key, value]) => type === ResourceType.BROKER || (own.get(key) ?? null) !== value)
    .map(([key, value]) => ({
      name: 'ConfigRecord',
      version: 0,
      value: { resourceType: type, resourceName: name, name: key, value },
    }))
}

/** AlterConfigs (not incremental): sets the given configs and deletes all others. */
function toIncrementalChanges(
  image: MetadataImage,
  type: number,
  resourceName: string,
  wanted: readonly { readonly name: string; readonly value: string | null }[],
): ConfigChange[] {
  const named = new Set(wanted.map(({ name }) => name))
  const own = image.configs.get(resourceOf(type, resourceName)) ?? new Map()
  const deleted = [...own.keys()].filter((name) => !named.has(name))
  return [
    ...wanted.map(({ name, value }) => ({ name, value, operation: Operation.SET })),
    ...deleted.map((name) => ({ name, value: null, operation: Operation.DELETE })),
  ]
}

/** Throws INVALID_REQUEST for changes that are invalid for any resource: duplicate names, null values. */
export function checkForm(changes: readonly ConfigChange[]): void {
  const names = changes.map(({ name }) => name)
  if (new Set(names).size !== names.length)
    throw new KafkaError(ErrorCode.INVALID_REQUEST, 'Error due to duplicate config keys')
  const nulls = changes.filter(({ operation, value }) => operation !== Operation.DELETE && value === null)
  if (nulls.length === 0) return
  const list = nulls.map(({ name }) => name).join(', ')
  throw new KafkaError(ErrorCode.INVALID_REQUEST, `Null value not supported for : ${list}`)
}

/** The settings after the changes; null deletes a key. */
export function applyChanges(
  own: ConfigMap,
  changed: readonly (readonly [string, string | null])[],
): ConfigMap {
  const after = new Map(own)
  for (const [name, value] of changed) {
    if (value === null) after.delete(name)
    else after.set(name, value)
  }
  return after
}

/** The new value of a key, null for its default; throws KafkaError. */
function newValue(type: number, own: ConfigMap, { name, operation, value }: ConfigChange): string | null {
  switch (operation) {
    case Operation.SET:
      return value
    case Operation.DELETE:
      return null
    case Operation.APPEND:
    case Operation.SUBTRACT: {
      const { keys } = kindOf(type)
      const key = Object.hasOwn(keys, name) ? keys[name] : undefined
      const word = operation === Operation.APPEND ? 'APPEND' : 'SUBTRACT'
      // Kafka's controller does not know the types of client metrics configs.
      if (key?.type !== 'list' || type === ResourceType.CLIENT_METRICS) {
        const why = `Can't ${word} to key ${name} because its type is not LIST.`
        throw new KafkaError(ErrorCode.INVALID_CONFIG, why)
      }
      return editList(own.get(name) ?? key.text, value ?? '', word)
    }
    default:
      // Kafka's controller fails with an exception, which becomes this error.
      throw new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR, `Unknown operation type ${operation}`)
  }
}

/** Checks the new settings of a resource. Throws KafkaError. */
function checkSettings(
  image: MetadataImage,
  broker: BrokerConfig,
  type: number,
  name: string,
  after: ConfigMap,
): void {
  const { nameless } = kindOf(type)
  if (name === '' && nameless) throw new KafkaError(ErrorCode.INVALID_REQUEST, nameless)
  if (type === ResourceType.TOPIC) checkName(name)
  if (type === ResourceType.BROKER) return
  const unknown = type === ResourceType.CLIENT_METRICS ? ErrorCode.INVALID_REQUEST : ErrorCode.INVALID_CONFIG
  checkNames(type, after, unknown)
  withErrorCode(ErrorCode.INVALID_CONFIG, () => {
    for (const [key, text] of after) parseValue(key, kindOf(type).keys[key]!, text)
    if (type === ResourceType.TOPIC) checkTopicSettings(after, broker)
    if (type === ResourceType.GROUP) checkGroupSettings(after, broker)
  })
  if (type === ResourceType.CLIENT_METRICS) checkSubscription(after)
  if (type === ResourceType.TOPIC && !image.topic(name))
    throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${name}' does not exist.`)
}

function checkNames(type: number, after: ConfigMap, code: ErrorCode): void {
  const { keys, unknownKey } = kindOf(type)
  for (const key of after.keys())
    if (!Object.hasOwn(keys, key)) throw new KafkaError(code, `${unknownKey}${key}`)
}

function checkSubscription(after: ConfigMap): void {
  const why = intervalError(after)
  if (why !== undefined) throw new KafkaError(ErrorCode.INVALID_REQUEST, why)
  withErrorCode(ErrorCode.INVALID_CONFIG, () => checkMatch(after))
}

/** Runs `check`; a ConfigError becomes a KafkaError with `code`. */
export function withErrorCode(code: ErrorCode, check: () => void): void {
  try {
    check()
  } catch (error) {
    throw error instanceof ConfigError ? new KafkaError(code, error.message) : error
  }
}

/** With eligible leader replicas the whole cluster has one min.insync.replicas (KIP-966). */
function checkMinIsr(name: string, image: MetadataImage, changes: readonly ConfigChange[]): void {
  const change = changes.find((each) => each.name === 'min.insync.replicas')
  if (!change || (image.features.get('eligible.leader.replicas.version') ?? 0) === 0) return
  const why = (level: string, what: string) =>
    `${level}-level min.insync.replicas cannot be ${what} while ELR is enabled.`
  if (name !== '') throw new KafkaError(ErrorCode.INVALID_CONFIG, why('Broker', 'altered'))
  if (change.operation === Operation.DELETE)
    throw new KafkaError(ErrorCode.INVALID_CONFIG, why('Cluster', 'removed'))
}
