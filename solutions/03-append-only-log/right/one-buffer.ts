/** Right, other structure: a class over one growing buffer and two arrays of positions, found by bisection. */

export function createLog(startOffset: number): OneBuffer {
  return new OneBuffer(startOffset)
}

class OneBuffer {
  readonly startOffset: number
  endOffset: number
  private bytes = Buffer.alloc(256)
  private size = 0
  private readonly bases: number[] = []
  private readonly positions: number[] = []

  constructor(startOffset: number) {
    this.startOffset = startOffset
    this.endOffset = startOffset
  }

  append(batch: Uint8Array, count: number): number {
    if (!(count >= 1) || count % 1 !== 0 || batch.byteLength < 8)
      throw new RangeError('this batch cannot be appended')
    while (this.size + batch.length > this.bytes.length)
      this.bytes = Buffer.concat([this.bytes], this.bytes.length * 2)
    this.bytes.set(batch, this.size)
    this.bytes.writeBigInt64BE(BigInt(this.endOffset), this.size)
    this.bases.push(this.endOffset)
    this.positions.push(this.size)
    this.size += batch.length
    this.endOffset += count
    return this.endOffset - count
  }

  read(offset: number, maxBytes: number): Uint8Array[] {
    if (offset < this.startOffset || offset > this.endOffset) throw new RangeError('offset out of range')
    if (offset === this.endOffset) return []
    const first = this.find(offset)
    const room = (this.positions[first] ?? 0) + maxBytes
    const batches = [this.copy(first)]
    for (let i = first + 1; i < this.bases.length && this.positionAfter(i) <= room; i++)
      batches.push(this.copy(i))
    return batches
  }

  /** The last batch whose base is not above the offset. */
  private find(offset: number): number {
    let low = 0
    let high = this.bases.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.bases[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  private positionAfter(batch: number): number {
    return this.positions[batch + 1] ?? this.size
  }

  private copy(batch: number): Uint8Array {
    return new Uint8Array(this.bytes.subarray(this.positions[batch], this.positionAfter(batch)))
  }
}
