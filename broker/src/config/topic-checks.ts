/**
 * What no single topic key says: settings that must fit each other, or this broker.
 *
 * (LogConfig.validate, ConfigurationValidators in ThrottledReplicaListValidator)
 */
import type { BrokerConfig, ConfigMap } from './broker-config.ts'
import { ConfigError } from './config-key.ts'
import { TopicConfig } from './topic-config.ts'

const THROTTLED = [
  'leader.replication.throttled.replicas',
  'follower.replication.throttled.replicas',
] as const

/** Throws ConfigError when a topic with the settings `own` could not work; each of them is fine by itself. */
export function checkTopicSettings(own: ConfigMap, broker: BrokerConfig): void {
  const config = new TopicConfig(own, broker)
  const lagMsMin = config.get('min.compaction.lag.ms')
  const lagMsMax = config.get('max.compaction.lag.ms')
  if (lagMsMin > lagMsMax) {
    const found = `min.compaction.lag.ms (${lagMsMin}) > max.compaction.lag.ms (${lagMsMax})`
    throw new ConfigError(`conflict topic config setting ${found}`)
  }
  if (config.get('remote.storage.enable') && !broker.get('remote.log.storage.system.enable')) {
    const why = 'Topic cannot be configured with remote log storage.'
    throw new ConfigError(`Tiered Storage functionality is disabled in the broker. ${why}`)
  }
  for (const name of THROTTLED) checkThrottled(name, own.get(name) ?? '')
}

/** `*`, or partitions with the broker of a replica each: `0:1,1:2`. */
function checkThrottled(name: string, text: string): void {
  if (text === '' || text === '*' || /^\d+:\d+(,\s*\d+:\d+)*$/.test(text)) return
  const format = '[partitionId]:[brokerId],[partitionId]:[brokerId],...'
  throw new ConfigError(
    `Invalid value [${text}] for configuration ${name}: ${name} must be the literal '*' or a list of replicas in the following format: ${format}`,
  )
}
