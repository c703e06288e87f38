import { describe, expect, test } from 'vitest'
import { Reads } from './reads.ts'

/** Bytes that count up from `from`. */
const piece = (from: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => from + i)
const given = (pieces: Iterable<Uint8Array>): number[] => Array.from(pieces, (one) => [...one]).flat()

describe.each([
  ['that returns a read when it is full', false],
  ['that decompresses ahead before it returns a read', true],
])('a codec %s', (_, isAhead) => {
  test('STREAM-READS-1: returns multiples of the read size, in order; the end returns the rest', () => {
    for (const lengths of [[10], [3, 3, 4], [1, 9], [4, 4, 2], [8, 1, 1]]) {
      const reads = new Reads(4, isAhead)
      const out: number[] = []
      let from = 0
      for (const length of lengths) {
        out.push(...given(reads.add(piece(from, length))))
        from += length
        expect(out.length % 4).toBe(0)
        const isHeld = isAhead && from % 4 === 0
        expect(out.length).toBe(from - (from % 4) - (isHeld ? 4 : 0))
      }
      expect(reads.isBetween).toBe(false)
      out.push(...given(reads.end()))
      expect(out).toEqual([...piece(0, 10)])
      expect(reads.isBetween).toBe(true)
    }
  })
})
