/**
 * The language in which messages are declared: one declaration for all versions.
 *
 * Kafka's protocol has about ninety APIs in up to nineteen versions. A version adds a field, removes one, makes one
 * nullable or, since KIP-482, switches to the compact ("flexible") encoding with tagged fields. A declaration gives the
 * first and the last version of each field; the codec of any version (codec.ts) and the TypeScript type are derived from
 * it.
 *
 *   export const HeartbeatRequest = request(12, 'HeartbeatRequest', { versions: '0-4', flexible: '4+' }, {
 *     groupId: string(),
 *     groupInstanceId: string({ nullable: true, since: 3, default: null }),
 *   })
 *   export type HeartbeatRequest = TypeOf<typeof HeartbeatRequest>
 *
 * The TypeScript type is in properties that exist for the compiler only (`OUT`, `IN`).
 *
 * SCHEMA-1  a field that its version does not have is decoded as its default, and not encoded
 * SCHEMA-2  an encoder's input may omit fields: they get their defaults
 * SCHEMA-3  declarations are data: a test compares them with Kafka's own, field by field
 */
import type { Chunk } from '../core.ts'
import type { Steps } from '../turns.ts'
import { type Codec, compileStruct } from './codec.ts'
import { isShort, type Pace, type ReadPace } from './codec-steps.ts'
import type { AnyField, FieldOptions, Fields, ScalarType } from './field.ts'
import type { Int64 } from './int64.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

declare const OUT: unique symbol
declare const IN: unique symbol

/** A field whose decoded value is an `Out` and that is encoded from an `In`. */
export interface Field<Out, In = Out> extends AnyField {
  readonly [OUT]?: Out
  readonly [IN]?: In
}

type OutOf<F> = F extends { readonly [OUT]?: infer Out } ? Out : never
type InOf<F> = F extends { readonly [IN]?: infer In } ? In : never
export type StructOut<F extends Fields> = { -readonly [K in keyof F]: Exclude<OutOf<F[K]>, undefined> }
export type StructIn<F extends Fields> = { readonly [K in keyof F]?: Exclude<InOf<F[K]>, undefined> }

type Plain = FieldOptions & { readonly nullable?: never }
type Nullable = FieldOptions & { readonly nullable: true | number }

/** A builder for one kind of field; not nullable by default. */
interface Builder<Out, In = Out> {
  (options?: Plain): Field<Out, In>
  (options: Nullable): Field<Out | null, In | null>
}

function scalar<Out, In = Out>(kind: ScalarType): Builder<Out, In> {
  return ((options: FieldOptions = {}) => ({ type: { kind }, options })) as Builder<Out, In>
}

export const bool = scalar<boolean>('bool')
export const int8 = scalar<number>('int8')
export const int16 = scalar<number>('int16')
export const uint16 = scalar<number>('uint16')
export const int32 = scalar<number>('int32')
export const uint32 = scalar<number>('uint32')
/** Exact: a number, or a bigint beyond 2^53 (int64.ts). */
export const int64 = scalar<Int64>('int64')
export const float64 = scalar<number>('float64')
export const uuid = scalar<string>('uuid')
export const string = scalar<string>('string')
export const bytes = scalar<Uint8Array>('bytes')
/** Record batches: encoded from one chunk or several, without copying them. */
export const records = scalar<Uint8Array, Chunk | readonly Chunk[]>('records')

/** A structure inside a message. */
export function struct<F extends Fields>(fields: F, options?: Plain): Field<StructOut<F>, StructIn<F>>
export function struct<F extends Fields>(
  fields: F,
  options: Nullable,
): Field<StructOut<F> | null, StructIn<F> | null>
export function struct<F extends Fields>(
  fields: F,
  options: FieldOptions = {},
): Field<StructOut<F>, StructIn<F>> {
  return { type: { kind: 'struct', fields }, options }
}

/** An array of a field's values: `array(int32())`, `array(struct({ … }))`. */
export function array<Out, In>(element: Field<Out, In>, options?: Plain): Field<Out[], readonly In[]>
export function array<Out, In>(
  element: Field<Out, In>,
  options: Nullable,
): Field<Out[] | null, readonly In[] | null>
export function array<Out, In>(
  element: Field<Out, In>,
  options: FieldOptions = {},
): Field<Out[], readonly In[]> {
  return { type: { kind: 'array', element }, options }
}

/** Inclusive. A `max` of Infinity means "and all later versions". */
export interface VersionRange {
  readonly min: number
  readonly max: number
}

export interface MessageOptions {
  /** '0-4' or '3'. */
  readonly versions: string
  /** The first version with the compact encoding, '4+', or 'none'. */
  readonly flexible: string
  /** The last version is not final in Kafka: a broker understands it but does not advertise it. */
  readonly latestUnstable?: true
}

export type MessageKind = 'request' | 'response' | 'record' | 'data'

