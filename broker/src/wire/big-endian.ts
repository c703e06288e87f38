/**
 * Reads and writes numbers at fixed positions of a byte array; big-endian, as everywhere in Kafka.
 *
 * A batch's header and an index's entries have fixed layouts: reading one field by its position takes a few machine
 * instructions and allocates nothing; a DataView would be one more object per request. Reader and Writer handle data
 * without a fixed layout.
 *
 * An int64 is a number, exact to ±2^53; Long.MAX_VALUE becomes 2^63, and `putInt64` writes it back saturated. Timestamps, which
 * clients choose, are exact (wire/int64.ts).
 */
import { INT64_MAX, INT64_MIN, type Int64, readInt64, writeInt64 } from './int64.ts'

/** The int16 at byte `at`. */
export function int16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16)) >> 16
}

/** The int32 at byte `at`. */
export function int32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

/** The int64 at byte `at`. */
export function int64At(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at) * 0x1_0000_0000 + (int32At(bytes, at + 4) >>> 0)
}

/** The int64 at byte `at`, exact. */
export function exactInt64At(bytes: Uint8Array, at: number): Int64 {
  const value = int64At(bytes, at)
  if (Number.isSafeInteger(value)) return value
  return readInt64(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at)
}

/** The float64 at byte `at`. */
export function float64At(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(at)
}

/** Writes an int16; only the low 16 bits of `value` count. */
export function putInt16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8
  bytes[at + 1] = value
}

/** Writes an int32, or a uint32: only the low 32 bits of `value` count. */
export function putInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24
  bytes[at + 1] = value >> 16
  bytes[at + 2] = value >> 8
  bytes[at + 3] = value
}

/** Writes an int64; a number saturates at ±2^63. */
export function putInt64(bytes: Uint8Array, at: number, value: Int64): void {
  if (typeof value === 'bigint' || value >= 2 ** 63 || value <= -(2 ** 63)) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const mark = value > 0 ? INT64_MAX : INT64_MIN
    writeInt64(view, at, typeof value === 'bigint' ? value : mark)
    return
  }
  const high = Math.floor(value / 0x1_0000_0000)
  putInt32(bytes, at, high)
  putInt32(bytes, at + 4, value - high * 0x1_0000_0000)
}

/** Writes a float64. */
export function putFloat64(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).setFloat64(at, value)
}
