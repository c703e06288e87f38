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
 * B1  the answer's record is not older than asked for, and every record before it in the log is
 * B2  one segment is looked into: when all of its records of that time were deleted by DeleteRecords, there is none, as
 *     in Kafka, though a later segment may have one (UnifiedLog.searchOffsetInLocalLog)
 */
import type { BatchHeader } from '../record/batch.ts'
import { codecOf } from '../record/batch.ts'
import type { Codecs } from '../record/compression.ts'
import { readRecords } from '../record/record.ts'
import { walkBatches } from './batch-reader.ts'
import type { TimestampAndOffset } from './log.ts'
import type { Segment } from './segment.ts'

/** The first record at or after `startOffset` whose timestamp (ms) is not before `timestamp`. */
export function findByTimestamp(
  segments: readonly Segment[],
  timestamp: number,
  startOffset: number,
  codecs: Codecs,
): TimestampAndOffset | undefined {
  const segment = segments.find(({ maxTimestamp }) => maxTimestamp.timestamp >= timestamp)
  return segment && findInSegment(segment, timestamp, startOffset, codecs) // B2
}

function findInSegment(
  segment: Segment,
  timestamp: number,
  startOffset: number,
  codecs: Codecs,
): TimestampAndOffset | undefined {
  let found: TimestampAndOffset | undefined
  const from = segment.offsetIndex.lookup(Math.max(segment.timeIndex.lookup(timestamp), startOffset))
  walkBatches(segment.file, from, segment.size, ({ header, bytes, at }) => {
    if (header.maxTimestamp < timestamp || header.lastOffset < startOffset) return true
    found = findInBatch({ header, bytes, at }, timestamp, startOffset, codecs)
    return found === undefined
  })
  return found
}

interface Batch {
  readonly header: BatchHeader
  readonly bytes: Uint8Array
  readonly at: number
}

/** A batch whose codec is not at hand is answered by its first offset: early, but nothing is missed. */
function findInBatch({ header, bytes, at }: Batch, timestamp: number, startOffset: number, codecs: Codecs) {
  const leaderEpoch = header.partitionLeaderEpoch
  if (codecOf(header) !== 0 && !codecs.has(codecOf(header))) {
    return { offset: Math.max(header.baseOffset, startOffset), timestamp: header.maxTimestamp, leaderEpoch }
  }
  for (const record of readRecords(bytes, at, codecs)) {
    if (record.timestamp < timestamp || record.offset < startOffset) continue
    return { offset: record.offset, timestamp: record.timestamp, leaderEpoch }
  }
  return undefined
}

/**
 * The first record with the greatest timestamp of all (KIP-734); undefined in an empty log. As in Kafka, one that was
 * deleted counts while its segment is there.
 */
export function findMaxTimestamp(
  segments: readonly Segment[],
  codecs: Codecs,
): TimestampAndOffset | undefined {
  let newest: Segment | undefined
  for (const segment of segments) {
    if (segment.maxTimestamp.timestamp > (newest?.maxTimestamp.timestamp ?? -1)) newest = segment
  }
  return newest && findInSegment(newest, newest.maxTimestamp.timestamp, 0, codecs)
}
