/**
 * The record: key, value, headers, and its deltas to the batch's header.
 *
 * In a batch a record holds only its differences from the header: deltas are small, and small varints take one byte. All
 * numbers are zigzag varints; a length of -1 means null.
 *
 *   length | attributes int8 (unused) | timestampDelta | offsetDelta | keyLength | key | valueLength | value
 *          | headerCount | (keyLength | key | valueLength | value)*
 *
 *   "k" -> "v" as the first record:   10 00 00 00 02 6b 02 76 00    8 bytes follow; the zigzag form of 8 is 16
 *
 * RECORD-1  decode(encode(records)) = records
 * RECORD-2  bytes that do not hold exactly `recordCount` records are INVALID_RECORD, whatever the checksum
 * RECORD-3  timestamps are exact: a base of 64 bits and a delta of 64 bits, whose sum wraps around
 */
import type { Int64 } from '../wire/int64.ts'
import { plus } from '../wire/int64.ts'
import { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'
import { Writer as ByteWriter } from '../wire/writer.ts'
import { type BatchHeader, codecOf, HEADER_SIZE, isLogAppendTime, readBatchHeader } from './batch.ts'
import { Codec, type Codecs, NO_CODECS } from './compression.ts'
import { Opening } from './large-openings.ts'
import { RecordCursor } from './record-cursor.ts'

/** A header of a record: Kafka allows the same key more than once. */
export interface RecordHeader {
  readonly key: string
  readonly value: Uint8Array | null
}

/** A record that was read. `offset` is absolute, `timestamp` in ms (the batch's with LogAppendTime). */
export interface StoredRecord {
  readonly offset: number
  readonly timestamp: Int64
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
}

/** The parts of a record to be written; deltas refer to the batch's header. */
export interface RecordParts {
  readonly timestampDelta: Int64
  readonly offsetDelta: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
}

const utf8 = new TextEncoder()

/** Appends one record to `writer`. */
export function writeRecord(writer: Writer, record: RecordParts): void {
  const body = new ByteWriter(128)
  body.int8(0)
  body.varlong(record.timestampDelta)
  body.varint(record.offsetDelta)
  writeNullable(body, record.key)
  writeNullable(body, record.value)
  body.varint(record.headers.length)
  for (const header of record.headers) {
    writeNullable(body, utf8.encode(header.key))
    writeNullable(body, header.value)
  }
  writer.varint(body.length)
  writer.raw(body.toBytes())
}

function writeNullable(writer: Writer, bytes: Uint8Array | null): void {
  writer.varint(bytes === null ? -1 : bytes.length)
  if (bytes) writer.raw(bytes)
}

/**
 * A cursor over the records of the batch at `at` with this `header`; compressed records are decompressed while it steps.
 * The codec's errors are thrown, here or by a step. The caller must close it. `inTurns`: the caller yields the cursor's
 * `waitsFor` whenever a step has paused (large-openings.ts).
 */
export function recordCursor(
  bytes: Uint8Array,
  at: number,
  header: BatchHeader,
  codecs: Codecs,
  { way = 'whole', inTurns = false }: { readonly way?: 'whole' | 'skipped'; readonly inTurns?: boolean } = {},
): RecordCursor {
  const from = at + HEADER_SIZE
  const to = at + header.size
  const codec = codecOf(header)
  if (codec === Codec.NONE) return RecordCursor.plain(bytes, from, to, header.recordCount)
  const records = bytes.subarray(from, to)
  const pieces = codecs.open(codec, records)
  const { largeOpenings } = codecs
  // What was decompressed in one call is small.
  const mayWait = inTurns && largeOpenings && !Array.isArray(pieces)
  const isLarge = (): boolean => codecs.isLarge?.(codec, records) ?? false
  const opened = mayWait ? new Opening(largeOpenings, pieces, isLarge()) : pieces
  return RecordCursor.opened(opened, header.recordCount, way)
}

/**
 * The records of the batch at `at`, one by one, however many there are. Key and value are views that are valid until the
 * next record is requested. Throws INVALID_RECORD (RECORD-2), and the codec's errors.
 */
export function* eachRecord(
  bytes: Uint8Array,
  at = 0,
  codecs: Codecs = NO_CODECS,
): Generator<StoredRecord, void, void> {
  const header = readBatchHeader(bytes, at)
  const cursor = recordCursor(bytes, at, header, codecs)
  try {
    for (let progress = cursor.next(); progress !== 'end'; progress = cursor.next()) {
      if (progress === 'record') yield recordAt(cursor, header)
    }
  } finally {
    cursor.close()
  }
}

/** Copies of all records of the batch at `at`: for batches that are known to be small. Throws as `eachRecord` does. */
export function readRecords(bytes: Uint8Array, at = 0, codecs: Codecs = NO_CODECS): StoredRecord[] {
  const isPlain = codecOf(readBatchHeader(bytes, at)) === Codec.NONE
  return Array.from(eachRecord(bytes, at, codecs), (record) => (isPlain ? record : copyOf(record)))
}

function copyOf(record: StoredRecord): StoredRecord {
  const headers = record.headers.map(({ key, value }) => ({ key, value: value?.slice() ?? null }))
  return {
    ...record,
    key: record.key?.slice() ?? null,
    value: record.value?.slice() ?? null,
    headers,
  }
}

/** The timestamp of a record (ms): with LogAppendTime all are equal. A delete horizon is stored in place of the base. */
export function timestampOf(header: BatchHeader, delta: Int64): Int64 {
  return isLogAppendTime(header) ? header.maxTimestamp : plus(header.baseTimestamp, delta)
}

function recordAt(cursor: RecordCursor, header: BatchHeader): StoredRecord {
  return {
    offset: header.baseOffset + cursor.offsetDelta,
    timestamp: timestampOf(header, cursor.timestampDelta),
    key: cursor.key,
    value: cursor.value,
    headers: headersIn(cursor.headers),
  }
}

/** The cursor has read the headers, so they are valid. */
function headersIn(stored: Uint8Array): RecordHeader[] {
  const reader = new Reader(stored)
  const headers: RecordHeader[] = []
  for (let left = reader.varint(); left > 0; left--) {
    const key = reader.utf8(reader.varint())
    const length = reader.varint()
    headers.push({ key, value: length < 0 ? null : reader.raw(length) })
  }
  return headers
}
