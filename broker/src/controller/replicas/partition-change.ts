/**
 * One change of a partition: which replicas it has, which of them are in sync, and which one leads.
 *
 * Every decision about replicas ends here: a broker is fenced or comes back, a leader reports a new ISR, an operator
 * reassigns or asks for an election. The caller says what should change; this function completes a reassignment whose new
 * replicas are in sync, keeps the eligible leader replicas (ELR, KIP-966), elects a leader if the old one can't stay, and
 * returns one record, or none if nothing changes.
 *
 *   may be elected, in this order
 *     1  the leader, if it is in the ISR and alive            (a preferred election first tries the first replica)
 *     2  a replica of the ISR, in the order of the replicas
 *     3  a replica of the ELR, if the ISR is empty            clean: it has every committed record
 *     4  the last known leader, if ISR and ELR are empty      may lose records, so the partition is RECOVERING
 *     5  any replica that is alive, only where unclean.leader.election.enable is true
 *
 *   ISR >= min ISR   the ELR is empty
 *   ISR <  min ISR   who leaves the ISR enters the ELR: no record can be committed without it any more, so it keeps all
 *                    committed records, unless its disk has lost some (an unclean shutdown)
 *
 * PARTITION-CHANGE-1  the ISR becomes empty only with ELR enabled; without it, the last replica of the ISR stays in it
 * PARTITION-CHANGE-2  the ELR is empty while the ISR has min.insync.replicas members, and shares no member with it
 *     (ValidControllerIsrAndElr)
 * PARTITION-CHANGE-3  only an unclean election gives the lead to a replica outside ISR and ELR. It makes that replica the
 *     whole ISR and marks the partition as RECOVERING (Unclean Exclusion)
 * PARTITION-CHANGE-4  a replica that is fenced, shuts down, or has lost the directory of the partition is never elected
 * PARTITION-CHANGE-5  a replica that leaves the assignment always comes with a new leader epoch, so that its requests are fenced
 *
 * (org.apache.kafka.controller.PartitionChangeBuilder; KIP-966, KIP-455, KIP-858)
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import type { PartitionImage } from '../metadata/metadata-image.ts'
import { completeReassignment } from './reassignment.ts'

/** How a leader is elected: first the preferred replica, only clean, or unclean where nothing else is left. */
export type Election = 'preferred' | 'online' | 'unclean'

export const NO_LEADER = -1
/** LeaderRecoveryState (KIP-704). */
export const RECOVERED = 0
export const RECOVERING = 1
const PARTITION_CHANGE_VERSION = 2

/** What should change. What is left out stays as it is. */
export interface PartitionTarget {
  readonly isr?: readonly number[]
  readonly replicas?: readonly number[]
  readonly removing?: readonly number[]
  readonly adding?: readonly number[]
  readonly leaderRecoveryState?: number
  /** Replicas whose last shutdown was unclean: they may have lost committed records. */
  readonly uncleanShutdowns?: readonly number[]
  /** Directories that are known better than in the partition, by broker. */
  readonly directories?: ReadonlyMap<number, string>
}

export interface PartitionChangeContext {
  readonly topicId: string
  readonly partitionId: number
  /** Default: online. */
  readonly election?: Election
  /** Whether this replica may lead: its broker is active, and has the directory of the partition (PARTITION-CHANGE-4). */
  readonly isAcceptableLeader: (replica: number) => boolean
  /** min.insync.replicas of the topic, at most the number of replicas. */
  readonly minIsr: number
  /** Whether eligible.leader.replicas.version is 1. */
  readonly isElrEnabled: boolean
  /** The directory of a replica that is new to the partition. */
  readonly directoryOf: (broker: number) => string
}

type Change = Extract<MetadataRecordInput, { name: 'PartitionChangeRecord' }>
type ChangeValue = { -readonly [Key in keyof Change['value']]: Change['value'][Key] }

/** The partition as it will be; election and record are derived from it. */
interface Next {
  isr: readonly number[]
  replicas: readonly number[]
  removing: readonly number[]
  adding: readonly number[]
  elr: readonly number[]
}

