/**
 * Fetch sessions: the broker remembers what a client fetches, so that requests contain only changes (KIP-227).
 *
 * A consumer of a thousand partitions would list all of them in every request, and get a thousand results, most of them
 * empty. With a session the request lists only the partitions that changed, and the response contains only partitions with
 * something new.
 *
 *   session id  epoch    the client requests              result
 *   0           -1       no session                       all partitions, session 0
 *   any         0        a new session (ends an old one)  all partitions, the new session id
 *   n           -1       the end of the session           all partitions, session 0
 *   n           e > 0    the next fetch of session n      only partitions with changes; or one of these errors:
 *                          n is unknown                   FETCH_SESSION_ID_NOT_FOUND
 *                          e is not the next epoch        INVALID_FETCH_SESSION_EPOCH (a response was lost)
 *                          names instead of ids, or back  FETCH_SESSION_TOPIC_ID_ERROR
 *
 * After an error the client starts a new session with a full request, so the broker may drop a session at any time. It keeps
 * a limited number, and drops the one that is idle for the longest time (max.incremental.fetch.session.cache.slots).
 *
 * FETCH-SESSION-1  a partition is in the response if it has records, an error, or another high watermark or log start
 *     than in its last result
 * FETCH-SESSION-2  the epochs of a session are 1, 2, …, 2^31 - 1, 1: never 0, which requests a new session
 * FETCH-SESSION-3  from the second response on, partitions with records move to the end of the session's order, so that
 *     each of them has its turn under a byte limit
 * FETCH-SESSION-4  the partitions of all sessions are limited: a request with too many gets no session, but all results
 * FETCH-SESSION-5  a session with topic ids keeps the first known name of each topic: if the topic is created again under
 *     its name, the old id gets INCONSISTENT_TOPIC_ID instead of UNKNOWN_TOPIC_ID (CachedPartition)
 *
 * (kafka.server: FetchSession, FetchManager)
 */
import { ErrorCode } from '../wire/errors.ts'
import type { FetchedPartition, FetchTarget } from './fetched.ts'

const EPOCH_MAX = 0x7fff_ffff
const NEW_SESSION = 0
const NO_SESSION = -1
const SESSION_ID_MAX = 0x7fff_ffff

interface SessionPartition {
  target: FetchTarget
  highWatermark: number
  logStartOffset: number
}

interface Session {
  readonly id: number
  readonly byId: boolean
  epoch: number
  lastUsedMs: number
  readonly partitions: Map<string, SessionPartition>
}

/**
 * The limit for the partitions of all sessions. Kafka limits only the sessions; a thousand of them with a million
 * partitions each would fill the memory. A client without a session lists all partitions each time.
 */
const PARTITIONS_MAX = 200_000
/** The limit for the partitions of one session: each request iterates over all of them. */
const SESSION_PARTITIONS_MAX = 20_000

/** What to fetch, and a function that selects the results for the response. */
export interface FetchContext {
  readonly sessionId: number
  readonly targets: readonly FetchTarget[]
  selectChanged(results: readonly FetchedPartition[]): { target: FetchTarget; result: FetchedPartition }[]
}

export interface SessionRequest {
  readonly sessionId: number
  readonly sessionEpoch: number
  /** Whether the request has topic ids instead of names (v13 and up). */
  readonly byId: boolean
  readonly targets: readonly FetchTarget[]
  /** Looks up the current name of a topic id. */
  readonly nameOf?: (topicId: string) => string | undefined
  readonly forgotten: readonly { readonly topic: string; readonly topicId: string; readonly index: number }[]
}

export interface FetchSessionSettings {
  readonly slotsMax: number
  /** A session that was used within this time (ms) is not dropped for another one. */
  readonly idleMsMin: number
}

export class FetchSessions {
  private readonly settings: FetchSessionSettings
  private readonly random: (bound: number) => number
  private readonly monotonicMs: () => number
  /** In the order of their last use, the oldest first. */
  private readonly sessions = new Map<number, Session>()
  /** The partitions of all sessions. */
  private partitionCount = 0

  /** `monotonicMs`: a clock that is never set (ms). */
  constructor(settings: FetchSessionSettings, random: (bound: number) => number, monotonicMs: () => number) {
    this.settings = settings
    this.random = random
    this.monotonicMs = monotonicMs
  }

  private add(session: Session): void {
    this.sessions.set(session.id, session)
    this.partitionCount += session.partitions.size
  }

  /** The number of sessions. */
  get size(): number {
    return this.sessions.size
  }

  /** The context of a request, or the error of its session. */
  open(request: SessionRequest): FetchContext | ErrorCode {
    if (request.sessionEpoch !== NEW_SESSION && request.sessionEpoch !== NO_SESSION) return this.next(request)
    this.drop(request.sessionId)
    const session = request.sessionEpoch === NEW_SESSION ? this.create(request) : undefined
    if (!session) return fullFetch(0, request.targets)
    return {
      ...fullFetch(session.id, request.targets),
      selectChanged: (results) => selectResults(session, request.targets, results, true),
    }
  }

