/**
 * What a server's assignor (KIP-848) is given, and gives: the assignors themselves are in assignors.ts.
 */
import type { Assignment } from './assignment.ts'

export interface AssignorMember {
  readonly memberId: string
  readonly instanceId: string | null
  /** Topic ids. */
  readonly topics: ReadonlySet<string>
  /** Its target so far. */
  readonly current: Assignment
}

/** Partitions by topic id. */
export type PartitionCounts = ReadonlyMap<string, number>

/** `isMixed`: members subscribe to different topics, of those that there are or are not. */
export type Assignor = (
  members: readonly AssignorMember[],
  counts: PartitionCounts,
  isMixed?: boolean,
) => Map<string, Assignment>
