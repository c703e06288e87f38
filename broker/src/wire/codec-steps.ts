/**
 * Codecs for values that may be long: arrays and structures that contain arrays, read and written with pauses.
 *
 * A request of 100 MB may name millions of partitions, and decoding it takes seconds. These are the codecs of codec.ts
 * as generators: every few elements they check whether the turn is over (turns.ts). They are slower per array, so they
 * are used for large requests, and for responses that may be large and are not short (`isShort`).
 *
 *   array     64 elements, is the turn over? 64 elements, …      elements that can't be long are read in one call
 *   memory    is claimed for a whole array before it is allocated: MemoryClaim
 *
 * CODEC-STEPS-1  the same bytes decode to the same value as in codec.ts, and the same value encodes to the same bytes
 * CODEC-STEPS-2  between two checks there are at most 64 elements without an array of their own
 * CODEC-STEPS-3  if the same object occurs in an array several times and is large, its bytes are encoded once and
 *     referenced: 3,000 descriptions of one broker take the memory of one
 * CODEC-STEPS-4  the same applies to an array marked as `repeated`, such as the configs of 20,000 topics that have none of
 *     their own
 * CODEC-STEPS-5  a value is short if all its arrays together have at most SHORT_ELEMENTS elements; counting stops there
 * CODEC-STEPS-6  an array marked as `shared` is encoded once for all responses in the same version: they reference the same
 *     bytes, which are kept as long as the array, for the last ENCODINGS_MAX versions
 */
