/**
 * A partition after a change record: the record holds only what changes.
 *
 * PARTITION-AFTER-1  the partition epoch increases with each change, the leader epoch whenever the record names a leader, even
 *     the same one
 *
 * (org.apache.kafka.metadata.PartitionRegistration.merge)
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import type { PartitionImage } from './metadata-image.ts'

type ChangeValue = Extract<MetadataRecordInput, { name: 'PartitionChangeRecord' }>['value']

/** In a PartitionChangeRecord: the leader stays, or the state of the recovery does. */
const NO_LEADER_CHANGE = -2
const NO_RECOVERY_CHANGE = -1

export function partitionAfter(before: PartitionImage, change: ChangeValue): PartitionImage {
  const { leader = NO_LEADER_CHANGE, leaderRecoveryState = NO_RECOVERY_CHANGE } = change
  const isLed = leader !== NO_LEADER_CHANGE
  return {
    replicas: change.replicas ?? before.replicas,
    isr: change.isr ?? before.isr,
    removing: change.removingReplicas ?? before.removing,
    adding: change.addingReplicas ?? before.adding,
    elr: change.eligibleLeaderReplicas ?? before.elr,
    lastKnownElr: change.lastKnownElr ?? before.lastKnownElr,
    directories: change.directories ?? before.directories,
    leaderRecoveryState:
      leaderRecoveryState === NO_RECOVERY_CHANGE ? before.leaderRecoveryState : leaderRecoveryState,
    leader: isLed ? leader : before.leader,
    leaderEpoch: isLed ? before.leaderEpoch + 1 : before.leaderEpoch,
    partitionEpoch: before.partitionEpoch + 1,
  }
}
