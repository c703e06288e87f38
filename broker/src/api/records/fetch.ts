/**
 * Fetch (key 1): records from an offset on, for consumers and for followers.
 *
 *   v4 isolation level (KIP-98); v5 log start; v7 sessions (KIP-227); v9 leader epoch (KIP-320); v11 rack (KIP-392);
 *   v12 flexible, last fetched epoch (KIP-595); v13 topics by id (KIP-516); v15 replica state; v16 the new leader's
 *   address (KIP-951); v17 directories (KIP-853); v18 the follower's high watermark (KIP-1166)
 *
 * How a delayed fetch works: replica/waiting-fetch.ts.
 *
 * Which partitions a session includes, and which of them a response contains: replica/fetch-session.ts.
 */
import { FetchRequest, FetchResponse } from '../../messages/fetch.ts'
import type { FetchedPartition, FetchTarget } from '../../replica/fetched.ts'
import {
  type FetchParams,
  failed,
  fetch,
  readError,
  UNKNOWN_PARTITION_ERRORS,
} from '../../replica/waiting-fetch.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { InputOf } from '../../wire/schema.ts'
import { Writer } from '../../wire/writer.ts'
import { api, type Reply, type RequestContext, type Services } from '../api.ts'
import { ALL_AT_ONCE, atOnce, forEachInTurns, mapInTurns } from '../in-turns.ts'
import { leaderHint, nodeEndpoints } from './leader-hint.ts'

const READ_COMMITTED = 1
const ISOLATION_LEVELS: readonly number[] = [0, READ_COMMITTED]
/** The length field of a frame; Kafka counts it for responses, but not for requests. */
const LENGTH_BYTES = 4
/** Up to this many partitions are fetched in one call; more are fetched in turns. */
const PARTITIONS_AT_ONCE = 500
/** Since this version topics are identified by id. */
const BY_ID = 13
/** Since this version consumers may read from followers (KIP-392). */
const FROM_FOLLOWERS = 11
/** Since this version a follower sends its replica state, which includes its id. */
const REPLICA_STATE = 15
/** Since this version the response names the current leader (KIP-951). */
const LEADER_HINTS = 16

export const Fetch = api({
  request: FetchRequest,
  response: FetchResponse,
  handle: (services, request, context, reply) => {
    const { apiVersion } = context
    if (!ISOLATION_LEVELS.includes(request.isolationLevel)) return reply(refusalOf(request, apiVersion))
    const count = request.topics.reduce((sum, { partitions }) => sum + partitions.length, 0)
    const isLarge = count > PARTITIONS_AT_ONCE
    const targets = targetsOf(isLarge ? services.turns : ALL_AT_ONCE, services, request, apiVersion)
    if (isLarge) context.inTurns(targets, (all) => fetchTargets(services, request, all, context, reply))
    else fetchTargets(services, request, atOnce(targets), context, reply)
  },
})

type Answer = InputOf<typeof FetchResponse>

/** Fetches all partitions of the session; `named` are those that the request itself names. */
function fetchTargets(
  services: Services,
  request: FetchRequest,
  named: readonly FetchTarget[],
  context: RequestContext,
  reply: Reply<Answer>,
): void {
  const { apiVersion, usage } = context
  const { sessionId, sessionEpoch, replicaId, replicaState } = request
  const session = services.replicas.sessions.open({
    sessionId,
    sessionEpoch,
    byId: apiVersion >= BY_ID,
    targets: named,
    nameOf: (topicId) => services.metadata().topicById(topicId)?.name,
    forgotten: request.forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
      partitions.map((index) => ({ topic, topicId, index })),
    ),
  })
  if (typeof session === 'number') return reply({ errorCode: session })
  const followerId = apiVersion >= REPLICA_STATE ? replicaState.replicaId : replicaId
  const isFollower = followerId >= 0
  // Clients' quotas do not apply to followers.
  const quotaBytesMax = isFollower ? Number.MAX_SAFE_INTEGER : services.quotas.fetchBytesMax(usage)
  const maxBytes = Math.min(request.maxBytes, services.config.get('fetch.max.bytes'), quotaBytesMax)
  const params: FetchParams = {
    maxWaitMs: request.maxWaitMs,
    // A Fetch does not wait for more bytes than it may return (KafkaApis.handleFetchRequest).
    minBytes: Math.min(request.minBytes, maxBytes),
    maxBytes,
    isolation: request.isolationLevel === READ_COMMITTED ? 'read_committed' : 'read_uncommitted',
    fromAnyReplica: !isFollower && apiVersion >= FROM_FOLLOWERS,
    follower: isFollower ? { id: followerId, brokerEpoch: Number(replicaState.replicaEpoch) } : undefined,
  }
  const { targets } = session
  const done = (results: FetchedPartition[]): void => {
    const throttleMs = isFollower ? 0 : throttle(services, targets, results, { apiVersion, usage })
    // No records are sent, so an existing session does not change and no new session begins.
    if (throttleMs > 0)
      return reply(
        { errorCode: ErrorCode.NONE, sessionId: sessionEpoch > 0 ? session.sessionId : 0 },
        throttleMs,
      )
    const news = session.selectChanged(results)
    const isLarge = news.length > PARTITIONS_AT_ONCE
    const response = responseOf(isLarge ? services.turns : ALL_AT_ONCE, services, news, apiVersion)
    const answer = (told: Told): void =>
      reply(
        {
          errorCode: ErrorCode.NONE,
          sessionId: session.sessionId,
          ...withoutAddresses(told, isFollower),
        },
        0,
      )
    if (isLarge) context.inTurns(response, answer)
    else answer(atOnce(response))
  }
  if (targets.length > PARTITIONS_AT_ONCE) fetchMany(services, params, targets, context, done)
  else context.onDisconnect(fetch(services.replicas, params, targets, done))
}

