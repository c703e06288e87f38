/**
 * A log's files: segments are appended to, rolled, read, truncated and deleted. It knows offsets, but no producers,
 * epochs or replicas; PartitionLog does. (org.apache.kafka.storage.internals.log.LocalLog)
 *
 *                                     recoveryPoint        endOffset
 *                                          |                   |
 *   | 0 .... 41 | 42 ........ 97 | 98 .... | not flushed yet    |
 *                                 '----- the active segment ----'
 *
 * LOCAL-LOG-1  all offsets below the recovery point are flushed; it advances when a flush completes, and goes back when
 *     the log is truncated
 * LOCAL-LOG-2  the end offset is the offset of the next record; it is above the last offset in the files, and higher
 *     only if the last segments are empty
 * LOCAL-LOG-3  after a failed fsync the recovery point does not move, and appends are refused until the log is opened
 *     again
 */
import { type Clock, type Randomness, type Storage, StorageError } from '../core.ts'
import { type BatchHeader, readBatchHeader } from '../record/batch.ts'
import { removeSegment, setAside, swapIn } from './compaction/segment-swap.ts'
import { segmentFile } from './files.ts'
import type { LogConfig, ReadOptions, ReadResult, SliceResult } from './log.ts'
import { RecentBatches } from './segment/recent-batches.ts'
import { shouldRoll } from './segment/roll-rules.ts'
import { Segment } from './segment/segment.ts'
import { Segments } from './segment/segments.ts'

const NOTHING = new Uint8Array(0)
const JITTER_PARTS = 1 << 20

export interface LocalLogParts {
  readonly storage: Storage
  readonly folder: string
  readonly clock: Clock
  readonly segments: readonly Segment[]
  readonly endOffset: number
  readonly recoveryPoint: number
  /** Removes files later (file.delete.delay.ms); without it they are removed at once. */
  readonly removeLater?: ((paths: readonly string[]) => void) | undefined
  readonly onFlushFailed?: ((error: Error) => void) | undefined
  /** For segment.jitter.ms; without it there is no jitter. */
  readonly random?: Randomness | undefined
}

export class LocalLog {
  readonly segments: Segments
  readonly storage: Storage
  folder: string
  private readonly clock: Clock
  /** Records in the active segment. */
  private readonly recent = new RecentBatches()
  private end: number
  private flushedOffset: number
  private readonly removeLater: ((paths: readonly string[]) => void) | undefined
  private readonly onFlushFailed: ((error: Error) => void) | undefined
  private readonly random: Randomness | undefined
  /** How much of segment.jitter.ms is subtracted for the active segment (parts of JITTER_PARTS). */
  private jitter: number
  /** LOCAL-LOG-3. */
  private failure: StorageError | undefined
  private closed = false

  constructor(parts: LocalLogParts) {
    this.storage = parts.storage
    this.folder = parts.folder
    this.clock = parts.clock
    this.segments = new Segments([...parts.segments])
    this.removeLater = parts.removeLater
    this.onFlushFailed = parts.onFlushFailed
    this.random = parts.random
    this.jitter = this.draw()
    this.end = parts.endOffset
    this.flushedOffset = Math.min(parts.recoveryPoint, parts.endOffset)
  }

  get endOffset(): number {
    return this.end
  }
  get recoveryPoint(): number {
    return this.flushedOffset
  }

  /** Whether this batch needs a new segment. An empty active segment takes any batch that it can hold. */
  needsRoll(header: BatchHeader, config: LogConfig): boolean {
    const { active } = this.segments
    if (active.size === 0 && active.canHold(header.lastOffset)) return false
    const batch = { bytes: header.size, maxTimestamp: header.maxTimestamp, lastOffset: header.lastOffset }
    return shouldRoll(active, batch, config, { clock: this.clock, jitter: this.jitter / JITTER_PARTS })
  }

  /** The jitter of a new segment, so that topics created together do not all roll at once. */
  private draw(): number {
    return this.random?.int(JITTER_PARTS) ?? 0
  }

