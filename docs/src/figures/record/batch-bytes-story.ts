import { buildBatch } from '../../../../broker/src/record/batch-builder'
import { Reader } from '../../../../broker/src/wire/reader'
import type { BatchField, RecordText } from './batch-bytes'

/** A record as it lies in a segment file: built by the broker's code, and taken apart field by field. */

/** The fields of the batch's header, in order, with their sizes in bytes. `broker`: it writes them at append. */
const HEADER = [
  ['baseOffset', 8, 'broker'],
  ['batchLength', 4, 'producer'],
  ['partitionLeaderEpoch', 4, 'broker'],
  ['magic', 1, 'producer'],
  ['crc', 4, 'producer'],
  ['attributes', 2, 'producer'],
  ['lastOffsetDelta', 4, 'producer'],
  ['baseTimestamp', 8, 'producer'],
  ['maxTimestamp', 8, 'producer'],
  ['producerId', 8, 'producer'],
  ['producerEpoch', 2, 'producer'],
  ['baseSequence', 4, 'producer'],
  ['recordsCount', 4, 'producer'],
] as const

/** The checksum covers all bytes from here on. */
const CHECKED_FROM = 21
/** What the broker would write in a partition that holds 41 records. */
const BASE_OFFSET = 41
const TIMESTAMP_MS = Date.UTC(2026, 0, 31, 12)

const utf8 = new TextEncoder()
const text = new TextDecoder()

/** The fields of a batch with this one record, all its bytes in order. */
export function tellBytes(typed: RecordText): BatchField[] {
  const { hasKey, key, value, headerName, headerValue } = typed
  const headers = headerName === '' ? [] : [{ key: headerName, value: utf8.encode(headerValue) }]
  const record = {
    key: hasKey ? utf8.encode(key) : null,
    value: utf8.encode(value),
    headers,
    timestamp: TIMESTAMP_MS,
  }
  const batch = buildBatch([record], { baseOffset: BASE_OFFSET, partitionLeaderEpoch: 0 })
  return [...headerFields(batch), ...recordFields(batch)]
}

function headerFields(batch: Uint8Array): BatchField[] {
  let at = 0
  return HEADER.map(([name, size, by]) => {
    const bytes = batch.subarray(at, at + size)
    const isChecked = at >= CHECKED_FROM
    at += size
    return { name, hex: hexOf(bytes), value: numberOf(name, bytes), by, of: 'batch', isChecked }
  })
}

/** Each number of a record is a varint, so its size is known only when it is read. */
function recordFields(batch: Uint8Array): BatchField[] {
  const reader = new Reader(batch)
  reader.position = HEADER.reduce((sum, [, size]) => sum + size, 0)
  const fields: BatchField[] = []
  const add = <T>(name: string, read: () => T, show: (value: T) => string = String): T => {
    const from = reader.position
    const value = read()
    const hex = hexOf(batch.subarray(from, reader.position))
    fields.push({ name, hex, value: show(value), by: 'producer', of: 'record', isChecked: true })
    return value
  }
  const addBytes = (name: string) => {
    const length = add(`${name} length`, () => reader.varint())
    if (length <= 0) return
    const take = () => {
      reader.position += length
      return batch.subarray(reader.position - length, reader.position)
    }
    add(name, take, (bytes) => JSON.stringify(text.decode(bytes)))
  }
  add('length', () => reader.varint())
  add('attributes', () => reader.int8())
  add('timestampDelta', () => reader.varlong())
  add('offsetDelta', () => reader.varint())
  addBytes('key')
  addBytes('value')
  const headers = add('headers count', () => reader.varint())
  for (let number = 0; number < headers; number++) {
    addBytes('header name')
    addBytes('header value')
  }
  return fields
}

function numberOf(name: string, bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (name === 'crc') return view.getUint32(0).toString(16)
  if (bytes.length === 8) return String(view.getBigInt64(0))
  if (bytes.length === 4) return String(view.getInt32(0))
  return String(bytes.length === 2 ? view.getInt16(0) : view.getInt8(0))
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
}
