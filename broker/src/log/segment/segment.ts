/**
 * A segment: the slice of a partition's log that lives in one file, and its indexes.
 *
 * Logs are cut so that retention can delete a file instead of rewriting one, and so that an index stays small.
 * Only the last segment, the active one, is written to.
 *
 *   00000000000000000042.log = batch(42..44) | batch(45..45) | batch(48..50)      the name is the base offset
 *
 * SEGMENT-1  offsets rise from batch to batch; gaps are allowed (compaction)
 * SEGMENT-2  bytes below `flushedBytes` survive a crash, bytes above it may not
 * SEGMENT-3  a batch gets an index entry when more than index.interval.bytes lie between it and the last entry
 * SEGMENT-4  no offset is more than 2^31 - 1 above the base: the indexes have four bytes for the difference
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
  /** When this process opened or made it (monotonic ms). */
  readonly createdAt: number
  flushedBytes = 0
  private length: number
  private bytesSinceIndexEntry = 0
  private maxSoFar: { timestamp: Int64; offset: number } | undefined
  private firstTimestamp: Int64 | undefined

  /** Opens the segment, making its files when they are not there. `suffix`: of one that is not in its place yet. */
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

  /** The greatest timestamp in the segment (ms), -1 when there is none; and the last offset of its batch. */
  get maxTimestamp(): { timestamp: Int64; offset: number } {
    this.maxSoFar ??= this.timeIndex.lastEntry
    return this.maxSoFar
  }

  /** Appends one whole batch, stamped. `bytes` go to the file as they are. */
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

  /** A disk that is full may have taken a part: it is cut off again, so that the next batch stands where it should. */
  private write(bytes: Uint8Array): void {
    try {
      this.file.append([bytes])
    } catch (error) {
      this.file.truncate(this.length)
      throw error
    }
  }

  /** What the indexes have to know of a batch at `position`; recovery calls this for batches that are there. */
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

  /** Makes the files of offset and time index, empty, where they are not there. */
  makeIndexFiles(): void {
    this.offsetIndex.create()
    this.timeIndex.create()
  }

  /** SEGMENT-4. */
  canHold(offset: number): boolean {
    return offset - this.baseOffset <= RELATIVE_OFFSET_MAX
  }

  /** How far a batch of this time is from the first one (ms); since the segment was made when records have no times. */
  ageMs(batchTimestamp: Int64, clock: Clock): number {
    const first = this.firstBatchTimestamp
    return first >= 0 ? nearestNumber(minus(batchTimestamp, first)) : clock.monotonicMs() - this.createdAt
  }

  /** The greatest timestamp in the first batch (ms), -1 when there is none. */
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

  /** Where the first batch begins that ends at or after `offset`, and its size; undefined when all end below. */
  locate(offset: number): BatchPlace | undefined {
    const found = findBatch(this.file, this.offsetIndex.lookup(offset), this.length, offset)
    if (found && found.position + found.size > this.length) throw corruptAt(found.size)
    return found
  }

  /**
   * Whole batches from the one that holds `offset` on, that begin below `upTo`, up to `maxBytes` together, or
   * one when `minOneBatch` asks for it. One read of the file: from where the index points to, a chunk is read,
   * and the batches before `offset` are cut off its front. Undefined when the segment ends below `offset`.
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
      // The first batch alone is bigger than what was read.
      if (from + end > this.length) throw corruptAt(end - start)
      want = end
    }
  }

  /** One past the last offset in the file, the base offset when it is empty. Trusts what is there. */
  readNextOffset(): number {
    return this.readEnd().nextOffset
  }

  /** The same, and where the last batch ends, which is the file's size when all is well. */
  readEnd(): { nextOffset: number; position: number } {
    let nextOffset = this.baseOffset
    const position = walkBatches(this.file, this.offsetIndex.lastPosition, this.length, ({ header }) => {
      nextOffset = header.lastOffset + 1
      return true
    })
    return { nextOffset, position }
  }

  /** Forgets the batch that holds `offset`, and all after it. */
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
   * For a segment that was opened or cut: what `append` needs to go on as if nothing had happened. Each entry of
   * the offset index came with one of the time index, so only batches behind the last entry are read.
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

  /** Cuts the .log file to `position` bytes; the caller sees to the indexes. */
  cutAt(position: number): void {
    if (position < this.length) this.file.truncate(position)
    this.length = position
    this.flushedBytes = Math.min(this.flushedBytes, position)
  }

  /** Makes offset and time index anew from the batches. */
  reindex(indexIntervalBytes: number): void {
    this.resetIndexes()
    walkBatches(this.file, 0, this.length, ({ header, position }) => {
      this.index(header, position, indexIntervalBytes)
      return true
    })
  }

  /** Empties offset and time index before they are filled anew. */
  resetIndexes(): void {
    this.offsetIndex.reset()
    this.timeIndex.reset()
    this.bytesSinceIndexEntry = 0
    this.maxSoFar = undefined
    this.firstTimestamp = undefined
  }

  /** A segment that is done has indexes that are whole: the last time tells retention what it holds. */
  get hasLostIndex(): boolean {
    if (this.length === 0) return false
    // Both get an entry at the same times, and the time index one more at the end.
    const isOffsetIndexLost = this.offsetIndex.count === 0 && this.timeIndex.count > 1
    return this.timeIndex.count === 0 || isOffsetIndexLost || this.hasDamagedIndex
  }

  get hasDamagedIndex(): boolean {
    return this.timeIndex.isDamaged || this.offsetIndex.isDamaged
  }

  /** No more appends: the time index gets its last entry, by which retention decides. */
  becomeInactive(): void {
    this.timeIndex.maybeAppend(this.maxTimestamp.timestamp, this.maxTimestamp.offset)
  }

  /** Makes what is written durable, indexes too; `done` is called when all files are. */
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

  /** As `close`, but nothing more is written. */
  abandon(): void {
    this.file.close()
    this.offsetIndex.close()
    this.timeIndex.close()
    this.transactionIndex.close()
  }
}

/** What fails at once fails like what fails later. */
function tryFlush(file: { flush(done: (error?: Error) => void): void }, done: (error?: Error) => void): void {
  try {
    file.flush(done)
  } catch (error) {
    done(error as Error)
  }
}
