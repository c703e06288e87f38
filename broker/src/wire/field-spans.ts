/**
 * The position of each field of a message in its bytes, for tools that show bytes and fields side by side.
 *
 * The codec itself reads the message, and is observed field by field; there is no second decoder, which could differ.
 * This is for frames that are shown to people: observing costs one object per field.
 *
 *   00 02 | 05 61 6e 6e 61      two fields, `count` 0..2 and `name` 2..7, in a structure of 7 bytes
 *
 * SPAN-1  the value is the one that decode() returns, and the reader ends where decode() leaves it
 * SPAN-2  a span contains the spans of its inner fields, in the order of the bytes; bytes between them that belong to no
 *         field are a length, a null marker or the tags of a structure
 */
import { compileStruct, type WatchRead } from './codec.ts'
import type { WireType } from './field.ts'
import type { Reader } from './reader.ts'
import type { Message } from './schema.ts'

/** One field; its bytes are `from` (inclusive) to `to` (exclusive), counted as the reader counts. */
export interface FieldSpan {
  /** Its name; an element of an array has the array's. */
  readonly name: string
  readonly kind: WireType['kind']
  readonly from: number
  readonly to: number
  readonly value: unknown
  readonly inner: readonly FieldSpan[]
}

/** Decodes a message of `version`, and returns the positions of its fields. Throws what decode() throws. */
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
