/**
 * Recovery: repairs a log after a crash, when it is opened. (LogLoader, LogSegment.recover)
 *
 * A write that was running when the machine crashed may have left half a batch, or zeroes. Flushed data is intact: it
 * lies below the recovery point. So everything from there on is read and checked:
 *
 *   .log   | batch | batch | batch | batch | ba~~~~                  ~ torn
 *                          ^ recovery point  ^ truncated here
 *          '--- trusted ---' '- checked -----' '-- removed
 *
 *   The indexes of a checked segment are rebuilt from its batches; segments after a truncation are deleted.
 *   Losing the tail is safe: with acks=all the other replicas have it, and this one fetches it again.
 *
 * After a clean shutdown nothing is read: every file is complete.
 *
 * RECOVERY-1  after recovery every batch in the log has a valid checksum, and offsets rise
 * RECOVERY-2  a flushed batch is never removed because of a crash (for a damaged disk see load-segments.ts)
 */
import { batchSizeAt, computeCrc, crcAt, HEADER_SIZE, MAGIC_V2, magicAt } from '../../record/batch.ts'
import type { LeaderEpochs } from '../leader-epochs.ts'
import type { ProducerStateManager } from '../producers/producer-state-manager.ts'
import { walkBatches } from '../segment/batch-reader.ts'
import type { Segment } from '../segment/segment.ts'

export interface RecoveredSegment {
  /** One past the last offset that is left. */
  readonly nextOffset: number
  /** Bytes that were removed. */
  readonly cutBytes: number
}

/**
 * Reads a whole segment, truncates it at the first damaged batch, and rebuilds its indexes. `producers` must hold the
 * state at the segment's base offset: the transaction index needs it for aborted transactions.
 */
export function recoverSegment(
  segment: Segment,
  options: {
    indexIntervalBytes: number
    producers: ProducerStateManager
    leaderEpochs: LeaderEpochs
    /** Called with the position before the bytes after it are removed. */
    onCut?: (position: number) => void
  },
): RecoveredSegment {
  segment.resetIndexes()
  segment.transactionIndex.reset()
  const sizeBefore = segment.size
  let nextOffset = segment.baseOffset
  // #region torn-write
  const soundBytes = walkBatches(segment.file, 0, segment.size, ({ header, position, bytes, at }) => {
    // The checksum does not cover the base offset: it must be above the batch before.
    if (header.baseOffset < nextOffset || !segment.canHold(header.lastOffset)) return false
    if (!isSound(bytes, at)) return false
    segment.index(header, position, options.indexIntervalBytes)
    const aborted = options.producers.update(header, bytes, at)
    if (aborted) segment.transactionIndex.append(aborted)
    options.leaderEpochs.assign(header.partitionLeaderEpoch, header.baseOffset)
    nextOffset = header.lastOffset + 1
    return true
  })
  if (soundBytes < segment.size) options.onCut?.(soundBytes)
  segment.cutAt(soundBytes)
  // #endregion torn-write
  return { nextOffset, cutBytes: sizeBefore - soundBytes }
}

/** The walk guarantees that the batch is complete. Checks whether its contents are valid. */
function isSound(bytes: Uint8Array, at: number): boolean {
  if (batchSizeAt(bytes, at) < HEADER_SIZE || magicAt(bytes, at) !== MAGIC_V2) return false
  return computeCrc(bytes, at) === crcAt(bytes, at)
}

/** Replays batches into the producers' state, from its snapshot to `endOffset`, the end of `segments`. */
export function replayProducers(
  producers: ProducerStateManager,
  segments: readonly Segment[],
  endOffset: number,
): void {
  const from = producers.mapEndOffset
  segments.forEach((segment, index) => {
    const next = segments[index + 1]?.baseOffset ?? endOffset
    if (next <= from) return
    walkBatches(segment.file, segment.offsetIndex.lookup(from), segment.size, ({ header, bytes, at }) => {
      if (header.lastOffset >= from) producers.update(header, bytes, at)
      return true
    })
  })
  producers.mapEndOffset = endOffset
}
