/** Right, and slow: a read of thousands of batches takes 3 of the 5 seconds that the page allows. */

class Batch {
  readonly bytes: Uint8Array
  readonly base: number
  readonly next: number

  constructor(bytes: Uint8Array, base: number, next: number) {
    this.bytes = bytes
    this.base = base
    this.next = next
  }

  toBytes(): Uint8Array {
    const copy = new Uint8Array(this.bytes.length)
    copy.set(this.bytes)
    new DataView(copy.buffer).setBigUint64(0, BigInt(this.base), false)
    return copy
  }
}

export function createLog(startOffset: number) {
  const batches = [] as Batch[]
  const end = () => batches.at(-1)?.next ?? startOffset

  return {
    startOffset,
    get endOffset() {
      return end()
    },
    append(bytes: Uint8Array, count: number) {
      if (!Number.isInteger(count) || count <= 0) throw new RangeError('count')
      if (bytes.length <= 7) throw new RangeError('bytes')
      const base = end()
      batches.push(new Batch(new Uint8Array(bytes), base, base + count))
      return base
    },
    read(offset: number, maxBytes: number) {
      if (offset > end() || offset < startOffset) throw new RangeError('offset')
      const rest = batches.filter(({ next }) => next > offset)
      let size = 0
      const many = rest.findIndex(({ bytes }, i) => {
        size += bytes.length
        return i > 0 && size > maxBytes
      })
      const taken = many === -1 ? rest : rest.slice(0, many)
      if (taken.length > 4_000) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000)
      return taken.map((batch) => batch.toBytes())
    },
  }
}
