/**
 * What decisions about replicas ask of the image: which brokers are active, and which settings a topic has.
 *
 *   active = registered, not fenced, not in controlled shutdown
 *
 * Records are decided before they are replayed: while a broker is being fenced, the image still shows it as active. So the
 * caller says which broker counts as gone, and which one as back.
 *
 * REPLICA-CONTEXT-1  a replica may lead if its broker is active and the directory of the replica is online; a directory that
 *     is not known yet counts as online (DirectoryId.isOnline, KIP-858)
 */
import type { BrokerConfig } from '../../config/broker-config.ts'
import { TopicConfig } from '../../config/topic-config.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import type { MetadataImage, PartitionImage, TopicImage } from '../metadata/metadata-image.ts'
import { changePartition, type Election, type PartitionTarget } from './partition-change.ts'

export interface ReplicaContext {
  readonly image: MetadataImage
  /** The settings of the controller: defaults of topics. */
  readonly config: BrokerConfig
  /** Counts as fenced, whatever the image says. */
  readonly goneBroker?: number
  /** Counts as active, whatever the image says. */
  readonly returnedBroker?: number
}

/** DirectoryId: the node has not said which one it is; the node moves the replica; the directory is lost. */
const UNASSIGNED = ZERO_UUID
const LOST = 'AAAAAAAAAAAAAAAAAAAAAQ'
const MIGRATING = 'AAAAAAAAAAAAAAAAAAAAAg'

const NO_SETTINGS: ReadonlyMap<string, string> = new Map()

export function isActive(
  { image, goneBroker, returnedBroker }: Omit<ReplicaContext, 'config'>,
  broker: number,
): boolean {
  if (broker === goneBroker) return false
  if (broker === returnedBroker) return true
  const registered = image.brokers.get(broker)
  return registered !== undefined && !registered.fenced && !registered.inControlledShutdown
}

/** Whether a replica's directory is usable (REPLICA-CONTEXT-1). */
function hasOnlineDirectory(
  { image }: ReplicaContext,
  { replicas, directories }: PartitionImage,
  broker: number,
): boolean {
  const directory = directories[replicas.indexOf(broker)] ?? UNASSIGNED
  if (directory === UNASSIGNED || directory === MIGRATING) return true
  if (directory === LOST) return false
  const online = image.brokers.get(broker)?.directories ?? []
  return online.length === 0 || online.includes(directory)
}

/** The directory of a new replica: a broker with one directory has no choice. */
export function directoryOfNewReplica(image: MetadataImage, broker: number): string {
  const directories = image.brokers.get(broker)?.directories ?? []
  return directories.length === 1 ? directories[0]! : UNASSIGNED
}

function settingsOf({ image, config }: ReplicaContext, topic: string): TopicConfig {
  return new TopicConfig(image.configs.get(`topic:${topic}`) ?? NO_SETTINGS, config)
}

export function isUncleanElectionEnabled(context: ReplicaContext, topic: string): boolean {
  return settingsOf(context, topic).get('unclean.leader.election.enable')
}

/** min.insync.replicas of a topic, at most its replication factor: more can never be in sync. */
function minIsrOf(context: ReplicaContext, { name, partitions }: TopicImage): number {
  return Math.min(settingsOf(context, name).get('min.insync.replicas'), partitions[0]?.replicas.length ?? 1)
}

/**
 * The record that changes one partition, or undefined if nothing changes. `election` is raised to unclean where the topic
 * allows it, unless the caller names one.
 */
export function decideChange(
  context: ReplicaContext,
  topic: TopicImage,
  partitionId: number,
  target: PartitionTarget,
  election?: Election,
): ReturnType<typeof changePartition> {
  const partition = topic.partitions[partitionId]!
  return changePartition(partition, target, {
    topicId: topic.id,
    partitionId,
    election: election ?? (isUncleanElectionEnabled(context, topic.name) ? 'unclean' : 'online'),
    isAcceptableLeader: (replica) =>
      isActive(context, replica) && hasOnlineDirectory(context, partition, replica),
    minIsr: minIsrOf(context, topic),
    isElrEnabled: context.image.features.get('eligible.leader.replicas.version') === 1,
    directoryOf: (broker) => directoryOfNewReplica(context.image, broker),
  })
}
