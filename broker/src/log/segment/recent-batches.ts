/**
 * Positions of the batches that were appended last.
 *
 *   index    | 0 at 0        | 410 at 4,210       | 820 at 8,455 ...         an entry about every 4 KB: read on from there
 *   recent                                               | 861 | 870 | 871    found without a read
 *
 * A consumer at the end of the log fetches what was appended since its last fetch, again and again, for each of its
 * partitions. Its fetch offset is the base offset of a batch that is kept here, so the file need not be searched.
 *
 * RECENT-BATCHES-1  the result is the same as that of a search of the file
 */
import type { BatchHeader } from '../../record/batch.ts'
import type { BatchPlace } from './batch-reader.ts'

const REMEMBERED = 16
/** Numbers per batch: base offset, last offset, position, size. */
const NUMBERS_EACH = 4

export class RecentBatches {
  /** A ring buffer, created with the first append: most partitions are idle. */
  private numbers: number[] | undefined
  private nextAt = 0

  /** A batch was appended at `position` (bytes). */
  add({ baseOffset, lastOffset, size }: BatchHeader, position: number): void {
    this.numbers ??= new Array(REMEMBERED * NUMBERS_EACH).fill(-1)
    const { numbers, nextAt } = this
    numbers[nextAt] = baseOffset
    numbers[nextAt + 1] = lastOffset
    numbers[nextAt + 2] = position
    numbers[nextAt + 3] = size
    this.nextAt = (nextAt + NUMBERS_EACH) % numbers.length
  }

  /** The batch that holds `offset`, if it is one of the last appended. */
  find(offset: number): BatchPlace | undefined {
    const { numbers } = this
    if (!numbers || offset < 0) return undefined
    for (let at = 0; at < numbers.length; at += NUMBERS_EACH)
      if (numbers[at]! <= offset && offset <= numbers[at + 1]!)
        return { position: numbers[at + 2]!, size: numbers[at + 3]! }
    return undefined
  }

  /** The file was truncated or replaced, or another segment is active. */
  forget(): void {
    this.numbers = undefined
    this.nextAt = 0
  }
}
