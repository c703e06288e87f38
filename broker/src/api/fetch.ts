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
import { fetch, UNHEARD_OF } from '../partition/waiting-fetch.ts'
import { ErrorCode } from '../wire/errors.ts'
import { Writer } from '../wire/writer.ts'
import { api, type RequestContext, type Services } from './api.ts'
import { leaderHint, nodeEndpoints } from './leader-hint.ts'

const READ_COMMITTED = 1
const ISOLATION_LEVELS: readonly number[] = [0, READ_COMMITTED]
/** Of a frame; Kafka counts it for responses, and not for requests. */
const LENGTH_BYTES = 4
/** From this version on topics are named by their ids. */
const BY_ID = 13
/** From this version on a follower tells its state, its id being a part of it. */
const REPLICA_STATE = 15
/** From this version on the answer tells who leads (KIP-951). */
const LEADER_HINTS = 16

export const Fetch = api({
  request: FetchRequest,
  response: FetchResponse,
  handle: (services, request, { apiVersion, usage, whenGone }, reply) => {
    if (!ISOLATION_LEVELS.includes(request.isolationLevel)) return reply(refusalOf(request, apiVersion))
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
      asFollower: (apiVersion >= REPLICA_STATE ? request.replicaState.replicaId : request.replicaId) >= 0,
    }
    const forget = fetch(services.replicas, params, context.targets, (results) => {
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
          ...withoutAddresses(responseOf(services, news, apiVersion), params.asFollower),
        },
        0,
      )
    })
    whenGone(forget)
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
  const targets = request.topics.flatMap(({ topic, topicId, partitions }) => {
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
  return targets.length > 1 ? onceEach(targets, apiVersion) : targets
}

/** A partition that is named twice is asked for once, in its first place and with its last wish. */
function onceEach(targets: readonly FetchTarget[], apiVersion: number): FetchTarget[] {
  const byName = new Map<string, FetchTarget>()
  for (const target of targets)
    byName.set(`${apiVersion >= BY_ID ? target.topicId : target.topic}-${target.index}`, target)
  return [...byName.values()]
}

/** The answer to a request that makes no sense as a whole: before v13 each partition says so, too. */
function refusalOf({ topics }: FetchRequest, apiVersion: number) {
  const errorCode = ErrorCode.UNKNOWN_SERVER_ERROR
  const refused = { errorCode, highWatermark: -1, records: new Uint8Array(0), abortedTransactions: [] }
  const responses = topics.map(({ topic, topicId, partitions }) => ({
    topic,
    topicId,
    partitions: partitions.map(({ partition }) => ({ partitionIndex: partition, ...refused })),
  }))
  return { errorCode, responses: apiVersion >= BY_ID ? [] : responses }
}

type News = { readonly target: FetchTarget; readonly result: FetchedPartition }

/** A follower knows the brokers: it is a broker itself. */
function withoutAddresses(answer: ReturnType<typeof responseOf>, asFollower: boolean) {
  return asFollower ? { ...answer, nodeEndpoints: [] } : answer
}

/** Neighbours of one topic share an entry, as they did in the request; what nobody has heard of comes last. */
function responseOf(services: Services, news: readonly News[], apiVersion: number) {
  const leaders = new Set<number>()
  const responses: { topic: string; topicId: string; partitions: ReturnType<typeof partitionOf>[] }[] = []
  const isUnheardOf = ({ result }: News) => UNHEARD_OF.includes(result.errorCode)
  const ordered = news.some(isUnheardOf)
    ? [...news.filter((each) => !isUnheardOf(each)), ...news.filter(isUnheardOf)]
    : news
  for (const { target, result } of ordered) {
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
