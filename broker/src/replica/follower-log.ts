/**
 * How a follower's log becomes equal to its leader's: it truncates where the two diverge, and appends what it is missing.
 *
 * After an election, the log of a follower may hold records that the new leader has not: the old leader had sent them, and
 * never committed them. They must go, and nothing else. The high watermark does not tell where: a follower learns it one Fetch
 * later, so what it has above its own high watermark may be committed (KIP-101). Leader epochs do tell: an epoch has one
 * leader, so two logs are equal up to the smaller end of the last epoch that both contain (log/leader-epochs.ts).
 *
 *   the follower fetches from its log end, and names the epoch of its last record
 *   the leader compares, and answers with records, or with (epoch, end): the largest epoch <= that one in its log, and its end
 *
 *   offset          0  1  2  3  4  5  6  7
 *   follower        a  a  a  b  b  b             a: epoch 1, b: epoch 2, c: epoch 3
 *   leader          a  a  a  a  a  c  c  c       Fetch from 6, epoch 2  ->  epoch 1 ends at 5
 *
 *   does the follower know that epoch?
 *     yes   truncate to min(its end here, its end there)              epoch 1 ends at 3 here: min(3, 5) = 3
 *     no    truncate to the end of the largest smaller epoch here     and ask again, with that epoch (KIP-279): the end
 *                                                                     offset alone would keep records of another epoch
 *
 * FOLLOWER-LOG-1  it truncates to where both logs are certainly equal, never to its high watermark
 * FOLLOWER-LOG-2  records and the leader's high watermark are taken over together; from a response with a divergence, neither
 *     is (KAFKA-14704)
 * FOLLOWER-LOG-3  a batch of a later epoch than that of the request is not appended: it may not follow on this log (KAFKA-18723)
 * FOLLOWER-LOG-4  the log start follows the leader's, up to the high watermark
 *
 * (kafka.server: AbstractFetcherThread.getOffsetTruncationState, ReplicaFetcherThread.processPartitionData)
 */
import type { EpochEndOffset, Log } from '../log/log.ts'
import { baseOffsetAt, HEADER_SIZE, lastOffsetAt } from '../record/batch.ts'

/** What a Fetch response has for one partition, if there is no error and no divergence. */
export interface FetchedFromLeader {
  /** Whole batches; the last one may be cut off. */
  readonly records: Uint8Array
  /** The leader epoch of the request. */
  readonly leaderEpoch: number
  readonly highWatermark: number
  readonly logStartOffset: number
}

/** Throws CORRUPT_MESSAGE, StorageError, and an Error if the records do not follow on the log. */
export function appendFromLeader(log: Log, fetched: FetchedFromLeader): void {
  const { records, leaderEpoch, highWatermark, logStartOffset } = fetched
  if (records.length >= HEADER_SIZE) {
    startWithinBatch(log, records)
    log.appendAsFollower(records, leaderEpoch)
  }
  // The log limits it to its own end.
  log.highWatermark = highWatermark
  if (logStartOffset > log.logStartOffset)
    log.deleteRecordsBefore(Math.min(logStartOffset, log.highWatermark))
}

/** After DeleteRecords the leader's log may start within a batch: an empty log has to start with the whole batch. */
function startWithinBatch(log: Log, records: Uint8Array): void {
  const { logStartOffset, logEndOffset } = log
  const first = baseOffsetAt(records, 0)
  const isEmpty = logStartOffset === logEndOffset
  if (isEmpty && first < logEndOffset && lastOffsetAt(records, 0) >= logEndOffset)
    log.truncateFullyAndStartAt(first)
}

// #region divergence
/**
 * `theirs`: the largest epoch in the leader's log that is not above our last one, and its end there. Returns the offset up to
 * which both logs are certainly equal (exclusive).
 */
export function truncationOffset(log: Log, theirs: EpochEndOffset): number {
  const ours = log.endOffsetForEpoch(theirs.epoch)
  if (!ours) return Math.min(theirs.endOffset, log.logEndOffset)
  if (ours.epoch !== theirs.epoch) return Math.min(ours.endOffset, log.logEndOffset)
  return Math.min(ours.endOffset, theirs.endOffset, log.logEndOffset)
}
// #endregion divergence
