/**
 * What of a log compaction may touch, and whether it is worth it. (LogCleanerManager)
 *
 *     log start            first dirty          first uncleanable            end
 *     | a:1   b:4   c:5    | a:7   b:8   a:9    | d:10 ...                   |
 *     '---- clean ---------'----- dirty --------'----- not yet --------------'
 *
 *   Not yet: the active segment; what is not replicated, or belongs to a transaction that is not decided; and the
 *   first segment with a record younger than min.compaction.lag.ms, with all after it.
 *
 *   It begins when dirty / (clean + dirty) bytes exceed min.cleanable.dirty.ratio, or when the oldest dirty record
 *   has waited for max.compaction.lag.ms (KIP-354): whoever must forget within a week must also compact within it.
 *
 * CLEANABLE-1  whole segments only: the one that a bound lies in waits
 * CLEANABLE-2  what was compacted up to an offset that the log does not have (any more) was not compacted
 */
import type { LogConfig } from '../log.ts'
import type { Segment } from '../segment/segment.ts'

/** A log as far as this is concerned; `now` in ms. */
export interface CleanableView {
  readonly segments: readonly Segment[]
  readonly config: LogConfig
  readonly now: number
  readonly logStartOffset: number
  readonly lastStableOffset: number
  readonly logEndOffset: number
  /** Compacted up to here in earlier passes (cleaner-offset-checkpoint). */
  readonly firstDirtyOffset: number
}

/** Offsets; dirty is what lies between them. */
export interface CleanRange {
  readonly firstDirtyOffset: number
  readonly firstUncleanableOffset: number
}

export interface Cleanable extends CleanRange {
  /** Of the bytes that a pass would go over, the share that is dirty. */
  readonly ratio: number
}

/** The range that a pass would go over; undefined when it is not worth it yet. */
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

/** Has a record waited for max.compaction.lag.ms? Segments tell the time of their first batch. */
function isOverdue({ segments, config, now }: CleanableView, firstDirtyOffset: number): boolean {
  const times = dirtySegments(segments, firstDirtyOffset)
    .map((segment) => segment.firstBatchTimestamp)
    .filter((timestamp) => timestamp > 0)
  return times.some((timestamp) => timestamp < now - config.maxCompactionLagMs)
}

/** From the one that holds the first dirty offset on, without the active one. */
function dirtySegments(segments: readonly Segment[], firstDirtyOffset: number): readonly Segment[] {
  return segments.slice(floorIndex(segments, firstDirtyOffset), -1)
}

/** The number of the last segment whose base offset is not above `offset`; 0 when there is none. */
function floorIndex(segments: readonly Segment[], offset: number): number {
  return Math.max(
    0,
    segments.findLastIndex((segment) => segment.baseOffset <= offset),
  )
}

export function sizeOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.size, 0)
}
