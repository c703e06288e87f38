/**
 * Settled time: the wall clock, as far as it can be trusted with what cannot be undone.
 *
 * A machine has two clocks, and neither is enough (Clock in core.ts). The wall clock knows what time it is, and somebody
 * may set it: NTP, an administrator, a host that gives its virtual machine a wrong hour for a second. The monotonic one
 * only goes on, and knows no date. What uses which:
 *
 *   use                                                      clock      why
 *   LogAppendTime, times of markers, commits, group states   wall       others read them: they must be right at once
 *   bounds on the times that producers set                   wall       the same clock that a good producer has
 *   expire time of a commit, ages that an answer shows       wall       compared with times that others know
 *   sessions, rebalances, delayed requests, throttled reads  timers     monotonic: setTimeout, virtual time
 *   quotas, time on the thread, turns                        monotonic  a rate is so much in so many ms that passed
 *   fetch sessions: idle since; flush.ms; repeated log lines monotonic  known to this process only
 *   segment.ms and retention of records without times        monotonic  since the segment was made or opened here
 *   interval between metadata snapshots                      monotonic  since the last one, or the start
 *   timeout of a transaction                                 monotonic  since it was opened here; one that was read from the
 *                                                                       log is as old as settled time says then
 *   assignment interval, refresh of expressions (KIP-848)    wall       they stand in the log; one from the future has passed
 *   retention.ms, metadata.max.retention.ms                  settled    what is deleted does not come back
 *   producer.id.expiration.ms, offsets.retention.minutes,    settled    the same
 *     transactional.id.expiration.ms
 *   min.compaction.lag.ms, delete horizons that have passed  settled    the same; a new horizon is set by the wall clock
 *
 * Kafka takes the wall clock (Time.milliseconds) for nearly all of these, and the monotonic one (hiResClockMs) for timers:
 * a clock that is ten days ahead for a second deletes what ten days of retention would, if a check falls into that second.
 *
 * How it works: the distance between the two clocks is constant while nobody sets the wall clock.
 *
 *   wall       ___|''|______________|'''''''''''''''''''      ahead for a moment; then set ahead for good
 *   settled    _____________________________|''''''''''''      follows when that has lasted for SETTLING_MS
 *
 * Ten minutes: a daemon of NTP itself waits for five before it believes that a clock is so wrong, and sets it back.
 *
 * SETTLED-TIME-1  settled time never is ahead of the wall clock
 * SETTLED-TIME-2  a wall clock that was set back is followed at once: waiting longer deletes nothing
 * SETTLED-TIME-3  a wall clock that was set ahead is followed when all that was seen of it for ten minutes was that far
 *     ahead: a laptop that slept for ten days deletes ten minutes after it woke
 * SETTLED-TIME-4  the first reading is believed, as there is nothing to compare it with: a broker that was off for ten
 *     days deletes at once, as Kafka does
 */
import type { Clock } from './core.ts'

/** How long a clock must have been ahead before it is followed. */
const SETTLING_MS = 600_000

/** What was seen of a clock: by how many ms its wall clock is ahead of its monotonic one. */
interface Seen {
  /** What is believed. */
  believed: number
  /** The least that was seen since the wall clock went ahead of what is believed, and when that began (monotonic ms). */
  ahead: { least: number; readonly sinceMs: number } | undefined
}

/** Kept with the clock, so that all who share a clock see the same. */
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
