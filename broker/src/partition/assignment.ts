/**
 * What the metadata gives a node to host, in as few words as this floor needs.
 *
 * The controller's image (controller/metadata/metadata-image.ts) says much more; it lies a floor above, and fits this shape.
 */
export interface AssignedPartition {
  /** A node id, or -1 while there is none. */
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
