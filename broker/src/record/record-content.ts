/**
 * Encodes a record's key, value and headers as Kafka does when it rebuilds a batch.
 *
 * A client may have used another encoding: a length in more bytes than needed, -7 for null, a header key that is not valid
 * UTF-8. All of it is normalised, as in Kafka, which decodes the record and encodes it again.
 */
import type { Steps } from '../turns.ts'
import { Reader } from '../wire/reader.ts'
import { varintSize } from '../wire/varint-size.ts'
import { Writer } from '../wire/writer.ts'
import type { RecordCursor } from './record-cursor.ts'

/** The work may be paused after this many headers: a record may have millions. */
const HEADERS_A_STEP = 1000

const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** Whether the cursor's record already has this encoding. Records without headers nearly always do. */
export function isRegular({ content, keyLength, valueLength }: RecordCursor): boolean {
  if (keyLength < -1 || valueLength < -1) return false
  const keySize = varintSize(keyLength) + Math.max(0, keyLength)
  const valueSize = varintSize(valueLength) + Math.max(0, valueLength)
  // The last byte is the number of headers.
  return content.length === keySize + valueSize + 1 && content[content.length - 1] === 0
}

/** Encodes the cursor's record again, step by step, because it may have millions of headers. */
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
