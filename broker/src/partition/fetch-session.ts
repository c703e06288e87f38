/**
 * Fetch sessions: what a client fetches, remembered, so that it need not say so each time (KIP-227).
 *
 * A consumer of a thousand partitions would name a thousand of them in every request, and get a thousand answers, of
 * which most say "nothing new". With a session it names only what changed since its last request, and the answer only
 * has partitions with news.
 *
 *   session id  epoch    the client wants                 it gets
 *   0           -1       no session                       everything, session 0
 *   any         0        a new session (an old one ends)  everything, the new session's id
 *   n           -1       the session ended                everything, session 0
 *   n           e > 0    the next one of session n        news only; or one of these errors:
 *                          n is unknown                   FETCH_SESSION_ID_NOT_FOUND
 *                          e is not the next epoch        INVALID_FETCH_SESSION_EPOCH (an answer was lost)
 *                          names where ids were, or back  FETCH_SESSION_TOPIC_ID_ERROR
 *
 * After an error the client starts again in full, so a session may be forgotten at any time: a broker keeps so many,
 * and gives up the one that was idle longest for a newcomer (max.incremental.fetch.session.cache.slots).
 *
 * FETCH-SESSION-1  a partition is news when it has records, an error, or another high watermark or log start than last
 *     told
 * FETCH-SESSION-2  a session's epochs go 1, 2, …, 2^31 - 1, 1: never back to 0, which asks for a new session
 * FETCH-SESSION-3  from the second answer on, partitions with records go to the end of the session's order, so that
 *     each gets its turn under a byte limit
 * FETCH-SESSION-4  what all sessions hold together is bounded: a request for too much gets no session, and all that it
 *     asks for
 * FETCH-SESSION-5  a session by ids keeps each topic's name from when it first knew it: when the topic is made anew
 *     under its name, the old id is INCONSISTENT_TOPIC_ID, and not an id that nobody has heard of (CachedPartition)
 */
import { ErrorCode } from '../wire/errors.ts'
import type { FetchedPartition, FetchTarget } from './fetched.ts'

const EPOCH_MAX = 0x7fff_ffff
const NEW_SESSION = 0
const NO_SESSION = -1
const SESSION_ID_MAX = 0x7fff_ffff

interface Remembered {
  target: FetchTarget
  highWatermark: number
  logStartOffset: number
}

interface Session {
  readonly id: number
  readonly byId: boolean
  epoch: number
  lastUsedMs: number
  readonly partitions: Map<string, Remembered>
}

/**
 * Partitions in all sessions together. Kafka bounds the sessions only; a thousand of them with a million partitions each
 * would fill the memory. A client without a session names all partitions each time, and gets the same answers.
 */
const PARTITIONS_MAX = 200_000
/** Partitions of one session: each request goes through all of them. */
const SESSION_PARTITIONS_MAX = 20_000

/** What to fetch, and how to turn the results into an answer: pairs of what was asked and what came of it. */
export interface FetchContext {
  readonly sessionId: number
  readonly targets: readonly FetchTarget[]
  news(results: readonly FetchedPartition[]): { target: FetchTarget; result: FetchedPartition }[]
}

export interface SessionRequest {
  readonly sessionId: number
  readonly sessionEpoch: number
  /** Are topics named by their ids (v13 and up)? */
  readonly byId: boolean
  readonly targets: readonly FetchTarget[]
  /** The name of a topic now, by its id. */
  readonly nameOf?: (topicId: string) => string | undefined
  readonly forgotten: readonly { readonly topic: string; readonly topicId: string; readonly index: number }[]
}

export interface FetchSessionSettings {
  readonly slotsMax: number
  /** A session that was used within this time (ms) is not given up for another. */
  readonly idleMsMin: number
}

export class FetchSessions {
  private readonly settings: FetchSessionSettings
  private readonly random: (bound: number) => number
  private readonly monotonicMs: () => number
  /** In the order of their last use, the longest unused first. */
  private readonly sessions = new Map<number, Session>()
  /** In all sessions together. */
  private partitionCount = 0

  /** `monotonicMs`: time that passes whatever the wall clock does. */
  constructor(settings: FetchSessionSettings, random: (bound: number) => number, monotonicMs: () => number) {
    this.settings = settings
    this.random = random
    this.monotonicMs = monotonicMs
  }

  private add(session: Session): void {
    this.sessions.set(session.id, session)
    this.partitionCount += session.partitions.size
  }

  /** Sessions that are remembered. */
  get size(): number {
    return this.sessions.size
  }

  /** What a request stands for; an error code when its session is not as the client thinks. */
  open(request: SessionRequest): FetchContext | ErrorCode {
    if (request.sessionEpoch !== NEW_SESSION && request.sessionEpoch !== NO_SESSION) return this.next(request)
    this.forget(request.sessionId)
    const session = request.sessionEpoch === NEW_SESSION ? this.create(request) : undefined
    if (!session) return everything(0, request.targets)
    return {
      ...everything(session.id, request.targets),
      news: (results) => tell(session, request.targets, results, true),
    }
  }

