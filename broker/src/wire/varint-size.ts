/**
 * The size of a zigzag varint: 1 byte for up to 6 bits and the sign, 2 for up to 13, and so on.
 */
import type { Int64 } from './int64.ts'

/** Of a number of at most 32 bits. */
export function varintSize(value: number): number {
  const raw = ((value << 1) ^ (value >> 31)) >>> 0
  if (raw < 0x80) return 1
  if (raw < 0x4000) return 2
  if (raw < 0x20_0000) return 3
  return raw < 0x1000_0000 ? 4 : 5
}

/** Of a number of at most 64 bits. */
export function varlongSize(value: Int64): number {
  if (typeof value === 'number' && value >= -0x8000_0000 && value <= 0x7fff_ffff) return varintSize(value)
  const wide = BigInt(value)
  const raw = BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n))
  return Math.ceil(raw.toString(2).length / 7)
}
