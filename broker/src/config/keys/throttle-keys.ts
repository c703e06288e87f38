/**
 * Keys of a running broker that its properties file does not have: how many bytes per second may be copied between brokers,
 * and between the folders of one broker (KIP-73, KIP-113). They can only be set with the admin API.
 *
 * They are checked, stored and shown like in Kafka, but have no effect here.
 *
 * (QuotaConfig.brokerQuotaConfigs)
 */
import { type ConfigKeys, long } from '../config-key.ts'

const rate = () => long('9223372036854775807', { min: 0, update: 'cluster-wide' })

export const THROTTLE_KEYS: ConfigKeys = {
  'leader.replication.throttled.rate': rate(),
  'follower.replication.throttled.rate': rate(),
  'replica.alter.log.dirs.io.max.bytes.per.second': rate(),
}
