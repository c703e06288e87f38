/**
 * Where the batches lie that were appended last.
 *
 *   index    | 0 at 0        | 410 at 4,210       | 820 at 8,455 ...         an entry every 4 KB or so: read on from there
 *   recent                                               | 861 | 870 | 871    these need no read
 *
 * A consumer that keeps up asks for what was appended since it asked last, again and again, for each of its partitions.
 * Its offset is the first of a batch that is remembered here, so it need not be looked for in the file.
 *
 * RECENT-BATCHES-1  what is found is what a search of the file finds
 */
import type { BatchHeader } from '../../record/batch.ts'
import type { BatchPlace } from './batch-reader.ts'

const REMEMBERED = 16
/** Of each batch: base offset, last offset, position, size. */
const NUMBERS_EACH = 4

export class RecentBatches {
  /** A ring; nothing until a batch is appended: most partitions are idle. */
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

  /** The batch that holds `offset`, if it is remembered. */
  find(offset: number): BatchPlace | undefined {
    const { numbers } = this
    if (!numbers || offset < 0) return undefined
    for (let at = 0; at < numbers.length; at += NUMBERS_EACH)
      if (numbers[at]! <= offset && offset <= numbers[at + 1]!)
        return { position: numbers[at + 2]!, size: numbers[at + 3]! }
    return undefined
  }

  /** The file has changed, or another one is written to. */
  forget(): void {
    this.numbers = undefined
    this.nextAt = 0
  }
}
