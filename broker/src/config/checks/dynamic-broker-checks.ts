/**
 * Checks of a broker's settings against the current ones, when they are changed while the broker runs (KIP-226).
 *
 * A thread pool may at most be doubled or halved at a time, so that a typing error does not stop a broker. There are no
 * thread pools here, but a change is accepted or refused as in Kafka.
 *
 * (DynamicBrokerConfig.processReconfiguration, which asks each component of the broker)
 */
import type { BrokerConfig } from '../broker-config.ts'
import { ConfigError } from '../config-key.ts'
import { invalidValue } from '../config-value.ts'
import { type BrokerKey, brokerKey } from '../keys/broker-keys.ts'
import { retentionMsOf } from '../log-times.ts'

const POOLS: readonly BrokerKey[] = [
  'num.io.threads',
  'num.network.threads',
  'num.replica.fetchers',
  'num.recovery.threads.per.data.dir',
  'background.threads',
  'remote.log.manager.copier.thread.pool.size',
  'remote.log.manager.expiration.thread.pool.size',
  'remote.log.manager.follower.thread.pool.size',
  'remote.log.reader.threads',
]

const CONNECTIONS_KEYS = ['max.connection.creation.rate', 'max.connections'] as const

/** Throws ConfigError if the running broker cannot change from `now` to `then`. */
export function checkReconfiguration(now: BrokerConfig, then: BrokerConfig): void {
  withinReconfiguration(() => {
    for (const key of POOLS) checkPool(key, Number(now.get(key)), Number(then.get(key)))
    checkCleaner(now.get('log.cleaner.threads'), then.get('log.cleaner.threads'))
    checkLocalRetention('log.local.retention.ms', then, 'log.retention.ms', retentionMsOf(then))
    checkLocalRetention(
      'log.local.retention.bytes',
      then,
      'log.retention.bytes',
      then.get('log.retention.bytes'),
    )
    for (const key of CONNECTIONS_KEYS)
      if (then.get(key) !== now.get(key)) checkConnections(key, then.get(key))
    checkReporters(now, then)
  })
}

/** Runs `check`; wraps its ConfigError as Kafka wraps the error of a component. */
export function withinReconfiguration(check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const cause = `org.apache.kafka.common.config.ConfigException: ${error.message}`
    throw new ConfigError(`Invalid value ${cause} for configuration Invalid dynamic configuration`)
  }
}

/** Whether the key limits connections and may have a listener prefix. */
export function isConnectionsKey(key: string): boolean {
  return CONNECTIONS_KEYS.some((each) => each === key)
}

/** A running broker cannot be changed to accept no connections, although it may be started so. Throws ConfigError. */
export function checkConnections(key: string, value: number): void {
  if (value <= 0) throw new ConfigError(`Invalid ${key} ${value}`)
}

function checkPool(key: string, now: number, then: number): void {
  if (then === now) return
  const failed = `Dynamic thread count update validation failed for ${key}=${then}`
  if (then <= 0) throw new ConfigError(`${failed}, value should be at least 1`)
  if (then < Math.floor(now / 2))
    throw new ConfigError(`${failed}, value should be at least half the current value ${now}`)
  if (then > now * 2)
    throw new ConfigError(`${failed}, value should not be greater than double the current value ${now}`)
}

function checkCleaner(now: number, then: number): void {
  if (then < 1) throw new ConfigError('Log cleaner threads should be at least 1')
  if (then < Math.floor(now / 2))
    throw new ConfigError(`Log cleaner threads cannot be reduced to less than half the current value ${now}`)
  if (then > now * 2)
    throw new ConfigError(
      `Log cleaner threads cannot be increased to more than double the current value ${now}`,
    )
}

/** Local retention must not exceed the total retention (KIP-405); -2 means: equal to it. */
function checkLocalRetention(key: BrokerKey, then: BrokerConfig, ofAll: string, all: number): void {
  const local = Number(then.get(key))
  if (all === -1 || local === -2) return
  if (local === -1) throw invalidValue(key, local, `Value must not be -1 as ${ofAll} value is set as ${all}.`)
  if (local > all)
    throw invalidValue(key, local, `Value must not be more than ${ofAll} property value: ${all}`)
}

/** Java classes cannot be loaded here: only the default reporters are accepted. */
function checkReporters(now: BrokerConfig, then: BrokerConfig): void {
  const key = 'metric.reporters'
  const known = brokerKey(key)?.text ?? ''
  if (String(now.get(key)) === String(then.get(key)) || then.get(key).every((each) => each === known)) return
  const where = 'failed with class class kafka.server.DynamicMetricsReporters'
  throw new ConfigError(`Validation of dynamic config update of Set(${key}) ${where}`)
}
