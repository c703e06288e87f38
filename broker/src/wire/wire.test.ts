import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32c } from './crc32c.ts'
import { INT64_MAX, INT64_MIN, int64Of } from './int64.ts'
import { MalformedError, Reader } from './reader.ts'
import { array, int32, int64, request, string, struct, type TypeOf, uuid } from './schema.ts'
import {
  canonicalUuid,
  METADATA_TOPIC_UUID,
  randomUuid,
  uuidFromString,
  uuidToString,
  ZERO_UUID,
} from './uuid.ts'
import { Writer } from './writer.ts'

const write = (fill: (writer: Writer) => void): Uint8Array => {
  const writer = new Writer(1)
  fill(writer)
  return writer.toBytes()
}
const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')

test('CRC32C-1: the checksum of the digits one to nine, and of a long array in two halves of different alignment', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => i * 7)
  expect(crc32c(bytes, 3, 64)).toBe(crc32c(bytes.slice(3, 64)))
})

test('WRITER-2: an int64 is written exactly, or throws', () => {
  for (const value of [
    0,
    -1,
    1,
    2 ** 32,
    -(2 ** 32) - 5,
    Number.MAX_SAFE_INTEGER,
    -Number.MAX_SAFE_INTEGER,
  ]) {
    expect(new Reader(write((w) => w.int64(value))).int64()).toBe(value)
  }
  expect(hex(write((w) => w.int64(INT64_MAX)))).toBe('7f ff ff ff ff ff ff ff')
  expect(hex(write((w) => w.int64(INT64_MIN)))).toBe('80 00 00 00 00 00 00 00')
  expect(hex(write((w) => w.int64(2n ** 53n + 1n)))).toBe('00 20 00 00 00 00 00 01')
  for (const rounded of [2 ** 53, 2 ** 63, 0.5, Number.NaN]) {
    expect(() => new Writer().int64(rounded)).toThrow(RangeError)
  }
})

test('varints: short for small numbers of either sign, exact up to 64 bits', () => {
  expect(hex(write((w) => w.uvarint(300)))).toBe('ac 02')
  expect(hex(write((w) => w.varint(-1)))).toBe('01')
  for (const value of [0, -1, 1, 63, -64, 64, 0x7fffffff, -0x80000000]) {
    expect(new Reader(write((w) => w.varint(value))).varint()).toBe(value)
  }
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.nat(63), (value, shift) => {
      const some = int64Of(value >> BigInt(shift))
      expect(new Reader(write((w) => w.varlong(some))).varlong()).toBe(some)
    }),
  )
})

test('READER-1: a frame that ends early, an array longer than its frame and an endless varint are malformed', () => {
  expect(() => new Reader(Uint8Array.of(1, 2)).int32()).toThrow(MalformedError)
  expect(() => new Reader(write((w) => w.int32(0x7fffffff))).arrayLength(false)).toThrow(MalformedError)
  expect(() => new Reader(new Uint8Array(20).fill(0xff)).uvarint()).toThrow(MalformedError)
  expect(() => new Reader(new Uint8Array(20).fill(0xff)).varlong()).toThrow(MalformedError)
})

test('UUID-1: an id survives the round trip', () => {
  const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 })
  fc.assert(
    fc.property(sixteen, (bytes) => {
      expect([...uuidFromString(uuidToString(bytes))]).toEqual([...bytes])
    }),
  )
})

test('UUID-2: an id with padding is the same id; any other length is refused', () => {
  expect(canonicalUuid(`${ID}==`)).toBe(ID)
  expect(canonicalUuid(ID)).toBe(ID)
  for (const text of [`${ID}=`, `${ID}===`, `=${ID}=`, ID.slice(1), '']) {
    expect(() => canonicalUuid(text), text).toThrow(RangeError)
  }
})

test('UUID-3: a random id does not begin with a dash, and is none of the reserved ones', () => {
  // Six bits of 111110 are a dash.
  const random = [0xf8, 0xfb, 7]
  const id = randomUuid((length) => new Uint8Array(length).fill(random.shift()!))
  expect(random).toEqual([])
  expect(id.startsWith('Bwc')).toBe(true)
  expect([ZERO_UUID, METADATA_TOPIC_UUID]).not.toContain(randomUuid((length) => new Uint8Array(length)))
})

const Thing = request(
  99,
  'ThingRequest',
  { versions: '0-3', flexible: '2+' },
  {
    name: string(),
    note: string({ nullable: 1, since: 1, default: null }),
    ids: array(struct({ id: uuid(), size: int64({ default: -1 }) }), { since: 1 }),
    old: int32({ until: 1 }),
    extra: int32({ since: 2, tag: 0, default: -1 }),
    place: struct({ rack: string(), floor: int32() }, { since: 3, tag: 1 }),
  },
)
type Thing = TypeOf<typeof Thing>
const ID = 'BwcHBwcHBwcHBwcHBwcHBw'
const thing: Thing = {
  name: 'ключ',
  note: null,
  ids: [{ id: ID, size: 7 }],
  old: 5,
  extra: 9,
  place: { rack: 'r', floor: 2 },
}

