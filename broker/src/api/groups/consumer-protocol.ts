/**
 * Whether this cluster has the consumer protocol of KIP-848: two switches, and both must be on.
 *
 *   group.version                             a feature, which all brokers have or none: 1 has it
 *   group.coordinator.rebalance.protocols     a key of each broker: `consumer` is in it
 *
 * Without it the APIs are advertised all the same, and answered with UNSUPPORTED_VERSION. A Java client looks at the
 * feature, or hears that error, and says that the cluster has no such protocol. (KafkaApis.isConsumerGroupProtocolEnabled)
 */
import type { Services } from '../api.ts'

const FEATURE = 'group.version'
const SINCE = 1

export function hasConsumerProtocol({ config, metadata }: Services): boolean {
  const isOn = config.get('group.coordinator.rebalance.protocols').includes('consumer')
  return isOn && (metadata().features.get(FEATURE) ?? 0) >= SINCE
}
