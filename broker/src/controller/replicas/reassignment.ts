/**
 * The stages of a reassignment: a partition moves to other replicas without losing redundancy on the way.
 *
 *   replicas 1 2 3 -> 4 5 1
 *   1  begun      replicas 4 5 1 2 3   adding 4 5   removing 2 3      old and new ones replicate
 *   2  in sync    the ISR contains 4 5                                the leader reports it by AlterPartition
 *   3  complete   replicas 4 5 1                                      one record removes 2 3 everywhere
 *
 * A reassignment to fewer replicas, or to the same in another order, completes in the record that begins it. A cancelled
 * one goes back to the replicas from before; what was added leaves the ISR again.
 *
 * REASSIGNMENT-1  the replicas that are to leave stay until every added replica is in the ISR; if there will be fewer replicas than
 *     before, until each of those is
 * REASSIGNMENT-2  a cancelled reassignment keeps the original replicas, in their order
 *
 * (PartitionReassignmentReplicas, PartitionReassignmentRevert; KIP-455)
 */
import type { PartitionImage } from '../metadata/metadata-image.ts'

/** All replicas during the move: the target's first, then those that leave. */
export interface Reassignment {
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

export function isReassigning({ adding, removing }: Pick<Reassignment, 'adding' | 'removing'>): boolean {
  return adding.length > 0 || removing.length > 0
}

/** The first stage of the move from `current` to `target`. */
export function beginReassignment(current: readonly number[], target: readonly number[]): Reassignment {
  const removing = without(current, target).sort((a, b) => a - b)
  const adding = without(target, current).sort((a, b) => a - b)
  return { replicas: [...target, ...removing], adding, removing }
}

/** The last stage, if this ISR allows it (REASSIGNMENT-1); undefined if nothing moves or not all are in sync. */
export function completeReassignment(
  moving: Reassignment & { readonly isr: readonly number[] },
): { replicas: number[]; isr: number[] } | undefined {
  if (!isReassigning(moving)) return undefined
  const { adding, removing } = moving
  const replicas = without(moving.replicas, removing)
  const isr = without(moving.isr, removing)
  const isAnyLeft = removing.length === 0 || (replicas.length > 0 && isr.length > 0)
  // With fewer replicas than before, each one that stays must be in sync: there is none to spare.
  const mustBeInSync = adding.length < removing.length ? [...adding, ...replicas] : adding
  const areInSync = mustBeInSync.every((replica) => isr.includes(replica))
  return isAnyLeft && areInSync ? { replicas, isr } : undefined
}

/** Replicas and ISR after the cancellation. `isUnclean`: no original replica was in sync, and the first one stands in. */
export function revertReassignment(
  partition: Pick<PartitionImage, 'replicas' | 'adding' | 'isr'>,
): { replicas: number[]; isr: number[]; isUnclean: boolean } | undefined {
  const replicas = without(partition.replicas, partition.adding)
  const isr = without(partition.isr, partition.adding)
  if (replicas.length === 0) return undefined
  return isr.length > 0
    ? { replicas, isr, isUnclean: false }
    : { replicas, isr: [replicas[0]!], isUnclean: true }
}

function without(from: readonly number[], taken: readonly number[]): number[] {
  return from.filter((each) => !taken.includes(each))
}
