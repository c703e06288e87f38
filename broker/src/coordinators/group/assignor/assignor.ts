/**
 * The interface of the server-side assignors (KIP-848); they are implemented in assignors.ts.
 */
import type { Assignment } from './assignment.ts'

export interface AssignorMember {
  readonly memberId: string
  readonly instanceId: string | null
  /** Topic ids. */
  readonly topics: ReadonlySet<string>
  /** Its last target assignment. */
  readonly current: Assignment
}

/** The number of partitions, by topic id. */
export type PartitionCounts = ReadonlyMap<string, number>

/** `isMixed`: the members have different subscriptions (HETEROGENEOUS); names of missing topics count. */
export type Assignor = (
  members: readonly AssignorMember[],
  counts: PartitionCounts,
  isMixed?: boolean,
) => Map<string, Assignment>