/** The record that makes the change, or undefined if nothing changes. */
export function changePartition(
  partition: PartitionImage,
  target: PartitionTarget,
  context: PartitionChangeContext,
): Change | undefined {
  const next = reassigned({
    isr: target.isr ?? partition.isr,
    replicas: target.replicas ?? partition.replicas,
    removing: target.removing ?? partition.removing,
    adding: target.adding ?? partition.adding,
    elr: partition.elr,
  })
  if (context.isElrEnabled) next.elr = eligible(partition, next.isr, target.uncleanShutdowns ?? [], context)
  const elected = electLeader(partition, next, context)
  const isUnclean = elected.isUnclean && elected.leader !== partition.leader
  const value: ChangeValue = { topicId: context.topicId, partitionId: context.partitionId }

  if (elected.leader !== partition.leader) {
    value.leader = elected.leader
    if (next.elr.includes(elected.leader)) {
      next.isr = [elected.leader]
      next.elr = next.elr.filter((replica) => replica !== elected.leader)
    }
  } else if (partition.replicas.some((replica) => !next.replicas.includes(replica))) {
    value.leader = partition.leader // PARTITION-CHANGE-5
  }
  // Who was elected uncleanly lacks records that the others have: they are not in sync with it.
  if (isUnclean) next.isr = [elected.leader]
  if (isUnclean || !context.isElrEnabled) next.elr = []

  const isIsrKept = next.isr.length === 0 && !context.isElrEnabled
  if (!isIsrKept && !equal(next.isr, partition.isr)) value.isr = next.isr
  // An unclean leader writes its ISR even if it looks the same: it was not chosen from it.
  if (isUnclean) value.isr = next.isr
  if (!equal(next.elr, partition.elr)) value.eligibleLeaderReplicas = next.elr
  const lastKnown = context.isElrEnabled ? lastKnownLeader(partition, value) : undefined
  if (lastKnown && !equal(lastKnown, partition.lastKnownElr)) value.lastKnownElr = lastKnown

  const directories = next.replicas.map((replica) => directoryOf(replica, partition, target, context))
  if (!equal(directories, partition.directories)) value.directories = directories
  if (!equal(next.replicas, partition.replicas)) value.replicas = next.replicas
  if (!equal(next.removing, partition.removing)) value.removingReplicas = next.removing
  if (!equal(next.adding, partition.adding)) value.addingReplicas = next.adding
  const { leaderRecoveryState = partition.leaderRecoveryState } = target
  if (leaderRecoveryState !== partition.leaderRecoveryState) value.leaderRecoveryState = leaderRecoveryState
  else if (isUnclean && leaderRecoveryState !== RECOVERING) value.leaderRecoveryState = RECOVERING

  // Topic and partition are always there.
  if (Object.keys(value).length === 2) return undefined
  return { name: 'PartitionChangeRecord', version: PARTITION_CHANGE_VERSION, value }
}

/** With the new replicas only, if all of them are in sync (reassignment.ts). */
function reassigned(next: Next): Next {
  const done = completeReassignment(next)
  return done ? { ...next, ...done, removing: [], adding: [] } : next
}

/** The ELR for a new ISR (PARTITION-CHANGE-2), in ascending order. */
function eligible(
  { isr, elr }: PartitionImage,
  nextIsr: readonly number[],
  uncleanShutdowns: readonly number[],
  { minIsr }: PartitionChangeContext,
): number[] {
  if (nextIsr.length >= minIsr) return []
  return [...new Set([...isr, ...elr])]
    .filter((replica) => !nextIsr.includes(replica) && !uncleanShutdowns.includes(replica))
    .sort((a, b) => a - b)
}

interface Elected {
  readonly leader: number
  readonly isUnclean: boolean
}

function electLeader(partition: PartitionImage, next: Next, context: PartitionChangeContext): Elected {
  const { isAcceptableLeader, election = 'online' } = context
  const isInSync = (replica: number): boolean =>
    next.isr.length > 0 ? next.isr.includes(replica) : next.elr.includes(replica)
  const mayLead = (replica: number): boolean => isInSync(replica) && isAcceptableLeader(replica)
  const candidates =
    election === 'preferred'
      ? [next.replicas[0]!, partition.leader, ...next.replicas]
      : [partition.leader, ...next.replicas]
  const clean = candidates.find((replica) => replica !== NO_LEADER && mayLead(replica))
  if (clean !== undefined) return { leader: clean, isUnclean: false }
  const lastKnown = electableLastKnownLeader(partition, next, context)
  if (lastKnown !== undefined) return { leader: lastKnown, isUnclean: true }
  const unclean = election === 'unclean' ? next.replicas.find(isAcceptableLeader) : undefined
  if (unclean !== undefined) return { leader: unclean, isUnclean: true }
  return { leader: NO_LEADER, isUnclean: false }
}

/** The last leader, if nobody else is known to have all records. A fenced one is not elected (KAFKA-19522). */
function electableLastKnownLeader(
  { lastKnownElr }: PartitionImage,
  { isr, elr }: Next,
  { isElrEnabled, isAcceptableLeader }: PartitionChangeContext,
): number | undefined {
  if (!isElrEnabled || isr.length > 0 || elr.length > 0 || lastKnownElr.length !== 1) return undefined
  return isAcceptableLeader(lastKnownElr[0]!) ? lastKnownElr[0] : undefined
}

/**
 * The field lastKnownElr holds the last leader of a partition without one: written when the partition loses its leader,
 * cleared when it gets one. Undefined: as before.
 */
function lastKnownLeader(
  { leader, lastKnownElr }: PartitionImage,
  value: ChangeValue,
): readonly number[] | undefined {
  if (value.leader === undefined) return undefined
  if (value.leader !== NO_LEADER) return []
  return lastKnownElr.length === 0 ? [leader] : undefined
}

function directoryOf(
  replica: number,
  { replicas, directories }: PartitionImage,
  target: PartitionTarget,
  context: PartitionChangeContext,
): string {
  const known = target.directories?.get(replica) ?? directories[replicas.indexOf(replica)]
  return known ?? context.directoryOf(replica)
}

function equal<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at])
}
