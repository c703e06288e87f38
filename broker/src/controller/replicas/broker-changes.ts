/**
 * What happens to partitions when a broker goes, comes back, shuts down, or has lost records.
 *
 *   fenced, unregistered   it leaves every ISR; its partitions get other leaders
 *   in controlled shutdown the same while it still runs, so that no client waits for a dead leader (KIP-841)
 *   unfenced               partitions without a leader may get one. It enters an ISR only when its leader reports it
 *   unclean shutdown       it leaves ISR and ELR: its disk may lack records that the ISR had committed (KIP-966)
 *
 * BROKER-CHANGES-1  a broker that is fenced leads no partition and is in no ISR, except as the last member of an ISR
 *     without ELR
 * BROKER-CHANGES-2  a broker that restarts after an unclean shutdown is neither in an ISR nor in an ELR
 *
 * (ReplicationControlManager.handleBrokerFenced, handleBrokerUnfenced, handleBrokerInControlledShutdown,
 * handleBrokerUncleanShutdown, handleBrokerUnregistered, generateLeaderAndIsrUpdates)
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { PartitionImage } from '../metadata/metadata-image.ts'
import { NO_LEADER, type PartitionTarget } from './partition-change.ts'
import { decideChange, type ReplicaContext } from './replica-context.ts'

const FENCED = 1
const UNFENCED = -1
const IN_CONTROLLED_SHUTDOWN = 1

/** Fences a broker: it is removed from each ISR, then its registration changes. */
export function decideFenced(context: ReplicaContext, broker: number): MetadataRecordInput[] {
  return [...withoutInIsr(context, broker), registrationChange(context, broker, 0, { fenced: FENCED })]
}

/** Unregisters a broker: it leaves each ISR, and its registration is removed. Throws BROKER_ID_NOT_REGISTERED. */
export function decideUnregistered(context: ReplicaContext, broker: number): MetadataRecordInput[] {
  const registered = context.image.brokers.get(broker)
  if (!registered) {
    const why = `Broker ID ${broker} is not currently registered`
    throw new KafkaError(ErrorCode.BROKER_ID_NOT_REGISTERED, why)
  }
  const brokerEpoch = registered.epoch
  return [
    ...withoutInIsr(context, broker),
    { name: 'UnregisterBrokerRecord', version: 0, value: { brokerId: broker, brokerEpoch } },
  ]
}

/**
 * A broker of a cluster whose controller starts anew: it has to register again. Partitions with other replicas get other leaders.
 * A partition with one replica keeps its leader, because no other replica can lead it; the registration begins a new leader epoch.
 */
export function decideRestart(context: ReplicaContext, broker: number): MetadataRecordInput[] {
  const isAlone = ({ replicas }: PartitionImage): boolean => replicas.length === 1
  return [
    ...changesOf({ ...context, goneBroker: broker }, (partition) =>
      partition.isr.includes(broker) && !isAlone(partition)
        ? { isr: partition.isr.filter((replica) => replica !== broker) }
        : undefined,
    ),
    registrationChange(context, broker, 0, { fenced: FENCED }),
  ]
}

/** Elects leaders for partitions without one that may have one now. */
export function decideElections(context: ReplicaContext): MetadataRecordInput[] {
  return changesOf(context, ({ leader }) => (leader === NO_LEADER ? {} : undefined))
}

/** Unfences a broker, and elects leaders for partitions without one. */
export function decideUnfenced(context: ReplicaContext, broker: number): MetadataRecordInput[] {
  return [
    registrationChange(context, broker, 0, { fenced: UNFENCED }),
    ...changesOf({ ...context, returnedBroker: broker }, ({ leader }) =>
      leader === NO_LEADER ? {} : undefined,
    ),
  ]
}

/** Begins a controlled shutdown, or goes on with it: moves leaders away, and leaves each ISR. */
export function decideControlledShutdown(context: ReplicaContext, broker: number): MetadataRecordInput[] {
  const isKnown = context.image.brokers.get(broker)?.inControlledShutdown === true
  return [
    ...(isKnown
      ? []
      : [registrationChange(context, broker, 1, { inControlledShutdown: IN_CONTROLLED_SHUTDOWN })]),
    ...withoutInIsr(context, broker),
  ]
}

/** Removes a broker that may have lost records from each ISR and ELR (BROKER-CHANGES-2). */
export function decideUncleanShutdown(context: ReplicaContext, broker: number): MetadataRecordInput[] {
  return changesOf({ ...context, goneBroker: broker }, ({ isr, elr, replicas }) => {
    // Without other replicas there is nothing to lose against.
    if (replicas.length === 1) return undefined
    if (!isr.includes(broker) && !elr.includes(broker)) return undefined
    return { isr: isr.filter((replica) => replica !== broker), uncleanShutdowns: [broker] }
  })
}

/** Whether the broker leads any partition: it may not stop yet. */
export function hasLeaderships({ image }: ReplicaContext, broker: number): boolean {
  for (const { partitions } of image.topics.values())
    if (partitions.some(({ leader }) => leader === broker)) return true
  return false
}

function withoutInIsr(context: ReplicaContext, broker: number): MetadataRecordInput[] {
  return changesOf({ ...context, goneBroker: broker }, ({ isr }) =>
    isr.includes(broker) ? { isr: isr.filter((replica) => replica !== broker) } : undefined,
  )
}

/** The change records of all partitions for which `target` gives a target. */
export function changesOf(
  context: ReplicaContext,
  target: (partition: PartitionImage) => PartitionTarget | undefined,
): MetadataRecordInput[] {
  const records: MetadataRecordInput[] = []
  for (const topic of context.image.topics.values()) {
    for (const [partitionId, partition] of topic.partitions.entries()) {
      const wanted = target(partition)
      const change = wanted && decideChange(context, topic, partitionId, wanted)
      if (change) records.push(change)
    }
  }
  return records
}

function registrationChange(
  { image }: ReplicaContext,
  brokerId: number,
  version: number,
  change: { readonly fenced?: number; readonly inControlledShutdown?: number },
): MetadataRecordInput {
  const brokerEpoch = image.brokers.get(brokerId)?.epoch ?? -1
  return { name: 'BrokerRegistrationChangeRecord', version, value: { brokerId, brokerEpoch, ...change } }
}
