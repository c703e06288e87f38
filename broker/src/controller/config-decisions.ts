/**
 * Decisions about configs: what a change makes of a resource's settings, and whether it may.
 *
 *   SET 0       the value               DELETE 1     back to the default
 *   APPEND 2    to a list, once each    SUBTRACT 3   from a list          (KIP-339)
 *
 * E1  a resource's changes are made together or not at all
 * E2  what is stored was parsed by its declaration before
 */
import { BROKER_KEYS, type BrokerConfig, brokerKey } from '../config/broker-config.ts'
import { ConfigError, type ConfigKeys, parseValue } from '../config/config-key.ts'
import { GROUP_KEYS } from '../config/group-keys.ts'
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
  if (!kind) throw new KafkaError(ErrorCode.INVALID_REQUEST, `Unsupported resource type ${type}`)
  return `${kind}:${name}` as ConfigResource
}

/** The records that make the changes of one resource (E1). Throws KafkaError. */
export function decideChanges(
  image: MetadataImage,
  config: BrokerConfig,
  type: number,
  resourceName: string,
  changes: readonly ConfigChange[],
): MetadataRecordInput[] {
  checkResource(image, type, resourceName)
  const names = changes.map(({ name }) => name)
  if (new Set(names).size !== names.length) {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, 'Error due to duplicate config keys')
  }
  const keys = keysOf(type)
  const own = image.configs.get(resourceOf(type, resourceName)) ?? new Map()
  return changes.map(({ name, operation, value }) => {
    const changed = changedValue(keys, own, config, type, name, operation, value)
    return {
      name: 'ConfigRecord',
      version: 0,
      value: { resourceType: type, resourceName, name, value: changed },
    }
  })
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
  if (type === ResourceType.TOPIC) return TOPIC_KEYS
  return type === ResourceType.GROUP ? GROUP_KEYS : BROKER_KEYS
}

function checkResource(image: MetadataImage, type: number, name: string): void {
  resourceOf(type, name)
  if (type === ResourceType.TOPIC && !image.topic(name)) {
    throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${name}' does not exist.`)
  }
  if (type === ResourceType.GROUP && name === '') {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, 'Default group resources are not allowed.')
  }
  if (type !== ResourceType.BROKER || name === '') return
  if (!/^\d+$/.test(name)) {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, `Node id must be an integer, but it is: ${name}`)
  }
}

function changedValue(
  keys: ConfigKeys,
  own: ReadonlyMap<string, string>,
  config: BrokerConfig,
  type: number,
  name: string,
  operation: number,
  value: string | null,
): string | null {
  const key = Object.hasOwn(keys, name) ? keys[name]! : undefined
  if (!key && operation === Operation.DELETE) return null
  if (!key) throw new KafkaError(ErrorCode.INVALID_CONFIG, unknownKey(type, name))
  if (type === ResourceType.BROKER) checkUpdatable(name)
  if (operation === Operation.DELETE) return null
  if (operation < 0 || operation > Operation.SUBTRACT) {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, `Unknown operation type ${operation}`)
  }
  if (value === null) {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, `Null value not supported for : ${name}`)
  }
  const text =
    operation === Operation.SET ? value : editedList(key.type, own, config, type, name, operation, value)
  try {
    parseValue(name, key, text)
  } catch (error) {
    throw error instanceof ConfigError ? new KafkaError(ErrorCode.INVALID_CONFIG, error.message) : error
  }
  return text
}

function unknownKey(type: number, name: string): string {
  return type === ResourceType.TOPIC ? `Unknown topic config name: ${name}` : `Unknown configuration ${name}`
}

function checkUpdatable(name: string): void {
  const update = brokerKey(name)?.update ?? 'read-only'
  if (update !== 'read-only') return
  throw new KafkaError(ErrorCode.INVALID_REQUEST, `Cannot update these configs dynamically: Set(${name})`)
}

function editedList(
  type: string,
  own: ReadonlyMap<string, string>,
  config: BrokerConfig,
  resourceType: number,
  name: string,
  operation: number,
  value: string,
): string {
  if (type !== 'list') {
    const word = operation === Operation.APPEND ? 'APPEND' : 'SUBTRACT'
    throw new KafkaError(
      ErrorCode.INVALID_CONFIG,
      `Can't ${word} to key ${name} because its type is not LIST.`,
    )
  }
  const inForce =
    resourceType === ResourceType.TOPIC
      ? new TopicConfig(own, config).find(name as TopicKey).text
      : (own.get(name) ?? config.find(name).text)
  const split = (text: string | null): string[] => (text ? text.split(',').map((each) => each.trim()) : [])
  const before = split(inForce)
  const named = split(value)
  if (operation === Operation.APPEND)
    return [...before, ...named.filter((each) => !before.includes(each))].join(',')
  return before.filter((each) => !named.includes(each)).join(',')
}
