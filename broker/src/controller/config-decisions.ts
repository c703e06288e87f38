/**
 * Decisions about configs: what a change makes of a resource's settings, and whether it may.
 *
 *   SET 0       the value               DELETE 1     back to the default
 *   APPEND 2    to a list, once each    SUBTRACT 3   from a list          (KIP-339)
 *
 * E1  a resource's changes are made together or not at all
 * E2  what is stored was parsed by its declaration before
 */
import { BROKER_KEYS, type BrokerConfig, brokerKey, type ConfigMap } from '../config/broker-config.ts'
import { CLIENT_METRICS_KEYS } from '../config/client-metrics-keys.ts'
import { ConfigError, type ConfigKey, type ConfigKeys } from '../config/config-key.ts'
import { parseValue } from '../config/config-value.ts'
import { checkGroupSettings } from '../config/group-checks.ts'
import { GROUP_KEYS } from '../config/group-keys.ts'
import { checkTopicSettings } from '../config/topic-checks.ts'
import { TopicConfig } from '../config/topic-config.ts'
import { TOPIC_KEYS, type TopicKey } from '../config/topic-keys.ts'
import type { MetadataRecordInput } from '../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import type { ConfigResource, MetadataImage } from './metadata-image.ts'

export const ResourceType = { TOPIC: 2, BROKER: 4, BROKER_LOGGER: 8, CLIENT_METRICS: 16, GROUP: 32 } as const
const Operation = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const

export interface ConfigChange {
  readonly name: string
  readonly operation: number
  readonly value: string | null
}

const KINDS: Readonly<Record<number, string>> = { 2: 'topic', 4: 'broker', 16: 'client-metrics', 32: 'group' }

/** The resource's name in the image; throws INVALID_REQUEST for a kind that has no configs. */
export function resourceOf(type: number, name: string): ConfigResource {
  const kind = KINDS[type]
  if (!kind) throw new KafkaError(ErrorCode.INVALID_REQUEST, `Unknown resource type ${type}`)
  return `${kind}:${name}` as ConfigResource
}

/** The resource whose settings change, and all that the change is judged by. */
interface Target {
  readonly type: number
  readonly name: string
  readonly keys: ConfigKeys
  readonly own: ConfigMap
  readonly broker: BrokerConfig
  readonly image: MetadataImage
}

/** The records that make the changes of one resource (E1). Throws KafkaError. */
export function decideChanges(
  image: MetadataImage,
  broker: BrokerConfig,
  type: number,
  name: string,
  changes: readonly ConfigChange[],
): MetadataRecordInput[] {
  checkResource(image, type, name)
  const names = changes.map((change) => change.name)
  if (new Set(names).size !== names.length) {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, 'Error due to duplicate config keys')
  }
  const own = image.configs.get(resourceOf(type, name)) ?? new Map()
  const target: Target = { type, name, keys: keysOf(type), own, broker, image }
  if (type === ResourceType.BROKER) checkUpdatable(target, changes)
  const changed = changes.map((change): [string, string | null] => [change.name, newValue(target, change)])
  checkTogether(target, changed)
  return changed.map(([key, value]) => ({
    name: 'ConfigRecord',
    version: 0,
    value: { resourceType: type, resourceName: name, name: key, value },
  }))
}

/** AlterConfigs (the old way): what is named is set, what is not is deleted. */
export function asChanges(
  image: MetadataImage,
  type: number,
  resourceName: string,
  wanted: readonly { readonly name: string; readonly value: string | null }[],
): ConfigChange[] {
  const named = new Set(wanted.map(({ name }) => name))
  const own = image.configs.get(resourceOf(type, resourceName)) ?? new Map()
  const deleted = [...own.keys()].filter((name) => !named.has(name))
  return [
    ...wanted.map(({ name, value }) => ({
      name,
      value,
      operation: value === null ? Operation.DELETE : Operation.SET,
    })),
    ...deleted.map((name) => ({ name, value: null, operation: Operation.DELETE })),
  ]
}

function keysOf(type: number): ConfigKeys {
  switch (type) {
    case ResourceType.TOPIC:
      return TOPIC_KEYS
    case ResourceType.GROUP:
      return GROUP_KEYS
    case ResourceType.CLIENT_METRICS:
      return CLIENT_METRICS_KEYS
    default:
      return BROKER_KEYS
  }
}

const NAMELESS: Readonly<Record<number, string>> = {
  [ResourceType.TOPIC]: 'Default topic resources are not allowed.',
  [ResourceType.GROUP]: 'Default group resources are not allowed.',
  [ResourceType.CLIENT_METRICS]: 'Subscription name can not be empty',
}

