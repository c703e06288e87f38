/**
 * How a broker checks a change of its own configs, before the controller stores it (KIP-226).
 *
 *   read-only      changed only by a restart: node.id, num.partitions
 *   per-broker     differs between brokers: listeners, ssl.*
 *   cluster-wide   on one broker or, with the name '', on all: log.retention.ms
 *
 * A listener may have configs of its own, `listener.name.internal.max.connections`. They are checked by the declaration of
 * the plain key if that can be changed, and otherwise by the listener, if it exists. Unknown keys are accepted: they may
 * belong to a plugin.
 *
 * (ConfigAdminManager.validateBrokerConfigChange, DynamicBrokerConfig.validateConfigs)
 */

import type { BrokerConfig } from '../../config/broker-config.ts'
import { checkBrokerSettings } from '../../config/checks/broker-checks.ts'
import {
  checkConnections,
  checkReconfiguration,
  isConnectionsKey,
  withinReconfiguration,
} from '../../config/checks/dynamic-broker-checks.ts'
import { ConfigError } from '../../config/config-key.ts'
import { parseInt32, parseValue } from '../../config/config-value.ts'
import { brokerKey, type ConfigMap, dynamicBrokerKey, plainName } from '../../config/keys/broker-keys.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { applyChanges, type ConfigChange, Operation, withErrorCode } from './config-decisions.ts'
import { editList } from './edited-list.ts'

/** TLS keys that can only be changed with a listener prefix. */
const BY_LISTENER = /^ssl\.((key|trust)store\.|key\.password$)/
/** The keys with a listener prefix that may be set for all brokers. */
const LISTENER_KEYS_OF_ALL = ['max.connections', 'max.connection.creation.rate', 'num.network.threads']

/** Throws INVALID_REQUEST unless the name is this broker's. */
export function checkIsThisBroker(
  nodeId: number,
  name: string,
  message = 'Unexpected broker id, expected',
): void {
  const id = parseInt32(name)
  if (id === undefined)
    throw new KafkaError(ErrorCode.INVALID_REQUEST, `Node id must be an integer, but it is: ${name}`)
  if (id !== nodeId)
    throw new KafkaError(ErrorCode.INVALID_REQUEST, `${message} ${nodeId}, but received ${name}`)
}

/**
 * Checks changes of a broker's configs, or with the name '' of those of all brokers. `own`: the current ones. Throws
 * KafkaError.
 */
export function checkBrokerChanges(
  config: BrokerConfig,
  name: string,
  own: ConfigMap,
  changes: readonly ConfigChange[],
): void {
  const changed = changes.map((change): [string, string | null] => [change.name, newValue(own, change)])
  const after = applyChanges(own, changed)
  withErrorCode(ErrorCode.INVALID_REQUEST, () => checkAfter(config, name, after))
}

function newValue(own: ConfigMap, { name, operation, value }: ConfigChange): string | null {
  if (operation === Operation.SET) return value
  if (operation === Operation.DELETE) return null
  const word = { [Operation.APPEND]: 'append', [Operation.SUBTRACT]: 'subtract' }[operation]
  if (!word) throw new KafkaError(ErrorCode.INVALID_REQUEST, `Unknown operations type ${operation}`)
  const key = brokerKey(name)
  if (!key) throw new KafkaError(ErrorCode.INVALID_CONFIG, `Unknown config name: ${name}`)
  if (key.type !== 'list') {
    const why = `Config value ${word} is not allowed for config key: ${name}`
    throw new KafkaError(ErrorCode.INVALID_CONFIG, why)
  }
  return editList(own.get(name) ?? key.text, value ?? '', word === 'append' ? 'APPEND' : 'SUBTRACT')
}

/** Throws ConfigError if the configs are invalid for the broker, or cannot be changed while it runs. */
function checkAfter(config: BrokerConfig, name: string, all: ConfigMap): void {
  const after = new Map([...all].filter(([key]) => !key.startsWith('config.providers')))
  const keys = [...after.keys()]
  refuse(keys.filter(isReadOnly), 'Cannot update these configs dynamically')
  const byListener =
    'These security configs can be dynamically updated only per-listener using the listener prefix'
  refuse(
    keys.filter((key) => BY_LISTENER.test(key)),
    byListener,
  )
  for (const [key, text] of after) if (!isReadOnly(plainName(key))) checkValue(plainName(key), text)
  const ofOne = 'Cannot update these configs at default cluster level, broker id must be specified'
  if (name === '') refuse(keys.filter(isOfOneBroker), ofOne)
  const changed = name === '' ? config.changed({ forAll: after }) : config.changed({ forThis: after })
  checkBrokerSettings(changed)
  for (const [key, text] of after) checkListenerKey(config, key, text)
  checkReconfiguration(config, changed)
}

function checkValue(name: string, text: string): void {
  const key = dynamicBrokerKey(name)
  if (!key) return
  // Java classes cannot be loaded here: only the default is accepted.
  if (key.type === 'class' && text !== key.text)
    throw new ConfigError(
      `Invalid value ${text} for configuration ${name}: Class ${text} could not be found.`,
    )
  parseValue(name, key, text)
}

/**
 * Checks a key with the prefix of a listener of this broker. Between the prefix and the key there may be a SASL
 * mechanism: `listener.name.internal.plain.sasl.jaas.config`. Keys of other listeners are accepted.
 */
function checkListenerKey(config: BrokerConfig, name: string, text: string): void {
  const [, listener, key] = /^listener\.name\.([^.]+)\.(.+)$/.exec(name) ?? []
  const names = config.get('listeners').map((each) => each.split('://')[0]!.toLowerCase())
  if (!key || !names.includes(listener!)) return
  const known = brokerKey(key) ? key : key.slice(key.indexOf('.') + 1)
  withinReconfiguration(() => {
    checkValue(known, text)
    if (isConnectionsKey(key)) checkConnections(key, Number(text))
  })
}

function refuse(keys: readonly string[], why: string): void {
  if (keys.length > 0) throw new ConfigError(`${why}: [${[...keys].sort().join(', ')}]`)
}

function isReadOnly(name: string): boolean {
  const key = brokerKey(name)
  return key !== undefined && (key.update ?? 'read-only') === 'read-only'
}

function isOfOneBroker(name: string): boolean {
  if (plainName(name) !== name) return !LISTENER_KEYS_OF_ALL.includes(plainName(name))
  return brokerKey(name)?.update === 'per-broker'
}
