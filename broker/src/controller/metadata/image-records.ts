/**
 * An image as records: the content of a snapshot.
 *
 * One record for each object in its current state, without its history: a topic that was changed a thousand times is one
 * TopicRecord and one PartitionRecord per partition. (Kafka: MetadataImage.write)
 *
 * IMAGE-RECORDS-1  replaying the records onto an empty image restores the image, except for its offset
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { registrationOf } from '../decisions/broker-decisions.ts'
import { PARTITION_RECORD_VERSION } from '../decisions/partition-decisions.ts'
import { METADATA_VERSION } from '../features.ts'
import type {
  ConfigResource,
  MetadataImage,
  PartitionImage,
  QuotaImage,
  ScramCredential,
  TopicImage,
} from './metadata-image.ts'
import { RESOURCE_KINDS } from './replay-record.ts'

const NO_BROKER = -1

/** The records of an image, in an order in which they can be replayed; one after the other, as there may be very many. */
export function* recordsOf(image: MetadataImage): Generator<MetadataRecordInput, void> {
  yield* featureRecords(image)
  for (const broker of image.brokers.values()) yield registrationOf(broker)
  for (const topic of image.topics.values()) yield* topicRecords(topic)
  for (const [resource, settings] of image.configs) yield* configRecords(resource, settings)
  for (const quota of image.quotas.values()) yield* quotaRecords(quota)
  yield* producerIdRecords(image)
  for (const [user, mechanisms] of image.scram) yield* scramRecords(user, mechanisms)
}

/** metadata.version first: it determines how the rest is read. */
function featureRecords({ features }: MetadataImage): MetadataRecordInput[] {
  const rank = (name: string): number => (name === METADATA_VERSION.name ? 0 : 1)
  return [...features]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([name, featureLevel]) => ({
      name: 'FeatureLevelRecord',
      version: 0,
      value: { name, featureLevel },
    }))
}

function topicRecords({ name, id, partitions }: TopicImage): MetadataRecordInput[] {
  return [
    { name: 'TopicRecord', version: 0, value: { name, topicId: id } },
    ...partitions.map((partition, partitionId) => partitionRecord(id, partitionId, partition)),
  ]
}

function partitionRecord(
  topicId: string,
  partitionId: number,
  { elr, lastKnownElr, removing, adding, ...partition }: PartitionImage,
): MetadataRecordInput {
  const eligible = { ...(elr.length > 0 && { eligibleLeaderReplicas: elr }) }
  const lastKnown = { ...(lastKnownElr.length > 0 && { lastKnownElr }) }
  const moving = { removingReplicas: removing, addingReplicas: adding }
  const value = { topicId, partitionId, ...partition, ...moving, ...eligible, ...lastKnown }
  return { name: 'PartitionRecord', version: PARTITION_RECORD_VERSION, value }
}

function configRecords(
  resource: ConfigResource,
  settings: ReadonlyMap<string, string>,
): MetadataRecordInput[] {
  const kind = resource.slice(0, resource.indexOf(':'))
  const resourceName = resource.slice(kind.length + 1)
  const resourceType = Number(Object.entries(RESOURCE_KINDS).find(([, each]) => each === kind)![0])
  return Array.from(settings, ([name, value]): MetadataRecordInput => {
    return { name: 'ConfigRecord', version: 0, value: { resourceType, resourceName, name, value } }
  })
}

function quotaRecords({ entity, values }: QuotaImage): MetadataRecordInput[] {
  const named = Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName }))
  return Array.from(values, ([key, value]): MetadataRecordInput => {
    return { name: 'ClientQuotaRecord', version: 0, value: { entity: named, key, value } }
  })
}

function scramRecords(name: string, mechanisms: ReadonlyMap<number, ScramCredential>): MetadataRecordInput[] {
  return Array.from(
    mechanisms,
    ([mechanism, credential]): MetadataRecordInput => ({
      name: 'UserScramCredentialRecord',
      version: 0,
      value: { name, mechanism, ...credential },
    }),
  )
}

function producerIdRecords({ nextProducerId }: MetadataImage): MetadataRecordInput[] {
  if (nextProducerId === 0) return []
  const value = { brokerId: NO_BROKER, brokerEpoch: NO_BROKER, nextProducerId }
  return [{ name: 'ProducerIdsRecord', version: 0, value }]
}