  private create({ byId, targets }: SessionRequest): Session | undefined {
    if (targets.length > SESSION_PARTITIONS_MAX || !this.makeRoom(targets.length)) return undefined
    let id = 0
    while (id === 0 || this.sessions.has(id)) id = this.random(SESSION_ID_MAX)
    const session: Session = { id, byId, epoch: 1, lastUsedMs: this.monotonicMs(), partitions: new Map() }
    for (const target of targets) remember(session, target)
    this.add(session)
    return session
  }

  private makeRoom(partitions: number): boolean {
    const hasRoom = (): boolean => this.partitionCount + partitions <= PARTITIONS_MAX
    for (const idle of this.sessions.values()) {
      if (hasRoom() || this.monotonicMs() - idle.lastUsedMs < this.settings.idleMsMin) break
      this.forget(idle.id)
    }
    if (!hasRoom()) return false
    if (this.sessions.size < this.settings.slotsMax) return true
    const [oldest] = this.sessions.values()
    if (!oldest || this.monotonicMs() - oldest.lastUsedMs < this.settings.idleMsMin) return false
    return this.forget(oldest.id)
  }

  private forget(id: number): boolean {
    this.partitionCount -= this.sessions.get(id)?.partitions.size ?? 0
    return this.sessions.delete(id)
  }

  private next(request: SessionRequest): FetchContext | ErrorCode {
    const session = this.sessions.get(request.sessionId)
    if (!session) return ErrorCode.FETCH_SESSION_ID_NOT_FOUND
    if (session.epoch !== request.sessionEpoch) return ErrorCode.INVALID_FETCH_SESSION_EPOCH
    if (session.byId !== request.byId) return ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR
    const isTooLarge = session.partitions.size + request.targets.length > 2 * SESSION_PARTITIONS_MAX
    this.forget(session.id)
    // FETCH-SESSION-4: the client begins anew, with all that it wants.
    if (isTooLarge) return ErrorCode.FETCH_SESSION_ID_NOT_FOUND
    for (const target of request.targets) remember(session, target)
    for (const gone of request.forgotten) session.partitions.delete(keyOf(session, gone))
    if (session.partitions.size === 0) return everything(0, [])
    session.epoch = session.epoch === EPOCH_MAX ? 1 : session.epoch + 1
    session.lastUsedMs = this.monotonicMs()
    this.add(session)
    const targets = Array.from(session.partitions.values(), (known) => named(known, request.nameOf))
    return { sessionId: session.id, targets, news: (results) => tell(session, targets, results, false) }
  }
}

function everything(sessionId: number, targets: readonly FetchTarget[]): FetchContext {
  return {
    sessionId,
    targets,
    news: (results) => results.map((result, i) => ({ target: targets[i]!, result })),
  }
}

function keyOf(
  session: Session,
  { topic, topicId, index }: { topic: string | undefined; topicId: string; index: number },
): string {
  return `${session.byId ? topicId : topic}-${index}`
}

/** The target, with its topic's name if that is known by now (FETCH-SESSION-5). */
function named(known: Remembered, nameOf: SessionRequest['nameOf']): FetchTarget {
  const topic = known.target.topic === undefined ? nameOf?.(known.target.topicId) : undefined
  if (topic !== undefined) known.target = { ...known.target, topic }
  return known.target
}

/** Adds a partition, or changes what is asked of it; what was last told of it stays. */
function remember(session: Session, target: FetchTarget): void {
  const key = keyOf(session, target)
  const known = session.partitions.get(key)
  if (known) known.target = { ...target, topic: known.target.topic ?? target.topic }
  else session.partitions.set(key, { target, highWatermark: -1, logStartOffset: -1 })
}

function tell(
  session: Session,
  targets: readonly FetchTarget[],
  results: readonly FetchedPartition[],
  all: boolean,
) {
  const news: { target: FetchTarget; result: FetchedPartition }[] = []
  for (const [i, result] of results.entries()) {
    const target = targets[i]!
    const key = keyOf(session, target)
    const known = session.partitions.get(key)
    if (!(all || !known || isNews(known, result))) continue
    news.push({ target, result })
    if (!known) continue
    // After an error the partition is told again, whatever it says (FetchSession.maybeUpdateResponseData).
    known.highWatermark = result.errorCode === ErrorCode.NONE ? result.highWatermark : -1
    known.logStartOffset = result.logStartOffset
    if (all || result.records.length === 0) continue
    session.partitions.delete(key)
    session.partitions.set(key, known)
  }
  return news
}

function isNews(known: Remembered, result: FetchedPartition): boolean {
  return (
    result.records.length > 0 ||
    result.errorCode !== ErrorCode.NONE ||
    result.divergingEpoch !== undefined ||
    result.highWatermark !== known.highWatermark ||
    result.logStartOffset !== known.logStartOffset
  )
}
