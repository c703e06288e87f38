/**
 * ListOffsets for one partition: the offset at an end of the log, or for a timestamp.
 *
 * (kafka.cluster.Partition.fetchOffsetForTimestamp)
 */
import type { Log, TimestampAndOffset } from '../log/log.ts'
import type { Steps } from '../turns.ts'
import type { Int64 } from '../wire/int64.ts'

/** The result if there is no such record. */
export const NO_OFFSET: TimestampAndOffset = { offset: -1, timestamp: -1, leaderEpoch: -1 }

/**
 * The first record below `end` with at least this timestamp (ms). Negative timestamps have a meaning:
 *
 *   -1  `end` itself        -2, -4  the log start offset (there is no tiered storage)
 *   -3  the record with the largest timestamp           -5, -6  tiered storage: no offset
 *
 * Batches are decoded in steps. Returns NO_OFFSET if there is no such record.
 */
export function* listedOffset(
  log: Log,
  { timestamp, end, leaderEpoch }: { timestamp: Int64; end: number; leaderEpoch: number },
): Steps<TimestampAndOffset> {
  const start = log.logStartOffset
  const visible = (found: TimestampAndOffset | undefined) => (found && found.offset < end ? found : NO_OFFSET)
  switch (timestamp) {
    case -1:
      return { offset: end, timestamp: -1, leaderEpoch }
    case -2:
    case -4:
      return { offset: start, timestamp: -1, leaderEpoch: log.epochForOffset(start) }
    case -3:
      return visible(yield* log.maxTimestampOffset())
    case -5:
    case -6:
      return NO_OFFSET
    default:
      return visible(yield* log.offsetForTimestamp(timestamp))
  }
}
