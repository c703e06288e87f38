/**
 * The declaration of a field: plain data that the codec (codec.ts) and the builders (schema.ts) use.
 *
 * It is a file of its own so that these two can import it without importing each other in a circle.
 *
 * FIELD-1  a version range is inclusive at both ends
 * FIELD-2  a struct's fields are on the wire in the order in which they are declared; tagged ones after them
 */
import type { Int64 } from './int64.ts'

export type ScalarType =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float64'
  | 'uuid'
  | 'string'
  | 'bytes'
  | 'records'

export type WireType =
  | { readonly kind: ScalarType }
  | { readonly kind: 'array'; readonly element: AnyField }
  | { readonly kind: 'struct'; readonly fields: Fields }

export interface FieldOptions {
  /** The first and the last version that have the field; default: all versions of the enclosing structure. */
  readonly since?: number
  readonly until?: number
  /** `4`: may be null since version 4; `true`: in every version that has the field. */
  readonly nullable?: true | number
  readonly default?: string | Int64 | boolean | null
  /** The number of a tagged field, and the first version in which it is tagged (otherwise `since`). */
  readonly tag?: number
  readonly tagSince?: number
  /** The length is in classic form in flexible versions, too: the client id of the request header. */
  readonly classic?: true
}

export interface AnyField {
  readonly type: WireType
  readonly options: FieldOptions
}

export type Fields = Readonly<Record<string, AnyField>>
