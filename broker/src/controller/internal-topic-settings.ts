/**
 * The topics of the coordinators: their number of partitions and their settings.
 *
 * They are compacted, as only the newest record of each key matters. Groups and transactional ids hash to the partitions,
 * so their number cannot change later. (GroupCoordinatorService.groupMetadataTopicConfigs,
 * TransactionCoordinator.transactionStateTopicConfigs)
 */

import type { BrokerConfig } from '../config/broker-config.ts'
import { OFFSETS_TOPIC } from '../topic-names.ts'

export interface InternalTopic {
  readonly numPartitions: number
  readonly configs: readonly { readonly name: string; readonly value: string }[]
}

/** The settings of `__consumer_offsets` or `__transaction_state`. */
export function internalTopic(name: string, config: BrokerConfig): InternalTopic {
  return name === OFFSETS_TOPIC ? consumerOffsets(config) : transactionState(config)
}

function consumerOffsets(config: BrokerConfig): InternalTopic {
  return {
    numPartitions: config.get('offsets.topic.num.partitions'),
    configs: [
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'compression.type', value: 'producer' },
      { name: 'segment.bytes', value: String(config.get('offsets.topic.segment.bytes')) },
    ],
  }
}

function transactionState(config: BrokerConfig): InternalTopic {
  return {
    numPartitions: config.get('transaction.state.log.num.partitions'),
    configs: [
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'compression.type', value: 'uncompressed' },
      // Kafka's default is two, of three replicas; here there is one.
      { name: 'min.insync.replicas', value: '1' },
      { name: 'segment.bytes', value: String(config.get('transaction.state.log.segment.bytes')) },
      { name: 'unclean.leader.election.enable', value: 'false' },
    ],
  }
}
