/**
 * Replays one record of the metadata log onto an image.
 *
 * Records are the only way to change the metadata: all nodes that have replayed the same records have the same image.
 * Records of a kind that has no effect here are skipped. (Kafka: MetadataDelta.replay)
 */
import type { MetadataRecord } from '../../messages/records/metadata-frame.ts'
import { nearestNumber } from '../../wire/int64.ts'
import type { ConfigResource, ImageBuilder, PartitionImage } from './metadata-image.ts'
import { partitionAfter } from './partition-after.ts'

/** The kinds of resources with configs, by their numbers in records. */
export const RESOURCE_KINDS: Readonly<Record<number, string>> = {
  2: 'topic',
  4: 'broker',
  16: 'client-metrics',
  32: 'group',
}
/** In a BrokerRegistrationChangeRecord; 0 means no change. */
const FENCED = 1
const UNFENCED = -1
/** In the same record: the broker shuts down; 0 means no change. */
const IN_CONTROLLED_SHUTDOWN = 1

/** Replays `record`, which has this offset, onto `image`. */
export function replayRecord(image: ImageBuilder, record: MetadataRecord, offset: number): void {
  image.offset = offset
  switch (record.name) {
    case 'FeatureLevelRecord':
      image.setFeature(record.value.name, record.value.featureLevel)
      break
    case 'RegisterBrokerRecord':
      registerBroker(image, record.value)
      break
    case 'UnregisterBrokerRecord':
      image.removeBroker(record.value.brokerId)
      break
    case 'BrokerRegistrationChangeRecord':
      changeRegistration(image, record.value)
      break
    case 'FenceBrokerRecord':
      fence(image, record.value.id, FENCED)
      break
    case 'UnfenceBrokerRecord':
      fence(image, record.value.id, UNFENCED)
      break
    case 'TopicRecord':
      image.setTopic({ name: record.value.name, id: record.value.topicId, partitions: [] })
      break
    case 'RemoveTopicRecord':
      image.removeTopic(record.value.topicId)
      break
    case 'PartitionRecord':
      image.setPartition(record.value.topicId, record.value.partitionId, partitionOf(record.value))
      break
    case 'PartitionChangeRecord':
      changePartition(image, record.value)
      break
    case 'ConfigRecord':
      setConfig(image, record.value)
      break
    case 'ClientQuotaRecord':
      setQuota(image, record.value)
      break
    case 'UserScramCredentialRecord':
      setScram(image, record.value)
      break
    case 'RemoveUserScramCredentialRecord':
      image.setScram(record.value.name, record.value.mechanism, null)
      break
    case 'ProducerIdsRecord':
      image.nextProducerId = nearestNumber(record.value.nextProducerId)
  }
}

type Value<N extends MetadataRecord['name']> = Extract<MetadataRecord, { name: N }>['value']

function registerBroker(image: ImageBuilder, value: Value<'RegisterBrokerRecord'>): void {
  const endpoint = value.endPoints[0]
  image.setBroker({
    id: value.brokerId,
    incarnationId: value.incarnationId,
    epoch: nearestNumber(value.brokerEpoch),
    host: endpoint?.host ?? '',
    port: endpoint?.port ?? 0,
    rack: value.rack,
    fenced: value.fenced,
    inControlledShutdown: value.inControlledShutdown,
    directories: value.logDirs ?? [],
  })
}

function changeRegistration(image: ImageBuilder, value: Value<'BrokerRegistrationChangeRecord'>): void {
  const { brokerId, fenced, inControlledShutdown, logDirs } = value
  fence(image, brokerId, fenced)
  const broker = image.brokers.get(brokerId)
  if (broker && inControlledShutdown !== 0)
    image.setBroker({ ...broker, inControlledShutdown: inControlledShutdown === IN_CONTROLLED_SHUTDOWN })
  if (broker && logDirs.length > 0) image.setBroker({ ...image.brokers.get(brokerId)!, directories: logDirs })
}

/** `change` as in a BrokerRegistrationChangeRecord. */
function fence(image: ImageBuilder, brokerId: number, change: number): void {
  const broker = image.brokers.get(brokerId)
  if (broker && change !== 0) image.setBroker({ ...broker, fenced: change === FENCED })
}

function partitionOf(value: Value<'PartitionRecord'>): PartitionImage {
  const { leader, leaderEpoch, partitionEpoch, replicas, isr, directories } = value
  return {
    leader,
    leaderEpoch,
    partitionEpoch,
    replicas,
    isr,
    removing: value.removingReplicas,
    adding: value.addingReplicas,
    leaderRecoveryState: value.leaderRecoveryState,
    elr: value.eligibleLeaderReplicas ?? [],
    lastKnownElr: value.lastKnownElr ?? [],
    directories,
  }
}

function changePartition(image: ImageBuilder, value: Value<'PartitionChangeRecord'>): void {
  const before = image.topicById(value.topicId)?.partitions[value.partitionId]
  if (!before) return
  image.setPartition(value.topicId, value.partitionId, partitionAfter(before, value))
}

function setConfig(
  image: ImageBuilder,
  { resourceType, resourceName, name, value }: Value<'ConfigRecord'>,
): void {
  const kind = RESOURCE_KINDS[resourceType]
  if (kind) image.setConfig(`${kind}:${resourceName}` as ConfigResource, name, value)
}

function setScram(
  image: ImageBuilder,
  { name, mechanism, ...credential }: Value<'UserScramCredentialRecord'>,
): void {
  image.setScram(name, mechanism, credential)
}

function setQuota(image: ImageBuilder, { entity, key, value, remove }: Value<'ClientQuotaRecord'>): void {
  const names = entity.map(({ entityType, entityName }) => [entityType, entityName] as const)
  image.setQuota(Object.fromEntries(names), key, remove ? null : value)
}
