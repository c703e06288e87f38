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
 * answer still says UNKNOWN_TOPIC_OR_PARTITION; the client asks again.
 */
import type { MetadataImage, TopicImage } from '../controller/metadata-image.ts'
import { checkName } from '../controller/topic-decisions.ts'
import { MetadataRequest, MetadataResponse } from '../messages/metadata.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { ZERO_UUID } from '../wire/uuid.ts'
import { api, type RequestContext, type Services } from './api.ts'
import { CLUSTER_OPERATIONS, NOT_ASKED, TOPIC_OPERATIONS } from './authorized-operations.ts'

export const Metadata = api({
  request: MetadataRequest,
  response: MetadataResponse,
  handle: (services, request, context, reply) => {
    const image = services.metadata()
    const operations = request.includeTopicAuthorizedOperations ? TOPIC_OPERATIONS : NOT_ASKED
    reply({
      brokers: [...image.brokers.values()]
        .filter(({ fenced }) => !fenced)
        .map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack })),
      clusterId: image.clusterId,
      // With KRaft any broker takes what is for the controller; the one that was asked is as good as any.
      controllerId: services.nodeId,
      topics: topicsOf(services, image, request, context).map((topic) => ({
        ...topic,
        topicAuthorizedOperations: topic.errorCode === ErrorCode.NONE ? operations : NOT_ASKED,
      })),
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? CLUSTER_OPERATIONS : NOT_ASKED,
    })
  },
})

function topicsOf(services: Services, image: MetadataImage, request: MetadataRequest, { apiVersion }: RequestContext) {
  const { topics } = request
  const all = topics === null || (apiVersion === 0 && topics.length === 0)
  if (all) return [...image.topics.values()].map((topic) => describe(services, topic))
  const asked = new Map(topics.map((topic) => [topic.name ?? topic.topicId, topic]))
  return [...asked.values()].map(({ name, topicId }) => {
    if (name === null) return byId(services, image, topicId)
    const topic = image.topic(name)
    if (topic) return describe(services, topic)
    return failed(name, ZERO_UUID, missing(services, name, apiVersion < 4 || request.allowAutoTopicCreation))
  })
}

function byId(services: Services, image: MetadataImage, topicId: string) {
  const topic = image.topicById(topicId)
  return topic ? describe(services, topic) : failed(null, topicId, ErrorCode.UNKNOWN_TOPIC_ID)
}

/** Makes the topic if that is allowed; the error says how things are now. */
function missing(services: Services, name: string, mayCreate: boolean): ErrorCode {
  try {
    checkName(name)
  } catch (error) {
    return error instanceof KafkaError ? error.code : ErrorCode.UNKNOWN_SERVER_ERROR
  }
  if (!mayCreate || !services.config.get('auto.create.topics.enable')) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  if (services.replicas.isInternal(name)) services.controller.createInternalTopic(name, () => {})
  else {
    const topic = { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] }
    services.controller.createTopic(topic, false, () => {})
  }
  return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
}

function failed(name: string | null, topicId: string, errorCode: ErrorCode) {
  return { errorCode, name, topicId, isInternal: false, partitions: [] }
}

function describe(services: Services, { name, id, partitions }: TopicImage) {
  return {
    errorCode: ErrorCode.NONE,
    name,
    topicId: id,
    isInternal: services.replicas.isInternal(name),
    partitions: partitions.map((partition, partitionIndex) => ({
      errorCode: partition.leader < 0 ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE,
      partitionIndex,
      leaderId: partition.leader,
      leaderEpoch: partition.leaderEpoch,
      replicaNodes: partition.replicas,
      isrNodes: partition.isr,
      offlineReplicas: [],
    })),
  }
}
