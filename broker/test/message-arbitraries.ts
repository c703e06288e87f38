/**
 * Random messages for property tests: all values that a declaration allows in a version.
 *
 * - a field that the version does not have gets its default, so that the decoded value equals the encoded one
 * - numbers are any of their type; strings are valid Unicode; NaN and -0 are excluded, because they do not equal
 *   themselves
 */
import * as fc from 'fast-check'
import { defaultOf } from '../src/wire/codec.ts'
import type { AnyField, FieldOptions, Fields, ScalarType } from '../src/wire/field.ts'
import { int64Of } from '../src/wire/int64.ts'
import type { Message } from '../src/wire/schema.ts'
import { uuidToString } from '../src/wire/uuid.ts'

const LENGTH_MAX = 3

/** Values of `message` that `version` can encode. */
export function messageArbitrary(message: Message<unknown>, version: number): fc.Arbitrary<unknown> {
  return structArbitrary(message.fields, version)
}

function structArbitrary(fields: Fields, version: number): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldArbitrary(field, version)])),
    { noNullPrototype: true },
  )
}

function fieldArbitrary(field: AnyField, version: number): fc.Arbitrary<unknown> {
  const { options } = field
  if (version < (options.since ?? 0) || version > (options.until ?? Number.POSITIVE_INFINITY)) {
    return fc.constant(null).map(() => defaultOf(field))
  }
  const value = fc.oneof(
    { weight: 4, arbitrary: typeArbitrary(field, version) },
    { weight: 1, arbitrary: fc.constant(null).map(() => present(field, version)) },
  )
  return mayBeNull(options, version) ? fc.option(value, { freq: 4 }) : value
}

/** The default, unless it is null in a version without null. */
function present(field: AnyField, version: number): unknown {
  const value = defaultOf(field)
  if (value !== null || mayBeNull(field.options, version)) return value
  const { default: _, ...options } = field.options
  return defaultOf({ ...field, options })
}

function mayBeNull({ nullable }: FieldOptions, version: number): boolean {
  return nullable === true || (nullable !== undefined && version >= nullable)
}

function typeArbitrary({ type }: AnyField, version: number): fc.Arbitrary<unknown> {
  if (type.kind === 'struct') return structArbitrary(type.fields, version)
  if (type.kind === 'array') return fc.array(typeArbitrary(type.element, version), { maxLength: LENGTH_MAX })
  return scalarArbitrary(type.kind)
}

const ANY_TEXT = fc.string({ unit: 'binary', maxLength: 20 })
/** A text with a byte order mark, which decoders may drop; it is rare in random texts. */
const WITH_A_MARK = ANY_TEXT.map((text) => `\ufeff${text}`)

function scalarArbitrary(kind: ScalarType): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'bool':
      return fc.boolean()
    case 'int8':
      return fc.integer({ min: -0x80, max: 0x7f })
    case 'int16':
      return fc.integer({ min: -0x8000, max: 0x7fff })
    case 'uint16':
      return fc.integer({ min: 0, max: 0xffff })
    case 'int32':
      return fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })
    case 'uint32':
      return fc.integer({ min: 0, max: 0xffff_ffff })
    case 'int64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(int64Of)
    case 'float64':
      return fc.double({ noNaN: true }).map((value) => value + 0)
    case 'uuid':
      return fc.uint8Array({ minLength: 16, maxLength: 16 }).map(uuidToString)
    case 'string':
      return fc.oneof({ weight: 9, arbitrary: ANY_TEXT }, { weight: 1, arbitrary: WITH_A_MARK })
    case 'bytes':
    case 'records':
      return fc.uint8Array({ maxLength: 20 })
  }
}
