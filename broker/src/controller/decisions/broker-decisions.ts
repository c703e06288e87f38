/**
 * Decisions about brokers: who is there, and what becomes of the partitions that a broker leads.
 *
 *   the controller starts     every broker that it knows of is fenced: none has said yet that it is still there
 *   a broker registers        it gets an epoch, the offset of this record, and is unfenced
 *                             its partitions are led by it again, each in a new leader epoch
 *   a broker is unregistered  nobody leads its partitions, until it registers again
 *
 * The new epoch is what tells clients and, one day, followers that between two batches the leader may have lost
 * records: it was stopped, or it crashed (KIP-101, KIP-320). Apache Kafka writes the same in two steps, leader -1 when
 * the broker goes and its id when it comes back.
 *
 * BROKER-DECISIONS-1  a broker that does not register leads nothing that a client is told of
 * BROKER-DECISIONS-2  with one replica, the leader comes back or nobody does
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { SUPPORTED_FEATURES } from '../features.ts'
import type { BrokerImage, MetadataImage, PartitionImage } from '../metadata/metadata-image.ts'
import { CONTROLLER_LISTENER } from '../quorum/quorum-voters.ts'

/** A node that joins: where clients reach it. */
export interface NodeEndpoint {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
  /** Of the directory that its logs lie in (KIP-858). */
  readonly directoryId: string
}

/** The only listener, and the number of its security protocol. */
const LISTENER = 'PLAINTEXT'
const PLAINTEXT = 0
const FENCED = 1
const NOBODY = -1
/** The versions that Apache Kafka 4.3 writes. */
const REGISTER_VERSION = 4
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
  { directoryId, ...node }: NodeEndpoint,
  { brokerEpoch, incarnationId }: { brokerEpoch: number; incarnationId: string },
): MetadataRecordInput[] {
  const broker = { ...node, epoch: brokerEpoch, incarnationId, fenced: false, directories: [directoryId] }
  return [registrationOf(broker), ...leadAgain(image, node.id)]
}

/** The record that makes this broker. */
export function registrationOf(broker: BrokerImage): MetadataRecordInput {
  const { id, epoch, incarnationId, host, port, rack, fenced, directories } = broker
  const endPoints = [{ name: LISTENER, host, port, securityProtocol: PLAINTEXT }]
  const node = { brokerId: id, incarnationId, brokerEpoch: epoch, endPoints, rack, logDirs: directories }
  const value = { ...node, features: supportedFeatures(), fenced }
  return { name: 'RegisterBrokerRecord', version: REGISTER_VERSION, value }
}

/** The controller says that it is there: where it is reached, and what it knows (KIP-919). */
export function decideControllerRegistration(
  { id, host, port }: Pick<NodeEndpoint, 'id' | 'host' | 'port'>,
  incarnationId: string,
): MetadataRecordInput {
  const endPoints = [{ name: CONTROLLER_LISTENER, host, port, securityProtocol: PLAINTEXT }]
  const value = { controllerId: id, incarnationId, endPoints, features: supportedFeatures() }
  return { name: 'RegisterControllerRecord', version: 0, value }
}

function supportedFeatures() {
  return SUPPORTED_FEATURES.map(({ name, minVersion, maxVersion }) => ({
    name,
    minSupportedVersion: minVersion,
    maxSupportedVersion: maxVersion,
  }))
}

/**
 * Removes a node for good: it leads nothing any more, and comes back only by registering anew. (KIP-500,
 * ReplicationControlManager.handleBrokerUnregistered)
 */
export function decideUnregistration(image: MetadataImage, brokerId: number): MetadataRecordInput[] {
  const broker = image.brokers.get(brokerId)
  if (!broker) {
    const why = `Broker ID ${brokerId} is not currently registered`
    throw new KafkaError(ErrorCode.BROKER_ID_NOT_REGISTERED, why)
  }
  // The replica keeps what was committed: it is eligible, and none is in sync (KIP-966).
  const change = {
    isr: [],
    leader: NOBODY,
    eligibleLeaderReplicas: [brokerId],
    lastKnownElr: [brokerId],
  }
  return [
    ...changes(image, (partition) => (partition.leader === brokerId ? change : undefined)),
    { name: 'UnregisterBrokerRecord', version: 0, value: { brokerId, brokerEpoch: broker.epoch } },
  ]
}

function leadAgain(image: MetadataImage, leader: number): MetadataRecordInput[] {
  const back = { isr: [leader], leader, eligibleLeaderReplicas: [], lastKnownElr: [] }
  return changes(image, (partition) => {
    if (partition.leader === leader) return { leader }
    return partition.leader === NOBODY && partition.replicas.includes(leader) ? back : undefined
  })
}

type Change = Partial<Extract<MetadataRecordInput, { name: 'PartitionChangeRecord' }>['value']>

/** A record for each partition that `change` gives a change for. */
function changes(
  image: MetadataImage,
  change: (partition: PartitionImage) => Change | undefined,
): MetadataRecordInput[] {
  return [...image.topics.values()].flatMap(({ id, partitions }) =>
    partitions.flatMap((partition, partitionId): MetadataRecordInput[] => {
      const made = change(partition)
      if (!made) return []
      const value = { partitionId, topicId: id, ...made }
      return [{ name: 'PartitionChangeRecord', version: PARTITION_CHANGE_VERSION, value }]
    }),
  )
}

/** How many producer ids a broker gets at a time (ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE). */
const PRODUCER_ID_BLOCK = 1000

/** The next block of producer ids, for one broker alone, and the record that says where the one after it begins. */
export function decideProducerIds(
  image: MetadataImage,
  brokerId: number,
): { record: MetadataRecordInput; block: { firstProducerId: number; size: number } } {
  const firstProducerId = image.nextProducerId
  const brokerEpoch = image.brokers.get(brokerId)?.epoch ?? -1
  const value = { brokerId, brokerEpoch, nextProducerId: firstProducerId + PRODUCER_ID_BLOCK }
  return {
    record: { name: 'ProducerIdsRecord', version: 0, value },
    block: { firstProducerId, size: PRODUCER_ID_BLOCK },
  }
}
