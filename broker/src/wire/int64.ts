/**
 * An int64, exact: a number where a double holds it, a bigint where it does not.
 *
 * Offsets and times fit into 53 bits, unless a client chooses others: a record's time in nanoseconds, a committed offset
 * of 2^53 + 1. Rounding those would store what nobody sent. A bigint for every int64 would be exact, and slow where
 * each request has a dozen. So an Int64 is written in one way only, which is why it may be compared as it is:
 *
 *   |value| <= 2^53 - 1    number        1_796_011_945_555
 *   beyond                 bigint        1_796_011_945_555_123_457n
 *
 * `<`, `>` and `===` are exact between any two of them: JavaScript compares a number and a bigint by what they are worth.
 * Sums go through `plus` and `minus`; the compiler refuses others.
 *
 * INT64-1  an Int64 is a bigint exactly when it is not a safe integer
 * INT64-2  sums wrap around at 64 bits, as Java's do
 */

/** Compare with `<`, `>`, `===`; add with `plus`. */
export type Int64 = number | bigint

export const INT64_MAX: Int64 = 2n ** 63n - 1n
export const INT64_MIN: Int64 = -(2n ** 63n)

/** The one way to write `value` (INT64-1), wrapped to 64 bits (INT64-2). */
export function int64Of(value: bigint): Int64 {
  const wrapped = BigInt.asIntN(64, value)
  const near = Number(wrapped)
  return Number.isSafeInteger(near) ? near : wrapped
}

/** a + b (INT64-2). */
export function plus(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return int64Of(BigInt(a) + BigInt(b))
}

/** a - b (INT64-2). */
export function minus(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (Number.isSafeInteger(difference)) return difference
  }
  return int64Of(BigInt(a) - BigInt(b))
}

/** The greater of the two. */
export function greaterOf(a: Int64, b: Int64): Int64 {
  return a < b ? b : a
}

/** The double next to it: for showing, and where a few units more or less change nothing. */
export function nearestNumber(value: Int64): number {
  return Number(value)
}

/** Reads the int64 at `at`, exact. */
export function readInt64(view: DataView, at: number): Int64 {
  const high = view.getInt32(at)
  // 2^21 times 2^32 are 2^53: below, a double holds all of it.
  if (high >= -0x20_0000 && high < 0x20_0000) {
    const value = high * 0x1_0000_0000 + view.getUint32(at + 4)
    if (value !== -0x20_0000_0000_0000) return value
  }
  return view.getBigInt64(at)
}

/** Writes all 64 bits at `at`; throws RangeError when `value` is not in its one form (INT64-1). */
export function writeInt64(view: DataView, at: number, value: Int64): void {
  if (typeof value === 'bigint') {
    view.setBigInt64(at, value)
    return
  }
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an int64: ${value}`)
  const high = Math.floor(value / 0x1_0000_0000)
  view.setInt32(at, high)
  view.setUint32(at + 4, value - high * 0x1_0000_0000)
}
