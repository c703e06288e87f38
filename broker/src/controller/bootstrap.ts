/**
 * The first records of a new cluster, before any request.
 *
 *   BeginTransaction … EndTransaction   all of these records, or none: in Kafka they may be several batches (KIP-868)
 *   FeatureLevel   each feature that is on by default; metadata.version first, as it determines how the rest is read
 *   Config         min.insync.replicas for all brokers: with eligible leader replicas (KIP-966) all nodes must use the
 *                  same number, so it moves from the broker's file into the metadata and overrides the file from then on
 *                  (QuorumController.ActivationRecordsGenerator)
 */
import type { BrokerConfig } from '../config/broker-config.ts'
import type { MetadataRecordInput } from '../messages/records/metadata-frame.ts'
import { SUPPORTED_FEATURES } from './features.ts'

const BROKER_RESOURCE = 4
const ALL_BROKERS = ''
const MIN_ISR = 'min.insync.replicas'

/** The first records of a new metadata log. */
export function decideBootstrap(config: BrokerConfig): MetadataRecordInput[] {
  const features = SUPPORTED_FEATURES.filter(({ initial }) => initial > 0)
  const first = (name: string): number => (name === 'metadata.version' ? 0 : 1)
  return [
    { name: 'BeginTransactionRecord', version: 0, value: { name: 'Bootstrap records' } },
    ...features
      .toSorted((a, b) => first(a.name) - first(b.name))
      .map(
        ({ name, initial }): MetadataRecordInput => ({
          name: 'FeatureLevelRecord',
          version: 0,
          value: { name, featureLevel: initial },
        }),
      ),
    {
      name: 'ConfigRecord',
      version: 0,
      value: {
        resourceType: BROKER_RESOURCE,
        resourceName: ALL_BROKERS,
        name: MIN_ISR,
        value: String(config.get(MIN_ISR)),
      },
    },
    { name: 'EndTransactionRecord', version: 0, value: {} },
  ]
}
