/**
 * Decisions about brokers: who is there, and what becomes of the partitions that a broker leads.
 *
 *   the controller starts     every broker that it knows of is fenced: none has said yet that it is still there
 *   a broker registers        it gets an epoch, the offset of this record, and is unfenced
 *                             its partitions are led by it again, each in a new leader epoch
 *
 * The new epoch is what tells clients and, one day, followers that between two batches the leader may have lost
 * records: it was stopped, or it crashed (KIP-101, KIP-320). Apache Kafka writes the same in two steps, leader -1 when
 * the broker goes and its id when it comes back.
 *
 * R1  a broker that does not register leads nothing that a client is told of
 * R2  with one replica, the leader comes back or nobody does
 */
import type { MetadataRecordInput } from '../messages/records/metadata-frame.ts'
import { SUPPORTED_FEATURES } from './features.ts'
import type { MetadataImage } from './metadata-image.ts'

/** A node that joins: where clients reach it. */
export interface NodeEndpoint {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** The only listener, and the number of its security protocol. */
const LISTENER = 'PLAINTEXT'
const PLAINTEXT = 0
const FENCED = 1
/** The versions that Apache Kafka 4.3 writes. */
const REGISTER_VERSION = 3
const CHANGE_VERSION = 0
const PARTITION_CHANGE_VERSION = 2

/** Fences every broker that was there when the log ended. */
export function decideFencing(image: MetadataImage): MetadataRecordInput[] {
  return [...image.brokers.values()]
    .filter(({ fenced }) => !fenced)
    .map(({ id, epoch }) => ({
      name: 'BrokerRegistrationChangeRecord',
      version: CHANGE_VERSION,
      value: { brokerId: id, brokerEpoch: epoch, fenced: FENCED },
    }))
}

/** Registers a node under `brokerEpoch`, and has its partitions led by it in new epochs. */
export function decideRegistration(
  image: MetadataImage,
  { id, host, port, rack }: NodeEndpoint,
  { brokerEpoch, incarnationId }: { brokerEpoch: number; incarnationId: string },
): MetadataRecordInput[] {
  const features = SUPPORTED_FEATURES.map(({ name, minVersion, maxVersion }) => ({
    name,
    minSupportedVersion: minVersion,
    maxSupportedVersion: maxVersion,
  }))
  const endPoints = [{ name: LISTENER, host, port, securityProtocol: PLAINTEXT }]
  const value = { brokerId: id, incarnationId, brokerEpoch, endPoints, features, rack, fenced: false }
  return [{ name: 'RegisterBrokerRecord', version: REGISTER_VERSION, value }, ...leadAgain(image, id)]
}

function leadAgain(image: MetadataImage, leader: number): MetadataRecordInput[] {
  return [...image.topics.values()].flatMap(({ id, partitions }) =>
    partitions.flatMap((partition, partitionId): MetadataRecordInput[] => {
      if (partition.leader !== leader) return []
      const value = { partitionId, topicId: id, leader }
      return [{ name: 'PartitionChangeRecord', version: PARTITION_CHANGE_VERSION, value }]
    }),
  )
}
