/**
 * Reading a log that is somebody's memory: the metadata log, and the coordinators' partitions.
 *
 * A consumer checks the checksum of what it reads, and stops at a damaged batch. Who makes his state of a log must not be
 * less careful: one flipped bit could be a deleted topic, or another offset, and what is written afterwards would be
 * built on it. So every batch is compared with its checksum on the way, and the first one that is not as it was written
 * ends the reading, with the name of the file and the place in it.
 *
 *   .log   | 0..4 | 5..9 | 10..~~ |            damaged: __consumer_offsets-3/…000.log, byte 412, offset 10
 *
 * (Kafka's loaders do not check sums: there, what a flipped bit has made is believed, or thrown at when it is decoded.)
 *
 * SOUND-BATCHES-1  a batch is visited only if it is whole, has the checksum that it was written with, and follows on
 *     the one before it
 * SOUND-BATCHES-2  what `visit` throws at a batch that it cannot understand is told with the same place
 */
import { StorageError } from '../core.ts'
import { computeCrc, crcAt, MAGIC_V2, magicAt } from '../record/batch.ts'
import { segmentFile } from './files.ts'
import type { VisitBatch } from './log.ts'
import { walkBatches } from './segment/batch-reader.ts'
import type { Segments } from './segment/segments.ts'

/** A file is not as it was written; `message` is one line for people, with the file and the place. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError'
}

/** `position` in bytes; `offset`: the one that should stand there. */
interface Place {
  readonly position: number
  readonly offset: number
}

/** The error for a place in `file`, which is named relative to the log directory. */
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
        throw damagedAt(file, place, 'its checksum is not that of what stands there')
      if (header.baseOffset < end || header.lastOffset < header.baseOffset)
        throw damagedAt(file, place, `offset ${header.baseOffset} does not follow`)
      end = header.lastOffset + 1
      if (header.lastOffset < from) return true
      tellPlace(file, place, () => visit(bytes, at))
      return true
    })
    if (position < segment.size)
      throw damagedAt(file, { position, offset: Math.max(from, end) }, 'no whole batch is there')
  }
}

/** SOUND-BATCHES-2. */
function tellPlace(file: string, place: Place, visit: () => void): void {
  try {
    visit()
  } catch (error) {
    if (error instanceof StorageError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw damagedAt(file, place, `it cannot be understood: ${why}`)
  }
}
