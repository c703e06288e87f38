/**
 * Elections that somebody asks for, and those that the controller begins by itself.
 *
 *   ElectLeaders preferred     the first replica becomes the leader again, if it is in the ISR (KIP-183)
 *   ElectLeaders unclean       a partition without a leader gets one, even if records are lost (KIP-460)
 *   balance                    every leader.imbalance.check.interval.seconds, if auto.leader.rebalance.enable: preferred
 *                              elections for partitions that are led by another replica
 *   unclean elections          every unclean.leader.election.interval.ms: partitions without a leader whose topic allows it
 *
 * ELECTIONS-OF-REPLICAS-1  one pass elects at most ELECTIONS_MAX leaders; the caller continues with the next event
 *
 * (ReplicationControlManager.electLeader, maybeBalancePartitionLeaders, maybeElectUncleanLeaders)
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { PartitionImage, TopicImage } from '../metadata/metadata-image.ts'
import { NO_LEADER } from './partition-change.ts'
import { decideChange, isUncleanElectionEnabled, type ReplicaContext } from './replica-context.ts'

/** A partition that is to elect its preferred leader, or any leader. */
export interface Election {
  readonly topic: string
  readonly partition: number
  readonly type: 'preferred' | 'unclean'
}

/** QuorumController.MAX_ELECTIONS_PER_IMBALANCE. */
const ELECTIONS_MAX = 1000

/** The record of an election that was asked for. Throws the KafkaError for the client. */
export function decideElection(
  context: ReplicaContext,
  topicName: string,
  partitionId: number,
  type: 'preferred' | 'unclean',
): MetadataRecordInput {
  const topic = context.image.topic(topicName)
  if (!topic) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `No such topic as ${topicName}`)
  const partition = topic.partitions[partitionId]
  if (!partition)
    throw new KafkaError(
      ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      `No such partition as ${topicName}-${partitionId}`,
    )
  const isNeeded = type === 'preferred' ? !hasPreferredLeader(partition) : partition.leader === NO_LEADER
  if (!isNeeded)
    throw new KafkaError(ErrorCode.ELECTION_NOT_NEEDED, 'Leader election not needed for topic partition.')
  const change = decideChange(context, topic, partitionId, {}, type)
  if (change) return change
  throw type === 'preferred'
    ? new KafkaError(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE, 'The preferred leader was not available.')
    : new KafkaError(
        ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE,
        'Eligible topic partition leaders are not available.',
      )
}

function hasPreferredLeader({ leader, replicas }: PartitionImage): boolean {
  return leader === replicas[0]
}

/** Preferred elections for partitions that are led by another replica. `isAll`: no more are possible now. */
export function decideBalance(context: ReplicaContext): { records: MetadataRecordInput[]; isAll: boolean } {
  return electEach(
    context,
    'preferred',
    (partition) => partition.leader !== NO_LEADER && !hasPreferredLeader(partition),
  )
}

/** Unclean elections for partitions without a leader whose topic allows it. */
export function decideUncleanElections(context: ReplicaContext): {
  records: MetadataRecordInput[]
  isAll: boolean
} {
  return electEach(
    context,
    'unclean',
    ({ leader }, { name }) => leader === NO_LEADER && isUncleanElectionEnabled(context, name),
  )
}

function electEach(
  context: ReplicaContext,
  election: 'preferred' | 'unclean',
  isWanted: (partition: PartitionImage, topic: TopicImage) => boolean,
): { records: MetadataRecordInput[]; isAll: boolean } {
  const records: MetadataRecordInput[] = []
  for (const topic of context.image.topics.values()) {
    for (const [partitionId, partition] of topic.partitions.entries()) {
      if (records.length >= ELECTIONS_MAX) return { records, isAll: false }
      if (!isWanted(partition, topic)) continue
      const change = decideChange(context, topic, partitionId, {}, election)
      if (change) records.push(change)
    }
  }
  return { records, isAll: true }
}