  /** Throws StorageError after a failed flush: a new record might follow lost ones (LOCAL-LOG-3). */
  checkUsable(): void {
    if (this.failure) throw this.failure
  }

  /** Appends one stamped batch to the active segment. */
  append(bytes: Uint8Array, header: BatchHeader, config: LogConfig): void {
    if (header.baseOffset < this.end) {
      throw new Error(`log.append: base offset ${header.baseOffset} is below end ${this.end}`)
    }
    const { active } = this.segments
    const position = active.size
    try {
      active.append(bytes, header, config.indexIntervalBytes)
    } catch (error) {
      this.appendFailed(error)
      throw error
    }
    this.recent.add(header, position)
    this.end = header.lastOffset + 1
  }

  /**
   * The segment has removed what a failed write left. If that fails too, the next batch would follow garbage
   * (LOCAL-LOG-3).
   */
  private appendFailed(error: unknown): void {
    const { active } = this.segments
    if (error instanceof StorageError && active.file.size() !== active.size) this.giveUp(error)
  }

  private giveUp(error: StorageError): void {
    this.failure ??= error
    this.onFlushFailed?.(error)
  }

  /** Rolls to a new segment at `baseOffset`, which is the end or above; the old segment is flushed in the background. */
  roll(baseOffset: number): void {
    const done = this.segments.active
    if (done.baseOffset === baseOffset) return
    this.checkIsThere(done)
    done.becomeInactive()
    this.segments.add(new Segment(this.storage, this.folder, baseOffset, this.clock.monotonicMs()))
    this.recent.forget()
    this.jitter = this.draw()
    this.end = Math.max(this.end, baseOffset)
    this.flushFrom(this.flushedOffset, baseOffset, () => {})
  }

  /** Creating a file would recreate a folder that someone has removed, without its old contents. */
  private checkIsThere({ baseOffset }: Segment): void {
    const path = `${this.folder}/${segmentFile(baseOffset, 'log')}`
    if (!this.storage.exists(path)) throw new StorageError('roll', path, 'ENOENT')
  }

  /** Flushes everything that was appended; `done` is called in a later event. */
  flush(done: (error?: Error) => void): void {
    this.flushFrom(this.flushedOffset, this.end, done)
  }

  private flushFrom(from: number, upTo: number, done: (error?: Error) => void): void {
    const first = this.segments.indexFor(from)
    const toFlush = this.segments.all
      .slice(first)
      .filter((segment) => segment.baseOffset < upTo || segment.size > 0)
    if (toFlush.length === 0) toFlush.push(this.segments.active)
    let waiting = toFlush.length
    let failure: Error | undefined
    for (const segment of toFlush) {
      segment.flush((error) => {
        failure ??= error
        if (--waiting > 0) return
        if (failure) this.failed(failure)
        else if (!this.failure) this.flushedOffset = Math.max(this.flushedOffset, Math.min(upTo, this.end))
        done(failure ?? this.failure)
      })
    }
  }

  /** A write that failed for lack of space may be retried. After a failed fsync, pages may be lost without notice. */
  private failed(error: Error): void {
    if (this.failure || !(error instanceof StorageError) || error.operation !== 'fsync') return
    this.giveUp(error)
  }

  /** Whole batches from the one that holds `offset` on, below the end and `upTo`. */
  read(offset: number, options: ReadOptions & { slack: number }): ReadResult {
    const { all } = this.segments
    for (let i = this.segments.indexFor(offset); i < all.length; i++) {
      if (offset >= Math.min(options.upTo, this.end)) break
      const found = all[i]!.read(offset, options)
      // Compaction may have removed all batches between `offset` and the segment's end: try the next one.
      if (found) return found
    }
    return { bytes: NOTHING, nextOffset: offset }
  }

  /** The base offset of the batch that holds `offset`; `offset` itself if there is none. */
  batchStart(offset: number): number {
    const { bytes } = this.read(offset, { maxBytes: 1, minOneBatch: true, upTo: this.end, slack: 0 })
    return bytes.length === 0 ? offset : readBatchHeader(bytes, 0).baseOffset
  }