function checkResource(image: MetadataImage, type: number, name: string): void {
  resourceOf(type, name)
  const nameless = name === '' ? NAMELESS[type] : undefined
  if (nameless) throw new KafkaError(ErrorCode.INVALID_REQUEST, nameless)
  if (type === ResourceType.TOPIC && !image.topic(name)) {
    throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${name}' does not exist.`)
  }
  if (type === ResourceType.BROKER && !/^\d*$/.test(name)) {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, `Node id must be an integer, but it is: ${name}`)
  }
}

/** The value that a key shall have, null for its default; throws KafkaError. */
function newValue(target: Target, change: ConfigChange): string | null {
  const { name, operation } = change
  const key = Object.hasOwn(target.keys, name) ? target.keys[name] : undefined
  if (operation === Operation.DELETE) return null
  if (operation < 0 || operation > Operation.SUBTRACT) {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, `Unknown operation type ${operation}`)
  }
  if (!key) throw new KafkaError(ErrorCode.INVALID_CONFIG, unknownKey(target.type, name))
  if (change.value === null) {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, `Null value not supported for : ${name}`)
  }
  const text = operation === Operation.SET ? change.value : editedList(target, key, change, change.value)
  // A broker answers for its own settings with the one code, the controller for the others with the other.
  refusing(target.type === ResourceType.BROKER ? ErrorCode.INVALID_REQUEST : ErrorCode.INVALID_CONFIG, () =>
    parseValue(name, key, text),
  )
  return text
}

/** Has a ConfigError that `check` throws answered with `code`. */
function refusing(code: ErrorCode, check: () => unknown): void {
  try {
    check()
  } catch (error) {
    throw error instanceof ConfigError ? new KafkaError(code, error.message) : error
  }
}

function unknownKey(type: number, name: string): string {
  if (type === ResourceType.TOPIC) return `Unknown topic config name: ${name}`
  return type === ResourceType.GROUP ? `Unknown group config name: ${name}` : `Unknown configuration ${name}`
}

/** What the settings are with the changes made must make sense as a whole. */
function checkTogether({ type, own, broker }: Target, changed: readonly [string, string | null][]): void {
  const after = new Map(own)
  for (const [name, value] of changed) {
    if (value === null) after.delete(name)
    else after.set(name, value)
  }
  if (type === ResourceType.TOPIC) {
    refusing(ErrorCode.INVALID_CONFIG, () => checkTopicSettings(after, broker))
  }
  if (type === ResourceType.GROUP) refusing(ErrorCode.INVALID_CONFIG, () => checkGroupSettings(after, broker))
}

/** What a broker lets be changed while it runs, and where (KIP-226). */
function checkUpdatable({ name, image }: Target, changes: readonly ConfigChange[]): void {
  const modes = changes.map((change) => ({
    ...change,
    update: brokerKey(change.name)?.update ?? 'read-only',
  }))
  const refuse = (mode: string, why: string): void => {
    const keys = modes.filter(({ update }) => update === mode).map((each) => each.name)
    if (keys.length > 0) throw new KafkaError(ErrorCode.INVALID_REQUEST, `${why}: [${keys.join(', ')}]`)
  }
  const unknown = modes.find((each) => !brokerKey(each.name) && each.operation !== Operation.DELETE)
  if (unknown) {
    throw new KafkaError(ErrorCode.INVALID_CONFIG, unknownKey(ResourceType.BROKER, unknown.name))
  }
  refuse('read-only', 'Cannot update these configs dynamically')
  if (name === '') {
    refuse('per-broker', 'Cannot update these configs at default cluster level, broker id must be specified')
  }
  checkMinIsr(name, image, changes)
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

/** A list with elements appended, each once, or taken out. */
function editedList(target: Target, key: ConfigKey<unknown>, change: ConfigChange, value: string): string {
  const appends = change.operation === Operation.APPEND
  if (key.type !== 'list') {
    const why = `Can't ${appends ? 'APPEND' : 'SUBTRACT'} to key ${change.name} because its type is not LIST.`
    throw new KafkaError(ErrorCode.INVALID_CONFIG, why)
  }
  const split = (text: string | null): string[] => (text ? text.split(',').map((each) => each.trim()) : [])
  const before = split(inForce(target, key, change.name))
  const named = split(value)
  if (!appends) return before.filter((each) => !named.includes(each)).join(',')
  return [...before, ...named.filter((each) => !before.includes(each))].join(',')
}

function inForce({ type, own, broker }: Target, key: ConfigKey<unknown>, name: string): string | null {
  if (type === ResourceType.TOPIC) return new TopicConfig(own, broker).find(name as TopicKey).text
  return own.get(name) ?? (type === ResourceType.BROKER ? broker.find(name).text : key.text)
}
