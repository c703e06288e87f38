/**
 * An exact int64: a number if a double can hold it, else a bigint.
 *
 * Offsets and timestamps fit into 53 bits, unless a client chooses others: a timestamp in nanoseconds, a committed offset
 * of 2^53 + 1. Rounding them would store a value that no client sent. A bigint for every int64 would be exact, but slow,
 * as each request has a dozen. So each value has exactly one representation, and values can be compared directly:
 *
 *   |value| <= 2^53 - 1    number        1_796_011_945_555
 *   beyond                 bigint        1_796_011_945_555_123_457n
 *
 * `<`, `>` and `===` are exact between any two: JavaScript compares a number and a bigint by their mathematical value.
 * Use `plus` and `minus` for sums; the compiler rejects other operators.
 *
 * INT64-1  an Int64 is a bigint exactly when it is not a safe integer
 * INT64-2  sums wrap around at 64 bits, as Java's do
 */

/** Compare with `<`, `>`, `===`; add with `plus`. */
export type Int64 = number | bigint

export const INT64_MAX: Int64 = 2n ** 63n - 1n
export const INT64_MIN: Int64 = -(2n ** 63n)

/** The representation of `value` (INT64-1), wrapped to 64 bits (INT64-2). */
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

/** The nearest double: to show it, and where small differences do not matter. */
export function nearestNumber(value: Int64): number {
  return Number(value)
}

/** Reads the int64 at `at`, exact. */
export function readInt64(view: DataView, at: number): Int64 {
  const high = view.getInt32(at)
  // 2^21 times 2^32 is 2^53: below it, a double is exact.
  if (high >= -0x20_0000 && high < 0x20_0000) {
    const value = high * 0x1_0000_0000 + view.getUint32(at + 4)
    if (value !== -0x20_0000_0000_0000) return value
  }
  return view.getBigInt64(at)
}

/** Writes all 64 bits at `at`; throws RangeError if `value` is not in its representation (INT64-1). */
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