  private create({ byId, targets }: SessionRequest): Session | undefined {
    if (targets.length > SESSION_PARTITIONS_MAX || !this.evictFor(targets.length)) return undefined
    let id = 0
    while (id === 0 || this.sessions.has(id)) id = this.random(SESSION_ID_MAX)
    const session: Session = { id, byId, epoch: 1, lastUsedMs: this.monotonicMs(), partitions: new Map() }
    for (const target of targets) updatePartition(session, target)
    this.add(session)
    return session
  }

  private evictFor(partitions: number): boolean {
    const hasRoom = (): boolean => this.partitionCount + partitions <= PARTITIONS_MAX
    for (const idle of this.sessions.values()) {
      if (hasRoom() || this.monotonicMs() - idle.lastUsedMs < this.settings.idleMsMin) break
      this.drop(idle.id)
    }
    if (!hasRoom()) return false
    if (this.sessions.size < this.settings.slotsMax) return true
    const [oldest] = this.sessions.values()
    if (!oldest || this.monotonicMs() - oldest.lastUsedMs < this.settings.idleMsMin) return false
    return this.drop(oldest.id)
  }

  private drop(id: number): boolean {
    this.partitionCount -= this.sessions.get(id)?.partitions.size ?? 0
    return this.sessions.delete(id)
  }

  private next(request: SessionRequest): FetchContext | ErrorCode {
    const session = this.sessions.get(request.sessionId)
    if (!session) return ErrorCode.FETCH_SESSION_ID_NOT_FOUND
    if (session.epoch !== request.sessionEpoch) return ErrorCode.INVALID_FETCH_SESSION_EPOCH
    if (session.byId !== request.byId) return ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR
    const isTooLarge = session.partitions.size + request.targets.length > 2 * SESSION_PARTITIONS_MAX
    this.drop(session.id)
    // FETCH-SESSION-4: the client starts again with a full request.
    if (isTooLarge) return ErrorCode.FETCH_SESSION_ID_NOT_FOUND
    for (const target of request.targets) updatePartition(session, target)
    for (const gone of request.forgotten) session.partitions.delete(keyOf(session, gone))
    if (session.partitions.size === 0) return fullFetch(0, [])
    session.epoch = session.epoch === EPOCH_MAX ? 1 : session.epoch + 1
    session.lastUsedMs = this.monotonicMs()
    this.add(session)
    const targets = Array.from(session.partitions.values(), (known) => withTopicName(known, request.nameOf))
    return {
      sessionId: session.id,
      targets,
      selectChanged: (results) => selectResults(session, targets, results, false),
    }
  }
}

function fullFetch(sessionId: number, targets: readonly FetchTarget[]): FetchContext {
  return {
    sessionId,
    targets,
    selectChanged: (results) => results.map((result, i) => ({ target: targets[i]!, result })),
  }
}

function keyOf(
  session: Session,
  { topic, topicId, index }: { topic: string | undefined; topicId: string; index: number },
): string {
  return `${session.byId ? topicId : topic}-${index}`
}

/** Returns the target; adds the topic name once it is known (FETCH-SESSION-5). */
function withTopicName(known: SessionPartition, nameOf: SessionRequest['nameOf']): FetchTarget {
  const topic = known.target.topic === undefined ? nameOf?.(known.target.topicId) : undefined
  if (topic !== undefined) known.target = { ...known.target, topic }
  return known.target
}

/** Adds or updates a partition of the session; keeps the values of its last result. */
function updatePartition(session: Session, target: FetchTarget): void {
  const key = keyOf(session, target)
  const known = session.partitions.get(key)
  if (known) known.target = { ...target, topic: known.target.topic ?? target.topic }
  else session.partitions.set(key, { target, highWatermark: -1, logStartOffset: -1 })
}

function selectResults(
  session: Session,
  targets: readonly FetchTarget[],
  results: readonly FetchedPartition[],
  all: boolean,
) {
  const selected: { target: FetchTarget; result: FetchedPartition }[] = []
  for (const [i, result] of results.entries()) {
    const target = targets[i]!
    const key = keyOf(session, target)
    const known = session.partitions.get(key)
    if (!(all || !known || hasChanged(known, result))) continue
    selected.push({ target, result })
    if (!known) continue
    // After an error the next result is included in any case (FetchSession.maybeUpdateResponseData).
    known.highWatermark = result.errorCode === ErrorCode.NONE ? result.highWatermark : -1
    known.logStartOffset = result.logStartOffset
    if (all || result.records.length === 0) continue
    session.partitions.delete(key)
    session.partitions.set(key, known)
  }
  return selected
}

function hasChanged(known: SessionPartition, result: FetchedPartition): boolean {
  return (
    result.records.length > 0 ||
    result.errorCode !== ErrorCode.NONE ||
    result.divergingEpoch !== undefined ||
    result.highWatermark !== known.highWatermark ||
    result.logStartOffset !== known.logStartOffset
  )
}
