/**
 * The client's side of a fetch session (KIP-227): a replica fetcher names only the partitions that changed since its last request.
 *
 * The leader remembers what this node fetches (fetch-session.ts). A fetcher of a thousand idle partitions would otherwise send
 * and get a thousand entries twice a second.
 *
 *   state            the next request                          the response                        next state
 *   none             id 0, epoch 0, all partitions             id n                                session n, epoch 1
 *                                                              id 0: the leader has no room        none
 *   session n, e     id n, epoch e, what changed; what is      no error                            session n, e + 1
 *                      no longer fetched is forgotten          FETCH_SESSION_ID_NOT_FOUND          none
 *                                                              another error, or none arrives      replace n
 *   replace n        id n, epoch 0, all partitions: ends       as for "none"
 *                      session n, and asks for a new one
 *
 * FETCH-SESSION-HANDLER-1  after a response that did not arrive all partitions are named again: the leader may have counted the
 *     request, or not
 * FETCH-SESSION-HANDLER-2  a partition is named again whenever one of its values differs from those that the leader remembers
 * FETCH-SESSION-HANDLER-3  the epochs of a session are 1, 2, …, 2^31 - 1, 1
 *
 * (org.apache.kafka.clients.FetchSessionHandler)
 */
import { ErrorCode } from '../wire/errors.ts'

const EPOCH_MAX = 0x7fff_ffff
const NO_SESSION = 0
const NEW_SESSION = 0

/** What a request asks for one partition. */
export interface PartitionFetch {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  readonly leaderEpoch: number
  readonly fetchOffset: number
  readonly lastFetchedEpoch: number
  readonly logStartOffset: number
}

export interface SessionFetch<Fetch extends PartitionFetch> {
  readonly sessionId: number
  readonly sessionEpoch: number
  /** All partitions are named: the response has all of them, too. */
  readonly isFull: boolean
  readonly named: readonly Fetch[]
  readonly forgotten: readonly PartitionFetch[]
}

export class FetchSessionHandler {
  private sessionId = NO_SESSION
  private epoch = NEW_SESSION
  /** What the leader remembers, by `keyOf`. */
  private remembered = new Map<string, PartitionFetch>()

  /** The next request for `wanted`, by `keyOf`. */
  next<Fetch extends PartitionFetch>(wanted: ReadonlyMap<string, Fetch>): SessionFetch<Fetch> {
    const { sessionId, epoch: sessionEpoch, remembered } = this
    this.remembered = new Map(wanted)
    if (sessionEpoch === NEW_SESSION)
      return { sessionId, sessionEpoch, isFull: true, named: [...wanted.values()], forgotten: [] }
    const named: Fetch[] = []
    for (const [key, fetch] of wanted) if (!isSame(fetch, remembered.get(key))) named.push(fetch)
    const forgotten: PartitionFetch[] = []
    for (const [key, fetch] of remembered) if (!wanted.has(key)) forgotten.push(fetch)
    return { sessionId, sessionEpoch, isFull: false, named, forgotten }
  }

  /** A response, or undefined: none has arrived. */
  onResponse(response: { readonly errorCode: number; readonly sessionId: number } | undefined): void {
    if (response?.errorCode === ErrorCode.NONE) {
      this.sessionId = response.sessionId
      this.epoch = response.sessionId === NO_SESSION ? NEW_SESSION : after(this.epoch)
      return
    }
    if (response?.errorCode === ErrorCode.FETCH_SESSION_ID_NOT_FOUND) this.sessionId = NO_SESSION
    this.epoch = NEW_SESSION
  }
}

/** The partition of a fetch, as the response names it. */
export function keyOf(topicId: string, index: number): string {
  return `${topicId}:${index}`
}

/** FETCH-SESSION-HANDLER-3. */
function after(epoch: number): number {
  return epoch === EPOCH_MAX ? 1 : epoch + 1
}

/** FETCH-SESSION-HANDLER-2. */
function isSame(a: PartitionFetch, b: PartitionFetch | undefined): boolean {
  return (
    b !== undefined &&
    a.leaderEpoch === b.leaderEpoch &&
    a.fetchOffset === b.fetchOffset &&
    a.lastFetchedEpoch === b.lastFetchedEpoch &&
    a.logStartOffset === b.logStartOffset
  )
}
