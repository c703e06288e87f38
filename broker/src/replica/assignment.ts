/**
 * The part of the metadata that a node needs to host partitions.
 *
 * The image of the controller (controller/metadata/metadata-image.ts), a floor above, has this shape and much more.
 */
export interface AssignedPartition {
  /** A node id, or -1 if the partition has no leader. */
  readonly leader: number
  readonly leaderEpoch: number
}

export interface AssignedTopic {
  readonly name: string
  readonly id: string
  readonly partitions: readonly AssignedPartition[]
}

export interface Assignment {
  readonly topics: ReadonlyMap<string, AssignedTopic>
  topic(name: string): AssignedTopic | undefined
}
