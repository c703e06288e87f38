/**
 * A segment: the part of a partition's log that is stored in one file, with its indexes.
 *
 * Logs consist of segments so that retention can delete a file instead of rewriting one, and so that indexes stay small.
 * Only the last segment, the active one, is written to.
 *
 *   00000000000000000042.log = batch(42..44) | batch(45..45) | batch(48..50)      the name is the base offset
 *
 * SEGMENT-1  offsets rise from batch to batch; gaps are allowed (compaction)
 * SEGMENT-2  bytes below `flushedBytes` survive a crash, bytes above it may not
 * SEGMENT-3  a batch gets an index entry if more than index.interval.bytes lie between it and the last entry
 * SEGMENT-4  no offset is more than 2^31 - 1 above the base: an index entry has four bytes for the difference
 *
 * (org.apache.kafka.storage.internals.log.LogSegment)
 */
import type { Clock, Storage, StorageFile } from '../../core.ts'
import { type BatchHeader, HEADER_SIZE } from '../../record/batch.ts'
import { type Int64, minus, nearestNumber } from '../../wire/int64.ts'
import { type SegmentSuffix, segmentFile } from '../files.ts'
import { corruptAt, cutBatches, skipTo } from './batch-chunk.ts'
import { type BatchPlace, findBatch, walkBatches } from './batch-reader.ts'
import { OffsetIndex } from './offset-index.ts'
import { TimeIndex } from './time-index.ts'
import { TransactionIndex } from './transaction-index.ts'

const RELATIVE_OFFSET_MAX = 0x7fff_ffff

export class Segment {
  readonly baseOffset: number
  /** The .log file. */
  readonly file: StorageFile
  readonly offsetIndex: OffsetIndex
  readonly timeIndex: TimeIndex
  readonly transactionIndex: TransactionIndex
  /** When this process opened or created it (monotonic ms). */
  readonly createdAt: number
  flushedBytes = 0
  private length: number
  private bytesSinceIndexEntry = 0
  private maxSoFar: { timestamp: Int64; offset: number } | undefined
  private firstTimestamp: Int64 | undefined

  /** Opens the segment; creates its files if they do not exist. `suffix`: for a segment that is not swapped in yet. */
  constructor(storage: Storage, folder: string, baseOffset: number, createdAt: number, suffix = '') {
    this.baseOffset = baseOffset
    this.createdAt = createdAt
    const path = (kind: SegmentSuffix) => `${folder}/${segmentFile(baseOffset, kind)}${suffix}`
    this.file = storage.open(path('log'))
    this.length = this.file.size()
    this.offsetIndex = new OffsetIndex(storage, path('index'), baseOffset)
    this.timeIndex = new TimeIndex(storage, path('timeindex'), baseOffset)
    this.transactionIndex = new TransactionIndex(storage, path('txnindex'))
  }

  /** Bytes in the .log file. */
  get size(): number {
    return this.length
  }

  /** The greatest timestamp in the segment (ms), -1 if there is none; and the last offset of its batch. */
  get maxTimestamp(): { timestamp: Int64; offset: number } {
    this.maxSoFar ??= this.timeIndex.lastEntry
    return this.maxSoFar
  }

  /** Appends one complete, stamped batch. Its bytes are written unchanged. */
  append(bytes: Uint8Array, header: BatchHeader, indexIntervalBytes: number): void {
    if (!this.canHold(header.lastOffset)) {
      throw new Error(`segment.append: offset ${header.lastOffset} is too far from base ${this.baseOffset}`)
    }
    const position = this.length
    this.write(bytes)
    this.length = position + bytes.length
    try {
      this.index(header, position, indexIntervalBytes)
    } catch (error) {
      this.truncateTo(header.baseOffset)
      throw error
    }
  }

  /** A full disk may have written a part of the batch: it is truncated, so that the next batch follows the previous one. */
  private write(bytes: Uint8Array): void {
    try {
      this.file.append([bytes])
    } catch (error) {
      this.file.truncate(this.length)
      throw error
    }
  }

