/**
 * The segments of a log, oldest first. (LogSegments)
 *
 *   [ 0 ............ 41 ] [ 42 ........ 97 ] [ 98 ... active
 *
 * SEGMENTS-1  there is always at least one segment; only the last one, the active segment, grows
 * SEGMENTS-2  base offsets rise; an offset belongs to the last segment whose base offset is at most this offset
 */
import type { Segment } from './segment.ts'
import type { AbortedEntry } from './transaction-index.ts'

export class Segments {
  private readonly list: Segment[]

  constructor(list: Segment[]) {
    if (list.length === 0) throw new Error('segments: a log has at least one')
    this.list = list
  }

  get active(): Segment {
    return this.list[this.list.length - 1]!
  }

  get first(): Segment {
    return this.list[0]!
  }

  get all(): readonly Segment[] {
    return this.list
  }

  get sizeBytes(): number {
    return this.list.reduce((sum, segment) => sum + segment.size, 0)
  }

  add(segment: Segment): void {
    if (segment.baseOffset <= this.active.baseOffset) {
      throw new Error(`segments.add: base ${segment.baseOffset} is not above ${this.active.baseOffset}`)
    }
    this.list.push(segment)
  }

  /** List index of the segment that `offset` belongs to (SEGMENTS-2); the first one for older offsets. */
  indexFor(offset: number): number {
    let low = 0
    let high = this.list.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.list[middle]!.baseOffset <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Aborted transactions that overlap [fetchOffset, upperBound), from the segments' indexes. */
  abortedTransactions(fetchOffset: number, upperBound: number): AbortedEntry[] {
    const found: AbortedEntry[] = []
    for (const segment of this.list.slice(this.indexFor(fetchOffset))) {
      if (segment.transactionIndex.collect(fetchOffset, upperBound, found)) break
    }
    return found
  }

  /** Takes the segments with a base offset at or above `offset` out of the list; the caller deletes them. */
  takeFrom(offset: number): Segment[] {
    const at = this.list.findIndex((segment) => segment.baseOffset >= offset)
    return at < 0 ? [] : this.list.splice(at)
  }

  /** Takes the `count` oldest segments out of the list, never the active one (SEGMENTS-1). */
  takeOldest(count: number): Segment[] {
    return this.list.splice(0, Math.min(count, this.list.length - 1))
  }

  /** Replaces neighbouring segments by the one that compaction made of them. */
  replace(group: readonly Segment[], by: Segment): void {
    const at = this.list.indexOf(group[0]!)
    if (at < 0) throw new Error(`segments.replace: no segment ${group[0]!.baseOffset}`)
    this.list.splice(at, group.length, by)
  }

  /** After `takeFrom` took all segments: the log restarts with this one. */
  restart(segment: Segment): void {
    this.list.splice(0, this.list.length, segment)
  }
}
