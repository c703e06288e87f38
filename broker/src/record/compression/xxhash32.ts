/**
 * xxHash32, seed 0: the checksum in an LZ4 frame. It is fast and detects accidental corruption, not attacks.
 *
 * XXHASH32-1  the hash of no bytes is 02cc5d05, of "a" 550d7456
 */
import { uint32LittleEndian } from './lz77.ts'

const P1 = 0x9e37_79b1
const P2 = 0x85eb_ca77
const P3 = 0xc2b2_ae3d
const P4 = 0x27d4_eb2f
const P5 = 0x1656_67b1

/** The hash of `bytes[start..end)`, unsigned. */
export function xxhash32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let at = start
  let hash = P5
  if (end - start >= 16) {
    const lanes = [P1 + P2, P2, 0, -P1]
    for (; at + 16 <= end; at += 16) {
      for (let lane = 0; lane < 4; lane++)
        lanes[lane] = round(lanes[lane]!, uint32LittleEndian(bytes, at + 4 * lane))
    }
    hash = rotate(lanes[0]!, 1) + rotate(lanes[1]!, 7) + rotate(lanes[2]!, 12) + rotate(lanes[3]!, 18)
  }
  hash = (hash + end - start) | 0
  for (; at + 4 <= end; at += 4)
    hash = Math.imul(rotate((hash + Math.imul(uint32LittleEndian(bytes, at), P3)) | 0, 17), P4)
  for (; at < end; at++) hash = Math.imul(rotate((hash + Math.imul(bytes[at]!, P5)) | 0, 11), P1)
  hash = Math.imul(hash ^ (hash >>> 15), P2)
  hash = Math.imul(hash ^ (hash >>> 13), P3)
  return (hash ^ (hash >>> 16)) >>> 0
}

function round(lane: number, input: number): number {
  return Math.imul(rotate((lane + Math.imul(input, P2)) | 0, 13), P1)
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
