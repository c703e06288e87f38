/**
 * Whether this cluster supports the consumer protocol of KIP-848: two settings must allow it.
 *
 *   group.version                             a feature of the whole cluster: must be 1
 *   group.coordinator.rebalance.protocols     a config of each broker: must contain `consumer`
 *
 * Without it the APIs are still advertised, and return UNSUPPORTED_VERSION. A Java client checks the feature or gets that
 * error, and reports that the cluster lacks the protocol. (KafkaApis.isConsumerGroupProtocolEnabled)
 */
import type { Services } from '../api.ts'

const FEATURE = 'group.version'
const SINCE = 1

export function hasConsumerProtocol({ config, metadata }: Services): boolean {
  const isOn = config.get('group.coordinator.rebalance.protocols').includes('consumer')
  return isOn && (metadata().features.get(FEATURE) ?? 0) >= SINCE
}
