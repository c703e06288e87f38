/**
 * Compressed records: streams that a codec's own tools accept and Kafka's clients do not, or vice versa. Every consumer must
 * be able to decompress what a broker accepts.
 */
import * as zlib from 'node:zlib'
import { NODE_CODECS } from '../../../src/node/compression/codecs.ts'
import { HEADER_SIZE, stampCrc } from '../../../src/record/batch.ts'
import { xxhash32 } from '../../../src/record/compression/xxhash32.ts'
import { Codec } from '../../../src/record/compression.ts'
import { scenario } from '../../scenario.ts'
import { batchOf, fetchOf, produceOf } from './writing.ts'

/** By what they are called: what becomes of the records' bytes, whole and in two parts. */
type Streams = Readonly<
  Record<string, (records: Uint8Array, first: Uint8Array, second: Uint8Array) => Uint8Array>
>

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

function littleEndian(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24)
}

const OTHERS = bytes('01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14')

/** A batch of three records, whose bytes `stream` has compressed in its own way. */
function batchWith(codec: Codec, stream: Streams[string]): Uint8Array {
  const plain = batchOf(3)
  const records = plain.subarray(HEADER_SIZE)
  const closed = stream(records, records.subarray(0, 20), records.subarray(20))
  const batch = joined(plain.subarray(0, HEADER_SIZE), closed)
  const view = new DataView(batch.buffer)
  view.setInt32(8, batch.length - 12)
  view.setInt16(21, codec)
  stampCrc(batch, 0)
  return batch
}

function play(codec: Codec, streams: Streams): void {
  const name = Object.entries(Codec)
    .find(([, number]) => number === codec)![0]
    .toLowerCase()
  for (const [what, stream] of Object.entries(streams))
    scenario(`Produce: ${name}: ${what}`, 'a client with a codec of its own', async (recorder) => {
      const topic = await recorder.topic(1)
      await recorder.call('Produce', 9, produceOf(topic, batchWith(codec, stream)))
      await recorder.call('Fetch', 12, fetchOf(topic))
    })
}

const gzip = (opened: Uint8Array) => NODE_CODECS.compress(Codec.GZIP, opened)
play(Codec.GZIP, {
  'two members': (_, first, second) => joined(gzip(first), gzip(second)),
  'a third, empty member': (records) => joined(gzip(records), gzip(new Uint8Array(0))),
  'other bytes behind it': (records) => joined(gzip(records), OTHERS),
  'zeroes behind it': (records) => joined(gzip(records), new Uint8Array(40)),
  'a few bytes of another member behind it': (records) =>
    joined(gzip(records), gzip(records).subarray(0, 18)),
  'more bytes of another member behind it': (records) => joined(gzip(records), gzip(records).subarray(0, 19)),
  'another member with records behind it': (records) => joined(gzip(records), gzip(records)),
  'a wrong checksum': (records) =>
    gzip(records).map((byte, i, all) => (i === all.length - 8 ? byte ^ 1 : byte)),
  'a wrong size': (records) => gzip(records).map((byte, i, all) => (i === all.length - 1 ? 1 : byte)),
  'no trailer': (records) => gzip(records).subarray(0, -8),
  'no end': (records) => gzip(records).subarray(0, -12),
  'a name and a comment': (records) =>
    joined(bytes('1f8b0818 00000000 0003 6e00 6300'), gzip(records).subarray(10)),
  'a wrong checksum of its header': (records) =>
    joined(bytes('1f8b0802 00000000 0003 0000'), gzip(records).subarray(10)),
  'flags that are reserved': (records) => gzip(records).with(3, 0xe0),
  'another method': (records) => gzip(records).with(2, 7),
  'zlib instead of gzip': (records) => new Uint8Array(zlib.deflateSync(records)),
  nothing: () => new Uint8Array(0),
})

const xerial = (opened: Uint8Array) => NODE_CODECS.compress(Codec.SNAPPY, opened)
const raw = (opened: Uint8Array) => xerial(opened).subarray(20)
play(Codec.SNAPPY, {
  raw: (records) => raw(records),
  'two xerial streams': (_, first, second) => joined(xerial(first), xerial(second)),
  'two xerial streams, the second of version 0': (_, first, second) =>
    joined(xerial(first), xerial(second).with(11, 0)),
  'two raw blocks': (_, first, second) => joined(raw(first), raw(second)),
  'other versions in its header': (records) => xerial(records).with(11, 9).with(15, 9),
  'three bytes behind it': (records) => joined(xerial(records), bytes('010203')),
  'a block that is cut behind it': (records) => joined(xerial(records), bytes('00000009 01')),
  'a block of no bytes behind it': (records) => joined(xerial(records), bytes('00000001 00')),
  'a negative size behind it': (records) => joined(xerial(records), bytes('ff000000')),
  'a header that is cut behind it': (records) => joined(xerial(records), xerial(records).subarray(0, 12)),
  'other bytes behind a raw block': (records) => joined(raw(records), bytes('00')),
  'a raw block that promises more': (records) => raw(records).map((byte, i) => (i === 0 ? byte + 1 : byte)),
  'a copy from before its beginning': () => bytes('05 00 61 0d 09'),
  cut: (records) => xerial(records).subarray(0, -1),
  'a header and no block': (records) => xerial(records).subarray(0, 16),
  'framed as the format describes it': (records) =>
    joined(bytes('ff060000734e61507059'), Uint8Array.of(1, records.length + 4, 0, 0, 0, 0, 0, 0), records),
})

