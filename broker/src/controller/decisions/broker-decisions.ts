/**
 * Decisions about brokers: which brokers are registered, and which of them lead their partitions.
 *
 *   the controller starts     every known broker is fenced: none of them has registered with this controller yet
 *   a broker registers        it gets an epoch (the offset of this record) and is unfenced; it leads its partitions again,
 *                             each in a new leader epoch
 *
 * The new leader epoch shows clients and, once there are any, followers that the leader may have lost records, because it
 * was stopped or crashed (KIP-101, KIP-320). Apache Kafka writes the same change in two steps: leader -1 when the broker
 * goes, and its id when it comes back.
 *
 * BROKER-DECISIONS-1  clients never see a broker as a leader that has not registered
 * BROKER-DECISIONS-2  with one replica, only the old leader can become the leader again
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { CONTROLLER_LISTENER } from '../../quorum/voters/quorum-voters.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import { SUPPORTED_FEATURES } from '../features.ts'
import type { BrokerImage, MetadataImage, PartitionImage } from '../metadata/metadata-image.ts'
import { decideUncleanShutdown } from '../replicas/broker-changes.ts'
import type { ReplicaContext } from '../replicas/replica-context.ts'

/** A node that registers, and its address for clients. */
export interface NodeEndpoint {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
  /** The id of the directory with its logs (KIP-858). */
  readonly directoryId: string
}

/** The only listener, and the number of its security protocol. */
const LISTENER = 'PLAINTEXT'
const PLAINTEXT = 0
const NO_LEADER = -1
/** The versions that Apache Kafka 4.3 writes. */
const REGISTER_VERSION = 4
const PARTITION_CHANGE_VERSION = 2

/**
 * Registers a node with `brokerEpoch`, and makes it the leader of its partitions without other replicas, in new leader epochs.
 * `cleanEpoch`: the broker epoch of its last shutdown, if that was clean; otherwise the node may have lost records, and leaves
 * each ISR and ELR with other replicas.
 */
export function decideRegistration(
  context: ReplicaContext,
  { directoryId, ...node }: NodeEndpoint,
  { brokerEpoch, incarnationId, cleanEpoch }: Registration,
): MetadataRecordInput[] {
  const before = context.image.brokers.get(node.id)
  const state = { fenced: false, inControlledShutdown: false }
  const broker = { ...node, ...state, epoch: brokerEpoch, incarnationId, directories: [directoryId] }
  const isUnclean = before !== undefined && before.epoch !== cleanEpoch
  return [
    ...(isUnclean ? decideUncleanShutdown(context, node.id) : []),
    registrationOf(broker),
    ...restoreLeadership(context.image, node.id),
  ]
}

interface Registration {
  readonly brokerEpoch: number
  readonly incarnationId: string
  readonly cleanEpoch?: number | undefined
}

/** The registration record of a broker. */
export function registrationOf(broker: BrokerImage): MetadataRecordInput {
  const { id, epoch, incarnationId, host, port, rack, fenced, inControlledShutdown, directories } = broker
  const endPoints = [{ name: LISTENER, host, port, securityProtocol: PLAINTEXT }]
  const node = { brokerId: id, incarnationId, brokerEpoch: epoch, endPoints, rack, logDirs: directories }
  const value = { ...node, features: supportedFeatures(), fenced, inControlledShutdown }
  return { name: 'RegisterBrokerRecord', version: REGISTER_VERSION, value }
}

/** The registration record of the controller: its address, and the features it supports (KIP-919). */
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

function restoreLeadership(image: MetadataImage, leader: number): MetadataRecordInput[] {
  const back = { isr: [leader], leader, eligibleLeaderReplicas: [], lastKnownElr: [] }
  return changes(image, ({ replicas, leader: current }) => {
    if (replicas.length > 1 || !replicas.includes(leader)) return undefined
    return current === NO_LEADER ? back : { leader }
  })
}

type Change = Partial<Extract<MetadataRecordInput, { name: 'PartitionChangeRecord' }>['value']>

/** A record for each partition for which `change` returns a change. */
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

/** The number of producer ids in a block (ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE). */
const PRODUCER_ID_BLOCK = 1000

/**
 * The next block of producer ids, and the record with the start of the block after it. `asked`: the epoch that the broker
 * names in its request. Throws STALE_BROKER_EPOCH if it has another one, or is not registered
 * (ClusterControlManager.checkBrokerEpoch).
 */
export function decideProducerIds(
  image: MetadataImage,
  brokerId: number,
  asked?: Int64,
): { record: MetadataRecordInput; block: { firstProducerId: number; size: number } } {
  const registered = image.brokers.get(brokerId)?.epoch
  if (asked !== undefined && asked !== registered) {
    const why =
      registered === undefined
        ? `No broker registration found for broker id ${brokerId}`
        : `Expected broker epoch ${registered}, but got broker epoch ${asked}`
    throw new KafkaError(ErrorCode.STALE_BROKER_EPOCH, why)
  }
  const firstProducerId = image.nextProducerId
  const brokerEpoch = registered ?? -1
  const value = { brokerId, brokerEpoch, nextProducerId: firstProducerId + PRODUCER_ID_BLOCK }
  return {
    record: { name: 'ProducerIdsRecord', version: 0, value },
    block: { firstProducerId, size: PRODUCER_ID_BLOCK },
  }
}
