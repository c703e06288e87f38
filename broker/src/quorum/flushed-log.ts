/**
 * How much of the log is on disk.
 *
 *   endOffset 62      a flush is running; it began when the log ended at 60
 *   flushedOffset 57  after it: 60, and the next flush begins
 *
 * A replica that says "I have the records below 62" must still have them after a power cut: the leader counts on it. So
 * neither the fetch offset of a follower, nor the end of a candidate's log, nor the leader's own part of the majority
 * counts before the flush. (KAFKA-10533; in Kafka each append of a voter flushes, and blocks)
 *
 * FLUSHED-LOG-1  one flush runs at a time; what is appended meanwhile shares the next one
 * FLUSHED-LOG-2  records that replace truncated ones do not count as flushed before a flush that began after them
 */
import type { RaftLog } from './raft-log.ts'

export class FlushedLog {
  private readonly log: RaftLog
  private readonly onFlushed: () => void
  private readonly onFailure: (error: Error) => void
  private flushed: number
  /** The end of what the running flush covers; undefined if none runs. */
  private running: number | undefined
  private closed = false

  /** What is in the log at the start counts as flushed: it was read from the disk. */
  constructor(log: RaftLog, events: { onFlushed: () => void; onFailure: (error: Error) => void }) {
    this.log = log
    this.flushed = log.endOffset
    this.onFlushed = events.onFlushed
    this.onFailure = events.onFailure
  }

  /** Everything below this offset is on disk. */
  get flushedOffset(): number {
    return this.flushed
  }

  get endOffset(): number {
    return this.log.endOffset
  }

  /** Flushes the rest of the log, now or after the running flush. */
  flush(): void {
    if (this.closed || this.running !== undefined || this.flushed >= this.log.endOffset) return
    this.running = this.log.endOffset
    this.log.flush((error) => this.flushEnded(error))
  }

  private flushEnded(error: Error | undefined): void {
    const end = this.running
    this.running = undefined
    if (this.closed || end === undefined) return
    if (error) return this.onFailure(error)
    this.flushed = Math.max(this.flushed, end)
    this.flush()
    this.onFlushed()
  }

  /** The log was truncated to `offset` (FLUSHED-LOG-2). */
  truncated(offset: number): void {
    this.flushed = Math.min(this.flushed, offset)
    if (this.running !== undefined) this.running = Math.min(this.running, offset)
  }

  /** The log was replaced by a snapshot that ends at `offset`. */
  replaced(offset: number): void {
    this.flushed = offset
    if (this.running !== undefined) this.running = offset
  }

  /** A flush that is still running changes nothing any more. */
  close(): void {
    this.closed = true
  }
}
