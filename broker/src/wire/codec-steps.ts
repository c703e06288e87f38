/**
 * The codec of what may be long: an array, and a structure that holds one, read and written with pauses.
 *
 * A request of 100 MB may name millions of partitions, and to read it takes seconds. These are the same codecs as in
 * codec.ts, as generators: they ask every few elements whether others are to be served (turns.ts). They cost more for
 * each array, so they are for large requests, and for responses that may be large and are not short (`isShort`).
 *
 *   array     64 elements, is the turn over? 64 elements, …      what can't be long within them is read at once
 *   memory    is claimed for a whole array before it is made: MemoryClaim
 *
 * CODEC-STEPS-1  the same bytes give the same value as in codec.ts, and the same value the same bytes
 * CODEC-STEPS-2  between two questions lie at most 64 elements without an array of their own
 * CODEC-STEPS-3  an element that stands in an array several times, as the same object, is written once, and referred to
 *     if it is large: 3,000 descriptions of one broker take the memory of one
 * CODEC-STEPS-4  so is an array that was marked as `repeated`: the settings of 20,000 topics that have none of their
 *     own
 * CODEC-STEPS-5  a value is short when all its arrays together have SHORT_ELEMENTS elements at most; more are not counted
 */
import type { Steps } from '../turns.ts'
import type { AnyField } from './field.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** Says when others are to be served (Turns is one). */
export interface Pace {
  readonly isOver: boolean
}

/** Told how many bytes decoded values will take, roughly, before they are made; throws what ends the decoding. */
export type MemoryClaim = (bytes: number) => void

export interface ReadPace extends Pace {
  readonly claim: MemoryClaim
}

/** Reads and writes the values of one type in one version; what may be long can do so in steps, too. */
export interface Codec {
  read(reader: Reader): unknown
  write(writer: Writer, value: unknown): void
  readSteps?(reader: Reader, pace: ReadPace): Steps<unknown>
  writeSteps?(writer: Writer, value: unknown, pace: Pace): Steps<void>
  /** How many elements the arrays of `value` have together; not all are counted when there are more than `most`. */
  elements?(value: unknown, most: number): number
}

export interface Member extends Codec {
  readonly name: string
  readonly field: AnyField
}

type Struct = Record<string, unknown>
type StepCodec = Required<Pick<Codec, 'readSteps' | 'writeSteps' | 'elements'>>

const marked = new WeakSet<object>()

/** Marks an array that stands in a response many times (CODEC-STEPS-4). It is not changed any more. Gives it back. */
export function repeated<Element>(values: Element[]): Element[] {
  marked.add(values)
  return values
}

/** By response: the bytes of its repeated arrays. */
const writtenIn = new WeakMap<Writer, Map<unknown, Uint8Array>>()

/** So many elements are read or written between two looks at the clock, which cost 50 ns each. */
const ELEMENTS_A_LOOK = 64
/** An element of so many bytes is worth remembering (CODEC-STEPS-3). */
const LARGE_ELEMENT_BYTES = 1024

/** Arrays of so many elements are written without a question, whatever they stand in: a tenth of a ms. */
const SHORT_ELEMENTS = 256

/** Whether `value` is written in no time (CODEC-STEPS-5). */
export function isShort({ elements }: Codec, value: unknown): boolean {
  return elements === undefined || elements(value, SHORT_ELEMENTS) <= SHORT_ELEMENTS
}

/** What a structure is made of, beside its plain fields. */
export interface StructParts {
  readonly plain: readonly Member[]
  /** The value of a field that is left out. */
  readonly absent: (field: AnyField) => unknown
  /** Fills in what is not among the plain fields, from the bytes behind them. */
  readonly readRest: (reader: Reader, value: Struct) => void
  readonly writeRest: (writer: Writer, value: Struct) => void
}

/** The steps of a structure; undefined for one that can't be long. */
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

/** The steps of a structure that may be null: `inner` is that of the structure. */
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

/** What an array is made of: how its length is read and written, null being -1, and its elements. */
export interface ArrayParts {
  readonly inner: Codec
  readonly element: AnyField
  /** Gives -1 for null, if that is allowed. */
  readonly readLength: (reader: Reader) => number
  readonly writeLength: (writer: Writer, values: readonly unknown[] | null) => void
}

export function arraySteps({ inner, element, readLength, writeLength }: ArrayParts): StepCodec {
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
      const isRepeated = values !== null && marked.has(values)
      const before = isRepeated ? writtenIn.get(writer)?.get(values) : undefined
      if (before) return writer.bytesRef(before)
      const begin = writer.length
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
      const written = isRepeated ? writer.since(begin) : undefined
      if (!written) return
      const known = writtenIn.get(writer) ?? new Map<unknown, Uint8Array>()
      writtenIn.set(writer, known.set(values, written))
    },
  }
}

/** Bytes that a decoded value takes, roughly, as V8 keeps it, without what its length adds. */
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
