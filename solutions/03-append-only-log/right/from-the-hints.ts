/** Right, put together from the last hint of each check (labs/tests/hints.test.ts holds them against this file). */

interface Log {
  readonly startOffset: number
  readonly endOffset: number
  append(batch: Uint8Array, count: number): number
  read(offset: number, maxBytes: number): Uint8Array[]
}

export function createLog(startOffset: number): Log {
  const batches: { base: number; count: number; bytes: Uint8Array }[] = []
  let end = startOffset
  return {
    startOffset,
    get endOffset() {
      return end
    },
    append(batch, count) {
      if (!Number.isInteger(count) || count < 1) throw new RangeError('no records')
      if (batch.length < 8) throw new RangeError('too short')
      const base = end
      const bytes = Uint8Array.from(batch)
      new DataView(bytes.buffer).setBigInt64(0, BigInt(base))
      batches.push({ base, count, bytes })
      end += count
      return base
    },
    read(offset, maxBytes) {
      if (offset < startOffset || offset > end) throw new RangeError('no such offset')
      const found: Uint8Array[] = []
      let size = 0
      for (const { base, count, bytes } of batches) {
        if (base + count <= offset) continue
        size += bytes.length
        if (found.length > 0 && size > maxBytes) break
        found.push(bytes.slice())
      }
      return found
    },
  }
}
