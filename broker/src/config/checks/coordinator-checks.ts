/**
 * Checks of coordinator settings: times and limits of groups must be within their bounds and fit each other.
 *
 *   group.consumer.session.timeout.ms   between group.consumer.min.… and group.consumer.max.session.timeout.ms,
 *                                       and above group.consumer.heartbeat.interval.ms
 *
 * (GroupCoordinatorConfig, ShareGroupConfig, in Apache Kafka 4.3)
 */

import { ConfigError } from '../config-key.ts'
import type { BrokerKey, BrokerValues } from '../keys/broker-keys.ts'

const KINDS = ['consumer', 'share', 'streams'] as const
const TIMES = ['heartbeat.interval.ms', 'session.timeout.ms', 'assignment.interval.ms']
const SHARE_LIMITS = ['delivery.count.limit', 'record.lock.duration.ms', 'partition.max.record.locks']
/** NONE, GZIP, SNAPPY, LZ4, ZSTD */
const CODEC_MAX = 4

/** Throws ConfigError if valid settings of the coordinators do not fit each other. */
export function checkCoordinators(config: BrokerValues): void {
  for (const key of [
    'offsets.topic.compression.codec',
    'share.coordinator.state.topic.compression.codec',
  ] as const)
    if (config.get(key) < 0 || config.get(key) > CODEC_MAX)
      throw new ConfigError(`Unknown compression type id: ${config.get(key)}`)
  if (!config.get('group.coordinator.rebalance.protocols').includes('classic'))
    throw new ConfigError("Disabling the 'classic' protocol is not supported.")
  checkAssignors(config.get('group.consumer.assignors'), ['uniform', 'range'])
  checkAssignors(config.get('group.share.assignors'), ['simple'])
  for (const kind of KINDS) {
    for (const what of TIMES) checkTime(config, kind, what)
    const [heartbeat, session] = [
      `group.${kind}.heartbeat.interval.ms`,
      `group.${kind}.session.timeout.ms`,
    ] as const
    if (config.get(heartbeat) >= config.get(session))
      throw new ConfigError(`${heartbeat} must be less than ${session}`)
  }
  for (const what of SHARE_LIMITS) checkShareLimit(config, what)
  const [standby, standbyMax] = [
    'group.streams.num.standby.replicas',
    'group.streams.max.standby.replicas',
  ] as const
  requireAtMost(config, standby, standbyMax)
}

/** Assignors are given by name or by class; only Kafka's classes are known here. */
function checkAssignors(names: readonly string[], known: readonly string[]): void {
  const isKnown = (name: string) =>
    known.includes(name) ||
    /^org\.apache\.kafka\.coordinator\.group\.assignor\.(Uniform|Range|Simple)Assignor$/.test(name)
  const unknown = names.find((name) => !isKnown(name))
  if (unknown !== undefined) throw new ConfigError(`Class ${unknown} cannot be found`)
}

/** Checks one time of groups against its bounds. */
function checkTime(config: BrokerValues, kind: string, what: string): void {
  const [own, min, max] = boundsOf(kind, what)
  requireAtLeast(config, max, min)
  requireAtLeast(config, own, min)
  requireAtMost(config, own, max)
}

function checkShareLimit(config: BrokerValues, what: string): void {
  const [own, min, max] = boundsOf('share', what)
  requireAtLeast(config, own, min)
  requireAtLeast(config, max, own)
}

function boundsOf(kind: string, what: string): [own: BrokerKey, min: BrokerKey, max: BrokerKey] {
  const keys = [`group.${kind}.${what}`, `group.${kind}.min.${what}`, `group.${kind}.max.${what}`]
  return keys as [BrokerKey, BrokerKey, BrokerKey]
}

function requireAtLeast(config: BrokerValues, key: BrokerKey, least: BrokerKey): void {
  if (Number(config.get(key)) < Number(config.get(least)))
    throw new ConfigError(`${key} must be greater than or equal to ${least}`)
}

function requireAtMost(config: BrokerValues, key: BrokerKey, most: BrokerKey): void {
  if (Number(config.get(key)) > Number(config.get(most)))
    throw new ConfigError(`${key} must be less than or equal to ${most}`)
}
