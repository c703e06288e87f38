/**
 * Which part of a log compaction may clean, and whether a pass is worth it. (LogCleanerManager)
 *
 *     log start            first dirty          first uncleanable            end
 *     | a:1   b:4   c:5    | a:7   b:8   a:9    | d:10 ...                   |
 *     '---- clean ---------'----- dirty --------'----- not yet --------------'
 *
 *   Not yet: the active segment; offsets that are not replicated or belong to an open transaction; and the first segment
 *   with a record younger than min.compaction.lag.ms, with all segments after it.
 *
 *   A pass starts when dirty / (clean + dirty) bytes exceed min.cleanable.dirty.ratio, or when the oldest dirty record
 *   is older than max.compaction.lag.ms (KIP-354), for data that must be deleted within a given time.
 *
 * CLEANABLE-1  only whole segments are cleaned: a segment that contains a bound waits
 * CLEANABLE-2  a checkpointed offset that the log does not have (any more) is ignored
 */
import type { LogConfig } from '../log.ts'
import type { Segment } from '../segment/segment.ts'

/** What is needed to know of a log; `now` in ms. */
export interface CleanableView {
  readonly segments: readonly Segment[]
  readonly config: LogConfig
  readonly now: number
  readonly logStartOffset: number
  readonly lastStableOffset: number
  readonly logEndOffset: number
  /** Compacted up to here by earlier passes (cleaner-offset-checkpoint). */
  readonly firstDirtyOffset: number
}

/** Offsets; the dirty part lies between them. */
export interface CleanRange {
  readonly firstDirtyOffset: number
  readonly firstUncleanableOffset: number
}

export interface Cleanable extends CleanRange {
  /** The dirty share of the bytes that a pass would read. */
  readonly ratio: number
}

// #region cleanable
/** The range of the next pass; undefined if it is not worth it yet. */
export function cleanable(view: CleanableView): Cleanable | undefined {
  const firstDirtyOffset = firstDirty(view)
  const firstUncleanableOffset = firstUncleanable(view, firstDirtyOffset)
  const inRange = view.segments.filter((segment) => segment.baseOffset < firstUncleanableOffset)
  const dirtyFrom = floorIndex(inRange, firstDirtyOffset)
  const cleanBytes = sizeOf(inRange.slice(0, dirtyFrom))
  const dirtyBytes = firstUncleanableOffset > firstDirtyOffset ? sizeOf(inRange.slice(dirtyFrom)) : 0
  if (dirtyBytes === 0) return undefined
  const ratio = dirtyBytes / (cleanBytes + dirtyBytes)
  const due = ratio > view.config.minCleanableDirtyRatio || isOverdue(view, firstDirtyOffset)
  return due ? { firstDirtyOffset, firstUncleanableOffset, ratio } : undefined
}
// #endregion cleanable

/** CLEANABLE-2. */
function firstDirty({ firstDirtyOffset, logStartOffset, logEndOffset }: CleanableView): number {
  return firstDirtyOffset > logEndOffset ? logStartOffset : Math.max(firstDirtyOffset, logStartOffset)
}

function firstUncleanable(view: CleanableView, firstDirtyOffset: number): number {
  const { segments, config, now, lastStableOffset } = view
  const active = segments[segments.length - 1]!
  const tooYoung = now - config.minCompactionLagMs
  const young =
    config.minCompactionLagMs > 0
      ? dirtySegments(segments, firstDirtyOffset).find(
          ({ maxTimestamp }) => maxTimestamp.timestamp > tooYoung,
        )
      : undefined
  const bound = Math.min(lastStableOffset, active.baseOffset, young?.baseOffset ?? active.baseOffset)
  return segments[floorIndex(segments, Math.max(bound, firstDirtyOffset))]?.baseOffset ?? 0
}

/** Whether a record is older than max.compaction.lag.ms, judged by the first batch of its segment. */
function isOverdue({ segments, config, now }: CleanableView, firstDirtyOffset: number): boolean {
  const times = dirtySegments(segments, firstDirtyOffset)
    .map((segment) => segment.firstBatchTimestamp)
    .filter((timestamp) => timestamp > 0)
  return times.some((timestamp) => timestamp < now - config.maxCompactionLagMs)
}

/** From the segment that holds the first dirty offset on, without the active one. */
function dirtySegments(segments: readonly Segment[], firstDirtyOffset: number): readonly Segment[] {
  return segments.slice(floorIndex(segments, firstDirtyOffset), -1)
}

/** Index of the last segment whose base offset is at most `offset`; 0 if there is none. */
function floorIndex(segments: readonly Segment[], offset: number): number {
  return Math.max(
    0,
    segments.findLastIndex((segment) => segment.baseOffset <= offset),
  )
}

export function sizeOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.size, 0)
}
