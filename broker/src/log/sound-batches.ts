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
 */
import { StorageError } from '../core.ts'
import { computeCrc, crcAt, MAGIC_V2, magicAt } from '../record/batch.ts'
import { segmentFile } from './files.ts'
import type { VisitBatch } from './log.ts'
import { walkBatches } from './segment/batch-reader.ts'
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
 * Visits each batch of the segments that ends at or behind `from` (SOUND-BATCHES-1). Throws DamagedLogError,
 * StorageError.
 */
export function visitSoundBatches(
  { folder, segments }: { readonly folder: string; readonly segments: Segments },
  from: number,
  visit: VisitBatch,
): void {
  for (const segment of segments.all.slice(segments.indexFor(from))) {
    const file = `${folder}/${segmentFile(segment.baseOffset, 'log')}`
    const begin = segment.offsetIndex.lookup(from)
    let end = segment.baseOffset
    const position = walkBatches(segment.file, begin, segment.size, ({ header, position, bytes, at }) => {
      const place = { position, offset: Math.max(from, end) }
      if (magicAt(bytes, at) !== MAGIC_V2 || computeCrc(bytes, at) !== crcAt(bytes, at))
        throw damagedAt(file, place, 'its checksum does not match its bytes')
      if (header.baseOffset < end || header.lastOffset < header.baseOffset)
        throw damagedAt(file, place, `offset ${header.baseOffset} does not follow`)
      end = header.lastOffset + 1
      if (header.lastOffset < from) return true
      withPlace(file, place, () => visit(bytes, at))
      return true
    })
    if (position < segment.size)
      throw damagedAt(file, { position, offset: Math.max(from, end) }, 'there is no complete batch')
  }
}

/** SOUND-BATCHES-2. */
function withPlace(file: string, place: Place, visit: () => void): void {
  try {
    visit()
  } catch (error) {
    if (error instanceof StorageError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw damagedAt(file, place, `it can't be decoded: ${why}`)
  }
}
