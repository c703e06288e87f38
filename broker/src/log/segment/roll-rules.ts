/**
 * When a segment is rolled. (LogSegment.shouldRoll)
 *
 *   segment.bytes         the batch does not fit any more
 *   segment.ms            the batch is this much younger than the segment's first one, by the records' timestamps: by
 *                         the clock, the copy of a log on a new replica would roll at other offsets
 *   segment.jitter.ms     up to this much earlier, so that topics created together do not all roll at once
 *   segment.index.bytes   an index is full
 *   2^31 offsets          an index entry has four bytes for the distance from the base offset
 */
import type { Clock } from '../../core.ts'
import type { Int64 } from '../../wire/int64.ts'
import type { Segment } from './segment.ts'

export interface SegmentLimits {
  readonly segmentBytes: number
  readonly segmentMs: number
  readonly segmentJitterMs: number
  readonly segmentIndexBytes: number
}

/**
 * Whether a new segment is needed before a batch with this size (bytes), greatest timestamp (ms) and last offset.
 * `jitter`: 0 to 1, random for each segment.
 */
export function shouldRoll(
  segment: Segment,
  batch: { bytes: number; maxTimestamp: Int64; lastOffset: number },
  limits: SegmentLimits,
  { clock, jitter }: { clock: Clock; jitter: number },
): boolean {
  if (segment.size > limits.segmentBytes - batch.bytes) return true
  if (segment.size > 0 && segment.ageMs(batch.maxTimestamp, clock) > segmentMs(limits, jitter)) return true
  return (
    segment.offsetIndex.isFull(limits.segmentIndexBytes) ||
    segment.timeIndex.isFull(limits.segmentIndexBytes) ||
    !segment.canHold(batch.lastOffset)
  )
}

function segmentMs({ segmentMs, segmentJitterMs }: SegmentLimits, jitter: number): number {
  return segmentMs - Math.floor(jitter * Math.min(segmentJitterMs, segmentMs))
}
