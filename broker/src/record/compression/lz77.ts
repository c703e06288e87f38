/**
 * What snappy and LZ4 have in common: text that was there before is named by its distance instead of repeated.
 *
 *   offset zero, offset one      ->   "offset zero, " copy(7 bytes from 13 back) "one"
 *
 * Finding a repetition: a table remembers where each four bytes were last seen (their hash, so it may be wrong:
 * the bytes are compared). Both formats differ only in how literals and copies are written down.
 */

/** A table of positions by the hash of four bytes; -1 is never seen. */
export class MatchTable {
  private readonly positions = new Int32Array(1 << 14).fill(-1)

  /** Where the four bytes at `at` were seen last, and remembers that they are here; -1 when they were not. */
  swap(bytes: Uint8Array, at: number): number {
    const four = uint32LittleEndian(bytes, at)
    const slot = Math.imul(four, 0x9e37_79b1) >>> 18
    const before = this.positions[slot]!
    this.positions[slot] = at
    return before >= 0 && uint32LittleEndian(bytes, before) === four ? before : -1
  }
}

/** A repetition: where the same bytes stood before, and how many they are; `length` 0 is none. */
export interface Match {
  readonly before: number
  readonly length: number
}
/** Bytes of a repetition with which a search is content. */
const LONG_ENOUGH = 256
const NO_MATCH: Match = { before: -1, length: 0 }

/**
 * Every position by the hash of its four bytes, the newest first: a patient search tries several, and takes the
 * longest repetition.
 *
 *   newest[slot] -> 812 -> previous[812] 640 -> previous[640] 17 -> -1
 */
export class MatchChains {
  private readonly newest = new Int32Array(1 << 14).fill(-1)
  private readonly previous: Int32Array
  private readonly tries: number

  /** `size`: bytes that will be searched; `tries`: how many earlier positions are looked at for each. */
  constructor(size: number, tries: number) {
    this.previous = new Int32Array(size)
    this.tries = tries
  }

  add(bytes: Uint8Array, at: number): void {
    const slot = Math.imul(uint32LittleEndian(bytes, at), 0x9e37_79b1) >>> 18
    this.previous[at] = this.newest[slot]!
    this.newest[slot] = at
  }

  /** The longest repetition of what begins at `at`, which was added, and ends before `end`. */
  longest(bytes: Uint8Array, at: number, end: number, distanceMax: number): Match {
    let found = NO_MATCH
    let before = this.previous[at]!
    for (let left = this.tries; left > 0 && before >= 0 && at - before <= distanceMax; left--) {
      if (found.length >= LONG_ENOUGH) break
      const length = matchLength(bytes, before, at, end)
      if (length > found.length) found = { before, length }
      before = this.previous[before]!
    }
    return found
  }
}

/** How many bytes from `at` on equal those from `before` on, up to `end`. */
export function matchLength(bytes: Uint8Array, before: number, at: number, end: number): number {
  let length = 0
  while (at + length < end && bytes[before + length] === bytes[at + length]) length++
  return length
}

export function uint32LittleEndian(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

/**
 * Writes at `at` the `length` bytes that stand `distance` before it, which must be there. They may overlap what is
 * written: "ababab" is "ab" and 4 bytes from 2 back.
 */
export function repeat(bytes: Uint8Array, at: number, distance: number, length: number): void {
  if (length > 32 && distance >= length) bytes.copyWithin(at, at - distance, at - distance + length)
  else if (length > 32 && distance === 1) bytes.fill(bytes[at - 1]!, at, at + length)
  else for (let i = at, end = at + length; i < end; i++) bytes[i] = bytes[i - distance]!
}

/** Copies `from[start..end)` to `at` in `to`, which has the room; quicker than `set` for the few bytes that literals have. */
export function copyLiteral(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > 32) to.set(from.subarray(start, end), at)
  else for (let i = start, j = at; i < end; i++, j++) to[j] = from[i]!
}

/** Bytes that grow at the end. */
export class GrowingBytes {
  private bytes: Uint8Array
  length = 0

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity)
  }

  private room(more: number): number {
    const at = this.length
    const need = at + more
    if (need > this.bytes.length) {
      const bigger = new Uint8Array(Math.max(need, this.bytes.length * 2))
      bigger.set(this.bytes.subarray(0, at))
      this.bytes = bigger
    }
    this.length = need
    return at
  }

  byte(value: number): void {
    const at = this.room(1)
    this.bytes[at] = value
  }

  append(from: Uint8Array, start: number, end: number): void {
    const at = this.room(end - start)
    this.bytes.set(from.subarray(start, end), at)
  }

  toBytes(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }
}
