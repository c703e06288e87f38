/**
 * What a partition of `__consumer_offsets` says: its groups, of either protocol, and their committed offsets.
 *
 * A group id belongs to one group, whatever its protocol; a classic group may become a KIP-848 group and back.
 */
import type { ClassicGroup } from './classic/classic-group.ts'
import type { ConsumerGroup } from './consumer/consumer-group.ts'
import type { OffsetStore } from './offsets/offset-store.ts'

export type Group = ClassicGroup | ConsumerGroup

export interface GroupState {
  readonly groups: Map<string, Group>
  readonly offsets: OffsetStore
}
