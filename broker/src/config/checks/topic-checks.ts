/**
 * Checks of topic settings that must fit each other, or the broker.
 *
 * (LogConfig.validate)
 */
import type { BrokerConfig } from '../broker-config.ts'
import { ConfigError } from '../config-key.ts'
import type { ConfigMap } from '../keys/broker-keys.ts'
import { TopicConfig } from '../topic-config.ts'

/** Throws ConfigError if valid settings of a topic (`own`) do not fit each other or the broker. */
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
}
