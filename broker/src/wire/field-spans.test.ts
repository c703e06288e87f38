/** The positions of a message's fields. The codec writes the bytes; the expected positions were determined by hand. */
import { describe, expect, test } from 'vitest'
import { decodeSpans, type FieldSpan } from './field-spans.ts'
import { Reader } from './reader.ts'
import { array, int16, int32, request, string, struct } from './schema.ts'
import { Writer } from './writer.ts'

const Example = request(
  1,
  'ExampleRequest',
  { versions: '0-1', flexible: '1+' },
  {
    count: int16(),
    name: string({ nullable: true }),
    topics: array(struct({ id: int32(), note: string({ since: 1, tag: 0, default: '' }) })),
  },
)

const value = {
  count: 2,
  name: 'anna',
  topics: [
    { id: 7, note: 'x' },
    { id: 8, note: '' },
  ],
}

function bytesOf(version: number): Uint8Array {
  const writer = new Writer()
  Example.encode(writer, version, value)
  return writer.toBytes()
}

/** `name from..to`, inner ones in brackets. */
const drawn = (spans: readonly FieldSpan[]): string =>
  spans
    .map(({ name, from, to, inner }) => `${name} ${from}..${to}${inner.length ? ` [${drawn(inner)}]` : ''}`)
    .join(', ')

describe('the spans of fields', () => {
  test.each([0, 1])(
    'SPAN-1: version %i gives the value that decode gives, and ends where it ends',
    (version) => {
      const [watched, plain] = [new Reader(bytesOf(version), 0), new Reader(bytesOf(version), 0)]
      expect(decodeSpans(Example, watched, version).value).toEqual(Example.decode(plain, version))
      expect(watched.position).toBe(plain.position)
    },
  )

  test('SPAN-2: each field is where its bytes are, in classic form', () => {
    const { spans } = decodeSpans(Example, new Reader(bytesOf(0)), 0)
    expect(drawn(spans)).toBe(
      'count 0..2, name 2..8, topics 8..20 [topics 12..16 [id 12..16], topics 16..20 [id 16..20]]',
    )
  })

  test('SPAN-2: lengths and tags lie between them, in compact form', () => {
    // 00 02 | 05 anna | 03 | 00 00 00 07, 1 tag: 00 02 02 x | 00 00 00 08, no tag | no tag
    const { spans } = decodeSpans(Example, new Reader(bytesOf(1)), 1)
    expect(drawn(spans)).toBe(
      'count 0..2, name 2..7, topics 7..22 [topics 8..17 [id 8..12, note 15..17], topics 17..22 [id 17..21]]',
    )
    expect(bytesOf(1)).toHaveLength(23)
  })

  test('a frame that ends early throws as decode does', () => {
    const short = bytesOf(0).subarray(0, 9)
    expect(() => decodeSpans(Example, new Reader(short), 0)).toThrow(/wanted at|array of/)
  })
})
