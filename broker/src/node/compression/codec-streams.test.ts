/**
 * What Kafka's clients can read of a codec's stream, and what they can't. Each line was observed with kafka-clients 4.3.1
 * (Compression.of(…).wrapForInput).
 */
import * as zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { xxhash32 } from '../../record/compression/xxhash32.ts'
import { Codec } from '../../record/compression.ts'
import { NODE_CODECS } from './codecs.ts'

const TEXT = 'offset zero, offset one, offset two, offset zero, offset one, offset two'
const bytesOf = (text: string) => new TextEncoder().encode(text)
const hex = (text: string) =>
  Uint8Array.from(text.match(/[0-9a-f]{2}/g) ?? [], (two) => Number.parseInt(two, 16))
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts))
const packed = (codec: Codec, text = TEXT) => NODE_CODECS.compress(codec, bytesOf(text))

/** The decompressed text up to the end or to the corruption, and which of the two ended it. */
function opened(codec: Codec, bytes: Uint8Array): { text: string; end: 'ok' | 'damage' } {
  const pieces: Uint8Array[] = []
  const text = () => new TextDecoder().decode(joined(...pieces))
  try {
    for (const piece of NODE_CODECS.open(codec, bytes)) pieces.push(piece.slice())
    return { text: text(), end: 'ok' }
  } catch {
    return { text: text(), end: 'damage' }
  }
}
const ok = (text = TEXT) => ({ text, end: 'ok' })
const damaged = (text = '') => ({ text, end: 'damage' })

describe('NODE-CODECS-1, GZIP-PIECES-2: gzip, as GZIPInputStream reads it', () => {
  const one = packed(Codec.GZIP)
  const withHeader = (flags: number, more: Uint8Array) => {
    const header = one.slice(0, 10)
    header[3] = flags
    return joined(header, more, one.subarray(10))
  }
  const withCrc = (bytes: Uint8Array, length: number, crc = zlib.crc32(bytes.subarray(0, length))) =>
    joined(bytes.subarray(0, length), Uint8Array.of(crc & 0xff, (crc >>> 8) & 0xff), bytes.subarray(length))
  it.each([
    ['one member', one, ok()],
    ['two members', joined(one, packed(Codec.GZIP, 'more')), ok(`${TEXT}more`)],
    ['other bytes behind it', joined(one, bytesOf('garbage that is long enough for a header')), ok()],
    ['zeroes behind it', joined(one, new Uint8Array(40)), ok()],
    ['a few bytes of another member behind it', joined(one, packed(Codec.GZIP).subarray(0, 18)), ok()],
    [
      'more bytes of another member behind it',
      joined(one, packed(Codec.GZIP).subarray(0, 19)),
      damaged(`${TEXT}offset z`),
    ],
    ['cut within the deflate', one.subarray(0, 30), damaged('offset zero, offset one')],
    ['cut within the trailer', one.subarray(0, -1), damaged(TEXT)],
    ['a wrong checksum', one.with(one.length - 8, one.at(-8)! ^ 1), damaged(TEXT)],
    ['a wrong size', one.with(one.length - 1, 1), damaged(TEXT)],
    ['a name and a comment', withHeader(0x18, bytesOf('name\0comment\0')), ok()],
    ['an extra field', withHeader(0x04, Uint8Array.of(3, 0, 1, 2, 3)), ok()],
    ['a header checksum', withCrc(withHeader(0x02, new Uint8Array(0)), 10), ok()],
    ['a wrong header checksum', withCrc(withHeader(0x02, new Uint8Array(0)), 10, 1), damaged()],
    ['flags that are reserved', withHeader(0xe0, new Uint8Array(0)), ok()],
    ['another method', one.with(2, 7), damaged()],
    ['nothing', new Uint8Array(0), damaged()],
  ])('%s', (_, bytes, expected) => {
    expect(opened(Codec.GZIP, bytes)).toEqual(expected)
  })
})

