import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { greaterOf, type Int64, int64Of, minus, plus, readInt64, writeInt64 } from './int64.ts'

const EDGE = [0n, 1n, -1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) + 1n, -(2n ** 53n)]
const any64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(...EDGE, 2n ** 63n - 1n, -(2n ** 63n)),
)

describe('int64', () => {
  it('INT64-1: it is a bigint exactly when it is not a safe integer, and survives encoding', () => {
    fc.assert(
      fc.property(any64, (value) => {
        const view = new DataView(new ArrayBuffer(8))
        writeInt64(view, 0, int64Of(value))
        const read = readInt64(view, 0)
        expect(BigInt(read)).toBe(value)
        expect(typeof read).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'bigint')
        expect(read === int64Of(value)).toBe(true)
      }),
    )
  })

  it('INT64-2: sums and comparisons are those of 64 bits', () => {
    fc.assert(
      fc.property(any64, any64, (a, b) => {
        const [x, y]: [Int64, Int64] = [int64Of(a), int64Of(b)]
        expect(BigInt(plus(x, y))).toBe(BigInt.asIntN(64, a + b))
        expect(BigInt(minus(x, y))).toBe(BigInt.asIntN(64, a - b))
        expect(plus(x, y) === int64Of(a + b)).toBe(true)
        expect(x < y).toBe(a < b)
        expect(x === y).toBe(a === b)
        expect(BigInt(greaterOf(x, y))).toBe(a < b ? b : a)
      }),
    )
  })
})
