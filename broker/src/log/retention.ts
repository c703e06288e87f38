/**
 * Retention: which segments at the old end of a log may be deleted. (UnifiedLog.deleteOldSegments)
 *
 *   retention.ms      all records of the segment are older: its greatest timestamp, which producers set, is compared with
 *                     settled time (settled-time.ts), so that a clock that jumps for a moment does not empty the topics
 *   retention.bytes   the log without the segment is still large enough
 *   log start         DeleteRecords moved the log start beyond the segment
 *
 * RETENTION-1  whole segments are deleted, from the oldest on, without gaps
 * RETENTION-2  nothing at or above the high watermark is deleted
 * RETENTION-3  the active segment may be deleted if it is not empty; a new, empty one replaces it
 * RETENTION-4  the limits follow one another, log start, bytes, time: what the one leaves, the next one looks at
 */
import { type Int64, minus } from '../wire/int64.ts'
import type { LogConfig } from './log.ts'
import type { Segment } from './segment/segment.ts'

/** What retention needs to know of a log. */
export interface RetentionView {
  readonly segments: readonly Segment[]
  readonly config: LogConfig
  /** Settled time, ms since 1970. */
  readonly now: number
  readonly monotonicMs: number
  readonly logStartOffset: number
  readonly highWatermark: number
  readonly logEndOffset: number
}

// #region expired
/** How many of the oldest segments may be deleted (RETENTION-4). */
export function expiredSegments(view: RetentionView): number {
  const isLimited = view.config.cleanupPolicy.includes('delete')
  const limits = isLimited ? [countBelowStart, countByBytes, countByTime] : [countBelowStart]
  let count = 0
  for (const countBy of limits) count += countBy({ ...view, segments: view.segments.slice(count) })
  return count
}

function countBelowStart(view: RetentionView): number {
  return countWhile(view, (_, end) => end <= view.logStartOffset, false)
}

function countByTime(view: RetentionView): number {
  const { retentionMs } = view.config
  if (retentionMs < 0) return 0
  return countWhile(view, (segment) => ageMs(view, segment) > retentionMs, true)
}
// #endregion expired

function countByBytes(view: RetentionView): number {
  const { retentionBytes } = view.config
  if (retentionBytes < 0) return 0
  let excess = view.segments.reduce((sum, segment) => sum + segment.size, -retentionBytes)
  return countWhile(
    view,
    (segment) => {
      excess -= segment.size
      return excess >= 0
    },
    true,
  )
}

/** The age of the newest record. If records have no timestamps: the age of the segment. */
function ageMs({ now, monotonicMs }: RetentionView, segment: Segment): Int64 {
  const { timestamp } = segment.maxTimestamp
  return timestamp >= 0 ? minus(now, timestamp) : monotonicMs - segment.createdAt
}

/** RETENTION-1, RETENTION-2, RETENTION-3; `expired` gets a segment and its end offset. */
function countWhile(
  { segments, highWatermark, logEndOffset }: RetentionView,
  expired: (segment: Segment, end: number) => boolean,
  activeToo: boolean,
): number {
  let count = 0
  for (const segment of segments) {
    const next = segments[count + 1]
    const end = next?.baseOffset ?? logEndOffset
    if (!next && (!activeToo || segment.size === 0)) break
    if (end > highWatermark || !expired(segment, end)) break
    count++
  }
  return count
}
