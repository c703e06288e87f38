/**
 * Checks of a group's configs against the bounds that the broker has for all groups of that type.
 *
 *   consumer.session.timeout.ms   between group.consumer.min.session.timeout.ms and group.consumer.max.session.timeout.ms
 *
 * A broker may be restarted with other bounds. The config of the group then stays the same and is shown unchanged, but the
 * bound takes effect.
 *
 * (org.apache.kafka.coordinator.group.GroupConfig: validate, effective values)
 */
import type { BrokerConfig } from '../broker-config.ts'
import { ConfigError } from '../config-key.ts'
import { type BrokerKey, brokerKey, type ConfigMap } from '../keys/broker-keys.ts'

/** Throws ConfigError if a config of a group is outside of the broker's bounds. */
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

/** The session timeout must exceed the heartbeat interval; otherwise every member expires between two heartbeats. */
function checkTimes(kind: string, own: ConfigMap, broker: BrokerConfig): void {
  const [session, heartbeat] = [`${kind}.session.timeout.ms`, `${kind}.heartbeat.interval.ms`] as const
  const value = (name: string) => Number(own.get(name) ?? broker.get(`group.${name}` as BrokerKey))
  if (value(session) <= value(heartbeat))
    throw new ConfigError(`${session} must be greater than ${heartbeat}`)
}

/** The effective configs of a group: values outside of the broker's bounds are replaced by the bound. */
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

/** The broker key with the bound of a group key, and its value. */
function boundOf(
  name: string,
  which: 'min' | 'max',
  broker: BrokerConfig,
): { readonly key: string; readonly value: number } | undefined {
  const [kind, ...rest] = name.split('.')
  const key = `group.${kind}.${which}.${rest.join('.').replace('num.standby', 'standby')}`
  return brokerKey(key) && { key, value: Number(broker.get(key as BrokerKey)) }
}