/** A declared message, and its codec for every version. */
export interface Message<Out, In = Out> {
  readonly kind: MessageKind
  readonly name: string
  /** The API key of a request or response, the type of a stored record; -1 for other data. */
  readonly apiKey: number
  readonly versions: VersionRange
  /** Infinity if no version is flexible. */
  readonly flexibleSince: number
  readonly latestUnstable: boolean
  readonly fields: Fields
  /** Decodes a message of `version`; throws MalformedError if the bytes do not follow it. */
  decode(reader: Reader, version: number): Out
  /** Encodes a message of `version`; omitted fields get their defaults. */
  encode(writer: Writer, version: number, value: In): void
  /** The same in steps, for long messages (codec-steps.ts). */
  decodeSteps(reader: Reader, version: number, pace: ReadPace): Steps<Out>
  encodeSteps(writer: Writer, version: number, value: In, pace: Pace): Steps<void>
  /** Whether `encode` takes at most a tenth of a ms, apart from its strings. */
  isShort(version: number, value: In): boolean
  readonly [OUT]?: Out
  readonly [IN]?: In
}

/** The decoded value of a message: `type Heartbeat = TypeOf<typeof HeartbeatRequest>`. */
export type TypeOf<M> = M extends { readonly [OUT]?: infer Out } ? Exclude<Out, undefined> : never
/** The input of an encoder: the same value, with every field optional. */
export type InputOf<M> = M extends { readonly [IN]?: infer In } ? Exclude<In, undefined> : never

type Declared<F extends Fields> = Message<StructOut<F>, StructIn<F>>

export function request<F extends Fields>(
  apiKey: number,
  name: string,
  options: MessageOptions,
  fields: F,
): Declared<F> {
  return message('request', apiKey, name, options, fields)
}

export function response<F extends Fields>(
  apiKey: number,
  name: string,
  options: MessageOptions,
  fields: F,
): Declared<F> {
  return message('response', apiKey, name, options, fields)
}

/** The key or value of a record that Kafka stores in an internal topic; `type` tells which record it is. */
export function record<F extends Fields>(
  type: number,
  name: string,
  options: MessageOptions,
  fields: F,
): Declared<F> {
  return message('record', type, name, options, fields)
}

/** A header, or a structure inside another message: it has no API key. */
export function data<F extends Fields>(name: string, options: MessageOptions, fields: F): Declared<F> {
  return message('data', -1, name, options, fields)
}

/** The versions of a field, as a range. */
export function versionsOf(options: FieldOptions): VersionRange {
  return { min: options.since ?? 0, max: options.until ?? Number.POSITIVE_INFINITY }
}

/** '0-4' → {0, 4}; '3' → {3, 3}; '4+' → {4, Infinity}. */
export function parseVersions(text: string): VersionRange {
  const found = /^(\d+)(?:-(\d+)|(\+))?$/.exec(text)
  if (!found) throw new Error(`schema: not a range of versions: ${text}`)
  const min = Number(found[1])
  if (found[3]) return { min, max: Number.POSITIVE_INFINITY }
  return { min, max: found[2] === undefined ? min : Number(found[2]) }
}

function message<F extends Fields>(
  kind: MessageKind,
  apiKey: number,
  name: string,
  options: MessageOptions,
  fields: F,
): Declared<F> {
  const versions = parseVersions(options.versions)
  const flexibleSince =
    options.flexible === 'none' ? Number.POSITIVE_INFINITY : parseVersions(options.flexible).min
  const codecs: Codec[] = []
  // The codec of a version is built at its first use, and kept.
  const codec = (version: number): Codec => {
    if (version < versions.min || version > versions.max) throw new Error(`${name}: no version ${version}`)
    codecs[version] ??= compileStruct(fields, version, version >= flexibleSince)
    return codecs[version]
  }
  return {
    kind,
    name,
    apiKey,
    versions,
    flexibleSince,
    latestUnstable: options.latestUnstable === true,
    fields,
    decode: (reader, version) => codec(version).read(reader) as StructOut<F>,
    encode: (writer, version, value) => codec(version).write(writer, value),
    isShort: (version, value) => isShort(codec(version), value),
    *decodeSteps(reader, version, pace) {
      const { read, readSteps } = codec(version)
      return (readSteps ? yield* readSteps(reader, pace) : read(reader)) as StructOut<F>
    },
    *encodeSteps(writer, version, value, pace) {
      const { write, writeSteps } = codec(version)
      if (writeSteps) yield* writeSteps(writer, value, pace)
      else write(writer, value)
    },
  }
}

/** The versions that are served: without the latest if it is unstable, as in Kafka by default. */
export function stableVersions({
  versions,
  latestUnstable,
}: Pick<Message<unknown>, 'versions' | 'latestUnstable'>): VersionRange {
  return latestUnstable ? { min: versions.min, max: versions.max - 1 } : versions
}
