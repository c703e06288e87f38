/**
 * Settled time: a version of the wall clock that is safe for actions that can't be undone.
 *
 * A machine has two clocks, and neither is sufficient (Clock in core.ts). The wall clock knows the date, but it may be set:
 * by NTP, an administrator, or a host that gives its virtual machine a wrong hour for a second. The monotonic clock only
 * advances, but knows no date. Each use has its clock:
 *
 *   use                                                      clock      why
 *   LogAppendTime, times of markers, commits, group states   wall       others read them: they must be right at once
 *   limits for timestamps of producers                       wall       a correct producer has the same clock
 *   expire time of a commit, ages in responses               wall       compared with times that others know
 *   sessions, rebalances, delayed requests, throttled reads  timers     monotonic: setTimeout, virtual time
 *   quotas, thread time, turns                               monotonic  a rate needs elapsed time
 *   fetch sessions: idle since; flush.ms; repeated log lines monotonic  only this process knows them
 *   segment.ms and retention of records without times        monotonic  since the segment was created or opened here
 *   interval between metadata snapshots                      monotonic  since the last one, or the start
 *   timeout of a transaction                                 monotonic  since it began here; for one that was read from the
 *                                                                       log, its age by settled time at that moment
 *   assignment interval, refresh of expressions (KIP-848)    wall       stored in the log; a future time counts as passed
 *   retention.ms, metadata.max.retention.ms                  settled    deleted data can't be restored
 *   producer.id.expiration.ms, offsets.retention.minutes,    settled    the same
 *     transactional.id.expiration.ms
 *   min.compaction.lag.ms, delete horizons that have passed  settled    the same; new horizons are set by the wall clock
 *
 * Kafka uses the wall clock (Time.milliseconds) for nearly all of these, and the monotonic one (hiResClockMs) for timers:
 * if a clock is ten days ahead for a second, and a check runs in that second, ten days of retention are deleted.
 *
 * The distance between the two clocks is constant unless the wall clock is set:
 *
 *   wall       ___|''|______________|'''''''''''''''''''      ahead for a moment; later ahead permanently
 *   settled    _____________________________|''''''''''''      follows after SETTLING_MS
 *
 * Ten minutes, because an NTP daemon itself waits for five before it corrects a clock that is so wrong.
 *
 * SETTLED-TIME-1  settled time is never ahead of the wall clock
 * SETTLED-TIME-2  a wall clock that is set back is followed at once: a later deletion does no harm
 * SETTLED-TIME-3  a wall clock that is set ahead is followed when all readings of the last ten minutes were that far
 *     ahead: a laptop that slept for ten days deletes ten minutes after it woke up
 * SETTLED-TIME-4  the first reading is accepted, because there is nothing to compare it with: a broker that was off for
 *     ten days deletes at once, as Kafka does
 */
import type { Clock } from './core.ts'

/** How long a clock must be ahead before it is followed. */
const SETTLING_MS = 600_000

/** The readings of a clock: by how many ms its wall clock is ahead of its monotonic one. */
interface Seen {
  /** The accepted distance. */
  believed: number
  /** The smallest distance since the wall clock jumped ahead of the accepted one, and when that began (monotonic ms). */
  ahead: { least: number; readonly sinceMs: number } | undefined
}

/** Stored by clock, so that all users of a clock get the same settled time. */
const seenOf = new WeakMap<Clock, Seen>()

/** Ms since 1970, by a clock that does not jump ahead (SETTLED-TIME-1 to SETTLED-TIME-4). Whole ms. */
export function settledNow(clock: Clock): number {
  const monotonicMs = clock.monotonicMs()
  const distance = clock.now() - monotonicMs
  const seen = seenOf.get(clock) ?? { believed: distance, ahead: undefined }
  seenOf.set(clock, seen)
  if (distance <= seen.believed) {
    seen.believed = distance
    seen.ahead = undefined
  } else {
    seen.ahead ??= { least: distance, sinceMs: monotonicMs }
    seen.ahead.least = Math.min(seen.ahead.least, distance)
    if (monotonicMs - seen.ahead.sinceMs >= SETTLING_MS) {
      seen.believed = seen.ahead.least
      seen.ahead = distance > seen.believed ? { least: distance, sinceMs: monotonicMs } : undefined
    }
  }
  return Math.floor(monotonicMs + seen.believed)
}
