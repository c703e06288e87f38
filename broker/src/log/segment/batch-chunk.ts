/**
 * A chunk of a .log file in memory: finds where the response to a fetch begins and ends in it.
 *
 *   chunk     | batch 40-42 | batch 43-47 | batch 48-48 | bat
 *             ^ the index points here      offset 45: skip to 43-47; whole batches only, so end after 48-48
 *
 * BATCH-CHUNK-1  what is returned begins and ends at a batch boundary
 */
import { baseOffsetAt, batchSizeAt, HEADER_SIZE, lastOffsetAt } from '../../record/batch.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'

/** The position in `chunk` of the first batch that ends at or after `offset`; the chunk's end if there is none. */
export function skipTo(chunk: Uint8Array, offset: number): number {
  let at = 0
  while (at + HEADER_SIZE <= chunk.length && lastOffsetAt(chunk, at) < offset) {
    const size = batchSizeAt(chunk, at)
    if (size < HEADER_SIZE) throw corruptAt(size)
    at += size
  }
  return at
}

/** The end of the whole batches from `start` on. It may lie beyond the chunk: the first batch must be sent whole. */
export function cutBatches(
  chunk: Uint8Array,
  start: number,
  {
    maxBytes,
    minOneBatch,
    upTo,
    offset,
  }: { maxBytes: number; minOneBatch: boolean; upTo: number; offset: number },
): { end: number; nextOffset: number } {
  let end = start
  let nextOffset = offset
  while (end + HEADER_SIZE <= chunk.length && baseOffsetAt(chunk, end) < upTo) {
    const after = end + batchSizeAt(chunk, end)
    const forced = end === start && minOneBatch
    if (!forced && (after - start > maxBytes || after > chunk.length)) break
    nextOffset = lastOffsetAt(chunk, end) + 1
    end = after
    if (end > chunk.length) break
  }
  return { end, nextOffset }
}

/** Error for bytes that are not a batch: reading stops there, because what follows is unknown. */
export function corruptAt(size: number): KafkaError {
  return new KafkaError(ErrorCode.CORRUPT_MESSAGE, `a batch of ${size} bytes: the segment is damaged`)
}
