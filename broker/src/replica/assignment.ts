/**
 * The part of the metadata that a node needs to host replicas.
 *
 * The image of the controller (controller/metadata/metadata-image.ts), a floor above, has this shape and much more.
 */
export interface AssignedPartition {
  /** A node id, or -1 if the partition has no leader. */
  readonly leader: number
  readonly leaderEpoch: number
  /** The number of changes of this partition, of its ISR too; an older state is never applied over a newer one. */
  readonly partitionEpoch: number
  /** The nodes that have a replica; the first is the preferred leader. */
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

export interface AssignedTopic {
  readonly name: string
  readonly id: string
  readonly partitions: readonly AssignedPartition[]
}

/** A registered broker. */
export interface AssignedBroker {
  /** Changes with every start of the broker (KIP-631). */
  readonly epoch: number
  readonly fenced: boolean
  /** It is about to stop, and moves its leaderships away. */
  readonly inControlledShutdown?: boolean
}

export interface Assignment {
  readonly topics: ReadonlyMap<string, AssignedTopic>
  readonly brokers: ReadonlyMap<number, AssignedBroker>
  topic(name: string): AssignedTopic | undefined
}
