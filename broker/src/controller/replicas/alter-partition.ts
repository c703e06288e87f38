/**
 * AlterPartition on the controller: a leader reports which replicas are in sync (KIP-497).
 *
 * The leader knows how far its followers are; the controller knows who is alive and in which epoch. So the leader proposes
 * a new ISR and the controller accepts it, or says why not:
 *
 *   the leader is ahead of this controller        NOT_CONTROLLER            it asks another one
 *   another leader epoch, or another leader       FENCED_LEADER_EPOCH, INVALID_REQUEST
 *   based on an older state of the partition      INVALID_UPDATE_VERSION    it waits for the metadata and decides anew
 *   a replica is fenced, shuts down, or came
 *   back since the leader looked at it            INELIGIBLE_REPLICA        (KIP-841, KIP-903)
 *   the change completes a reassignment, and
 *   the leader is not among the new replicas      NEW_LEADER_ELECTED        the change is made, although it is an error
 *
 * ALTER-PARTITION-1  an ISR is accepted only for the newest leader epoch and partition epoch
 * ALTER-PARTITION-2  a new member of the ISR is alive in the broker epoch in which the leader saw it catch up
 * ALTER-PARTITION-3  the leader is in its own ISR, and is the only member while it recovers from an unclean election (KIP-704)
 *
 * (ReplicationControlManager.alterPartition)
 */
import type { AlterPartitionRequest } from '../../messages/alter-partition.ts'
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { nearestNumber } from '../../wire/int64.ts'
import type { PartitionImage, TopicImage } from '../metadata/metadata-image.ts'
import { partitionAfter } from '../metadata/partition-after.ts'
import { RECOVERED, RECOVERING } from './partition-change.ts'
import { decideChange, type ReplicaContext } from './replica-context.ts'

type PartitionProposal = AlterPartitionRequest['topics'][number]['partitions'][number]

/** The answer for one partition: an error, or the partition as it is after the change. */
export interface AlteredPartition {
  readonly partitionIndex: number
  readonly errorCode: ErrorCode
  readonly after?: PartitionImage
}

export interface AlterPartitionDecision {
  readonly records: readonly MetadataRecordInput[]
  readonly topics: readonly { readonly topicId: string; readonly partitions: readonly AlteredPartition[] }[]
}

/** The broker epoch that a request does not check (KIP-903). */
const ANY_EPOCH = -1

/** Decides on all partitions of a request. Throws STALE_BROKER_EPOCH if the sender has registered again since. */
export function decideAlterPartition(
  context: ReplicaContext,
  request: AlterPartitionRequest,
  apiVersion: number,
): AlterPartitionDecision {
  checkBrokerEpoch(context, request.brokerId, nearestNumber(request.brokerEpoch))
  const records: MetadataRecordInput[] = []
  const topics = request.topics.map(({ topicId, partitions }) => {
    const topic = context.image.topicById(topicId)
    return {
      topicId,
      partitions: partitions.map((proposal): AlteredPartition => {
        const { partitionIndex } = proposal
        if (!topic) return { partitionIndex, errorCode: ErrorCode.UNKNOWN_TOPIC_ID }
        const isr = isrOf(proposal, apiVersion)
        const errorCode = checkProposal(context, topic, proposal, isr, request.brokerId)
        if (errorCode !== ErrorCode.NONE) return { partitionIndex, errorCode }
        const partition = topic.partitions[partitionIndex]!
        const change = decideChange(context, topic, partitionIndex, {
          isr: isr.map(({ brokerId }) => brokerId),
          leaderRecoveryState: proposal.leaderRecoveryState,
        })
        if (!change) return { partitionIndex, errorCode, after: partition }
        records.push(change)
        const after = partitionAfter(partition, change.value)
        if (after.leader !== request.brokerId)
          return { partitionIndex, errorCode: ErrorCode.NEW_LEADER_ELECTED }
        return { partitionIndex, errorCode, after }
      }),
    }
  })
  return { records, topics }
}

/** Throws STALE_BROKER_EPOCH unless the broker is registered in this epoch (ClusterControlManager.checkBrokerEpoch). */
export function checkBrokerEpoch({ image }: ReplicaContext, brokerId: number, brokerEpoch: number): void {
  const registered = image.brokers.get(brokerId)
  if (!registered)
    throw new KafkaError(
      ErrorCode.STALE_BROKER_EPOCH,
      `No broker registration found for broker id ${brokerId}`,
    )
  if (registered.epoch === brokerEpoch) return
  const why = `Expected broker epoch ${registered.epoch}, but got broker epoch ${brokerEpoch}`
  throw new KafkaError(ErrorCode.STALE_BROKER_EPOCH, why)
}

interface IsrMember {
  readonly brokerId: number
  readonly brokerEpoch: number
}

function isrOf({ newIsr, newIsrWithEpochs }: PartitionProposal, apiVersion: number): IsrMember[] {
  if (apiVersion < 3) return newIsr.map((brokerId) => ({ brokerId, brokerEpoch: ANY_EPOCH }))
  return newIsrWithEpochs.map(({ brokerId, brokerEpoch }) => ({
    brokerId,
    brokerEpoch: nearestNumber(brokerEpoch),
  }))
}

function checkProposal(
  context: ReplicaContext,
  topic: TopicImage,
  proposal: PartitionProposal,
  isr: readonly IsrMember[],
  brokerId: number,
): ErrorCode {
  const partition = topic.partitions[proposal.partitionIndex]
  if (!partition) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  const { leader, leaderEpoch, partitionEpoch } = partition
  const isAhead = proposal.leaderEpoch > leaderEpoch || proposal.partitionEpoch > partitionEpoch
  if (isAhead) return ErrorCode.NOT_CONTROLLER
  if (proposal.leaderEpoch < leaderEpoch) return ErrorCode.FENCED_LEADER_EPOCH
  if (brokerId !== leader) return ErrorCode.INVALID_REQUEST
  if (proposal.partitionEpoch < partitionEpoch) return ErrorCode.INVALID_UPDATE_VERSION
  if (!isValidIsr(partition, isr)) return ErrorCode.INVALID_REQUEST
  if (!isValidRecovery(partition, proposal.leaderRecoveryState, isr.length)) return ErrorCode.INVALID_REQUEST
  return isr.every((member) => isEligible(context, member)) ? ErrorCode.NONE : ErrorCode.INELIGIBLE_REPLICA
}

/** Only replicas of the partition, each once, and the leader is one of them (ALTER-PARTITION-3). */
function isValidIsr({ leader, replicas }: PartitionImage, isr: readonly IsrMember[]): boolean {
  const ids = new Set(isr.map(({ brokerId }) => brokerId))
  return ids.size === isr.length && ids.has(leader) && [...ids].every((id) => replicas.includes(id))
}

function isValidRecovery(
  { leaderRecoveryState }: PartitionImage,
  proposed: number,
  isrSize: number,
): boolean {
  if (proposed !== RECOVERING) return true
  return isrSize <= 1 && leaderRecoveryState !== RECOVERED
}

/** ALTER-PARTITION-2. */
function isEligible({ image }: ReplicaContext, { brokerId, brokerEpoch }: IsrMember): boolean {
  const broker = image.brokers.get(brokerId)
  if (!broker || broker.fenced || broker.inControlledShutdown) return false
  return brokerEpoch === ANY_EPOCH || brokerEpoch === broker.epoch
}