/**
 * Fetches many partitions. Unreadable ones are found in turns. The others are at most as many as this node leads, and are
 * read in one turn, because a FileSlice is valid for one turn only.
 */
function fetchMany(
  { replicas, turns }: Services,
  params: FetchParams,
  targets: readonly FetchTarget[],
  context: RequestContext,
  done: (results: FetchedPartition[]) => void,
): void {
  const failures = new Map<ErrorCode, FetchedPartition>()
  const failureOf = (target: FetchTarget): FetchedPartition | undefined => {
    const code = readError(replicas, params, target)
    if (code === undefined) return undefined
    const failure = failures.get(code) ?? failed(code)
    failures.set(code, failure)
    return failure
  }
  context.inTurns(mapInTurns(turns, targets, failureOf), (results) => {
    const readable = targets.filter((_, i) => !results[i])
    // An error in any partition completes the fetch at once.
    const asked = readable.length < targets.length ? { ...params, maxWaitMs: 0 } : params
    const forget = fetch(replicas, asked, readable, (fetched) => {
      let next = 0
      for (let i = 0; next < fetched.length; i++) results[i] ??= fetched[next++]
      done(results as FetchedPartition[])
    })
    context.onDisconnect(forget)
  })
}

/** How long the client is throttled if it has exceeded its quota. */
function throttle(
  services: Services,
  targets: readonly FetchTarget[],
  results: readonly FetchedPartition[],
  { apiVersion, usage }: Pick<RequestContext, 'apiVersion' | 'usage'>,
): number {
  if (!services.quotas.countsFetchedBytes) return 0
  const everything = results.map((result, i) => ({ target: targets[i]!, result }))
  const writer = new Writer(512)
  FetchResponse.encode(writer, apiVersion, atOnce(responseOf(ALL_AT_ONCE, services, everything, apiVersion)))
  return services.quotas.fetched(usage, LENGTH_BYTES + writer.length)
}

/**
 * The requested partitions. A partition that is named twice is fetched once, at its first position and with its last
 * parameters. The request's own list is released on the way: a million partitions need not be in memory twice.
 */
function* targetsOf(
  pace: Pace,
  services: Services,
  request: FetchRequest,
  apiVersion: number,
): Steps<FetchTarget[]> {
  const image = services.metadata()
  const targets: FetchTarget[] = []
  /** By topic and index: the position among the targets. */
  const places = new Map<string, Map<number, number>>()
  for (const { topic, topicId, partitions } of request.topics) {
    if (pace.isOver) yield
    const name = apiVersion >= BY_ID ? image.topicById(topicId)?.name : topic
    const key = apiVersion >= BY_ID ? topicId : topic
    const ofTopic = places.get(key) ?? new Map<number, number>()
    places.set(key, ofTopic)
    yield* forEachInTurns(pace, partitions, (wanted) => {
      const place = ofTopic.get(wanted.partition) ?? targets.length
      ofTopic.set(wanted.partition, place)
      targets[place] = {
        topic: name,
        topicId,
        index: wanted.partition,
        fetchOffset: wanted.fetchOffset,
        currentLeaderEpoch: wanted.currentLeaderEpoch,
        lastFetchedEpoch: wanted.lastFetchedEpoch,
        logStartOffset: wanted.logStartOffset,
        bytesMax: wanted.partitionMaxBytes,
      }
    })
    if (pace !== ALL_AT_ONCE) partitions.length = 0
  }
  return targets
}

/** The response to an invalid request: before v13 each partition has the error, too. */
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

/** A follower needs no broker addresses: it is a broker itself. */
function withoutAddresses(answer: Told, asFollower: boolean): Told {
  return asFollower ? { ...answer, nodeEndpoints: [] } : answer
}

interface Told {
  readonly responses: { topic: string; topicId: string; partitions: ReturnType<typeof partitionOf>[] }[]
  readonly nodeEndpoints: ReturnType<typeof nodeEndpoints>
}

/** Adjacent partitions of one topic share an entry, as in the request; unknown topics and partitions come last. */
function* responseOf(pace: Pace, services: Services, news: readonly News[], apiVersion: number): Steps<Told> {
  const leaders: number[] = []
  const responses: Told['responses'] = []
  const isUnknown = ({ result }: News) => UNKNOWN_PARTITION_ERRORS.includes(result.errorCode)
  const add = ({ target, result }: News): void => {
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
  let unknownCount = 0
  yield* forEachInTurns(pace, news, (each) => {
    if (isUnknown(each)) unknownCount++
    else add(each)
  })
  if (unknownCount > 0)
    yield* forEachInTurns(pace, news, (each) => {
      if (isUnknown(each)) add(each)
    })
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
