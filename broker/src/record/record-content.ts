/**
 * Key, value and headers of a record, encoded as Kafka encodes them when it writes a record anew.
 *
 * A client may have written the same in another way: a length in more bytes than it takes, -7 for null, a header's key
 * that is no UTF-8. All that is made regular, as by Kafka, which decodes it and encodes what it has decoded.
 */
import type { Steps } from '../turns.ts'
import { Reader } from '../wire/reader.ts'
import { varintSize } from '../wire/varint-size.ts'
import { Writer } from '../wire/writer.ts'
import type { RecordCursor } from './record-cursor.ts'

/** After so many headers the work may be interrupted: a record may have millions. */
const HEADERS_A_STEP = 1000

const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** Is the record that the cursor stands on encoded so already? Records without headers are nearly always. */
export function isRegular({ content, keyLength, valueLength }: RecordCursor): boolean {
  if (keyLength < -1 || valueLength < -1) return false
  const keySize = varintSize(keyLength) + Math.max(0, keyLength)
  const valueSize = varintSize(valueLength) + Math.max(0, valueLength)
  // The last byte is the number of headers.
  return content.length === keySize + valueSize + 1 && content[content.length - 1] === 0
}

/** The record that the cursor stands on, encoded anew; step by step, for it may have millions of headers. */
export function* encodeContent({ key, value, headers }: RecordCursor): Steps<Uint8Array> {
  const writer = new Writer((key?.length ?? 0) + (value?.length ?? 0) + headers.length + 10)
  writeNullable(writer, key)
  writeNullable(writer, value)
  const reader = new Reader(headers)
  const count = reader.varint()
  writer.varint(count)
  for (let i = 1; i <= count; i++) {
    writeNullable(writer, regularText(reader.raw(reader.varint())))
    const length = reader.varint()
    writeNullable(writer, length < 0 ? null : reader.raw(length))
    if (i % HEADERS_A_STEP === 0) yield
  }
  return writer.toBytes()
}

function writeNullable(writer: Writer, bytes: Uint8Array | null): void {
  writer.varint(bytes === null ? -1 : bytes.length)
  if (bytes) writer.raw(bytes)
}

function regularText(bytes: Uint8Array): Uint8Array {
  return bytes.every((byte) => byte < 0x80) ? bytes : encoder.encode(decoder.decode(bytes))
}
