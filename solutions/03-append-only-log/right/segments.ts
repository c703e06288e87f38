/** Right, other structure: segments of 64 batches, found by bisection; stamps as two 32-bit words; frozen instances. */

const perSegment = 64

interface Segment {
  readonly bases: number[]
  readonly pieces: Buffer[]
}

export class SegmentedLog {
  readonly #segments: Segment[] = []
  readonly #start: number
  #next: number

  constructor(start: number) {
    this.#start = start
    this.#next = start
    Object.freeze(this)
  }

  get startOffset() {
    return this.#start
  }

  get endOffset() {
    return this.#next
  }

  append(batch: Uint8Array, count: number) {
    if (!(Number.isSafeInteger(count) && count > 0)) throw new RangeError(`${count} records`)
    if (batch.byteLength < 8) throw new RangeError(`${batch.byteLength} bytes`)
    const piece = Buffer.alloc(batch.byteLength)
    piece.set(batch)
    piece.writeUInt32BE(Math.floor(this.#next / 2 ** 32), 0)
    piece.writeUInt32BE(this.#next % 2 ** 32, 4)
    let segment = this.#segments.at(-1)
    if (segment === undefined || segment.bases.length === perSegment) {
      segment = { bases: [], pieces: [] }
      this.#segments.push(segment)
    }
    const base = this.#next
    segment.bases.push(base)
    segment.pieces.push(piece)
    this.#next = base + count
    return base
  }

  read(offset: number, maxBytes: number) {
    if (offset < this.#start || offset > this.#next)
      throw new RangeError(`${offset} is not within ${this.#start} and ${this.#next}`)
    if (offset === this.#next) return []
    const at = lastNotAbove(this.#segments, (segment) => segment.bases[0] as number, offset)
    const segment = this.#segments[at] as Segment
    const within = lastNotAbove(segment.bases, (base) => base, offset)
    const answer: Buffer[] = []
    let room = maxBytes
    for (const piece of this.#from(at, within)) {
      room -= piece.length
      if (answer.length > 0 && room < 0) return answer
      answer.push(Buffer.concat([piece]))
    }
    return answer
  }

  *#from(segment: number, batch: number): Generator<Buffer> {
    yield* this.#segments[segment]?.pieces.slice(batch) ?? []
    for (const { pieces } of this.#segments.slice(segment + 1)) yield* pieces
  }
}

/** The index of the last item whose number is not above `limit`; there is one. */
function lastNotAbove<T>(items: readonly T[], numberOf: (item: T) => number, limit: number): number {
  let [low, high] = [0, items.length]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (numberOf(items[middle] as T) <= limit) low = middle
    else high = middle
  }
  return low
}

export const createLog = (startOffset: number) => new SegmentedLog(startOffset)