/** A frame with these flags, of blocks that are stored as they are, and the checksums that the flags promise. */
function frame(flags: number, ...blocks: readonly Uint8Array[]): Uint8Array {
  const dictionary = flags & 0x01 ? littleEndian(1) : bytes('')
  const size = flags & 0x08 ? joined(littleEndian(joined(...blocks).length), new Uint8Array(4)) : bytes('')
  const header = joined(Uint8Array.of(flags, 0x40), size, dictionary)
  const stored = blocks.map((block) =>
    joined(
      littleEndian(block.length + 0x8000_0000),
      block,
      flags & 0x10 ? littleEndian(xxhash32(block)) : bytes(''),
    ),
  )
  const end = joined(new Uint8Array(4), flags & 0x04 ? littleEndian(xxhash32(joined(...blocks))) : bytes(''))
  return joined(bytes('04224d18'), header, Uint8Array.of((xxhash32(header) >>> 8) & 0xff), ...stored, end)
}
/** A frame of one stored block, without its end mark. */
const stored = (opened: Uint8Array) => frame(0x60, opened).subarray(0, -4)
/** A block that is compressed, to a single byte, and opens to nothing. */
const NO_BYTES = bytes('01000000 00')
const lz4 = (opened: Uint8Array) => NODE_CODECS.compress(Codec.LZ4, opened)
play(Codec.LZ4, {
  'linked blocks, as python-lz4 writes them': (_, first, second) => frame(0x40, first, second),
  'stored blocks': (_, first, second) => frame(0x60, first, second),
  'a dictionary': (records) => frame(0x61, records),
  'a flag that is reserved': (records) => frame(0x62, records),
  'another version': (records) => frame(0xa0, records),
  'checksums of blocks and content, a content size': (_, first, second) => frame(0x7c, first, second),
  'a wrong checksum of a block': (records) => frame(0x70, records).with(12, 0xee),
  'a wrong checksum of the content': (records) => frame(0x64, records).with(-1, 0).with(-2, 0),
  'no checksum of the content': (records) => frame(0x64, records).subarray(0, -4),
  'a wrong checksum of its header': (records) => lz4(records).with(6, 0),
  'two frames': (_, first, second) => joined(lz4(first), lz4(second)),
  'another frame with records behind it': (records) => joined(lz4(records), lz4(records)),
  'other bytes behind it': (records) => joined(lz4(records), OTHERS),
  'a frame to skip before it': (records) => joined(bytes('502a4d18 03000000 010203'), lz4(records)),
  'no end mark': (records) => lz4(records).subarray(0, -4),
  'a block that is cut': (records) => lz4(records).subarray(0, -6),
  'a block of more bytes than its header says': (records) =>
    frame(0x60, joined(records, new Uint8Array(70_000))),
  'the old format': (records) => joined(bytes('02214c18'), lz4(records).subarray(7)),
  'a block of no bytes behind it, and no end': (records) => joined(stored(records), NO_BYTES),
  'a block of no bytes behind it, and others': (records) => joined(stored(records), NO_BYTES, OTHERS),
  'a block of no bytes within it': (_, first, second) =>
    joined(stored(first), NO_BYTES, stored(second).subarray(7), new Uint8Array(4)),
  'a block of no bytes within it, and no end': (_, first) => joined(stored(first), NO_BYTES),
})

const zstd = (opened: Uint8Array) => NODE_CODECS.compress(Codec.ZSTD, opened)
const SKIPPED = bytes('502a4d18 03000000 010203')
/** The records as they are in a block of a frame with this header. */
const zstdStored = (header: string, records: Uint8Array, sum = '') =>
  joined(
    bytes(`28b52ffd ${header}`),
    littleEndian((records.length << 3) | 1).subarray(0, 3),
    records,
    bytes(sum),
  )
play(Codec.ZSTD, {
  'two frames': (_, first, second) => joined(zstd(first), zstd(second)),
  'a frame to skip before it': (records) => joined(SKIPPED, zstd(records)),
  'a frame to skip behind it': (records) => joined(zstd(records), SKIPPED),
  'nothing but a frame to skip': () => SKIPPED,
  'other bytes behind it': (records) => joined(zstd(records), OTHERS),
  'one other byte behind it': (records) => joined(zstd(records), bytes('01')),
  'the beginning of a frame behind it': (records) => joined(zstd(records), bytes('28b5')),
  'a frame that is cut behind it': (_, first, second) => joined(zstd(first), zstd(second).subarray(0, -1)),
  'another frame with records behind it': (records) => joined(zstd(records), zstd(records)),
  cut: (records) => zstd(records).subarray(0, -1),
  'a stored block': (records) => zstdStored('00 58', records),
  'a wrong checksum': (records) => zstdStored('04 58', records, '00000000'),
  'a dictionary': (records) => zstdStored('01 58 07', records),
  'a window of 128 MiB': (records) => zstdStored('00 88', records),
  'a window of 256 MiB': (records) => zstdStored('00 90', records),
  'a block of a type that is reserved': () => bytes('28b52ffd 0058 070000'),
  'a wrong content size': (records) => zstdStored('20 05', records),
  nothing: () => new Uint8Array(0),
})
