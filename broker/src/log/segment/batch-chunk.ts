/**
 * A chunk of a .log file in memory: where in it the answer to a fetch begins and ends.
 *
 *   chunk     | batch 40-42 | batch 43-47 | batch 48-48 | bat
 *             ^ where the index points     offset 45: skip to 43-47; whole batches only, so not beyond 48-48
 *
 * BATCH-CHUNK-1  what is handed out begins and ends with a batch
 */
import { baseOffsetAt, batchSizeAt, HEADER_SIZE, lastOffsetAt } from '../../record/batch.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'

/** Where in `chunk` the first batch begins that ends at or after `offset`; the chunk's end when none does. */
export function skipTo(chunk: Uint8Array, offset: number): number {
  let at = 0
  while (at + HEADER_SIZE <= chunk.length && lastOffsetAt(chunk, at) < offset) {
    const size = batchSizeAt(chunk, at)
    if (size < HEADER_SIZE) throw corruptAt(size)
    at += size
  }
  return at
}

/** How far whole batches from `start` may go. `end` beyond the chunk: the first batch, which must go whole. */
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

/** Whoever comes upon bytes that are no batch goes no further: what follows may be anything. */
export function corruptAt(size: number): KafkaError {
  return new KafkaError(ErrorCode.CORRUPT_MESSAGE, `a batch of ${size} bytes: the segment is damaged`)
}
