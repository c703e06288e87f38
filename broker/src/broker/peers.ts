/**
 * The other nodes, for the little that nodes ask of each other.
 *
 * A transaction's partitions may be led by other nodes than its coordinator: markers must go to them, and a node that
 * is written to must ask the coordinator whether the partition takes part. Apache Kafka sends WriteTxnMarkers and
 * AddPartitionsToTxn over the network. The nodes of one process call each other.
 *
 * - a node that is not among the peers is answered for as Kafka does when it can't be reached: the caller tries again
 */
import type { Services } from '../api/api.ts'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import { partitionFor } from '../coordinators/partition-for.ts'
import type { TransactionCoordinator } from '../coordinators/transaction/transaction-coordinator.ts'
import type { WriteMarker } from '../coordinators/transaction/transaction-markers.ts'
import { TRANSACTION_STATE_TOPIC } from '../topic-names.ts'

/** By node id, this node among them. */
export type Peers = ReadonlyMap<number, { readonly services: Services }>

/** Writes a marker where its partition is led; `local` when that is here, or nowhere. */
export function markerRouter(peers: Peers, metadata: () => MetadataImage, local: WriteMarker): WriteMarker {
  return (partition, marker, done) => {
    const leader = metadata().topic(partition.topic)?.partitions[partition.index]?.leader ?? -1
    const write = peers.get(leader)?.services.writeMarker ?? local
    write(partition, marker, done)
  }
}

/** The coordinator of a transactional id; `local` when it is here, or nowhere. */
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
