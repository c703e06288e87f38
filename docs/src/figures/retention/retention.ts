/** What the figure of retention and its worker have in common. */

/** By what the topic of the figure deletes. */
export type RetentionRule = 'time' | 'size'

/**
 * `send`: a record of now; `fast`: one of a producer whose clock is FAST_MINUTES ahead; `wait`: WAIT_MINUTES pass; `read`: a reader
 * that was asleep asks for its next records.
 */
export type RetentionAction = 'send' | 'fast' | 'wait' | 'read'

export const WAIT_MINUTES = 10
export const FAST_MINUTES = 50
/** retention.ms of the figure when it deletes by time. */
export const RETENTION_MINUTES = 60
/** How many records fit into a segment of the figure, and how many retention.bytes is worth when it deletes by size. */
export const SEGMENT_RECORDS = 3
export const RETENTION_RECORDS = 5
/** How many records the reader gets at once. */
export const READ_RECORDS = 2

export interface StoredSegment {
  baseOffset: number
  /** `minutes`: by the record's timestamp, so below 0 if it lies ahead. */
  records: { offset: number; minutes: number }[]
}

export interface RetentionView {
  /** What lies on the disk, oldest first; the last one is active. */
  segments: StoredSegment[]
  logStart: number
  end: number
  /** Since the beginning. */
  minutes: number
  /** What the reader will ask for next. */
  position: number
  last: RetentionAction | null
  /** What the last action did: offsets that the reader got or that it will never get, offsets that were deleted. */
  got: number[]
  skipped: number[]
  deleted: number[]
  /** Kafka's name of the error that the reader got, or null. */
  error: string | null
}
