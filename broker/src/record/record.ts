/**
 * The record: key, value, headers, and its distance from the batch's first.
 *
 * Within a batch a record says only how it differs from the header: deltas are small, and small varints
 * take a byte. All numbers are zigzag varints; a length of -1 is null.
 *
 *   length | attributes int8 (unused) | timestampDelta | offsetDelta | keyLength | key | valueLength | value
 *          | headerCount | (keyLength | key | valueLength | value)*
 *
 *   "k" -> "v" as first record:   10 00 00 00 02 6b 02 76 00        8 bytes follow; zigzag of 8 is 16
 *
 * D1  decode(encode(records)) = records
 * D2  bytes that do not hold exactly `recordCount` records are INVALID_RECORD, whatever the checksum says
 */
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { nearestNumber } from '../wire/int64.ts'
import { MalformedError, Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'
import { Writer as ByteWriter } from '../wire/writer.ts'
import { type BatchHeader, codecOf, HEADER_SIZE, isLogAppendTime, readBatchHeader } from './batch.ts'
import { type Codecs, NO_CODECS } from './compression.ts'

/** A header of a record: Kafka allows the same key more than once. */
export interface RecordHeader {
  readonly key: string
  readonly value: Uint8Array | null
}

/** A record as read back. `offset` is absolute, `timestamp` is ms (the batch's when that is LogAppendTime). */
export interface StoredRecord {
  readonly offset: number
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
}

/** What a record to be written consists of; deltas are against the batch's header. */
export interface RecordParts {
  readonly timestampDelta: number
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
 * All records of the batch at `at`; key and value are views into `bytes`, or into what was decompressed.
 * Throws INVALID_RECORD (D2); what the codec throws comes through.
 */
export function readRecords(bytes: Uint8Array, at = 0, codecs: Codecs = NO_CODECS): StoredRecord[] {
  const header = readBatchHeader(bytes, at)
  return recordsIn(recordBytes(bytes, at, header, codecs), header)
}

/** All records of a batch whose records `opened` are, decompressed. Throws INVALID_RECORD (D2). */
export function recordsIn(opened: Uint8Array, header: BatchHeader): StoredRecord[] {
  const reader = new Reader(opened)
  const records: StoredRecord[] = []
  try {
    for (let i = 0; i < header.recordCount; i++) records.push(readRecord(reader, header))
  } catch (error) {
    if (error instanceof MalformedError) throw invalidCount()
    throw error
  }
  if (reader.remaining > 0) throw invalidCount()
  return records
}

/** The records' bytes, decompressed when they are compressed; what the codec throws comes through. */
export function recordBytes(
  bytes: Uint8Array,
  at: number,
  header: BatchHeader,
  codecs: Codecs,
  bytesMax?: number,
): Uint8Array {
  const packed = bytes.subarray(at + HEADER_SIZE, at + header.size)
  return codecOf(header) === 0 ? packed : codecs.decompress(codecOf(header), packed, bytesMax)
}

/**
 * Walks over decompressed records as `recordsIn` does, and keeps none: a batch may hold millions. Gives the greatest
 * timestampDelta (ms), and whether a record has no key. Throws INVALID_RECORD (D2).
 */
export function skimRecords(
  opened: Uint8Array,
  count: number,
): { maxTimestampDelta: number; hasNullKey: boolean } {
  const reader = new Reader(opened)
  const seen = { maxTimestampDelta: Number.NEGATIVE_INFINITY, hasNullKey: false }
  try {
    for (let left = count; left > 0; left--) skimRecord(reader, seen)
  } catch (error) {
    if (error instanceof MalformedError) throw invalidCount()
    throw error
  }
  if (reader.remaining > 0) throw invalidCount()
  return seen
}

function skimRecord(reader: Reader, seen: { maxTimestampDelta: number; hasNullKey: boolean }): void {
  const end = reader.varint() + reader.position
  reader.int8()
  seen.maxTimestampDelta = Math.max(seen.maxTimestampDelta, nearestNumber(reader.varlong()))
  reader.varint()
  if (skipBytes(reader) < 0) seen.hasNullKey = true
  skipBytes(reader)
  for (let left = reader.varint(); left > 0; left--) {
    if (skipBytes(reader) < 0) throw invalidCount()
    skipBytes(reader)
  }
  if (reader.position !== end) throw invalidCount()
}

/** Gives the length that is declared; -1 is null. */
function skipBytes(reader: Reader): number {
  const length = reader.varint()
  if (length > 0) reader.skip(length)
  return length
}

function readRecord(reader: Reader, header: BatchHeader): StoredRecord {
  const end = reader.varint() + reader.position
  reader.int8()
  const timestampDelta = nearestNumber(reader.varlong())
  const offset = header.baseOffset + reader.varint()
  const key = readNullable(reader)
  const value = readNullable(reader)
  const headers: RecordHeader[] = []
  for (let left = reader.varint(); left > 0; left--) headers.push(readHeader(reader))
  if (reader.position !== end) throw invalidCount()
  return { offset, timestamp: timestampOf(header, timestampDelta), key, value, headers }
}

/** LogAppendTime is one time for all. (A delete horizon takes the base's place, and deltas are against it.) */
function timestampOf(header: BatchHeader, delta: number): number {
  return isLogAppendTime(header) ? header.maxTimestamp : header.baseTimestamp + delta
}

function readHeader(reader: Reader): RecordHeader {
  return { key: reader.utf8(reader.varint()), value: readNullable(reader) }
}

function readNullable(reader: Reader): Uint8Array | null {
  const length = reader.varint()
  return length < 0 ? null : reader.raw(length)
}

/**
 * Hops from length to length over uncompressed records, looking at no more than their times: the greatest
 * timestampDelta (ms), undefined unless exactly `count` of them fill `bytes[start..end)`. Allocates nothing, for it
 * runs for every batch that comes in.
 */
export function maxTimestampDelta(
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
): number | undefined {
  let at = start
  let max = Number.NEGATIVE_INFINITY
  for (let left = count; left > 0; left--) {
    let length = 0
    let shift = 0
    let byte: number
    do {
      if (at >= end || shift > 28) return undefined
      byte = bytes[at++]!
      length |= (byte & 0x7f) << shift
      shift += 7
    } while (byte >= 0x80)
    // The lowest bit of a zigzag number is its sign: a negative length is a lie.
    if (length & 1) return undefined
    // Behind the length come the attributes, a byte, then the delta.
    const first = bytes[at + 1]!
    const delta = first < 0x80 ? (first >>> 1) ^ -(first & 1) : varlongAt(bytes, at + 1)
    if (delta > max) max = delta
    at += length >>> 1
  }
  return at === end ? max : undefined
}

/** The zigzag varlong at `at`, rounded beyond 2^53; whether it ends before the record does is not looked at. */
function varlongAt(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let i = 0, unit = 1; i < 10; i++, unit *= 128) {
    const byte = bytes[at + i] ?? 0
    value += (byte & 0x7f) * unit
    if (byte < 0x80) break
  }
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

function invalidCount(): KafkaError {
  return new KafkaError(
    ErrorCode.INVALID_RECORD,
    'the batch does not hold the number of records that it declares',
  )
}
