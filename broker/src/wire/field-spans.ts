/**
 * Where each field of a message lies in its bytes: what a reader of the protocol wants to see beside them.
 *
 * The codec itself does the reading; here it is only watched, field by field, so that there is no second decoder that
 * could be of another opinion. It is for frames that are shown to people: watching costs an object for each field.
 *
 *   00 02 | 05 61 6e 6e 61      two fields, `count` 0..2 and `name` 2..7, in a structure of 7 bytes
 *
 * SPAN-1  the value is the one that decode() gives, and the reader stands where decode() leaves it
 * SPAN-2  a span holds the spans of its inner fields, in the order of the bytes; what lies between them and belongs to
 *         no field is a length, a mark of null or the tags of a structure
 */
import { compileStruct, type WatchRead } from './codec.ts'
import type { WireType } from './field.ts'
import type { Reader } from './reader.ts'
import type { Message } from './schema.ts'

/** One field: its bytes are `from` up to, not including, `to`, counted as the reader counts. */
export interface FieldSpan {
  /** Its name; an element of an array has the array's. */
  readonly name: string
  readonly kind: WireType['kind']
  readonly from: number
  readonly to: number
  readonly value: unknown
  readonly inner: readonly FieldSpan[]
}

/** Reads a message of `version` and says where its fields lie; throws what decode() throws. */
export function decodeSpans<Out, In>(
  message: Message<Out, In>,
  reader: Reader,
  version: number,
): { value: Out; spans: readonly FieldSpan[] } {
  let level: FieldSpan[] = []
  const watch: WatchRead =
    (name, { type: { kind } }, read) =>
    (from) => {
      const outer = level
      const inner: FieldSpan[] = []
      const start = from.position
      level = inner
      const value = read(from)
      level = outer
      level.push({ name, kind, from: start, to: from.position, value, inner })
      return value
    }
  const flexible = version >= message.flexibleSince
  const value = compileStruct(message.fields, version, flexible, watch).read(reader) as Out
  return { value, spans: level }
}
