/** Snappy and LZ4: round trips, Java's output, and corrupt bytes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lz4Compress, lz4Pieces } from './lz4.ts'
import { snappyCompress, snappyPieces } from './snappy.ts'
import { xxhash32 } from './xxhash32.ts'

const TEXT = 'offset zero, offset one, offset two, offset zero, offset one, offset two'
/** TEXT as kafka-clients 4.3.1 compresses it. */
const BY_JAVA = {
  snappy:
    '82534e415050590000000001000000010000001f48306f6666736574207a65726f2c200d0d086f6e65150c04747719186e2500',
  lz4: '04224d1860408225000000d36f6666736574207a65726f2c200d00356f6e650c0026747718000f25000450742074776f00000000',
}
const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (two) => Number.parseInt(two, 16))

/** The complete decompressed stream. */
function gathered(pieces: Iterable<Uint8Array>): Uint8Array {
  return new Uint8Array(Buffer.concat(Array.from(pieces, (piece) => piece.slice())))
}
const lz4Uncompress = (bytes: Uint8Array) => gathered(lz4Pieces(bytes))
const snappyUncompress = (bytes: Uint8Array) => gathered(snappyPieces(bytes))

/** Text with repetitions, like records, and noise without any. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(fc.constantFrom('offset ', '{"id":', 'a', '0000000000000000000000', '\n'), { maxLength: 400 })
    .map((words) => new TextEncoder().encode(words.join(''))),
  fc
    .record({ byte: fc.nat(255), length: fc.nat(200_000) })
    .map(({ byte, length }) => new Uint8Array(length).fill(byte)),
)

describe.each([
  ['snappy', snappyCompress, snappyUncompress, snappyPieces],
  ['lz4', lz4Compress, lz4Uncompress, lz4Pieces],
] as const)('%s', (name, compress, uncompress, pieces) => {
  it('SNAPPY-1, LZ4-1: decompresses what it compressed', () => {
    fc.assert(
      fc.property(content, (bytes) => {
        expect(Buffer.compare(uncompress(compress(bytes)), bytes)).toBe(0)
      }),
    )
  })

  it('reads what Java wrote', () => {
    expect(new TextDecoder().decode(uncompress(hex(BY_JAVA[name])))).toBe(TEXT)
  })

  it('makes repetitive input smaller', () => {
    expect(compress(new Uint8Array(100_000)).length).toBeLessThan(6000)
  })

  it('on corrupt bytes throws or returns some bytes; it never hangs or reads beyond the end', () => {
    const good = compress(new TextEncoder().encode(TEXT))
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, cut) => {
        const bad = good.slice(0, cut).fill(byte, at, at + 1)
        try {
          uncompress(bad)
        } catch (error) {
          expect(String(error)).toMatch(/snappy|lz4/)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('decompresses only what is requested: one megabyte of 16', () => {
    const packed = compress(new Uint8Array(16 << 20))
    let opened = 0
    for (const piece of pieces(packed)) {
      opened += piece.length
      expect(piece.length).toBeLessThanOrEqual(65_536)
      if (opened >= 1 << 20) break
    }
    expect(opened).toBeLessThan((1 << 20) + 65_536)
  })
})

describe('lz4 by levels', () => {
  it('LZ4-1: decompresses what it compressed, at every level', () => {
    fc.assert(
      fc.property(content, fc.integer({ min: 1, max: 17 }), (bytes, level) => {
        expect(Buffer.compare(lz4Uncompress(lz4Compress(bytes, level)), bytes)).toBe(0)
      }),
    )
  })

  it('compresses better at higher levels', () => {
    const words = ['offset ', 'zero ', 'batch ', 'record ', 'leader ', 'epoch ']
    const text = Array.from(
      { length: 8000 },
      (_, i) => words[(Math.imul(i * i, 0x9e37_79b1) >>> 9) % words.length],
    ).join('')
    const bytes = new TextEncoder().encode(text)
    const [one, four, most, quick] = [1, 4, 17, undefined].map((level) => lz4Compress(bytes, level).length)
    expect(four).toBeLessThan(one!)
    expect(most).toBeLessThan(four!)
    expect(most).toBeLessThan(quick!)
  })
})

describe('snappy', () => {
  it('reads raw blocks as librdkafka writes them', () => {
    expect(new TextDecoder().decode(snappyUncompress(hex(BY_JAVA.snappy).subarray(20)))).toBe(TEXT)
  })
})

describe('xxHash32', () => {
  it("XXHASH32-1: equals its inventor's test vectors", () => {
    const hash = (text: string) => xxhash32(new TextEncoder().encode(text)).toString(16)
    expect([hash(''), hash('a'), hash('Nobody inspects the spammish repetition')]).toEqual([
      '2cc5d05',
      '550d7456',
      'e2293b2f',
    ])
  })
})
