/**
 * Reads batches from a .log file: a chunk at a time, header by header.
 *
 * The length of a batch is in its header, so a walk jumps from header to header. Reading each header on its own would be
 * one system call per batch; so a chunk is read (1 MiB for long walks), and the jumps are in memory.
 *
 *   file    | batch | batch | ba          positions count bytes in the file
 *           '---- chunk --------'         a batch that crosses the chunk's end begins the next chunk
 *
 * BATCH-READER-1  a visited batch is complete: all its bytes are in the chunk
 * BATCH-READER-2  the walk ends before the first batch that is incomplete or has an invalid length, and returns where
 */
import type { StorageFile } from '../../core.ts'
import {
  type BatchHeader,
  batchSizeAt,
  HEADER_SIZE,
  lastOffsetAt,
  readBatchHeader,
} from '../../record/batch.ts'
import { corruptAt } from './batch-chunk.ts'

export const CHUNK_BYTES = 1_048_576

/** A visited batch: its bytes are `bytes[at .. at + header.size)`. */
export interface VisitedBatch {
  readonly header: BatchHeader
  /** Position of the batch in the file. */
  readonly position: number
  readonly bytes: Uint8Array
  readonly at: number
}

/** The batches from position `from` to `end`, in order. Returns the position where the walk ended (BATCH-READER-2). */
export function* batchesIn(
  file: StorageFile,
  from: number,
  end: number,
): Generator<VisitedBatch, number, void> {
  let position = from
  let want = CHUNK_BYTES
  while (position + HEADER_SIZE <= end) {
    const bytes = file.read(position, Math.min(want, end - position))
    let at = 0
    while (at + HEADER_SIZE <= bytes.length) {
      const size = batchSizeAt(bytes, at)
      if (size < HEADER_SIZE || position + at + size > end) return position + at
      if (at + size > bytes.length) break
      yield { header: readBatchHeader(bytes, at), position: position + at, bytes, at }
      at += size
    }
    if (at === 0 && bytes.length < Math.min(want, end - position)) return position
    want = at === 0 ? batchSizeAt(bytes, 0) : CHUNK_BYTES
    position += at
  }
  return position
}

/** The same with a function: `visit` returns false to stop before the next batch. */
export function walkBatches(
  file: StorageFile,
  from: number,
  end: number,
  visit: (batch: VisitedBatch) => boolean | undefined,
): number {
  const batches = batchesIn(file, from, end)
  for (;;) {
    const step = batches.next()
    if (step.done) return step.value
    if (visit(step.value) === false) return step.value.position
  }
}

/** Position and size of a batch in its file, in bytes. */
export interface BatchPlace {
  readonly position: number
  readonly size: number
}

/** How many bytes one search reads: as much as one index entry covers. */
const HOP_BYTES = 4096

/** The first batch that ends at or after `offset`, searched from `from`, where a batch begins, to `end`. Reads headers only. */
export function findBatch(
  file: StorageFile,
  from: number,
  end: number,
  offset: number,
): BatchPlace | undefined {
  let position = from
  while (position + HEADER_SIZE <= end) {
    const bytes = file.read(position, Math.min(HOP_BYTES, end - position))
    let at = 0
    while (at + HEADER_SIZE <= bytes.length) {
      const size = batchSizeAt(bytes, at)
      if (size < HEADER_SIZE) throw corruptAt(size)
      if (lastOffsetAt(bytes, at) >= offset) return { position: position + at, size }
      at += size
    }
    if (at === 0) return undefined
    position += at
  }
  return undefined
}
