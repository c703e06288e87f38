/**
 * Finds offsets by timestamp: "where was this partition yesterday at noon?" (ListOffsets, KIP-79, KIP-734)
 *
 * This is the only read that opens batches. Segments, indexes and headers give the greatest timestamp of a range; only
 * in the batch that is found, single records are compared. Three steps, each on a smaller range:
 *
 *   segments     the first one whose greatest timestamp is at least the requested one
 *   time index   an offset before which all records are older
 *   batches      from there on: the first whose greatest timestamp is at least the requested one, and in it the record
 *
 * OFFSETS-BY-TIME-1  the record is not older than requested, and every record before it in the log is
 * OFFSETS-BY-TIME-2  one segment is searched: if DeleteRecords has removed all of its matching records, the result is
 *     empty, as in Kafka, though a later segment may have one (UnifiedLog.searchOffsetInLocalLog)
 * OFFSETS-BY-TIME-3  a batch may hold millions of records, so the search runs in turns, and the log may change between
 *     them: if the segment was deleted, replaced or truncated, the search starts again
 */
import { type BatchHeader, codecOf } from '../record/batch.ts'
import type { Codecs } from '../record/compression.ts'
import { recordCursor, timestampOf } from '../record/record.ts'
import type { Steps } from '../turns.ts'
import type { Int64 } from '../wire/int64.ts'
import type { TimestampAndOffset } from './log.ts'
import { type VisitedBatch, walkBatches } from './segment/batch-reader.ts'
import type { Segment } from './segment/segment.ts'

/** The log that is searched; the function returns its current state at each call. */
export interface SearchedLog {
  readonly segments: readonly Segment[]
  readonly codecs: Codecs
}

/** The first record at or after `startOffset` whose timestamp (ms) is at least `timestamp`. */
export function* findByTimestamp(
  log: () => SearchedLog,
  timestamp: Int64,
  startOffset: number,
): Steps<TimestampAndOffset | undefined> {
  for (;;) {
    const segment = log().segments.find(({ maxTimestamp }) => maxTimestamp.timestamp >= timestamp)
    if (!segment) return undefined
    const found = yield* findInSegment(log, segment, timestamp, startOffset) // OFFSETS-BY-TIME-2
    if (found !== 'the log has changed') return found
  }
}

/**
 * The first record with the greatest timestamp of all (KIP-734); undefined in an empty log. As in Kafka, a deleted record
 * counts while its segment exists, and if no record has a timestamp, the first record is returned with -1.
 */
export function* findMaxTimestamp(log: () => SearchedLog): Steps<TimestampAndOffset | undefined> {
  for (;;) {
    const [first, ...others] = log().segments
    const newest = others.reduce((max, segment) => (isNewer(segment, max) ? segment : max), first!)
    const found = yield* findInSegment(log, newest, newest.maxTimestamp.timestamp, 0)
    if (found !== 'the log has changed') return found
  }
}

function isNewer(segment: Segment, than: Segment): boolean {
  return segment.maxTimestamp.timestamp > than.maxTimestamp.timestamp
}

function* findInSegment(
  log: () => SearchedLog,
  segment: Segment,
  timestamp: Int64,
  startOffset: number,
): Steps<TimestampAndOffset | undefined | 'the log has changed'> {
  let position = segment.offsetIndex.lookup(Math.max(segment.timeIndex.lookup(timestamp), startOffset))
  for (;;) {
    let batch: VisitedBatch | undefined
    walkBatches(segment.file, position, segment.size, (visited) => {
      const { header } = visited
      if (header.maxTimestamp < timestamp || header.lastOffset < startOffset) return true
      batch = visited
      return false
    })
    if (!batch) return undefined
    const found = yield* findRecord(batch, log().codecs, (time, offset) => {
      return time >= timestamp && offset >= startOffset
    })
    if (found) return { ...found, offset: Math.max(found.offset, startOffset) }
    position = batch.position + batch.header.size
    if (!log().segments.includes(segment) || segment.size < position) return 'the log has changed' // OFFSETS-BY-TIME-3
  }
}

/** The search may pause after this many records. */
const RECORDS_A_STEP = 500

/**
 * The first matching record of a batch. If the codec of a batch is missing, its first offset is returned: too early, but
 * nothing is skipped. Throws INVALID_RECORD, and what the codec throws.
 */
export function* findRecord(
  { header, bytes, at }: { readonly header: BatchHeader; readonly bytes: Uint8Array; readonly at: number },
  codecs: Codecs,
  isWanted: (timestamp: Int64, offset: number) => boolean,
): Steps<TimestampAndOffset | undefined> {
  const { baseOffset, partitionLeaderEpoch: leaderEpoch } = header
  if (codecOf(header) !== 0 && !codecs.has(codecOf(header)))
    return { offset: baseOffset, timestamp: header.maxTimestamp, leaderEpoch }
  const cursor = recordCursor(bytes, at, header, codecs, { inTurns: true })
  try {
    for (let progress = cursor.next(); progress !== 'end'; progress = cursor.next()) {
      if (progress === 'record') {
        const offset = baseOffset + cursor.offsetDelta
        const timestamp = timestampOf(header, cursor.timestampDelta)
        if (isWanted(timestamp, offset)) return { offset, timestamp, leaderEpoch }
      }
      if (progress === 'pause' || cursor.index % RECORDS_A_STEP === 0) yield cursor.waitsFor
    }
    return undefined
  } finally {
    cursor.close()
  }
}
