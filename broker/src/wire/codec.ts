/**
 * Compiles a declaration (schema.ts) into the reader and writer of one version.
 *
 * Closures are composed once per message and version; afterwards nothing depends on the version any more.
 * No code is generated as text, so it runs in pages that forbid eval, too.
 *
 *   flexible struct:  field, field, …, count of tagged fields, (tag, size, bytes) …    (KIP-482)
 *   nullable struct:  int8, -1 for null or 1, then the struct; as a tagged field 0 for null (KIP-893)
 *
 * CODEC-1  tagged fields are written in the order of their tags, and only if they differ from the default
 * CODEC-2  an unknown tag is skipped by its size; a known one is read by its type, and its size is ignored; if a tag
 *     occurs twice, the last one counts, in any order; a field that its version does not have gets its default
 * CODEC-3  null where the version does not allow it: malformed when it is read, a bug of ours when it is written
 * CODEC-4  more than TAGS_MAX tagged fields in one structure are malformed: skipping 100 MB of them would take seconds
 */
import type { Chunk } from '../core.ts'
import { arraySteps, type Codec, type Member, nullableSteps, structSteps } from './codec-steps.ts'
import type { AnyField, Fields, ScalarType } from './field.ts'
import type { Int64 } from './int64.ts'
import { MalformedError, type Reader } from './reader.ts'
import { ZERO_UUID } from './uuid.ts'
import { Writer } from './writer.ts'

export type { Codec } from './codec-steps.ts'

type Struct = Record<string, unknown>

/** Limit of tagged fields in one structure, known or not (CODEC-4). Kafka's largest structure has five; Kafka sets no limit. */
const TAGS_MAX = 1000

/** Replaces the read function of a field, so that decoding can be observed (field-spans.ts). */
export type WatchRead = (name: string, field: AnyField, read: Codec['read']) => Codec['read']

/** Settings that all fields of a message share. */
interface Setting {
  readonly version: number
  readonly flexible: boolean
  readonly watch: WatchRead | undefined
}

/** The codec of a structure's fields in `version`. */
export function compileStruct(fields: Fields, version: number, flexible: boolean, watch?: WatchRead): Codec {
  const setting = { version, flexible, watch }
  const members = Object.entries(fields)
    .filter(
      ([, { options }]) =>
        version >= (options.since ?? 0) && version <= (options.until ?? Number.POSITIVE_INFINITY),
    )
    .map(([name, field]): Member => ({ name, field, ...watched(field, setting, name) }))
  const plain = members.filter(({ field }) => !isTagged(field, version))
  const tagged = members
    .filter(({ field }) => isTagged(field, version))
    .sort((a, b) => a.field.options.tag! - b.field.options.tag!)
  const missing = Object.entries(fields).filter(([name]) => !plain.some((member) => member.name === name))
  const readRest = (reader: Reader, value: Struct): void => {
    for (const [name, field] of missing) value[name] = defaultOf(field)
    if (flexible) readTags(reader, tagged, value)
  }
  const writeRest = (writer: Writer, value: Struct): void => {
    if (flexible) writeTags(writer, tagged, value)
  }
  return {
    read: (reader) => {
      const value: Struct = {}
      for (const member of plain) value[member.name] = member.read(reader)
      readRest(reader, value)
      return value
    },
    write: (writer, value) => {
      const struct = value as Struct
      for (const { name, field, write } of plain) {
        const given = struct[name]
        write(writer, given === undefined ? defaultOf(field) : given)
      }
      writeRest(writer, struct)
    },
    ...structSteps({ plain, absent: defaultOf, readRest, writeRest }),
  }
}

/** A field's codec, whose reads `watch` may observe. */
function watched(field: AnyField, setting: Setting, name: string): Codec {
  const codec = compileField(field, setting, name)
  return setting.watch ? { ...codec, read: setting.watch(name, field, codec.read) } : codec
}

function isTagged({ options }: AnyField, version: number): boolean {
  return options.tag !== undefined && version >= (options.tagSince ?? options.since ?? 0)
}

function readTags(reader: Reader, tagged: readonly Member[], value: Struct): void {
  const count = reader.uvarint() | 0
  if (count > TAGS_MAX) throw new MalformedError(`${count} tagged fields in one structure`)
  for (let left = count; left > 0; left--) {
    const tag = reader.uvarint()
    const size = reader.uvarint()
    const member = tagged.find(({ field }) => field.options.tag === tag)
    if (member) value[member.name] = member.read(reader)
    else reader.skip(size)
  }
}

function writeTags(writer: Writer, tagged: readonly Member[], value: Struct): void {
  let present = 0
  for (const { name, field } of tagged) if (!isDefault(field, value[name])) present++
  writer.uvarint(present)
  if (present === 0) return
  for (const { name, field, write } of tagged) {
    if (isDefault(field, value[name])) continue
    const body = new Writer(64)
    write(body, value[name])
    writer.uvarint(field.options.tag!)
    writer.uvarint(body.length)
    for (const chunk of body.chunks()) writer.bytesRef(chunk)
  }
}

