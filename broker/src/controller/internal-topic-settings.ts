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
  readonly replicationFactor: number
  readonly configs: readonly { readonly name: string; readonly value: string }[]
}

/**
 * The settings of `__consumer_offsets` or `__transaction_state`. `brokerCount`: with fewer brokers than the configured number of
 * replicas, each broker has one. (Kafka refuses to create the topic then; its own quick start lowers the configs.)
 */
export function internalTopic(name: string, config: BrokerConfig, brokerCount: number): InternalTopic {
  const most = Math.max(1, brokerCount)
  return name === OFFSETS_TOPIC ? consumerOffsets(config, most) : transactionState(config, most)
}

function consumerOffsets(config: BrokerConfig, most: number): InternalTopic {
  return {
    numPartitions: config.get('offsets.topic.num.partitions'),
    replicationFactor: Math.min(config.get('offsets.topic.replication.factor'), most),
    configs: [
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'compression.type', value: 'producer' },
      { name: 'segment.bytes', value: String(config.get('offsets.topic.segment.bytes')) },
    ],
  }
}

function transactionState(config: BrokerConfig, most: number): InternalTopic {
  const replicationFactor = Math.min(config.get('transaction.state.log.replication.factor'), most)
  const minIsr = Math.min(config.get('transaction.state.log.min.isr'), replicationFactor)
  return {
    numPartitions: config.get('transaction.state.log.num.partitions'),
    replicationFactor,
    configs: [
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'compression.type', value: 'uncompressed' },
      // With fewer replicas than configured, not more of them can be in sync.
      { name: 'min.insync.replicas', value: String(minIsr) },
      { name: 'segment.bytes', value: String(config.get('transaction.state.log.segment.bytes')) },
      { name: 'unclean.leader.election.enable', value: 'false' },
    ],
  }
}