  /** The position of the batches that `read` would return; the last one may be incomplete (UnifiedLog.read, LogSegment.read). */
  slice(offset: number, options: ReadOptions): SliceResult {
    const { all } = this.segments
    const upTo = Math.min(options.upTo, this.end)
    for (let i = this.segments.indexFor(offset); i < all.length && offset < upTo; i++) {
      const segment = all[i]!
      const next = all[i + 1]?.baseOffset ?? this.end
      const start = (segment === this.segments.active && this.recent.find(offset)) || segment.locate(offset)
      // Compaction may have removed all batches between `offset` and the segment's end: try the next one.
      if (!start) continue
      const end = upTo >= next ? segment.size : (segment.locate(upTo)?.position ?? segment.size)
      const bytesMax = options.minOneBatch ? Math.max(options.maxBytes, start.size) : options.maxBytes
      if (bytesMax < start.size || end <= start.position) break
      const length = Math.min(bytesMax, end - start.position)
      return {
        records: segment.file.slice(start.position, length),
        upperBound: segment.offsetIndex.firstBeyond(start.position + length) ?? next,
      }
    }
    return { records: NOTHING, upperBound: offset }
  }

  /** Removes the batch that holds `offset` and all after it. The new end is the end of the last batch left. */
  truncateTo(offset: number): void {
    this.recent.forget()
    this.remove(this.segments.takeFrom(offset))
    this.segments.active.truncateTo(offset)
    this.end = this.segments.active.readNextOffset()
    this.flushedOffset = Math.min(this.flushedOffset, this.end)
  }

  /** Removes everything; the log is empty and begins at `offset`. */
  restartAt(offset: number): void {
    this.recent.forget()
    this.remove(this.segments.takeFrom(0))
    this.segments.restart(new Segment(this.storage, this.folder, offset, this.clock.monotonicMs()))
    this.end = offset
    this.flushedOffset = offset
  }

  /** Replaces the segments of `group` by `cleaned`, which was made from them and is flushed. */
  replaceSegments(group: readonly Segment[], cleaned: Segment): void {
    const { baseOffset, createdAt } = cleaned
    for (const segment of [...group, cleaned]) segment.close()
    const oldBases = group.map((segment) => segment.baseOffset)
    const aside = swapIn(this.storage, this.folder, { cleanedBase: baseOffset, oldBases })
    const segment = new Segment(this.storage, this.folder, baseOffset, createdAt)
    segment.flushedBytes = segment.size
    this.segments.replace(group, segment)
    this.discard(aside)
  }

  /** Deletes the `count` oldest segments; returns their bytes. */
  deleteOldest(count: number): number {
    if (count === this.segments.all.length) this.roll(this.end)
    const gone = this.segments.takeOldest(count)
    const bytes = gone.reduce((sum, segment) => sum + segment.size, 0)
    this.remove(gone)
    this.flushedOffset = Math.max(this.flushedOffset, this.segments.first.baseOffset)
    return bytes
  }

  /** Renames the files at once, and removes them later: a copy of the folder that is being made finds them complete. */
  private remove(segments: readonly Segment[]): void {
    for (const segment of segments) {
      segment.close()
      if (this.removeLater) this.removeLater(setAside(this.storage, this.folder, segment.baseOffset))
      else removeSegment(this.storage, this.folder, segment.baseOffset)
    }
  }

  private discard(paths: readonly string[]): void {
    if (this.removeLater) this.removeLater(paths)
    else for (const path of paths) this.storage.remove(path)
  }

  /** As `close`, but writes nothing: the folder is gone. */
  abandon(): void {
    if (this.closed) return
    this.closed = true
    for (const segment of this.segments.all) segment.abandon()
  }

  /** Idempotent; a closed log throws when it is used. */
  close(): void {
    if (this.closed) return
    this.closed = true
    for (const segment of this.segments.all) segment.close()
  }
}
