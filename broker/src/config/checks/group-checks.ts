/**
 * A group's settings must lie within the bounds that the broker sets for all groups of its kind.
 *
 *   consumer.session.timeout.ms   between group.consumer.min.session.timeout.ms and group.consumer.max.session.timeout.ms
 *
 * A broker may be started with other bounds later. What was set for a group stays as it was set, and is shown so, but counts
 * as the bound that it is beyond.
 *
 * (org.apache.kafka.coordinator.group.GroupConfig: validate, effective values)
 */
import type { BrokerConfig } from '../broker-config.ts'
import { ConfigError } from '../config-key.ts'
import { type BrokerKey, brokerKey, type ConfigMap } from '../keys/broker-keys.ts'

/** Throws ConfigError when one of the settings is beyond the broker's bounds. */
export function checkGroupSettings(own: ConfigMap, broker: BrokerConfig): void {
  for (const [name, text] of own) {
    const min = boundOf(name, 'min', broker)
    const max = boundOf(name, 'max', broker)
    if (min && Number(text) < min.value)
      throw new ConfigError(`${name} must be greater than or equal to ${min.key}`)
    if (max && Number(text) > max.value)
      throw new ConfigError(`${name} must be less than or equal to ${max.key}`)
  }
  for (const kind of ['consumer', 'share', 'streams']) checkTimes(kind, own, broker)
}

/** Who is given up before the next heartbeat is due can never stay. */
function checkTimes(kind: string, own: ConfigMap, broker: BrokerConfig): void {
  const [session, heartbeat] = [`${kind}.session.timeout.ms`, `${kind}.heartbeat.interval.ms`] as const
  const value = (name: string) => Number(own.get(name) ?? broker.get(`group.${name}` as BrokerKey))
  if (value(session) <= value(heartbeat))
    throw new ConfigError(`${session} must be greater than ${heartbeat}`)
}

/** A group's settings as they count: those beyond the broker's bounds as the bound. */
export function withinBounds(own: ConfigMap, broker: BrokerConfig): ConfigMap {
  return new Map(
    [...own].map(([name, text]) => {
      const least = boundOf(name, 'min', broker)?.value
      const most = boundOf(name, 'max', broker)?.value
      if (least !== undefined && Number(text) < least) return [name, String(least)]
      return [name, most !== undefined && Number(text) > most ? String(most) : text]
    }),
  )
}

/** The broker's key that bounds a group's, and its value. */
function boundOf(
  name: string,
  which: 'min' | 'max',
  broker: BrokerConfig,
): { readonly key: string; readonly value: number } | undefined {
  const [kind, ...rest] = name.split('.')
  const key = `group.${kind}.${which}.${rest.join('.').replace('num.standby', 'standby')}`
  return brokerKey(key) && { key, value: Number(broker.get(key as BrokerKey)) }
}
