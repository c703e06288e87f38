/**
 * Replays one record of the metadata log onto an image.
 *
 * Records are the only way to change the metadata: all nodes that have replayed the same records have the same image.
 * Records of a kind that has no effect here are skipped. (Kafka: MetadataDelta.replay)
 */
import type { MetadataRecord } from '../../messages/records/metadata-frame.ts'
import { nearestNumber } from '../../wire/int64.ts'
import type { ConfigResource, ImageBuilder, PartitionImage } from './metadata-image.ts'

/** The kinds of resources with configs, by their numbers in records. */
export const RESOURCE_KINDS: Readonly<Record<number, string>> = {
  2: 'topic',
  4: 'broker',
  16: 'client-metrics',
  32: 'group',
}
/** In a PartitionChangeRecord: the leader stays. */
const NO_CHANGE = -2
/** In a BrokerRegistrationChangeRecord; 0 means no change. */
const FENCED = 1
const UNFENCED = -1

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
      fence(image, record.value.brokerId, record.value.fenced)
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
    directories: value.logDirs ?? [],
  })
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
    elr: value.eligibleLeaderReplicas ?? [],
    lastKnownElr: value.lastKnownElr ?? [],
    directories,
  }
}

function changePartition(image: ImageBuilder, value: Value<'PartitionChangeRecord'>): void {
  const before = image.topicById(value.topicId)?.partitions[value.partitionId]
  if (!before) return
  const leads = value.leader !== NO_CHANGE
  const after: PartitionImage = {
    ...before,
    isr: value.isr ?? before.isr,
    replicas: value.replicas ?? before.replicas,
    elr: value.eligibleLeaderReplicas ?? before.elr,
    lastKnownElr: value.lastKnownElr ?? before.lastKnownElr,
    leader: leads ? value.leader : before.leader,
    leaderEpoch: leads ? before.leaderEpoch + 1 : before.leaderEpoch,
    partitionEpoch: before.partitionEpoch + 1,
  }
  image.setPartition(value.topicId, value.partitionId, after)
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
