/**
 * Where the high watermark of the metadata log advances: at the leader, to the offset that a majority of the voters has
 * on disk.
 *
 *   voters    1 (leader)  2     3          sorted: 62  60  57
 *   on disk   62          60    57                      ^ half of the voters or more are here: high watermark 60
 *
 * One condition more: the offset must be above the start of the leader's own epoch. A record of an older epoch may be
 * on a majority and still be lost, if a voter without it, but with a newer last epoch, is elected next. With a record
 * of this epoch on a majority, no such voter wins. So each leader first writes a LeaderChange record. (Raft, figure 8;
 * LeaderState.maybeUpdateHighWatermark)
 *
 * HIGH-WATERMARK-1  a majority of the voters has every record below the high watermark on disk
 * HIGH-WATERMARK-2  a leader has no high watermark before a record of its own epoch is on a majority
 * HIGH-WATERMARK-3  it never falls, even if a change of the voters makes the majority's offset smaller
 */

/** What a voter has on disk: undefined if the leader does not know it yet. */
export interface VoterProgress {
  readonly id: number
  readonly offset: number | undefined
}

/**
 * The high watermark after a change of offsets or voters; `current` if it stays. `voters`: all voters and no other replica;
 * a leader that is being removed is not among them.
 */
export function nextHighWatermark(
  voters: readonly VoterProgress[],
  { current, epochStartOffset }: { current: number | undefined; epochStartOffset: number },
): number | undefined {
  const offset = majorityOffset(voters)
  if (offset === undefined || offset <= epochStartOffset) return current
  return current === undefined ? offset : Math.max(current, offset)
}

/** The largest offset that a majority of the voters has reached. */
export function majorityOffset(voters: readonly VoterProgress[]): number | undefined {
  const falling = voters.map(({ offset }) => offset ?? -1).sort((a, b) => b - a)
  const offset = falling[Math.floor(voters.length / 2)]
  return offset === undefined || offset < 0 ? undefined : offset
}
