/**
 * Metadata (key 3): brokers, topics, and the leaders of partitions.
 *
 * It is a client's first request after ApiVersions, and its reaction to NOT_LEADER_OR_FOLLOWER later: brokers do not
 * forward records, so a client must send them to the leader itself.
 *
 *   v0 an empty list means all topics; v1 controller, null means all; v2 cluster id; v4 may forbid auto-creation (KIP-204);
 *   v7 leader epochs; v8 allowed operations (KIP-430); v9 flexible; v10 topic ids; v12 topics by id;
 *   v13 top-level error (KIP-1102)
 *
 * A request for an unknown topic creates it, if the client and auto.create.topics.enable allow it. This response still has
 * UNKNOWN_TOPIC_OR_PARTITION; the client retries. (DefaultAutoTopicCreationManager)
 *
 * All listed partitions are served: this node has applied the image before it is read here (BROKER-1).
 *
 * METADATA-2  a topic that is named twice is returned once
 */

import type { MetadataImage, TopicImage } from '../../controller/metadata/metadata-image.ts'
import { MetadataRequest, MetadataResponse } from '../../messages/metadata.ts'
import { isInternalTopic, METADATA_TOPIC } from '../../topic-names.ts'
import type { Steps } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import { api, FEW, type RequestContext, type Services } from '../api.ts'
import { CLUSTER_OPERATIONS, NOT_ASKED, TOPIC_OPERATIONS } from '../authorized-operations.ts'
import { forEachInTurns, mapInTurns } from '../in-turns.ts'
import { type DescribedTopic, describedTopic, describedTopics } from './described-topics.ts'
import { whyNoTopic } from './partition-metadata.ts'

const BY_ID_SINCE = 12
/** The metadata log; its name is reserved, so no topic can have it. */

export const Metadata = api({
  request: MetadataRequest,
  response: MetadataResponse,
  isLarge: ({ metadata }, request, { apiVersion }) =>
    wantsAll(request, apiVersion) && metadata().topics.size > FEW,
  *steps(services, request, context) {
    const why = refusal(request, context)
    if (why !== undefined) return refused(request, why)
    const image = services.metadata()
    // #region answer
    return {
      brokers: [...image.brokers.values()]
        .filter(({ fenced }) => !fenced)
        .map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack })),
      clusterId: image.clusterId,
      // With KRaft any broker accepts requests for the controller, so this broker returns itself.
      controllerId: image.brokers.get(services.nodeId)?.fenced === false ? services.nodeId : -1,
      topics: yield* topicsOf(services, image, request, context),
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
        ? CLUSTER_OPERATIONS
        : NOT_ASKED,
    }
    // #endregion answer
  },
})

function wantsAll({ topics }: MetadataRequest, apiVersion: number): boolean {
  return topics === null || (apiVersion === 0 && topics.length === 0)
}

/** Why the whole request is refused: it has an id or no name where its version requires a name. */
function refusal({ topics }: MetadataRequest, { apiVersion }: RequestContext): ErrorCode | undefined {
  if (topics === null) return undefined
  const byId = topics.some(({ topicId }) => topicId !== ZERO_UUID)
  const unnamed = topics.some(({ name }) => name === null)
  if (apiVersion < BY_ID_SINCE && (byId || unnamed)) return ErrorCode.INVALID_REQUEST
  // Kafka has specific errors for both cases.
  return unnamed && !byId ? ErrorCode.UNKNOWN_SERVER_ERROR : undefined
}

function refused({ topics }: MetadataRequest, errorCode: ErrorCode) {
  return { topics: (topics ?? []).map(({ name, topicId }) => failed(name ?? '', topicId, errorCode)) }
}

type Topic = DescribedTopic | ReturnType<typeof failed>

function* topicsOf(
  services: Services,
  image: MetadataImage,
  request: MetadataRequest,
  client: RequestContext,
): Steps<Topic[]> {
  const { turns } = services
  const { apiVersion } = client
  const { topics } = request
  // Operations are returned for unknown names, too, but not for unknown ids.
  const operations = request.includeTopicAuthorizedOperations ? TOPIC_OPERATIONS : NOT_ASKED
  const described: Describe = (topic) => describedTopic(image, topic, operations)
  if (topics === null || wantsAll(request, apiVersion))
    return yield* describedTopics(turns, image, operations)
  // A request uses either ids or names; with ids the Java client sends empty names, not null.
  const ids = new Set<string>()
  const names = new Set<string>()
  yield* forEachInTurns(turns, topics, ({ topicId, name }) => {
    if (topicId === ZERO_UUID) names.add(name ?? '')
    else ids.add(topicId)
  })
  if (ids.size > 0) return yield* mapInTurns(turns, ids, (id) => byId(image, id, described))
  const named = yield* mapInTurns(turns, names, (name) => byName(image, name, operations, described))
  if (request.allowAutoTopicCreation && services.config.get('auto.create.topics.enable'))
    createTopics(
      services,
      client,
      named.filter(isMissing).map(({ name }) => name ?? ''),
    )
  return named
}

type Describe = (topic: TopicImage) => Topic

function byId(image: MetadataImage, topicId: string, described: Describe): Topic {
  const topic = image.topicById(topicId)
  return topic ? described(topic) : failed(null, topicId, ErrorCode.UNKNOWN_TOPIC_ID)
}

function byName(image: MetadataImage, name: string, operations: number, described: Describe): Topic {
  const topic = image.topic(name)
  if (topic) return described(topic)
  const isInternal = isInternalTopic(name)
  return { ...failed(name, ZERO_UUID, whyNoTopic(name)), isInternal, topicAuthorizedOperations: operations }
}

function isMissing({ name, errorCode }: Topic): boolean {
  return errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION && name !== METADATA_TOPIC
}

/** Creates topics without waiting for the result. */
function createTopics(services: Services, client: RequestContext, names: readonly string[]): void {
  const logged = new Set<string | null>()
  services.topicCreation.create(services, client, names, (outcomes) => {
    for (const [i, { errorCode, message }] of outcomes.entries()) {
      const isThere = errorCode === ErrorCode.NONE || errorCode === ErrorCode.TOPIC_ALREADY_EXISTS
      // An error that applies to thousands of topics is logged once.
      if (isThere || logged.has(message)) continue
      logged.add(message)
      services.core.log('warn', `topic ${names[i]} was not created: ${message}`)
    }
  })
}

function failed(name: string | null, topicId: string, errorCode: ErrorCode) {
  return { errorCode, name, topicId, isInternal: false, partitions: [] }
}
