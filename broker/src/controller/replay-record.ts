/**
 * One record of the metadata log, applied to an image.
 *
 * Whatever a controller decides is said by these records, and by nothing else: a node that has read the same records
 * knows the same cluster. A kind that means nothing here yet is read over.
 */
import type { MetadataRecord } from '../messages/records/metadata-frame.ts'
import type { ConfigResource, ImageBuilder, PartitionImage } from './metadata-image.ts'

const RESOURCE_KINDS: Readonly<Record<number, string>> = { 2: 'topic', 4: 'broker', 16: 'client-metrics', 32: 'group' }
/** In a PartitionChangeRecord: the leader stays. */
const NO_CHANGE = -2

/** Applies `record`, which stands at `offset`, to `image`. */
export function replayRecord(image: ImageBuilder, record: MetadataRecord, offset: number): void {
  image.offset = offset
  switch (record.name) {
    case 'FeatureLevelRecord':
      image.features.set(record.value.name, record.value.featureLevel)
      image.featuresEpoch = offset
      return
    case 'RegisterBrokerRecord':
      return registerBroker(image, record.value)
    case 'UnregisterBrokerRecord':
      image.brokers.delete(record.value.brokerId)
      return
    case 'BrokerRegistrationChangeRecord':
      return changeRegistration(image, record.value)
    case 'TopicRecord':
      return image.setTopic({ name: record.value.name, id: record.value.topicId, partitions: [] })
    case 'RemoveTopicRecord':
      return image.removeTopic(record.value.topicId)
    case 'PartitionRecord':
      return image.setPartition(record.value.topicId, record.value.partitionId, {
        ...record.value,
        elr: record.value.eligibleLeaderReplicas ?? [],
        lastKnownElr: record.value.lastKnownElr ?? [],
      })
    case 'PartitionChangeRecord':
      return changePartition(image, record.value)
    case 'ConfigRecord':
      return setConfig(image, record.value)
    case 'ProducerIdsRecord':
      image.nextProducerId = record.value.nextProducerId
      return
    default:
      return
  }
}

type Value<N extends MetadataRecord['name']> = Extract<MetadataRecord, { name: N }>['value']

function registerBroker(image: ImageBuilder, value: Value<'RegisterBrokerRecord'>): void {
  const endpoint = value.endPoints[0]
  image.brokers.set(value.brokerId, {
    id: value.brokerId,
    epoch: value.brokerEpoch,
    host: endpoint?.host ?? '',
    port: endpoint?.port ?? 0,
    rack: value.rack,
    fenced: value.fenced,
  })
}

function changeRegistration(image: ImageBuilder, { brokerId, fenced }: Value<'BrokerRegistrationChangeRecord'>): void {
  const broker = image.brokers.get(brokerId)
  if (broker && fenced !== 0) image.brokers.set(brokerId, { ...broker, fenced: fenced > 0 })
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

function setConfig(image: ImageBuilder, { resourceType, resourceName, name, value }: Value<'ConfigRecord'>): void {
  const kind = RESOURCE_KINDS[resourceType]
  if (kind) image.setConfig(`${kind}:${resourceName}` as ConfigResource, name, value)
}
