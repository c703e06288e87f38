/**
 * Frames for a fuzzer: valid requests of every served API and version, and their mutations.
 *
 *   declaration --arbitrary--> random message --seasoned--> known names in it --encoded--> frame --mutated--> bytes
 *
 * Purely random messages are refused early, because their topics do not exist. So existing names, ids and small numbers
 * are inserted, and batches that are valid, or invalid with a matching checksum.
 *
 * FRAME-MAKER-1  the same seed gives the same frames in the same order
 */
import * as fc from 'fast-check'
import type { Api } from '../../../src/api/api.ts'
import { headerVersions } from '../../../src/messages/header.ts'
import type { SeededRandom } from '../../../src/sim/seeded-random.ts'
import { frameOf } from '../../../src/sim/sim-client.ts'
import { stableVersions } from '../../../src/wire/schema.ts'
import { messageArbitrary } from '../../message-arbitraries.ts'
import { flipBit, pick, type Spices, season } from './seasoning.ts'

/** A valid frame with any contents that its declaration allows. */
export interface SampleFrame {
  readonly api: Api
  readonly version: number
  readonly bytes: Uint8Array
}

/** `perVersion` frames of each version of each API. */
export function sampleFrames(
  apis: Iterable<Api>,
  spices: Spices,
  random: SeededRandom,
  perVersion: number,
): SampleFrame[] {
  const frames: SampleFrame[] = []
  for (const api of apis) {
    const { request } = api
    const { min, max } = stableVersions(request)
    for (let version = min; version <= max; version++) {
      const seed = random.int(0x7fffffff)
      const values = fc.sample(messageArbitrary(request, version), { seed, numRuns: perVersion })
      const { request: header } = headerVersions(request.apiKey, version >= request.flexibleSince)
      for (const value of values) {
        season(request.fields, value as Record<string, unknown>, random, spices)
        frames.push({ api, version, bytes: frameOf(request, version, header, random.int(1000), value) })
      }
    }
  }
  return frames
}

type Mutation = (frame: Uint8Array, random: SeededRandom) => Uint8Array

const SIZE_BYTES = 4
const EXTREMES = [0, 1, -1, 127, 128, 0x7fff, 0x7fffffff, -0x80000000, 0x10000000, 1_000_000]
/** Varints: too long, at the edge of 32 bits, at the edge of an array that the frame could hold. */
const VARINTS = [
  [0xff, 0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x00],
]

/** Mutations by name, so that a report can say what was done. The frame's size field stays right unless noted. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'as it is': (frame) => frame,
  'bits flipped': (frame, random) => {
    for (let flips = 1 + random.int(8); flips > 0; flips--) flipBit(frame, inBody(frame, random), random)
    return frame
  },
  'a number replaced by an extreme one': (frame, random) => {
    const at = inBody(frame, random)
    const bytes = [1, 2, 4][random.int(3)]!
    const value = pick(EXTREMES, random)
    for (let i = 0; i < bytes && at + i < frame.length; i++) frame[at + i] = value >> (8 * (bytes - 1 - i))
    return frame
  },
  'a varint put in': (frame, random) => {
    const at = inBody(frame, random)
    return resized([frame.subarray(0, at), pick(VARINTS, random), frame.subarray(at + 1)])
  },
  'cut off': (frame, random) =>
    resized([frame.subarray(0, SIZE_BYTES + random.int(frame.length - SIZE_BYTES))]),
  'bytes at its end': (frame, random) => resized([frame, random.bytes(1 + random.int(20))]),
  'bytes taken out': (frame, random) => {
    const at = inBody(frame, random)
    return resized([frame.subarray(0, at), frame.subarray(at + 1 + random.int(8))])
  },
  'a piece doubled': (frame, random) => {
    const at = inBody(frame, random)
    const end = Math.min(frame.length, at + 1 + random.int(40))
    return resized([frame.subarray(0, end), frame.subarray(at, end), frame.subarray(end)])
  },
  'another version': (frame, random) => {
    new DataView(frame.buffer, frame.byteOffset).setInt16(
      6,
      random.chance(50) ? random.int(25) : random.int(0x10000),
    )
    return frame
  },
  'another API key': (frame, random) => {
    new DataView(frame.buffer, frame.byteOffset).setInt16(
      4,
      random.chance(50) ? random.int(100) : random.int(0x10000),
    )
    return frame
  },
  'a size that lies': (frame, random) => {
    const view = new DataView(frame.buffer, frame.byteOffset)
    view.setInt32(0, random.chance(50) ? pick(EXTREMES, random) : view.getInt32(0) + random.int(9) - 4)
    return frame
  },
  'garbage before': (frame, random) => join([random.bytes(1 + random.int(12)), frame]),
  'garbage only': (_, random) => resized([new Uint8Array(SIZE_BYTES), random.bytes(random.int(200))]),
  'half of it': (frame, random) => frame.subarray(0, 1 + random.int(frame.length - 1)),
}

const NAMES = Object.keys(MUTATIONS)

/** A copy of the frame, mutated once or twice, and what was done to it. */
export function mutated(sample: SampleFrame, random: SeededRandom): { bytes: Uint8Array; how: string } {
  const how = [pick(NAMES, random)]
  if (random.chance(20)) how.push(pick(NAMES, random))
  let bytes: Uint8Array = sample.bytes.slice()
  for (const name of how) if (bytes.length > SIZE_BYTES + 8) bytes = MUTATIONS[name]!(bytes, random)
  return { bytes, how: how.join(', ') }
}

function inBody(frame: Uint8Array, random: SeededRandom): number {
  return SIZE_BYTES + random.int(frame.length - SIZE_BYTES)
}

function join(parts: readonly ArrayLike<number>[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Joins the parts, with a matching size in front. */
function resized(parts: readonly ArrayLike<number>[]): Uint8Array {
  const frame = join(parts)
  if (frame.length >= SIZE_BYTES) new DataView(frame.buffer).setInt32(0, frame.length - SIZE_BYTES)
  return frame
}