test('SCHEMA-1, FIELD-1: each version has its fields; the others are decoded as defaults', () => {
  const through = (version: number): Thing => {
    const reader = new Reader(write((w) => Thing.encode(w, version, thing)))
    const value = Thing.decode(reader, version)
    expect(reader.remaining).toBe(0)
    return value
  }
  const empty = { rack: '', floor: 0 }
  expect(through(0)).toEqual({ ...thing, ids: [], extra: -1, place: empty })
  expect(through(1)).toEqual({ ...thing, extra: -1, place: empty })
  expect(through(2)).toEqual({ ...thing, old: 0, place: empty })
  expect(through(3)).toEqual({ ...thing, old: 0 })
})

test('CODEC-1, SCHEMA-2: a tagged field with its default is not written', () => {
  const bytes = write((w) => Thing.encode(w, 3, { name: 'a' }))
  expect(hex(bytes)).toBe('02 61 00 01 00')
})

test('CODEC-2: an unknown tag is skipped', () => {
  const bytes = Uint8Array.of(2, 0x61, 0, 1, 1, 77, 2, 0xaa, 0xbb)
  expect(Thing.decode(new Reader(bytes), 3).name).toBe('a')
})

test('a null struct: -1 as a plain field, 0 as a tagged field', () => {
  const inner = { size: int32() }
  const Two = request(
    98,
    'TwoRequest',
    { versions: '0', flexible: '0+' },
    {
      plain: struct(inner, { nullable: true }),
      tagged: struct(inner, { nullable: true, tag: 0 }),
    },
  )
  const none = { plain: null, tagged: null }
  expect(hex(write((w) => Two.encode(w, 0, none)))).toBe('ff 01 00 01 00')
  expect(Two.decode(new Reader(Uint8Array.of(0xff, 1, 0, 1, 0)), 0)).toEqual(none)
  expect(hex(write((w) => Two.encode(w, 0, { plain: { size: 1 }, tagged: { size: 2 } })))).toBe(
    '01 00 00 00 01 00 01 00 06 01 00 00 00 02 00',
  )
})

test('CODEC-3: null where the version forbids it is malformed', () => {
  expect(() => Thing.decode(new Reader(write((w) => w.int16(-1))), 0)).toThrow(/name/)
})

test('many bytes are referenced, not copied', () => {
  const big = new Uint8Array(4096).fill(1)
  const writer = new Writer()
  writer.int32(1)
  writer.bytesRef(big)
  writer.int32(2)
  expect(writer.length).toBe(4104)
  expect(writer.chunks()[1]).toBe(big)
})

test('READER-2: a string has 32,767 bytes at most, in either form', () => {
  const longest = 'я'.repeat(16_383)
  for (const flexible of [false, true]) {
    const reader = new Reader(write((w) => w.string(flexible, `${longest}.`)))
    expect(reader.utf8(reader.stringLength(flexible))).toBe(`${longest}.`)
    expect(() => new Writer().string(flexible, `${longest}..`)).toThrow(RangeError)
  }
  expect(() => new Reader(write((w) => w.uvarint(32_769))).stringLength(true)).toThrow(MalformedError)
})

test('a length below -1 is null, too', () => {
  const nullable = (bytes: Uint8Array): Thing => Thing.decode(new Reader(bytes), 3)
  // The note's length as an unsigned varint: 2^32 - 1, which is -1 in Java, minus one.
  expect(nullable(Uint8Array.of(2, 0x61, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 0)).note).toBe(null)
  expect(new Reader(write((w) => w.int16(-7))).stringLength(false)).toBe(-7)
})

test('CODEC-2: if a tag occurs twice, the last one counts; the size of a known tag is ignored', () => {
  // Tags 1, 0, 0; the sizes of the last two are wrong.
  const tags = [3, 1, 7, 2, 0x72, 0, 0, 0, 5, 0, 0, 99, 0, 0, 0, 1, 0, 1, 0, 0, 0, 2]
  const value = Thing.decode(new Reader(Uint8Array.of(2, 0x61, 0, 1, ...tags)), 3)
  expect(value).toMatchObject({ extra: 2, place: { rack: 'r', floor: 5 } })
})

test('a byte order mark is part of a string', () => {
  const reader = new Reader(write((w) => w.string(true, '\ufeffgroup')))
  expect(reader.utf8(reader.stringLength(true))).toBe('\ufeffgroup')
})

test('CODEC-4: a thousand tagged fields are skipped, one more is malformed', () => {
  const withTags = (count: number): Uint8Array =>
    write((w) => {
      w.string(true, 'a')
      w.uvarint(0)
      w.uvarint(1)
      w.uvarint(count)
      for (let i = 0; i < count; i++) {
        w.uvarint(100 + i)
        w.uvarint(0)
      }
    })
  expect(Thing.decode(new Reader(withTags(1000)), 3).name).toBe('a')
  expect(() => Thing.decode(new Reader(withTags(1001)), 3)).toThrow(MalformedError)
})

test('FIELD-2: fields are encoded in the order of their declaration, tagged ones after them', () => {
  const Mixed = request(
    97,
    'MixedRequest',
    { versions: '0', flexible: '0+' },
    { first: int32({ tag: 0 }), second: int32(), third: int32() },
  )
  expect(hex(write((w) => Mixed.encode(w, 0, { third: 3, second: 2, first: 1 })))).toBe(
    '00 00 00 02 00 00 00 03 01 00 04 00 00 00 01',
  )
})

test('READER-3: bytes are a view into the frame', () => {
  const frame = Uint8Array.of(1, 2, 3, 4)
  const reader = new Reader(frame)
  reader.skip(1)
  const view = reader.raw(2)
  frame[1] = 9
  expect([...view]).toEqual([9, 3])
})
