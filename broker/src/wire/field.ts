/**
 * What a field is made of: plain data, from which the codec (codec.ts) and the builders (schema.ts) work.
 *
 * It stands apart so that the two import this file and not each other in a circle.
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
  /** The first and the last version that have the field; without them, all of the enclosing structure's. */
  readonly since?: number
  readonly until?: number
  /** `4` means "may be null since version 4", `true` means in every version that has the field. */
  readonly nullable?: true | number
  readonly default?: string | Int64 | boolean | null
  /** The number of a tagged field, and the first version in which it is tagged (otherwise `since`). */
  readonly tag?: number
  readonly tagSince?: number
  /** Its length is in classic form in flexible versions too: the client id of the request header. */
  readonly classic?: true
}

export interface AnyField {
  readonly type: WireType
  readonly options: FieldOptions
}

export type Fields = Readonly<Record<string, AnyField>>
