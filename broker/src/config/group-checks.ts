/**
 * A group's settings must lie within the bounds that the broker sets for all groups of its kind.
 *
 *   consumer.session.timeout.ms   between group.consumer.min.session.timeout.ms and group.consumer.max.session.timeout.ms
 *
 * (org.apache.kafka.coordinator.group.GroupConfig.validate)
 */
import type { BrokerConfig } from './broker-config.ts'
import { type BrokerKey, brokerKey, type ConfigMap } from './broker-keys.ts'
import { ConfigError } from './config-key.ts'

/** Throws ConfigError when one of the settings is beyond the broker's bounds. */
export function checkGroupSettings(own: ConfigMap, broker: BrokerConfig): void {
  for (const [name, text] of own) {
    const [kind, ...rest] = name.split('.')
    const bound = (which: 'min' | 'max'): [string, number] | undefined => {
      const key = `group.${kind}.${which}.${rest.join('.').replace('num.standby', 'standby')}`
      return brokerKey(key) && [key, Number(broker.get(key as BrokerKey))]
    }
    const min = bound('min')
    const max = bound('max')
    if (min && Number(text) < min[1])
      throw new ConfigError(`${name} must be greater than or equal to ${min[0]}`)
    if (max && Number(text) > max[1]) throw new ConfigError(`${name} must be less than or equal to ${max[0]}`)
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
