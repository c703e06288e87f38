/**
 * Keys that a running broker knows, and its properties file does not: how many bytes a second may be copied between
 * brokers, and between the folders of one (KIP-73, KIP-113). They are changed through the admin API only.
 *
 * They are judged, kept and shown as Kafka does it; nothing here is slowed down by them.
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
