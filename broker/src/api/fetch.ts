/**
 * Fetch (key 1): records from an offset on, for consumers (and, one day, for followers).
 *
 *   v4 isolation level (KIP-98); v5 log start; v7 sessions (KIP-227); v9 leader epoch (KIP-320); v11 rack (KIP-392);
 *   v12 flexible, last fetched epoch (KIP-595); v13 topics by id (KIP-516); v15 replica state; v16 the new leader's
 *   address (KIP-951); v17 directories (KIP-853); v18 the follower's high watermark (KIP-1166)
 *
 * What it does when there is nothing to read: partition/waiting-fetch.ts.
 *
 * A fetch session spares a client from naming all its partitions each time. A broker may decline: it answers every
 * full request with session 0, and the client names them all again. This one does, for now; a request that goes on
 * with a session gets FETCH_SESSION_ID_NOT_FOUND and is made anew in full.
 */
import { FetchRequest, FetchResponse } from '../messages/fetch.ts'
import { type FetchedPartition, type FetchTarget, fetch } from '../partition/waiting-fetch.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api, type Services } from './api.ts'
import { leaderHint, nodeEndpoints } from './leader-hint.ts'

const READ_COMMITTED = 1
/** From this version on topics are named by their ids. */
const BY_ID = 13
/** From this version on the answer tells who leads (KIP-951). */
const LEADER_HINTS = 16

export const Fetch = api({
  request: FetchRequest,
  response: FetchResponse,
  handle: (services, request, { apiVersion }, reply) => {
    if (request.sessionEpoch > 0) return reply({ errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND })
    const params = {
      maxWaitMs: request.maxWaitMs,
      minBytes: request.minBytes,
      maxBytes: Math.min(request.maxBytes, services.config.get('fetch.max.bytes')),
      isolation: request.isolationLevel === READ_COMMITTED ? ('read_committed' as const) : ('read_uncommitted' as const),
    }
    fetch(services.replicas, params, targetsOf(services, request, apiVersion), (results) => {
      reply(responseOf(services, request, results, apiVersion))
    })
  },
})

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

function responseOf(services: Services, request: FetchRequest, results: FetchedPartition[], apiVersion: number) {
  const leaders = new Set<number>()
  let next = 0
  const responses = request.topics.map(({ topic, topicId, partitions }) => ({
    topic,
    topicId,
    partitions: partitions.map(({ partition }) => {
      const { errorCode, divergingEpoch, ...fetched } = results[next++]!
      const name = apiVersion >= BY_ID ? services.metadata().topicById(topicId)?.name : topic
      const hint = apiVersion >= LEADER_HINTS ? leaderHint(services, errorCode, name, partition, leaders) : undefined
      return {
        partitionIndex: partition,
        errorCode,
        ...fetched,
        ...(divergingEpoch ? { divergingEpoch } : {}),
        ...(hint ? { currentLeader: hint } : {}),
      }
    }),
  }))
  return { errorCode: ErrorCode.NONE, sessionId: 0, responses, nodeEndpoints: nodeEndpoints(services, leaders) }
}
