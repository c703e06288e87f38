/**
 * Which coordinators this node is: the leaders of the partitions of `__consumer_offsets` and `__transaction_state`.
 *
 *   a new image                                             the coordinator gets an event
 *   this node leads the partition                           onElection(partition, leader epoch)
 *   it leads it in a newer epoch                            onElection(partition, the newer epoch)
 *   another node leads it                                   onResignation(partition, the newer epoch)
 *   the topic is gone, or another one has its name,
 *   or the log is lost in the same epoch                    onResignation(partition)
 *
 * Resignations come first. What a coordinator does then: coordinators/runtime/coordinator-runtime.ts.
 *
 * ELECTIONS-1  a coordinator gets one event for each leader epoch of this node, whatever other images are published
 * ELECTIONS-2  a partition of a topic that was deleted and created again is another partition
 *
 * (BrokerMetadataPublisher.updateCoordinator)
 */
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import type { Partition } from '../replica/partition.ts'
import type { ReplicaManager } from '../replica/replica-manager.ts'

/** What a coordinator does when this node becomes or stops being leader of a partition of its topic. */
export interface ElectedCoordinator {
  onElection(partition: number, leaderEpoch: number): void
  /** `leaderEpoch`: in which another node leads; undefined if this node has lost the partition in its own epoch. */
  onResignation(partition: number, leaderEpoch?: number): void
}

/** A coordinator and its internal topic. */
export interface CoordinatorOf {
  readonly topic: string
  readonly coordinator: ElectedCoordinator
}

interface Election {
  readonly topicId: string
  readonly leaderEpoch: number
}

export class CoordinatorElections {
  private readonly replicas: Pick<ReplicaManager, 'find'>
  private readonly coordinators: readonly CoordinatorOf[]
  /** By topic and partition: what the coordinator was told last. */
  private readonly elected = new Map<string, Map<number, Election>>()

  constructor(options: {
    replicas: Pick<ReplicaManager, 'find'>
    coordinators: readonly CoordinatorOf[]
  }) {
    this.replicas = options.replicas
    this.coordinators = options.coordinators
    for (const { topic } of options.coordinators) this.elected.set(topic, new Map())
  }

  /** Follows a new image, which the replica manager has applied already. */
  apply(image: MetadataImage): void {
    for (const each of this.coordinators) this.applyTo(each, image)
  }

  private applyTo({ topic, coordinator }: CoordinatorOf, image: MetadataImage): void {
    const elected = this.elected.get(topic)!
    const led = new Map(this.ledPartitions(image, topic).map((partition) => [partition.index, partition]))
    for (const [index, { topicId, leaderEpoch }] of elected) {
      if (led.get(index)?.topicId === topicId) continue
      elected.delete(index)
      const now = image.topic(topic)
      const epoch = now?.id === topicId ? now.partitions[index]?.leaderEpoch : undefined
      coordinator.onResignation(index, epoch !== undefined && epoch > leaderEpoch ? epoch : undefined)
    }
    for (const { index, topicId, leaderEpoch } of led.values()) {
      if (leaderEpoch <= (elected.get(index)?.leaderEpoch ?? -1)) continue
      elected.set(index, { topicId, leaderEpoch })
      coordinator.onElection(index, leaderEpoch)
    }
  }

  /** The partitions of a topic that this node leads. */
  private ledPartitions(image: MetadataImage, topic: string): Partition[] {
    const count = image.topic(topic)?.partitions.length ?? 0
    return Array.from({ length: count }, (_, index) => this.replicas.find(topic, index) ?? []).flat()
  }
}