  /** Adds a batch at `position` to the indexes; recovery calls this for existing batches. */
  index(header: BatchHeader, position: number, indexIntervalBytes: number): void {
    if (position === 0) this.begin(header)
    if (header.maxTimestamp > this.maxTimestamp.timestamp) {
      this.maxSoFar = { timestamp: header.maxTimestamp, offset: header.lastOffset }
    }
    if (this.bytesSinceIndexEntry > indexIntervalBytes) {
      this.offsetIndex.append(header.lastOffset, position)
      this.timeIndex.maybeAppend(this.maxTimestamp.timestamp, this.maxTimestamp.offset)
      this.bytesSinceIndexEntry = 0
    }
    this.bytesSinceIndexEntry += header.size
  }

  private begin(first: BatchHeader): void {
    this.firstTimestamp = first.maxTimestamp
    this.makeIndexFiles()
  }

  /** Creates empty files for offset and time index if they do not exist. */
  makeIndexFiles(): void {
    this.offsetIndex.create()
    this.timeIndex.create()
  }

  /** SEGMENT-4. */
  canHold(offset: number): boolean {
    return offset - this.baseOffset <= RELATIVE_OFFSET_MAX
  }

  /** Time from the first batch to this one (ms); if records have no timestamps, the time since the segment was created. */
  ageMs(batchTimestamp: Int64, clock: Clock): number {
    const first = this.firstBatchTimestamp
    return first >= 0 ? nearestNumber(minus(batchTimestamp, first)) : clock.monotonicMs() - this.createdAt
  }

  /** The greatest timestamp in the first batch (ms), -1 if there is none. */
  get firstBatchTimestamp(): Int64 {
    this.firstTimestamp ??= this.readFirstTimestamp()
    return this.firstTimestamp
  }

  private readFirstTimestamp(): Int64 {
    let timestamp: Int64 = -1
    walkBatches(this.file, 0, Math.min(this.length, 4096), ({ header }) => {
      timestamp = header.maxTimestamp
      return false
    })
    return timestamp
  }

  /** Position and size of the first batch that ends at or after `offset`; undefined if all end below. */
  locate(offset: number): BatchPlace | undefined {
    const found = findBatch(this.file, this.offsetIndex.lookup(offset), this.length, offset)
    if (found && found.position + found.size > this.length) throw corruptAt(found.size)
    return found
  }

  /**
   * Whole batches from the one that holds `offset` on, which begin below `upTo`, up to `maxBytes` in total; one batch at
   * least if `minOneBatch` is set. The file is read once: a chunk from the position in the index on, whose batches
   * before `offset` are dropped. Undefined if the segment ends below `offset`.
   */
  read(
    offset: number,
    {
      maxBytes,
      minOneBatch,
      upTo,
      slack,
    }: { maxBytes: number; minOneBatch: boolean; upTo: number; slack: number },
  ): { bytes: Uint8Array; nextOffset: number } | undefined {
    const from = this.offsetIndex.lookup(offset)
    let want = Math.min(this.length - from, maxBytes + slack)
    for (;;) {
      const chunk = this.file.read(from, want)
      const start = skipTo(chunk, offset)
      if (start + HEADER_SIZE > chunk.length) {
        if (from + want >= this.length) return undefined
        want = Math.min(this.length - from, Math.max(want * 2, start + HEADER_SIZE + maxBytes))
        continue
      }
      const { end, nextOffset } = cutBatches(chunk, start, { maxBytes, minOneBatch, upTo, offset })
      if (end <= chunk.length) return { bytes: chunk.subarray(start, end), nextOffset }
      // The first batch alone is larger than what was read.
      if (from + end > this.length) throw corruptAt(end - start)
      want = end
    }
  }

  /** One past the last offset in the file, the base offset if it is empty. It does not verify batches. */
  readNextOffset(): number {
    return this.readEnd().nextOffset
  }

  /** The same, with the end position of the last batch, which equals the file's size unless the end is torn. */
  readEnd(): { nextOffset: number; position: number } {
    let nextOffset = this.baseOffset
    const position = walkBatches(this.file, this.offsetIndex.lastPosition, this.length, ({ header }) => {
      nextOffset = header.lastOffset + 1
      return true
    })
    return { nextOffset, position }
  }

