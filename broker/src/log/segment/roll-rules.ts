/**
 * When a segment is done and the next one begins. (LogSegment.shouldRoll)
 *
 *   segment.bytes         the batch does not fit any more
 *   segment.ms            the batch is that much younger than the segment's first one, by the records' own time:
 *                         by the clock, a log that is copied to a new replica would roll at other places
 *   segment.jitter.ms     up to so much earlier: topics that were made together need not all roll at once
 *   segment.index.bytes   an index is full
 *   2^31 offsets          the indexes have four bytes for the distance from the base offset
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
 * Must a new segment begin before a batch of `bytes` with this greatest timestamp (ms) and last offset goes in?
 * `jitter`: 0 to 1, drawn for each segment.
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