describe('NODE-CODECS-1, SNAPPY-2, SNAPPY-3: snappy, as SnappyInputStream reads it', () => {
  const one = packed(Codec.SNAPPY)
  const raw = one.subarray(20)
  it.each([
    ['xerial', one, ok()],
    ['raw', raw, ok()],
    ['two xerial streams', joined(one, packed(Codec.SNAPPY, 'more')), ok(`${TEXT}more`)],
    ['another version in the first header', one.with(11, 9).with(15, 9), ok()],
    ['another version in the second header', joined(one, one.with(11, 9)), ok(TEXT + TEXT)],
    ['version 0 in the second header', joined(one, one.with(11, 0)), damaged()],
    ['a second header that is none', joined(one, one.with(7, 1)), ok(TEXT + TEXT)],
    [
      'a second header that is none, and nothing behind it',
      joined(one, one.with(7, 1).subarray(0, 16)),
      ok(),
    ],
    ['a second header that is cut', joined(one, one.subarray(0, 15)), damaged()],
    ['three bytes behind it', joined(one, Uint8Array.of(1, 2, 3)), ok()],
    ['four bytes behind it', joined(one, Uint8Array.of(0, 0, 0, 9)), damaged()],
    ['a negative size behind it', joined(one, Uint8Array.of(0xff, 0, 0, 9)), damaged()],
    ['a size of 0 behind it', joined(one, new Uint8Array(4)), damaged()],
    ['a block of no bytes behind it', joined(one, Uint8Array.of(0, 0, 0, 1, 0)), ok()],
    ['bytes behind the raw block', joined(raw, Uint8Array.of(0)), damaged()],
    ['a raw block that promises more', raw.with(0, raw[0]! + 1), damaged()],
    ['a copy from 0 back', Uint8Array.of(5, 0, 0x61, 1, 0), damaged()],
    ['cut', one.subarray(0, -1), damaged()],
    ['a header and no block', one.subarray(0, 16), ok('')],
    ['a cut header', one.subarray(0, 15), damaged()],
    ['nothing', new Uint8Array(0), damaged()],
  ])('%s', (_, bytes, expected) => {
    expect(opened(Codec.SNAPPY, bytes)).toEqual(expected)
  })
})

describe('NODE-CODECS-1, LZ4-2: lz4, as Lz4BlockInputStream reads it', () => {
  /** A frame with these flags and uncompressed blocks; with checksums where the flags demand them. */
  const frame = (flags: number, ...texts: readonly string[]) => {
    const header = Uint8Array.of(
      flags,
      0x40,
      ...(flags & 0x08 ? new Uint8Array(8) : []),
      ...(flags & 1 ? [1, 0, 0, 0] : []),
    )
    const word = (value: number) =>
      Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24)
    const blocks = texts.map((text) =>
      joined(
        word(text.length + 0x8000_0000),
        bytesOf(text),
        flags & 0x10 ? word(xxhash32(bytesOf(text))) : bytesOf(''),
      ),
    )
    const sum = Uint8Array.of((xxhash32(header) >>> 8) & 0xff)
    const end = joined(word(0), flags & 0x04 ? word(xxhash32(bytesOf(texts.join('')))) : bytesOf(''))
    return joined(hex('04224d18'), header, sum, ...blocks, end)
  }
  const one = packed(Codec.LZ4)
  const stored = frame(0x60, 'one', 'two')
  it.each([
    ['a frame of ours', one, ok()],
    ['stored blocks', stored, ok('onetwo')],
    ['linked blocks, the default of python-lz4', frame(0x40, 'one', 'two'), damaged()],
    ['a dictionary', frame(0x61, 'one'), damaged()],
    ['a reserved flag', frame(0x62, 'one'), damaged()],
    ['another version', frame(0xa0, 'one'), damaged()],
    ['checksums of blocks and content, a content size', frame(0x7c, 'one', 'two'), ok('onetwo')],
    ['a wrong checksum of a block', frame(0x70, 'one').with(11, 0x6e), damaged()],
    ['a wrong checksum of the content', frame(0x64, 'one').with(-1, 0).with(-2, 0), ok('one')],
    ['no checksum of the content', frame(0x64, 'one').subarray(0, -1), damaged('one')],
    ['a wrong header checksum', one.with(6, one[6]! ^ 1), damaged()],
    ['another frame behind it', joined(one, one), ok()],
    ['other bytes behind it', joined(one, bytesOf('garbage')), ok()],
    ['no end mark', stored.subarray(0, -4), damaged('onetwo')],
    ['a cut block', stored.subarray(0, -6), damaged('one')],
    [
      'an end mark with the bit of a stored block',
      joined(stored.subarray(0, -1), Uint8Array.of(0x80)),
      ok('onetwo'),
    ],
    ['a block of more than 64 KiB', frame(0x60, 'x'.repeat(65_537)), damaged()],
    ['nothing', new Uint8Array(0), damaged()],
  ])('%s', (_, bytes, expected) => {
    expect(opened(Codec.LZ4, bytes)).toEqual(expected)
  })
})

