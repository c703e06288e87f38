/**
 * Looking up offsets by time: "where was this partition yesterday at noon?" (ListOffsets, KIP-79, KIP-734)
 *
 * The only reading that opens batches: segments, indexes and headers know the greatest timestamp of a stretch,
 * and only within the batch that is found do single records count. Three steps, each on a smaller piece:
 *
 *   segments     first one whose greatest timestamp is not before the one asked for
 *   time index   an offset before which everything is older
 *   batches      from there on: the first whose greatest timestamp is not before it, and in it the first record
 *
 * OFFSETS-BY-TIME-1  the answer's record is not older than asked for, and every record before it in the log is
 * OFFSETS-BY-TIME-2  one segment is looked into: when all of its records of that time were deleted by DeleteRecords,
 *     there is none, as in Kafka, though a later segment may have one (UnifiedLog.searchOffsetInLocalLog)
 * OFFSETS-BY-TIME-3  a batch may hold millions of records, so this is done in turns, between which the log may change:
 *     when the segment was deleted, replaced or cut meanwhile, the search begins anew
 */
import { type BatchHeader, codecOf } from '../record/batch.ts'
import type { Codecs } from '../record/compression.ts'
import { recordCursor, timestampOf } from '../record/record.ts'
import type { Steps } from '../turns.ts'
import type { Int64 } from '../wire/int64.ts'
import type { TimestampAndOffset } from './log.ts'
import { type VisitedBatch, walkBatches } from './segment/batch-reader.ts'
import type { Segment } from './segment/segment.ts'

/** What is searched: a log as it is now, whenever it is looked at. */
export interface SearchedLog {
  readonly segments: readonly Segment[]
  readonly codecs: Codecs
}

/** The first record at or after `startOffset` whose timestamp (ms) is not before `timestamp`. */
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
 * The first record with the greatest timestamp of all (KIP-734); undefined in an empty log. As in Kafka, one that was
 * deleted counts while its segment is there, and where no record has a time, the first record has the greatest: -1.
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

/** After so many records the work may be interrupted. */
const RECORDS_A_STEP = 500

/**
 * The first record of a batch that is wanted. A batch whose codec is not at hand is answered by its first offset: early,
 * but nothing is missed. Throws INVALID_RECORD, and what the codec throws.
 */
export function* findRecord(
  { header, bytes, at }: { readonly header: BatchHeader; readonly bytes: Uint8Array; readonly at: number },
  codecs: Codecs,
  isWanted: (timestamp: Int64, offset: number) => boolean,
): Steps<TimestampAndOffset | undefined> {
  const { baseOffset, partitionLeaderEpoch: leaderEpoch } = header
  if (codecOf(header) !== 0 && !codecs.has(codecOf(header)))
    return { offset: baseOffset, timestamp: header.maxTimestamp, leaderEpoch }
  const cursor = recordCursor(bytes, at, header, codecs)
  try {
    for (let progress = cursor.next(); progress !== 'end'; progress = cursor.next()) {
      if (progress === 'record') {
        const offset = baseOffset + cursor.offsetDelta
        const timestamp = timestampOf(header, cursor.timestampDelta)
        if (isWanted(timestamp, offset)) return { offset, timestamp, leaderEpoch }
      }
      if (progress === 'pause' || cursor.index % RECORDS_A_STEP === 0) yield
    }
    return undefined
  } finally {
    cursor.close()
  }
}
