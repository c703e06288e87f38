/**
 * Reads a log from which state is rebuilt: the metadata log, and the coordinators' partitions.
 *
 * A consumer verifies the checksum of what it reads, and stops at a damaged batch. State that is rebuilt from a log needs
 * the same care: one flipped bit could be a deleted topic, or another committed offset, and later writes would build on
 * it. So every batch is verified, and reading stops at the first damaged one, with the name of the file and the
 * position.
 *
 *   .log   | 0..4 | 5..9 | 10..~~ |            damaged: __consumer_offsets-3/…000.log, byte 412, offset 10
 *
 * (Kafka's loaders do not verify checksums: a flipped bit is accepted, or fails when it is decoded.)
 *
 * SOUND-BATCHES-1  a batch is visited only if it is complete, its checksum matches, and its offset follows the batch
 *     before
 * SOUND-BATCHES-2  an error that `visit` throws at a batch gets the same position
 * SOUND-BATCHES-3  reading may take many turns. If compaction replaces a segment meanwhile, it continues in the new one,
 *     behind the offsets that it has read; batches that are appended meanwhile are visited, too
 */
import { StorageError } from '../core.ts'
import { computeCrc, crcAt, MAGIC_V2, magicAt } from '../record/batch.ts'
import type { Steps } from '../turns.ts'
import { segmentFile } from './files.ts'
import type { VisitBatch } from './log.ts'
import { batchesIn } from './segment/batch-reader.ts'
import type { Segment } from './segment/segment.ts'
import type { Segments } from './segment/segments.ts'

/** A file is damaged; `message` is one line for people, with the file and the position. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError'
}

/** `position` in bytes; `offset`: the one that is expected there. */
interface Place {
  readonly position: number
  readonly offset: number
}

/** The error for a position in `file`, which is named relative to the log directory. */
export function damagedAt(file: string, { position, offset }: Place, why: string): DamagedLogError {
  return new DamagedLogError(`${file} is damaged at byte ${position}, offset ${offset}: ${why}`)
}

/**
 * Visits each batch of the segments that ends at or behind `from` (SOUND-BATCHES-1), in the steps of `visit`. Throws
 * DamagedLogError, StorageError.
 */
export function* visitSoundBatches(
  { folder, segments }: { readonly folder: string; readonly segments: Segments },
  from: number,
  visit: VisitBatch,
): Steps<void> {
  let next = from
  for (let index = segments.indexFor(from); index < segments.all.length; ) {
    const segment = segments.all[index]!
    const { size } = segment
    const isReplaced = (): boolean => segments.all[index] !== segment
    next = yield* visitSegment(folder, segment, { from: next, size, isReplaced }, visit)
    // SOUND-BATCHES-3
    index = isReplaced() || segment.size > size ? segments.indexFor(next) : index + 1
  }
}

/** Visits the batches in the first `size` bytes that end at or behind `from`, until the segment is replaced; returns the offset behind them. */
function* visitSegment(
  folder: string,
  segment: Segment,
  { from, size, isReplaced }: { from: number; size: number; isReplaced: () => boolean },
  visit: VisitBatch,
): Steps<number> {
  const file = `${folder}/${segmentFile(segment.baseOffset, 'log')}`
  const batches = batchesIn(segment.file, segment.offsetIndex.lookup(from), size)
  let end = segment.baseOffset
  let step = batches.next()
  for (; !step.done; step = batches.next()) {
    const { header, position, bytes, at } = step.value
    const place = { position, offset: Math.max(from, end) }
    if (magicAt(bytes, at) !== MAGIC_V2 || computeCrc(bytes, at) !== crcAt(bytes, at))
      throw damagedAt(file, place, 'its checksum does not match its bytes')
    if (header.baseOffset < end || header.lastOffset < header.baseOffset)
      throw damagedAt(file, place, `offset ${header.baseOffset} does not follow`)
    end = header.lastOffset + 1
    if (header.lastOffset < from) continue
    try {
      yield* visit(bytes, at)
    } catch (error) {
      throw error instanceof StorageError ? error : undecodable(file, place, error)
    }
    if (isReplaced()) return end
  }
  const offset = Math.max(from, end)
  if (step.value < size) throw damagedAt(file, { position: step.value, offset }, 'there is no complete batch')
  return offset
}

/** SOUND-BATCHES-2. */
function undecodable(file: string, place: Place, error: unknown): DamagedLogError {
  const why = error instanceof Error ? error.message : String(error)
  return damagedAt(file, place, `it can't be decoded: ${why}`)
}
