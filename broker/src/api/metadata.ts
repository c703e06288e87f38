/**
 * Metadata (key 3): which brokers there are, which topics, and who leads what.
 *
 * A client's first question after ApiVersions, and its answer to every "not me" later: brokers do not pass a client's
 * records on, so it must come to the leader itself.
 *
 *   v0 no topics named is all; v1 controller, null is all; v2 cluster id; v4 may forbid auto-creation (KIP-204);
 *   v7 leader epochs; v8 allowed operations (KIP-430); v9 flexible; v10 topic ids; v12 topics asked for by id;
 *   v13 an error for the whole (KIP-1102)
 *
 * A topic that is not there is made by being asked for, if the client and auto.create.topics.enable allow it. This
 * answer still says UNKNOWN_TOPIC_OR_PARTITION; the client asks again. (DefaultAutoTopicCreationManager)
 *
 * M1  a partition that is listed is served: this node has followed the image before it is read here
 * M2  what is asked for twice is answered once
 */
import type { MetadataImage, TopicImage } from '../controller/metadata-image.ts'
import { MetadataRequest, MetadataResponse } from '../messages/metadata.ts'
import { ErrorCode } from '../wire/errors.ts'
import { ZERO_UUID } from '../wire/uuid.ts'
import { api, type RequestContext, type Services } from './api.ts'
import { CLUSTER_OPERATIONS, NOT_ASKED, TOPIC_OPERATIONS } from './authorized-operations.ts'
import { describePartition, whyNoTopic } from './partition-metadata.ts'

const BY_ID_SINCE = 12
/** The log of the controllers; nobody makes a topic of that name. */
const METADATA_TOPIC = '__cluster_metadata'

export const Metadata = api({
  request: MetadataRequest,
  response: MetadataResponse,
  handle: (services, request, context, reply) => {
    const why = refusal(request, context)
    if (why !== undefined) return reply(refused(request, why))
    const image = services.metadata()
    const operations = request.includeTopicAuthorizedOperations ? TOPIC_OPERATIONS : NOT_ASKED
    reply({
      brokers: [...image.brokers.values()]
        .filter(({ fenced }) => !fenced)
        .map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack })),
      clusterId: image.clusterId,
      // With KRaft any broker takes what is for the controller; the one that was asked is as good as any.
      controllerId: image.brokers.get(services.nodeId)?.fenced === false ? services.nodeId : -1,
      topics: topicsOf(services, image, request, context).map((topic) => ({
        ...topic,
        // A name may be asked about though there is no such topic; an id that nobody has is no resource.
        topicAuthorizedOperations: topic.errorCode === ErrorCode.UNKNOWN_TOPIC_ID ? NOT_ASKED : operations,
      })),
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
        ? CLUSTER_OPERATIONS
        : NOT_ASKED,
    })
  },
})

/** Why the whole is refused: an id, or no name, where there must be a name. */
function refusal({ topics }: MetadataRequest, { apiVersion }: RequestContext): ErrorCode | undefined {
  if (topics === null) return undefined
  const byId = topics.some(({ topicId }) => topicId !== ZERO_UUID)
  const unnamed = topics.some(({ name }) => name === null)
  if (apiVersion < BY_ID_SINCE && (byId || unnamed)) return ErrorCode.INVALID_REQUEST
  // Neither is an error that Kafka has no name for.
  return unnamed && !byId ? ErrorCode.UNKNOWN_SERVER_ERROR : undefined
}

function refused({ topics }: MetadataRequest, errorCode: ErrorCode) {
  return { topics: (topics ?? []).map(({ name, topicId }) => failed(name ?? '', topicId, errorCode)) }
}

function topicsOf(
  services: Services,
  image: MetadataImage,
  request: MetadataRequest,
  { apiVersion }: RequestContext,
) {
  const { topics } = request
  const all = topics === null || (apiVersion === 0 && topics.length === 0)
  if (all) return [...image.topics.values()].map((topic) => describe(services, image, topic))
  // A request is by id or by name; the Java client leaves the name empty, not null, when it asks by id.
  const ids = new Set(topics.map(({ topicId }) => topicId).filter((id) => id !== ZERO_UUID))
  if (ids.size > 0) return [...ids].map((id) => byId(services, image, id))
  const mayCreate = request.allowAutoTopicCreation && services.config.get('auto.create.topics.enable')
  const names = new Set(topics.map(({ name }) => name ?? ''))
  return [...names].map((name) => byName(services, image, name, mayCreate))
}

function byId(services: Services, image: MetadataImage, topicId: string) {
  const topic = image.topicById(topicId)
  return topic ? describe(services, image, topic) : failed(null, topicId, ErrorCode.UNKNOWN_TOPIC_ID)
}

function byName(services: Services, image: MetadataImage, name: string, mayCreate: boolean) {
  const topic = image.topic(name)
  if (topic) return describe(services, image, topic)
  const why = whyNoTopic(name)
  if (mayCreate && why === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) create(services, name)
  return { ...failed(name, ZERO_UUID, why), isInternal: services.replicas.isInternal(name) }
}

/** Has the topic made; nobody waits for it here. */
function create({ controller, replicas, core }: Services, name: string): void {
  const made = ({ errorCode, message }: { errorCode: ErrorCode; message: string | null }): void => {
    if (errorCode === ErrorCode.NONE || errorCode === ErrorCode.TOPIC_ALREADY_EXISTS) return
    core.log('warn', `topic ${name} was not created: ${message}`)
  }
  if (name === METADATA_TOPIC) return
  if (replicas.isInternal(name)) {
    controller.createInternalTopic(name, made)
  } else {
    const byDefault = { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] }
    controller.createTopic(byDefault, made)
  }
}

function failed(name: string | null, topicId: string, errorCode: ErrorCode) {
  return { errorCode, name, topicId, isInternal: false, partitions: [] }
}

function describe(services: Services, image: MetadataImage, { name, id, partitions }: TopicImage) {
  return {
    errorCode: ErrorCode.NONE,
    name,
    topicId: id,
    isInternal: services.replicas.isInternal(name),
    partitions: partitions.map((partition, index) => describePartition(image, partition, index)),
  }
}
