/**
 * Invalid batches with a matching checksum, so that the checksum does not reject them.
 *
 * A valid batch is changed in one of three places: the compressed stream, the records before compression, or the batch's
 * header. Some stay valid. The choice depends on a seed and a number, so each batch can be built again alone.
 */
import * as zlib from 'node:zlib'
import { NODE_CODECS } from '../../../src/node/compression/codecs.ts'
import { HEADER_SIZE, stampCrc } from '../../../src/record/batch.ts'
import { buildBatch, type NewRecord } from '../../../src/record/batch-builder.ts'
import { Codec } from '../../../src/record/compression.ts'
import { diceOf } from '../../../src/sim/seeded-random.ts'

type Dice = (n: number) => number

/** `name` says what was changed. */
export interface Mutant {
  readonly name: string
  readonly bytes: Uint8Array
}

/** A way to compress; snappy has two. */
type Closer = readonly [name: string, codec: Codec, close: (bytes: Uint8Array, dice: Dice) => Uint8Array]

const XERIAL_HEADER = 20
const CLOSERS: readonly Closer[] = [
  ['none', Codec.NONE, (bytes) => bytes],
  ['gzip', Codec.GZIP, (bytes, dice) => NODE_CODECS.compress(Codec.GZIP, bytes, dice(10))],
  ['xerial snappy', Codec.SNAPPY, (bytes) => NODE_CODECS.compress(Codec.SNAPPY, bytes)],
  ['raw snappy', Codec.SNAPPY, (bytes) => NODE_CODECS.compress(Codec.SNAPPY, bytes).subarray(XERIAL_HEADER)],
  ['lz4', Codec.LZ4, (bytes, dice) => NODE_CODECS.compress(Codec.LZ4, bytes, 1 + dice(17))],
  ...(NODE_CODECS.has(Codec.ZSTD) ? [['zstd', Codec.ZSTD, zstd] as const] : []),
]

function zstd(bytes: Uint8Array, dice: Dice): Uint8Array {
  const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag } = zlib.constants
  return zlib.zstdCompressSync(bytes, {
    params: {
      [ZSTD_c_compressionLevel]: 1 + dice(19),
      [ZSTD_c_checksumFlag]: dice(2),
      [ZSTD_c_contentSizeFlag]: dice(2),
    },
  })
}

/** Batch `number` of the seed. Its timestamps are `then`, in ms, or a little later. */
export function mutantOf(seed: number, number: number, then: number): Mutant {
  const dice = diceOf(Math.imul(seed, 0x9e37_79b1) + Math.imul(number, 0x85eb_ca77))
  const [name, codec, close] = pick(CLOSERS, dice)
  const plain = buildBatch(records(dice, then))
  const inRecords = dice(2) === 0
  const isGood = dice(20) === 0
  let contents = plain.subarray(HEADER_SIZE)
  if (!isGood && inRecords) contents = damaged(contents, dice, () => contents)
  const more = (): Uint8Array => close(buildBatch(records(dice, then)).subarray(HEADER_SIZE), dice)
  let closed = close(contents, dice)
  if (!isGood && !inRecords) {
    const bad = damaged(closed, dice, more)
    if (codec !== Codec.LZ4 || !hasEmptyBlock(bad)) closed = bad
  }
  const bytes = new Uint8Array(Buffer.concat([plain.subarray(0, HEADER_SIZE), closed]))
  const view = new DataView(bytes.buffer)
  view.setInt32(8, bytes.length - 12)
  view.setInt16(21, codec)
  const inHeader = !isGood && dice(10) === 0 ? `, ${damageHeader(view, dice)}` : ''
  stampCrc(bytes, 0)
  return { name: `${name}, ${isGood ? 'good' : inRecords ? 'records' : 'stream'}${inHeader}`, bytes }
}

/**
 * An LZ4 block of one byte may decompress to nothing. Kafka's reader treats it as the end where a batch may end, as a byte
 * of 255 inside a number, and as nothing inside a field; ours as the end. No compressor writes one.
 */
function hasEmptyBlock(bytes: Uint8Array): boolean {
  return bytes.some(
    (token, i) => token < 0x10 && bytes[i - 4] === 1 && !bytes[i - 3] && !bytes[i - 2] && !bytes[i - 1],
  )
}

