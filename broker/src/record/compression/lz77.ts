/**
 * What snappy and LZ4 have in common: repeated text is replaced by a reference to its earlier position.
 *
 *   offset zero, offset one      ->   "offset zero, " copy(7 bytes from 13 back) "one"
 *
 * To find repetitions, a table stores the last position of each four bytes, by their hash. Hashes may collide, so the
 * bytes are compared. The two formats differ only in the encoding of literals and copies.
 */

/** A table of positions by the hash of four bytes; -1 means none. */
export class MatchTable {
  private readonly positions = new Int32Array(1 << 14).fill(-1)

  /** Returns the last position of the four bytes at `at`, -1 if none, and stores the new position. */
  swap(bytes: Uint8Array, at: number): number {
    const four = uint32LittleEndian(bytes, at)
    const slot = Math.imul(four, 0x9e37_79b1) >>> 18
    const before = this.positions[slot]!
    this.positions[slot] = at
    return before >= 0 && uint32LittleEndian(bytes, before) === four ? before : -1
  }
}

/** A repetition: the earlier position of the same bytes, and their number; `length` 0 means none. */
export interface Match {
  readonly before: number
  readonly length: number
}
/** A search stops at a repetition of this many bytes. */
const LONG_ENOUGH = 256
const NO_MATCH: Match = { before: -1, length: 0 }

/**
 * All positions by the hash of their four bytes, the newest first: a thorough search tries several, and chooses the
 * longest repetition.
 *
 *   newest[slot] -> 812 -> previous[812] 640 -> previous[640] 17 -> -1
 */
export class MatchChains {
  private readonly newest = new Int32Array(1 << 14).fill(-1)
  private readonly previous: Int32Array
  private readonly tries: number

  /** `size`: length of the input in bytes; `tries`: how many earlier positions are compared for each. */
  constructor(size: number, tries: number) {
    this.previous = new Int32Array(size)
    this.tries = tries
  }

  add(bytes: Uint8Array, at: number): void {
    const slot = Math.imul(uint32LittleEndian(bytes, at), 0x9e37_79b1) >>> 18
    this.previous[at] = this.newest[slot]!
    this.newest[slot] = at
  }

  /** The longest repetition of the bytes at `at`, which must be added already; it ends before `end`. */
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
 * Copies `length` bytes to `at` from `distance` bytes before it, which must exist. Source and target may overlap:
 * "ababab" is "ab" and 4 bytes from 2 back.
 */
export function repeat(bytes: Uint8Array, at: number, distance: number, length: number): void {
  if (length > 32 && distance >= length) bytes.copyWithin(at, at - distance, at - distance + length)
  else if (length > 32 && distance === 1) bytes.fill(bytes[at - 1]!, at, at + length)
  else for (let i = at, end = at + length; i < end; i++) bytes[i] = bytes[i - distance]!
}

/** Copies `from[start..end)` to `at` in `to`, which must have the room; faster than `set` for short literals. */
export function copyLiteral(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > 32) to.set(from.subarray(start, end), at)
  else for (let i = start, j = at; i < end; i++, j++) to[j] = from[i]!
}

/** A growing array of bytes. */
export class GrowingBytes {
  private bytes: Uint8Array
  length = 0

  /** `memory`: where the bytes are kept as long as they fit, or how many fit at first. `begun`: the first bytes. */
  constructor(memory: number | Uint8Array, begun: Uint8Array = new Uint8Array(0)) {
    this.bytes = typeof memory === 'number' ? new Uint8Array(memory) : memory
    this.append(begun, 0, begun.length)
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
