/**
 * Batches byte by byte, for records that no client writes; the checksum is valid all the same.
 */
import { NODE_CODECS } from '../../../src/node/compression/codecs.ts'
import { HEADER_SIZE, MAGIC_V2, stampCrc, writeBatchHeader } from '../../../src/record/batch.ts'
import type { Codec } from '../../../src/record/compression.ts'
import { THEN } from './writing.ts'

/** A zigzag varint of up to 64 bits, in `bytesMin` bytes or more. */
export function varint(value: number | bigint, bytesMin = 1): number[] {
  const signed = BigInt(value)
  let rest = BigInt.asUintN(64, (signed << 1n) ^ (signed >> 63n))
  const bytes: number[] = []
  while (rest >= 0x80n || bytes.length < bytesMin - 1) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  return [...bytes, Number(rest)]
}

/** A record in parts; what is left out is as it should be. `tail`: bytes behind the last field. */
export interface RawRecord {
  readonly length?: readonly number[]
  /** By how much the declared length exceeds the real one. */
  readonly longer?: number
  readonly attributes?: number
  readonly timestampDelta?: readonly number[]
  readonly offsetDelta?: readonly number[]
  readonly key?: readonly number[]
  readonly value?: readonly number[]
  readonly headers?: readonly number[]
  readonly tail?: readonly number[]
}

const K = 0x6b
const V = 0x76

/** The bytes of a record: `k` -> `v` unless it says otherwise. */
export function rawRecord(record: RawRecord = {}): number[] {
  const body = [
    record.attributes ?? 0,
    ...(record.timestampDelta ?? varint(0)),
    ...(record.offsetDelta ?? varint(0)),
    ...(record.key ?? [...varint(1), K]),
    ...(record.value ?? [...varint(1), V]),
    ...(record.headers ?? varint(0)),
    ...(record.tail ?? []),
  ]
  return [...(record.length ?? varint(body.length + (record.longer ?? 0))), ...body]
}

export interface RawBatch {
  readonly codec?: Codec
  readonly attributes?: number
  readonly count?: number
  readonly baseTimestamp?: number | bigint
  readonly maxTimestamp?: number | bigint
}

/** A batch of these bytes of records. */
export function rawBatch(records: readonly number[], batch: RawBatch = {}): Uint8Array {
  const { codec = 0, attributes = 0, count = 1, baseTimestamp = THEN, maxTimestamp = THEN } = batch
  const area = NODE_CODECS.compress(codec, Uint8Array.from(records))
  const bytes = new Uint8Array(HEADER_SIZE + area.length)
  bytes.set(area, HEADER_SIZE)
  writeBatchHeader(bytes, 0, {
    size: bytes.length,
    baseOffset: 0,
    partitionLeaderEpoch: -1,
    magic: MAGIC_V2,
    attributes: codec | attributes,
    lastOffsetDelta: count - 1,
    baseTimestamp,
    maxTimestamp,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    recordCount: count,
  })
  stampCrc(bytes, 0)
  return bytes
}
