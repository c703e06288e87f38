/**
 * The state that a partition of `__consumer_offsets` contains: groups of both protocols, and their committed offsets.
 *
 * A group id belongs to one group of either type. A group can be converted to the other type (migration/).
 */
import type { ClassicGroup } from './classic/classic-group.ts'
import type { ConsumerGroup } from './consumer/consumer-group.ts'
import type { OffsetStore } from './offsets/offset-store.ts'

export type Group = ClassicGroup | ConsumerGroup

export interface GroupState {
  readonly groups: Map<string, Group>
  readonly offsets: OffsetStore
}