describe.runIf(NODE_CODECS.has(Codec.ZSTD))(
  'NODE-CODECS-1, ZSTD-PIECES-2, STREAM-READS-2: zstd, as zstd-jni reads it',
  () => {
    const one = NODE_CODECS.has(Codec.ZSTD) ? packed(Codec.ZSTD) : new Uint8Array(0)
    const more = NODE_CODECS.has(Codec.ZSTD) ? packed(Codec.ZSTD, 'more') : new Uint8Array(0)
    const skipped = hex('502a4d1803000000aabbcc')
    it.each([
      ['a frame', one, ok()],
      ['two frames', joined(one, more), ok(`${TEXT}more`)],
      ['a frame to skip before it', joined(skipped, one), ok()],
      ['a frame to skip behind it', joined(one, skipped), ok()],
      ['nothing but a frame to skip', skipped, ok('')],
      ['other bytes behind it', joined(one, bytesOf('garbage')), damaged(TEXT)],
      ['one other byte behind it', joined(one, Uint8Array.of(1)), damaged(TEXT)],
      ['zeroes behind it', joined(one, new Uint8Array(8)), damaged(TEXT)],
      ['the beginning of a magic behind it', joined(one, hex('28b5')), ok()],
      ['another frame, cut, behind it', joined(one, more.subarray(0, -1)), ok(`${TEXT}mor`)],
      ['cut', one.subarray(0, -1), damaged()],
      ['a frame to skip, cut', skipped.subarray(0, -1), damaged()],
      ['a block of a reserved type', hex('28b52ffd0000070000'), damaged()],
      ['a dictionary', hex('28b52ffd0100070b0000616263'), damaged()],
      ['a window of 256 MiB', hex('28b52ffd0090190000616263'), damaged()],
      ['a window of 128 MiB', hex('28b52ffd0088190000616263'), ok('abc')],
      ['a wrong checksum', hex('28b52ffd040019000061626300000000'), damaged()],
      ['nothing', new Uint8Array(0), ok('')],
    ])('%s', (_, bytes, expected) => {
      expect(opened(Codec.ZSTD, bytes)).toEqual(expected)
    })
  },
)

describe('NODE-CODECS-2: decompression in pieces', () => {
  const zeroes = new Uint8Array(16 << 20)
  const codecs = Object.values(Codec).filter((codec) => codec !== Codec.NONE && NODE_CODECS.has(codec))

  it.each(codecs)(
    'GZIP-PIECES-1, ZSTD-PIECES-1: a piece has at most 64 KiB, and work stops when no more pieces are requested: codec %d',
    (codec) => {
      let length = 0
      for (const piece of NODE_CODECS.open(codec, NODE_CODECS.compress(codec, zeroes))) {
        expect(piece.length).toBeLessThanOrEqual(65_536)
        length += piece.length
        if (length > 1 << 20) break
      }
      expect(length).toBeGreaterThan(1 << 20)
      expect(length).toBeLessThan((1 << 20) + 65_537)
    },
  )

  it.each(codecs)('gives the complete text, the same as in one call: codec %d', (codec) => {
    const words = Array.from({ length: 400_000 }, (_, i) => `${Math.imul(i, 0x9e37_79b1) >>> 12} zero `)
    const bytes = bytesOf(words.join(''))
    const stream = NODE_CODECS.compress(codec, bytes)
    const pieces = Array.from(NODE_CODECS.open(codec, stream), (piece) => piece.slice())
    expect(pieces.length).toBeGreaterThan(50)
    expect(Buffer.compare(joined(...pieces), bytes)).toBe(0)
    expect(Buffer.compare(NODE_CODECS.decompress(codec, stream), bytes)).toBe(0)
  })
})

describe('NODE-CODECS-2: compression in pieces', () => {
  const codecs = Object.values(Codec).filter((codec) => NODE_CODECS.has(codec))
  const words = Array.from({ length: 200_000 }, (_, i) => `${Math.imul(i, 0x9e37_79b1) >>> 12} zero `)
  const bytes = bytesOf(words.join(''))

  it.each(codecs)(
    'decompresses to what was written, however it was cut; output is not held back: codec %d',
    (codec) => {
      for (const sizes of [[bytes.length], [1, 65_536, 32_768, 7, 100_000], [10_000]]) {
        const packing = NODE_CODECS.pack(codec)
        let written = 0
        for (let i = 0; written < bytes.length; i++) {
          const piece = bytes.slice(written, written + sizes[i % sizes.length]!)
          packing.write(piece)
          written += piece.length
          piece.fill(0)
          if (sizes.length > 1 && written > 1 << 20) expect(packing.size).toBeGreaterThan(100_000)
        }
        expect(Buffer.compare(NODE_CODECS.decompress(codec, packing.finish()), bytes)).toBe(0)
      }
    },
  )

  it.each(codecs)('an empty stream, and a level: codec %d', (codec) => {
    expect(NODE_CODECS.decompress(codec, NODE_CODECS.pack(codec).finish())).toEqual(new Uint8Array(0))
    const packing = NODE_CODECS.pack(codec, 1)
    packing.write(bytes.subarray(0, 1000))
    packing.write(bytes.subarray(1000, 2000))
    expect(Buffer.compare(NODE_CODECS.decompress(codec, packing.finish()), bytes.subarray(0, 2000))).toBe(0)
  })
})

it.runIf(NODE_CODECS.has(Codec.ZSTD))(
  'ZSTD-PIECES-3: full reads of 16 KiB are returned before the corruption',
  () => {
    const noise = Uint8Array.from({ length: 300_000 }, (_, i) => Math.imul(i, 0x9e37_79b1) >>> 24)
    const cut = NODE_CODECS.compress(Codec.ZSTD, noise).subarray(0, -1)
    let length = 0
    const open = () => {
      for (const piece of NODE_CODECS.open(Codec.ZSTD, cut)) length += piece.length
    }
    expect(open).toThrow()
    expect(length).toBeGreaterThan(0)
    expect(length % 16_384).toBe(0)
  },
)