const WORDS = ['offset ', 'zero', '{"id":', '\n', 'x'.repeat(60)]

function records(dice: Dice, then: number): NewRecord[] {
  const text = (most: number): Uint8Array | null => {
    if (dice(6) === 0) return null
    const length = dice(8) === 0 ? dice(most) : dice(30)
    const words: string[] = []
    for (let left = length; left > 0; left -= words.at(-1)!.length) words.push(pick(WORDS, dice) + dice(1000))
    return new TextEncoder().encode(words.join('').slice(0, length))
  }
  return Array.from({ length: 1 + dice(5) }, (_, i) => ({
    key: text(300),
    value: text(3000),
    headers: Array.from({ length: dice(4) === 0 ? dice(3) : 0 }, (_, j) => ({
      key: `header ${j}`,
      value: text(100),
    })),
    timestamp: then + i,
  }))
}

/** One to three changes of bytes; `more` gives bytes of the same kind, to be put behind. */
function damaged(good: Uint8Array, dice: Dice, more: () => Uint8Array): Uint8Array {
  let bytes: Uint8Array = good.slice()
  for (let left = dice(3) === 0 ? 1 + dice(3) : 1; left > 0; left--) bytes = damagedOnce(bytes, dice, more)
  return bytes
}

function damagedOnce(bytes: Uint8Array, dice: Dice, more: () => Uint8Array): Uint8Array {
  const at = placeIn(bytes, dice)
  switch (dice(10)) {
    case 0:
    case 1:
      return bytes.map((byte, i) => (i === at ? dice(256) : byte))
    case 2:
      return bytes.map((byte, i) => (i === at ? byte ^ (1 << dice(8)) : byte))
    case 3:
      // Zigzag: a little more or less in a length, a count or a delta.
      return bytes.map((byte, i) => (i === at ? byte + pick([1, 2, -1, -2], dice) : byte))
    case 4:
      return bytes.slice(0, at)
    case 5:
      return joined(bytes.subarray(0, at), noise(1 + dice(3), dice), bytes.subarray(at))
    case 6:
      return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + dice(3)))
    case 7:
      return joined(bytes, dice(2) === 0 ? noise(dice(30), dice) : new Uint8Array(dice(30)))
    case 8: {
      const others = more()
      return joined(bytes, dice(2) === 0 ? others : others.subarray(0, dice(others.length + 1)))
    }
    default: {
      const byte = bytes[at] ?? 0
      // The same number in more bytes than it needs.
      return joined(bytes.subarray(0, at), Uint8Array.of(byte | 0x80, 0), bytes.subarray(at + 1))
    }
  }
}

/** Headers of streams and records are in front, what closes them is at the end. */
function placeIn(bytes: Uint8Array, dice: Dice): number {
  if (bytes.length === 0) return 0
  const where = dice(4)
  if (where === 0) return dice(Math.min(20, bytes.length))
  if (where === 1) return Math.max(0, bytes.length - 1 - dice(12))
  return dice(bytes.length)
}

function damageHeader(view: DataView, dice: Dice): string {
  const amount = pick([1, -1, 2, 1000, -5], dice)
  switch (dice(5)) {
    case 0:
      view.setInt32(57, view.getInt32(57) + amount)
      return `count ${amount}`
    case 1:
      view.setInt32(57, view.getInt32(57) + amount)
      view.setInt32(23, view.getInt32(23) + amount)
      return `count and last offset ${amount}`
    case 2:
      view.setInt16(21, dice(6))
      return `codec ${view.getInt16(21)}`
    case 3:
      view.setBigInt64(35, view.getBigInt64(35) + BigInt(amount))
      return `greatest time ${amount}`
    default:
      view.setBigInt64(27, view.getBigInt64(27) + BigInt(amount))
      return `base time ${amount}`
  }
}

function pick<T>(from: readonly T[], dice: Dice): T {
  return from[dice(from.length)]!
}

function noise(length: number, dice: Dice): Uint8Array {
  return Uint8Array.from({ length }, () => dice(256))
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
