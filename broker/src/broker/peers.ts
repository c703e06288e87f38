/**
 * The other nodes of this process, for the few requests that nodes send to each other.
 *
 * Other nodes than the coordinator may lead a transaction's partitions. The coordinator must send markers to them, and a
 * leader must ask the coordinator whether its partition belongs to the transaction. Apache Kafka sends WriteTxnMarkers
 * and AddPartitionsToTxn over the network. The nodes of one process call each other.
 *
 * - a request to a node that is not among the peers fails as in Kafka when the node can't be reached: the caller retries
 */
import type { Services } from '../api/api.ts'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import { partitionFor } from '../coordinators/partition-for.ts'
import type { TransactionCoordinator } from '../coordinators/transaction/transaction-coordinator.ts'
import type { WriteMarker } from '../coordinators/transaction/transaction-markers.ts'
import { TRANSACTION_STATE_TOPIC } from '../topic-names.ts'

/** All nodes by id, including this one. */
export type Peers = ReadonlyMap<number, { readonly services: Services }>

/** Writes a marker on the leader of its partition. `local` handles it if this node leads, or if there is no leader. */
export function markerRouter(peers: Peers, metadata: () => MetadataImage, local: WriteMarker): WriteMarker {
  return (partition, marker, done) => {
    const leader = metadata().topic(partition.topic)?.partitions[partition.index]?.leader ?? -1
    const write = peers.get(leader)?.services.writeMarker ?? local
    write(partition, marker, done)
  }
}

/** The coordinator of a transactional id. `local` if it is this node, or if there is none. */
export function coordinatorOf(
  peers: Peers,
  metadata: MetadataImage,
  transactionalId: string,
  local: TransactionCoordinator,
): TransactionCoordinator {
  const topic = metadata.topic(TRANSACTION_STATE_TOPIC)
  if (!topic) return local
  const leader = topic.partitions[partitionFor(transactionalId, topic.partitions.length)]?.leader ?? -1
  return peers.get(leader)?.services.transactions ?? local
}
