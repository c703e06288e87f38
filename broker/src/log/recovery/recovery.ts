/**
 * Recovery: what a log does about a crash, when it is opened. (LogLoader, LogSegment.recover)
 *
 * A write that was under way when the machine went down may have left half a batch, or a hole of zeroes. What
 * was flushed is sound: it lies below the recovery point. So everything from there on is read once more:
 *
 *   .log   | batch | batch | batch | batch | ba~~~~                  ~ torn
 *                          ^ recovery point  ^ cut here
 *          '--- trusted ---' '- checked -----' '-- cut off
 *
 *   The indexes of a checked segment are written anew from its batches; segments behind a cut are deleted.
 *   Losing the tail is safe: with acks=all the other replicas have it, and this one fetches it again.
 *
 * After a clean shutdown nothing is read: every file was closed as it should be.
 *
 * RECOVERY-1  after recovery every batch in the log has a good checksum, and offsets rise
 * RECOVERY-2  a batch that was flushed is never cut off by a crash (damage of the disk is another matter:
 *     load-segments.ts)
 */
import { batchSizeAt, computeCrc, crcAt, HEADER_SIZE, MAGIC_V2, magicAt } from '../../record/batch.ts'
import type { LeaderEpochs } from '../leader-epochs.ts'
import type { ProducerStateManager } from '../producers/producer-state-manager.ts'
import { walkBatches } from '../segment/batch-reader.ts'
import type { Segment } from '../segment/segment.ts'

export interface RecoveredSegment {
  /** One past the last offset that is left. */
  readonly nextOffset: number
  /** Bytes that were cut off. */
  readonly cutBytes: number
}

/**
 * Reads a whole segment, cuts it at the first batch that is damaged, and writes its indexes anew. `producers`
 * must hold the state at the segment's base offset: the transaction index needs to know what was aborted.
 */
export function recoverSegment(
  segment: Segment,
  options: {
    indexIntervalBytes: number
    producers: ProducerStateManager
    leaderEpochs: LeaderEpochs
    /** Called with the position, before what lies behind it is cut off. */
    onCut?: (position: number) => void
  },
): RecoveredSegment {
  segment.resetIndexes()
  segment.transactionIndex.reset()
  const sizeBefore = segment.size
  let nextOffset = segment.baseOffset
  // #region torn-write
  const soundBytes = walkBatches(segment.file, 0, segment.size, ({ header, position, bytes, at }) => {
    // The base offset is outside the checksum: it must fit in with its neighbours.
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

/** The walk has seen to it that the batch is whole; now: is it what was written? */
function isSound(bytes: Uint8Array, at: number): boolean {
  if (batchSizeAt(bytes, at) < HEADER_SIZE || magicAt(bytes, at) !== MAGIC_V2) return false
  return computeCrc(bytes, at) === crcAt(bytes, at)
}

/** Brings the producers' state from where its snapshot ends to `endOffset`, the end of `segments`. */
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
