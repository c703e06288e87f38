/**
 * What a leader knows of one follower: how far the follower's log reaches, and when it was last caught up.
 *
 * A follower sends no report of its own. Its Fetch is the report: a follower that fetches from offset 42 has all records
 * below 42.
 *
 *   leader's log     0 . . . . . . . . 41 | 42 . . . . 49 |
 *   Fetch from 42      the follower has   |   is missing  | 50: the leader's log end when the Fetch arrived
 *
 * A follower is caught up at a time t if it had all records that the leader had at t. Its last such time is
 *
 *   fetch offset >= the leader's log end now                      now
 *   fetch offset >= the leader's log end at the previous Fetch    the time of the previous Fetch
 *   otherwise                                                     as before
 *
 * The second line is for a leader that gets a small batch every millisecond: its follower is always one batch behind, and is
 * in sync all the same.
 *
 * FOLLOWER-STATE-1  offset, time and broker epoch of a Fetch replace the former ones together. So no check can combine the
 *     offset that a broker had before its restart with its broker epoch after it (KAFKA-15221)
 * FOLLOWER-STATE-2  a new leader knows no offset of any follower, whatever it knew when it was leader before
 * FOLLOWER-STATE-3  the last caught-up time does not decrease in a leader epoch
 *
 * (kafka.cluster: Replica, ReplicaState; KIP-903)
 */

/** No Fetch has arrived since the leader was elected. */
export const UNKNOWN_OFFSET = -1
const NEVER = Number.NEGATIVE_INFINITY

export interface FollowerState {
  readonly logStartOffset: number
  /** UNKNOWN_OFFSET before the first Fetch. */
  readonly logEndOffset: number
  /** The leader's log end when the last Fetch arrived. */
  readonly leaderEndOffset: number
  /** Monotonic ms. */
  readonly lastFetchMs: number
  /** Monotonic ms; -Infinity if it was not caught up since the election. */
  readonly lastCaughtUpMs: number
  /** The broker epoch in its last Fetch, -1 if that had none; undefined before the first Fetch. */
  readonly brokerEpoch: number | undefined
}

/** One Fetch of a follower, as it arrived. */
export interface FollowerFetch {
  readonly fetchOffset: number
  readonly logStartOffset: number
  readonly brokerEpoch: number
  readonly leaderEndOffset: number
  readonly nowMs: number
}

/** A follower of a new leader. Members of the ISR get the full replica.lag.time.max.ms before they can be removed. */
export function unknownFollower(isInSync: boolean, nowMs: number): FollowerState {
  return {
    logStartOffset: UNKNOWN_OFFSET,
    logEndOffset: UNKNOWN_OFFSET,
    leaderEndOffset: UNKNOWN_OFFSET,
    lastFetchMs: NEVER,
    lastCaughtUpMs: isInSync ? nowMs : NEVER,
    brokerEpoch: undefined,
  }
}

/** The same leader has a new leader epoch: offsets stay known, times begin again. */
export function followerInNewEpoch(
  state: FollowerState,
  { isInSync, leaderEndOffset, nowMs }: { isInSync: boolean; leaderEndOffset: number; nowMs: number },
): FollowerState {
  const time = isInSync ? nowMs : NEVER
  return { ...state, leaderEndOffset, lastFetchMs: time, lastCaughtUpMs: time }
}

/** FOLLOWER-STATE-1. */
export function followerAfterFetch(state: FollowerState, fetch: FollowerFetch): FollowerState {
  const { fetchOffset, logStartOffset, brokerEpoch, leaderEndOffset, nowMs } = fetch
  let caughtUpMs = NEVER
  if (fetchOffset >= leaderEndOffset) caughtUpMs = nowMs
  else if (fetchOffset >= state.leaderEndOffset) caughtUpMs = state.lastFetchMs
  return {
    logStartOffset,
    logEndOffset: fetchOffset,
    leaderEndOffset: Math.max(leaderEndOffset, state.leaderEndOffset),
    lastFetchMs: nowMs,
    lastCaughtUpMs: Math.max(state.lastCaughtUpMs, caughtUpMs),
    brokerEpoch,
  }
}

/** Whether the follower has everything, or had everything at most `lagMsMax` ago. */
export function isCaughtUp(
  state: FollowerState,
  { leaderEndOffset, nowMs, lagMsMax }: { leaderEndOffset: number; nowMs: number; lagMsMax: number },
): boolean {
  return state.logEndOffset === leaderEndOffset || nowMs - state.lastCaughtUpMs <= lagMsMax
}
