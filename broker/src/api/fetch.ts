/**
 * Fetch (key 1): records from an offset on, for consumers (and, one day, for followers).
 *
 *   v4 isolation level (KIP-98); v5 log start; v7 sessions (KIP-227); v9 leader epoch (KIP-320); v11 rack (KIP-392);
 *   v12 flexible, last fetched epoch (KIP-595); v13 topics by id (KIP-516); v15 replica state; v16 the new leader's
 *   address (KIP-951); v17 directories (KIP-853); v18 the follower's high watermark (KIP-1166)
 *
 * What it does when there is nothing to read: partition/waiting-fetch.ts.
 *
 * Which partitions a request stands for, and which are worth an answer: partition/fetch-session.ts.
 */
import { FetchRequest, FetchResponse } from '../messages/fetch.ts'
import type { FetchedPartition, FetchTarget } from '../partition/fetched.ts'
import { fetch } from '../partition/waiting-fetch.ts'
import { ErrorCode } from '../wire/errors.ts'
import { Writer } from '../wire/writer.ts'
import { api, type RequestContext, type Services } from './api.ts'
import { leaderHint, nodeEndpoints } from './leader-hint.ts'

const READ_COMMITTED = 1
/** Of a frame; Kafka counts it for responses, and not for requests. */
const LENGTH_BYTES = 4
/** From this version on topics are named by their ids. */
const BY_ID = 13
/** From this version on the answer tells who leads (KIP-951). */
const LEADER_HINTS = 16

export const Fetch = api({
  request: FetchRequest,
  response: FetchResponse,
  handle: (services, request, { apiVersion, usage }, reply) => {
    const context = services.replicas.sessions.open({
      sessionId: request.sessionId,
      sessionEpoch: request.sessionEpoch,
      byId: apiVersion >= BY_ID,
      targets: targetsOf(services, request, apiVersion),
      forgotten: request.forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
        partitions.map((index) => ({ topic, topicId, index })),
      ),
    })
    if (typeof context === 'number') return reply({ errorCode: context })
    const params = {
      maxWaitMs: request.maxWaitMs,
      minBytes: request.minBytes,
      maxBytes: Math.min(
        request.maxBytes,
        services.config.get('fetch.max.bytes'),
        services.quotas.fetchBytesMax(usage),
      ),
      isolation:
        request.isolationLevel === READ_COMMITTED
          ? ('read_committed' as const)
          : ('read_uncommitted' as const),
    }
    fetch(services.replicas, params, context.targets, (results) => {
      const throttleMs = throttle(services, context.targets, results, { apiVersion, usage })
      // Nothing is sent, so the session has told nothing; a new one is not begun.
      if (throttleMs > 0) {
        const sessionId = request.sessionEpoch > 0 ? context.sessionId : 0
        return reply({ errorCode: ErrorCode.NONE, sessionId }, throttleMs)
      }
      const news = context.news(results)
      reply(
        {
          errorCode: ErrorCode.NONE,
          sessionId: context.sessionId,
          ...responseOf(services, news, apiVersion),
        },
        0,
      )
    })
  },
})

/** How long the client is to wait, when it has fetched more than its share. */
function throttle(
  services: Services,
  targets: readonly FetchTarget[],
  results: readonly FetchedPartition[],
  { apiVersion, usage }: Pick<RequestContext, 'apiVersion' | 'usage'>,
): number {
  if (!services.quotas.countsFetchedBytes) return 0
  const everything = results.map((result, i) => ({ target: targets[i]!, result }))
  const writer = new Writer(512)
  FetchResponse.encode(writer, apiVersion, responseOf(services, everything, apiVersion))
  return services.quotas.fetched(usage, LENGTH_BYTES + writer.length)
}

function targetsOf(services: Services, request: FetchRequest, apiVersion: number): FetchTarget[] {
  return request.topics.flatMap(({ topic, topicId, partitions }) => {
    const name = apiVersion >= BY_ID ? services.metadata().topicById(topicId)?.name : topic
    return partitions.map((wanted) => ({
      topic: name,
      topicId,
      index: wanted.partition,
      fetchOffset: wanted.fetchOffset,
      currentLeaderEpoch: wanted.currentLeaderEpoch,
      lastFetchedEpoch: wanted.lastFetchedEpoch,
      bytesMax: wanted.partitionMaxBytes,
    }))
  })
}

type News = { readonly target: FetchTarget; readonly result: FetchedPartition }

/** Neighbours of one topic share an entry, as they did in the request. */
function responseOf(services: Services, news: readonly News[], apiVersion: number) {
  const leaders = new Set<number>()
  const responses: { topic: string; topicId: string; partitions: ReturnType<typeof partitionOf>[] }[] = []
  for (const { target, result } of news) {
    const topic = target.topic ?? ''
    let entry = responses.at(-1)
    if (entry?.topic !== topic || entry.topicId !== target.topicId) {
      entry = { topic, topicId: target.topicId, partitions: [] }
      responses.push(entry)
    }
    const asks = apiVersion >= LEADER_HINTS
    const hint = asks
      ? leaderHint(services, result.errorCode, target.topic, target.index, leaders)
      : undefined
    entry.partitions.push(partitionOf(target, result, hint))
  }
  return { responses, nodeEndpoints: nodeEndpoints(services, leaders) }
}

function partitionOf(target: FetchTarget, result: FetchedPartition, hint: ReturnType<typeof leaderHint>) {
  const { errorCode, divergingEpoch, ...fetched } = result
  return {
    partitionIndex: target.index,
    errorCode,
    ...fetched,
    ...(divergingEpoch ? { divergingEpoch } : {}),
    ...(hint ? { currentLeader: hint } : {}),
  }
}