function compileField(field: AnyField, setting: Setting, name: string): Codec {
  const { version, flexible } = setting
  const { nullable } = field.options
  const mayBeNull = nullable !== undefined && (nullable === true || version >= nullable)
  const { type } = field
  if (type.kind === 'struct') {
    const inner = compileStruct(type.fields, version, flexible, setting.watch)
    return mayBeNull ? nullableStruct(inner, isTagged(field, version) ? 0 : -1) : inner
  }
  if (type.kind === 'array') return compileArray(type.element, setting, mayBeNull, name)
  const compact = flexible && !field.options.classic
  if (type.kind === 'string') return stringCodec(compact, mayBeNull, name)
  if (type.kind === 'bytes' || type.kind === 'records') return bytesCodec(compact, mayBeNull, name)
  return FIXED[type.kind]
}

/** `nullMark` encodes null: 0 in a tagged field, otherwise -1. A struct that is not null has 1. */
function nullableStruct(inner: Codec, nullMark: 0 | -1): Codec {
  return {
    read: (reader) => (reader.int8() <= nullMark ? null : inner.read(reader)),
    write: (writer, value) => {
      writer.int8(value === null ? nullMark : 1)
      if (value !== null) inner.write(writer, value)
    },
    ...nullableSteps(inner, nullMark),
  }
}

function compileArray(element: AnyField, setting: Setting, mayBeNull: boolean, name: string): Codec {
  const { flexible } = setting
  const inner = watched(element, setting, name)
  const readLength = (reader: Reader): number => {
    const count = reader.arrayLength(flexible)
    if (count < 0) nullRead(mayBeNull, name)
    return count
  }
  const writeLength = (writer: Writer, values: readonly unknown[] | null): void =>
    writer.bytesLength(flexible, values?.length ?? nullLength(mayBeNull, name))
  return {
    read: (reader) => {
      const count = readLength(reader)
      if (count < 0) return null
      const values: unknown[] = []
      for (let i = 0; i < count; i++) values.push(inner.read(reader))
      return values
    },
    write: (writer, value) => {
      const values = value as readonly unknown[] | null
      writeLength(writer, values)
      for (const each of values ?? []) inner.write(writer, each)
    },
    ...arraySteps({ inner, element, readLength, writeLength }),
  }
}

function stringCodec(flexible: boolean, mayBeNull: boolean, name: string): Codec {
  return {
    read: (reader) => {
      const length = reader.stringLength(flexible)
      return length < 0 ? nullRead(mayBeNull, name) : reader.utf8(length)
    },
    write: (writer, value) => {
      if (value === null) nullLength(mayBeNull, name)
      writer.string(flexible, value as string | null)
    },
  }
}

function bytesCodec(flexible: boolean, mayBeNull: boolean, name: string): Codec {
  return {
    read: (reader) => {
      const length = reader.bytesLength(flexible)
      return length < 0 ? nullRead(mayBeNull, name) : reader.raw(length)
    },
    write: (writer, value) => {
      if (value === null) return writer.bytesLength(flexible, nullLength(mayBeNull, name))
      const chunks = Array.isArray(value) ? (value as readonly Chunk[]) : [value as Chunk]
      writer.bytesLength(
        flexible,
        chunks.reduce((sum, chunk) => sum + chunk.length, 0),
      )
      for (const chunk of chunks) writer.bytesRef(chunk)
    },
  }
}

function nullRead(mayBeNull: boolean, name: string): null {
  if (!mayBeNull) throw new MalformedError(`null in ${name}, which must not be null`)
  return null
}

function nullLength(mayBeNull: boolean, name: string): -1 {
  if (!mayBeNull) throw new Error(`codec: ${name} must not be null`)
  return -1
}

type FixedType = Exclude<ScalarType, 'string' | 'bytes' | 'records'>

const FIXED: Readonly<Record<FixedType, Codec>> = {
  bool: { read: (reader) => reader.bool(), write: (writer, value) => writer.bool(value as boolean) },
  int8: { read: (reader) => reader.int8(), write: (writer, value) => writer.int8(value as number) },
  int16: { read: (reader) => reader.int16(), write: (writer, value) => writer.int16(value as number) },
  uint16: { read: (reader) => reader.uint16(), write: (writer, value) => writer.uint16(value as number) },
  int32: { read: (reader) => reader.int32(), write: (writer, value) => writer.int32(value as number) },
  uint32: { read: (reader) => reader.uint32(), write: (writer, value) => writer.uint32(value as number) },
  int64: { read: (reader) => reader.int64(), write: (writer, value) => writer.int64(value as Int64) },
  float64: { read: (reader) => reader.float64(), write: (writer, value) => writer.float64(value as number) },
  uuid: { read: (reader) => reader.uuid(), write: (writer, value) => writer.uuid(value as string) },
}

/** A field's default; a new object if it could be changed. */
export function defaultOf(field: AnyField): unknown {
  const { type, options } = field
  if (options.default !== undefined) return options.default
  switch (type.kind) {
    case 'struct':
      return Object.fromEntries(Object.entries(type.fields).map(([name, inner]) => [name, defaultOf(inner)]))
    case 'array':
      return []
    case 'string':
      return ''
    case 'bytes':
    case 'records':
      return new Uint8Array(0)
    case 'bool':
      return false
    case 'uuid':
      return ZERO_UUID
    default:
      return 0
  }
}

function isDefault(field: AnyField, value: unknown): boolean {
  if (value === undefined || value === field.options.default) return true
  if (value === null || field.options.default === null) return false
  const { type } = field
  if (type.kind === 'array' || type.kind === 'bytes' || type.kind === 'records')
    return (value as ArrayLike<unknown>).length === 0
  if (type.kind !== 'struct') return value === defaultOf(field)
  return Object.entries(type.fields).every(([name, inner]) => isDefault(inner, (value as Struct)[name]))
}