  /** Removes the batch that holds `offset`, and all after it. */
  truncateTo(offset: number): void {
    const position = walkBatches(this.file, this.offsetIndex.lookup(offset), this.length, ({ header }) => {
      return header.lastOffset < offset
    })
    this.cutAt(position)
    this.offsetIndex.truncateTo(offset)
    this.timeIndex.truncateTo(offset)
    this.transactionIndex.truncateTo(offset)
    this.resume()
  }

  /**
   * For an opened or truncated segment: restores the state that `append` needs. Each entry of the offset index was written
   * with one of the time index, so only batches after the last entry are read.
   */
  resume(): void {
    this.maxSoFar = this.timeIndex.lastEntry
    this.bytesSinceIndexEntry = this.length - this.offsetIndex.lastPosition
    this.firstTimestamp = undefined
    walkBatches(this.file, this.offsetIndex.lastPosition, this.length, ({ header }) => {
      if (header.maxTimestamp > this.maxSoFar!.timestamp) {
        this.maxSoFar = { timestamp: header.maxTimestamp, offset: header.lastOffset }
      }
      return true
    })
  }

  /** Truncates the .log file to `position` bytes; the caller updates the indexes. */
  cutAt(position: number): void {
    if (position < this.length) this.file.truncate(position)
    this.length = position
    this.flushedBytes = Math.min(this.flushedBytes, position)
  }

  /** Rebuilds offset and time index from the batches. */
  reindex(indexIntervalBytes: number): void {
    this.resetIndexes()
    walkBatches(this.file, 0, this.length, ({ header, position }) => {
      this.index(header, position, indexIntervalBytes)
      return true
    })
  }

  /** Empties offset and time index before they are rebuilt. */
  resetIndexes(): void {
    this.offsetIndex.reset()
    this.timeIndex.reset()
    this.bytesSinceIndexEntry = 0
    this.maxSoFar = undefined
    this.firstTimestamp = undefined
  }

  /** An inactive segment must have complete indexes: retention relies on the last timestamp. */
  get hasLostIndex(): boolean {
    if (this.length === 0) return false
    // Both get their entries together, and the time index one more at the end.
    const isOffsetIndexLost = this.offsetIndex.count === 0 && this.timeIndex.count > 1
    return this.timeIndex.count === 0 || isOffsetIndexLost || this.hasDamagedIndex
  }

  get hasDamagedIndex(): boolean {
    return this.timeIndex.isDamaged || this.offsetIndex.isDamaged
  }

  /** Ends the appends: the time index gets its last entry, which retention uses. */
  becomeInactive(): void {
    this.timeIndex.maybeAppend(this.maxTimestamp.timestamp, this.maxTimestamp.offset)
  }

  /** Flushes the .log file and the indexes; `done` is called when all are flushed. */
  flush(done: (error?: Error) => void): void {
    const length = this.length
    const indexesToo = this.flushedBytes < length
    let waiting = indexesToo ? 4 : 1
    let failure: Error | undefined
    const one = (error?: Error) => {
      failure ??= error
      if (--waiting > 0) return
      if (!failure) this.flushedBytes = Math.max(this.flushedBytes, Math.min(length, this.length))
      done(failure)
    }
    const files = indexesToo
      ? [this.file, this.offsetIndex, this.timeIndex, this.transactionIndex]
      : [this.file]
    for (const file of files) tryFlush(file, one)
  }

  close(): void {
    if (this.length > 0) this.becomeInactive()
    this.abandon()
  }

  /** As `close`, but writes nothing. */
  abandon(): void {
    this.file.close()
    this.offsetIndex.close()
    this.timeIndex.close()
    this.transactionIndex.close()
  }
}

/** Reports an error that is thrown at once through `done`, like a later one. */
function tryFlush(file: { flush(done: (error?: Error) => void): void }, done: (error?: Error) => void): void {
  try {
    file.flush(done)
  } catch (error) {
    done(error as Error)
  }
}