import type { Chunk } from '../core.ts'
import { type PlainSteps, SharedSteps } from '../shared-steps.ts'
import type { Steps } from '../turns.ts'
import type { AnyField } from './field.ts'
import type { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** Tells when a turn is over and others must be served (implemented by Turns). */
export interface Pace {
  readonly isOver: boolean
}

/** Called with the approximate size in bytes of values before they are created; it throws to end the decoding. */
export type MemoryClaim = (bytes: number) => void

export interface ReadPace extends Pace {
  readonly claim: MemoryClaim
}

/** Reads and writes the values of one type in one version; types that may be long can do so in steps, too. */
export interface Codec {
  read(reader: Reader): unknown
  write(writer: Writer, value: unknown): void
  readSteps?(reader: Reader, pace: ReadPace): Steps<unknown>
  writeSteps?(writer: Writer, value: unknown, pace: Pace): Steps<void>
  /** How many elements the arrays of `value` have in total; counting stops above `most`. */
  elements?(value: unknown, most: number): number
}

export interface Member extends Codec {
  readonly name: string
  readonly field: AnyField
}

type Struct = Record<string, unknown>
type StepCodec = Required<Pick<Codec, 'readSteps' | 'writeSteps' | 'elements'>>

const marked = new WeakSet<object>()

/** Marks an array that occurs in a response many times (CODEC-STEPS-4), and returns it. It must not be changed any more. */
export function repeated<Element>(values: Element[]): Element[] {
  marked.add(values)
  return values
}

/** A client may ask in each of thirteen versions. */
const ENCODINGS_MAX = 4

/** The bytes of shared arrays, by the array and its codec. */
const encodings = new WeakMap<object, Map<ArrayParts, SharedSteps<readonly Chunk[]>>>()

/** Marks a long array that occurs in many responses (CODEC-STEPS-6), and returns it. It must not be changed any more. */
export function shared<Element>(values: Element[]): Element[] {
  encodings.set(values, new Map())
  return values
}

/** The bytes of repeated arrays, by response. */
const writtenIn = new WeakMap<Writer, Map<unknown, Uint8Array>>()

/** The writer of a shared array begins with so many bytes. */
const ALONE_BYTES = 16_384

/** How many elements are read or written between two reads of the clock, which take 50 ns each. */
const ELEMENTS_A_LOOK = 64
/** Elements of at least this size are encoded once and referenced (CODEC-STEPS-3). */
const LARGE_ELEMENT_BYTES = 1024

/** Up to this many elements in total are written without a check: it takes a tenth of a ms. */
const SHORT_ELEMENTS = 256

/** Whether `value` can be written without a pause (CODEC-STEPS-5). */
export function isShort({ elements }: Codec, value: unknown): boolean {
  return elements === undefined || elements(value, SHORT_ELEMENTS) <= SHORT_ELEMENTS
}

/** The parts of a structure, besides its plain fields. */
export interface StructParts {
  readonly plain: readonly Member[]
  /** The value of a field that is missing in this version. */
  readonly absent: (field: AnyField) => unknown
  /** Sets the fields that are not plain, from the bytes behind the plain ones. */
  readonly readRest: (reader: Reader, value: Struct) => void
  readonly writeRest: (writer: Writer, value: Struct) => void
}

/** The steps of a structure; undefined if it can't be long. */
export function structSteps({ plain, absent, readRest, writeRest }: StructParts): StepCodec | undefined {
  const long = plain.filter(({ readSteps }) => readSteps !== undefined)
  if (long.length === 0) return undefined
  return {
    elements(value, most) {
      let count = 0
      for (const { name, elements } of long) {
        const given = (value as Struct)[name]
        if (given && count <= most) count += elements!(given, most - count)
      }
      return count
    },
    *readSteps(reader, pace) {
      const value: Struct = {}
      for (const { name, read, readSteps } of plain)
        value[name] = readSteps ? yield* readSteps(reader, pace) : read(reader)
      readRest(reader, value)
      return value
    },
    *writeSteps(writer, value, pace) {
      const struct = value as Struct
      for (const { name, field, write, writeSteps } of plain) {
        const given = struct[name] === undefined ? absent(field) : struct[name]
        if (writeSteps) yield* writeSteps(writer, given, pace)
        else write(writer, given)
      }
      writeRest(writer, struct)
    },
  }
}

/** The steps of a structure that may be null; `inner` is the codec of the structure. */
export function nullableSteps(inner: Codec, nullMark: 0 | -1): StepCodec | undefined {
  const { readSteps, writeSteps, elements } = inner
  if (!readSteps || !writeSteps || !elements) return undefined
  return {
    elements: (value, most) => (value === null ? 0 : elements(value, most)),
    *readSteps(reader, pace) {
      return reader.int8() <= nullMark ? null : yield* readSteps(reader, pace)
    },
    *writeSteps(writer, value, pace) {
      writer.int8(value === null ? nullMark : 1)
      if (value !== null) yield* writeSteps(writer, value, pace)
    },
  }
}

/** The parts of an array: how its length is read and written (null is -1), and its elements. */
export interface ArrayParts {
  readonly inner: Codec
  readonly element: AnyField
  /** Returns -1 for null, if null is allowed. */
  readonly readLength: (reader: Reader) => number
  readonly writeLength: (writer: Writer, values: readonly unknown[] | null) => void
}

export function arraySteps(parts: ArrayParts): StepCodec {
  const { inner, element, readLength } = parts
  const bytesEach = decodedBytes(element)
  return {
    elements(value, most) {
      const values = value as readonly unknown[] | null
      let count = values?.length ?? 0
      if (!values || !inner.elements) return count
      for (let i = 0; i < values.length && count <= most; i++)
        count += inner.elements(values[i], most - count)
      return count
    },
    *readSteps(reader, pace) {
      const count = readLength(reader)
      if (count < 0) return null
      pace.claim(count * bytesEach)
      const values: unknown[] = []
      for (let i = 0; i < count; i++) {
        values.push(inner.readSteps ? yield* inner.readSteps(reader, pace) : inner.read(reader))
        if (i % ELEMENTS_A_LOOK === ELEMENTS_A_LOOK - 1 && pace.isOver) yield
      }
      return values
    },
    *writeSteps(writer, value, pace) {
      const values = value as readonly unknown[] | null
      const known = values && encodings.get(values)
      if (known) return yield* writeShared(parts, known, values, writer, pace)
      const isRepeated = values !== null && marked.has(values)
      const before = isRepeated ? writtenIn.get(writer)?.get(values) : undefined
      if (before) return writer.bytesRef(before)
      const begin = writer.length
      yield* writeElements(parts, values, writer, pace)
      const written = isRepeated ? writer.since(begin) : undefined
      if (!written) return
      const inWriter = writtenIn.get(writer) ?? new Map<unknown, Uint8Array>()
      writtenIn.set(writer, inWriter.set(values, written))
    },
  }
}

function* writeElements(
  { inner, writeLength }: ArrayParts,
  values: readonly unknown[] | null,
  writer: Writer,
  pace: Pace,
): Steps<void> {
  writeLength(writer, values)
  const large = new Map<unknown, Uint8Array>()
  for (const [i, each] of (values ?? []).entries()) {
    const known = large.get(each)
    if (known) {
      writer.bytesRef(known)
    } else {
      const start = writer.length
      if (inner.writeSteps) yield* inner.writeSteps(writer, each, pace)
      else inner.write(writer, each)
      const written = writer.length - start >= LARGE_ELEMENT_BYTES ? writer.since(start) : undefined
      if (written) large.set(each, written)
    }
    if (i % ELEMENTS_A_LOOK === ELEMENTS_A_LOOK - 1 && pace.isOver) yield
  }
}

/** CODEC-STEPS-6. */
function* writeShared(
  parts: ArrayParts,
  known: Map<ArrayParts, SharedSteps<readonly Chunk[]>>,
  values: readonly unknown[],
  writer: Writer,
  pace: Pace,
): Steps<void> {
  const encoding = known.get(parts) ?? new SharedSteps(encodeAlone(parts, values, pace))
  known.delete(parts)
  known.set(parts, encoding)
  const [oldest] = known.keys()
  if (known.size > ENCODINGS_MAX) known.delete(oldest!)
  for (const chunk of yield* encoding.join()) writer.bytesRef(chunk)
}

function* encodeAlone(
  parts: ArrayParts,
  values: readonly unknown[],
  pace: Pace,
): PlainSteps<readonly Chunk[]> {
  const writer = new Writer(ALONE_BYTES)
  yield* writeElements(parts, values, writer, pace) as PlainSteps<void>
  return writer.chunks()
}

/** Approximate size in bytes of a decoded value in V8, without its variable part. */
function decodedBytes({ type }: AnyField): number {
  switch (type.kind) {
    case 'struct': {
      const fields = Object.values(type.fields)
      return 24 + fields.reduce((sum, field) => sum + 8 + decodedBytes(field), 0)
    }
    case 'array':
      return 48
    case 'string':
    case 'uuid':
      return 32
    case 'bytes':
    case 'records':
      return 200
    case 'int64':
    case 'float64':
      return 16
    default:
      return 8
  }
}
