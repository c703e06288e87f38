import { headerVersions, RequestHeader, ResponseHeader } from '../../../broker/src/messages/header'
import { batchPositions, HEADER_SIZE, readBatchHeader } from '../../../broker/src/record/batch'
import { readRecords } from '../../../broker/src/record/record'
import { decodeSpans, type FieldSpan } from '../../../broker/src/wire/field-spans'
import { Reader } from '../../../broker/src/wire/reader'
import type { Message } from '../../../broker/src/wire/schema'

/**
 * A frame cut into its parts: which bytes are which field, and what they say. The broker's own codec does the reading
 * (field-spans.ts), so the page cannot show a field where the broker does not see it.
 */

export interface FramePart {
  /** What it is: a field has its name from Kafka's protocol, all else is named by the page. */
  kind: 'length' | 'field' | 'tags' | 'batch' | 'records'
  name: string
  /** What the bytes say; empty where only the inner parts say something. */
  value: string
  /** How many structures it lies in. */
  depth: number
  /** Its bytes in the frame: `from` up to, not including, `to`. May be empty. */
  from: number
  to: number
}

/** The message in a frame, and whether it is a request or a response. */
export interface FrameKind {
  direction: 'out' | 'in'
  message: Message<unknown>
  version: number
}

/** All parts of a frame in the order of its bytes; together they are the whole frame. */
export function framePartsOf(frame: Uint8Array, { direction, message, version }: FrameKind): FramePart[] {
  const versions = headerVersions(message.apiKey, version >= message.flexibleSince)
  const reader = new Reader(frame)
  const length = reader.int32()
  const parts: FramePart[] = [{ kind: 'length', name: '', value: String(length), depth: 0, from: 0, to: 4 }]
  const header =
    direction === 'out'
      ? decodeSpans(RequestHeader, reader, versions.request)
      : decodeSpans(ResponseHeader, reader, versions.response)
  parts.push(...structParts(header.spans, { frame, from: 4, to: reader.position, depth: 0 }))
  const bodyAt = reader.position
  const body = decodeSpans(message, reader, version)
  parts.push(...structParts(body.spans, { frame, from: bodyAt, to: reader.position, depth: 0 }))
  return parts
}

interface Place {
  frame: Uint8Array
  from: number
  to: number
  depth: number
}

/** Fields one after the other. What lies between and behind them counts and numbers the tagged fields. */
function structParts(spans: readonly FieldSpan[], { frame, from, to, depth }: Place): FramePart[] {
  const parts: FramePart[] = []
  const tags = (at: number, end: number) => {
    const none = end - at === 1 && frame[at] === 0
    if (at < end) parts.push({ kind: 'tags', name: '', value: none ? '0' : '', depth, from: at, to: end })
  }
  let at = from
  for (const span of spans) {
    tags(at, span.from)
    parts.push(...fieldParts(span, span.name, frame, depth))
    at = span.to
  }
  tags(at, to)
  return parts
}

function fieldParts(span: FieldSpan, name: string, frame: Uint8Array, depth: number): FramePart[] {
  const { kind, from, to, value, inner } = span
  const own = { kind: 'field', name, depth, from } as const
  if (kind === 'array') {
    const count = value === null ? 'null' : String((value as unknown[]).length)
    const elements = inner.flatMap((element, place) =>
      fieldParts(element, `${name}[${place}]`, frame, depth + 1),
    )
    return [{ ...own, value: count, to: inner[0]?.from ?? to }, ...elements]
  }
  if (kind === 'struct') {
    if (value === null) return [{ ...own, value: 'null', to }]
    const start = inner[0]?.from ?? from
    const fields = structParts(inner, { frame, from: start, to, depth: depth + 1 })
    return [{ ...own, value: '', to: start }, ...fields]
  }
  if (kind === 'records' && value instanceof Uint8Array && value.length > 0) {
    const at = value.byteOffset - frame.byteOffset
    const size = `${value.length}`
    return [{ ...own, value: size, to: at }, ...batchParts(value, at, depth + 1)]
  }
  return [{ ...own, value: shown(value), to }]
}

/** Batches as the broker reads them: 61 bytes of header, then the records. */
function batchParts(bytes: Uint8Array, offset: number, depth: number): FramePart[] {
  return [...batchPositions(bytes)].flatMap((at): FramePart[] => {
    const header = readBatchHeader(bytes, at)
    const names = ['baseOffset', 'recordCount', 'maxTimestamp', 'producerId', 'crc'] as const
    const facts = names.map((name) => `${name} ${header[name]}`).join(', ')
    const records = readRecords(bytes, at).map(
      ({ offset: number, key, value }) => `${number}: ${textOf(key)} → ${textOf(value)}`,
    )
    const [from, body, to] = [offset + at, offset + at + HEADER_SIZE, offset + at + header.size]
    return [
      { kind: 'batch', name: '', value: facts, depth, from, to: body },
      { kind: 'records', name: '', value: records.join(', '), depth, from: body, to },
    ]
  })
}

const utf8 = new TextDecoder()

function textOf(bytes: Uint8Array | null): string {
  return bytes === null ? 'null' : JSON.stringify(utf8.decode(bytes))
}

function shown(value: unknown): string {
  if (value instanceof Uint8Array) return String(value.length)
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
