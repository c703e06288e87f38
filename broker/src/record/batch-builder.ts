/**
 * Builds a batch from records.
 *
 * Producers do this for every request; a broker does it for its own records: committed offsets and transactions, the
 * metadata log, transaction markers. Tests and playgrounds use it, too.
 *
 *   buildBatch([{ key, value, timestamp: 1000 }, { key, value, timestamp: 1007 }], { baseOffset: 42 })
 *     baseOffset 42 | lastOffsetDelta 1 | baseTimestamp 1000 | maxTimestamp 1007 | 2 records, deltas 0/0 and 7/1
 *
 * BATCH-BUILDER-1  readRecords(buildBatch(records)) returns the same records, with offsets from `baseOffset` on
 */
import { greaterOf, type Int64, minus } from '../wire/int64.ts'
import { Writer } from '../wire/writer.ts'
import { Attribute, HEADER_SIZE, MAGIC_V2, NO_TIMESTAMP, stampCrc, writeBatchHeader } from './batch.ts'
import { Codec, type Codecs, NO_CODECS } from './compression.ts'
import { type RecordHeader, writeRecord } from './record.ts'

/** A record to write. `timestamp` in ms; `offsetDelta` only if records are missing (compaction). */
export interface NewRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly RecordHeader[]
  readonly timestamp?: Int64
  readonly offsetDelta?: number
}

export interface BatchOptions {
  /** Default 0: the leader's log assigns the real one. */
  readonly baseOffset?: number
  /** Default -1: the leader's log assigns the real one. */
  readonly partitionLeaderEpoch?: number
  readonly producerId?: Int64
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly transactional?: boolean
  readonly control?: boolean
  /** The append time of all records (ms): the batch's timestamp type is LogAppendTime. */
  readonly logAppendTime?: Int64
  /** Tombstones and markers in this batch may be removed after this time (ms); stored in place of the base timestamp. */
  readonly deleteHorizonMs?: Int64
  readonly codec?: number
  readonly codecs?: Codecs
  readonly compressionLevel?: number | undefined
  /** If records are missing (compaction); default: the greatest timestamp of the records. */
  readonly maxTimestamp?: Int64
  /** If offsets at the end are missing (compaction); default: the last record's. */
  readonly lastOffsetDelta?: number
}

/** One batch of version 2 with these records and its checksum. */
export function buildBatch(records: readonly NewRecord[], options: BatchOptions = {}): Uint8Array {
  const times = records.map((record) => record.timestamp ?? NO_TIMESTAMP)
  const baseTimestamp = options.deleteHorizonMs ?? times[0] ?? NO_TIMESTAMP
  const area = encodeRecords(records, times, baseTimestamp, options)
  const batch = new Uint8Array(HEADER_SIZE + area.length)
  batch.set(area, HEADER_SIZE)
  writeBatchHeader(batch, 0, {
    size: batch.length,
    baseOffset: options.baseOffset ?? 0,
    partitionLeaderEpoch: options.partitionLeaderEpoch ?? -1,
    magic: MAGIC_V2,
    attributes: attributesOf(options),
    lastOffsetDelta: options.lastOffsetDelta ?? lastDelta(records),
    baseTimestamp,
    maxTimestamp: options.logAppendTime ?? options.maxTimestamp ?? times.reduce(greaterOf, NO_TIMESTAMP),
    producerId: options.producerId ?? -1,
    producerEpoch: options.producerEpoch ?? -1,
    baseSequence: options.baseSequence ?? -1,
    recordCount: records.length,
  })
  stampCrc(batch, 0)
  return batch
}

function encodeRecords(
  records: readonly NewRecord[],
  times: readonly Int64[],
  baseTimestamp: Int64,
  options: BatchOptions,
): Uint8Array {
  const writer = new Writer(256)
  records.forEach((record, index) => {
    writeRecord(writer, {
      timestampDelta: minus(times[index]!, baseTimestamp),
      offsetDelta: record.offsetDelta ?? index,
      key: record.key,
      value: record.value,
      headers: record.headers ?? [],
    })
  })
  const codec = options.codec ?? Codec.NONE
  const area = records.length > 0 ? writer.toBytes() : new Uint8Array(0)
  return codec === Codec.NONE
    ? area
    : (options.codecs ?? NO_CODECS).compress(codec, area, options.compressionLevel)
}

function lastDelta(records: readonly NewRecord[]): number {
  return records.at(-1)?.offsetDelta ?? Math.max(0, records.length - 1)
}

function attributesOf(options: BatchOptions): number {
  return (
    (options.codec ?? Codec.NONE) |
    (options.logAppendTime === undefined ? 0 : Attribute.LOG_APPEND_TIME) |
    (options.transactional ? Attribute.TRANSACTIONAL : 0) |
    (options.control ? Attribute.CONTROL : 0) |
    (options.deleteHorizonMs === undefined ? 0 : Attribute.DELETE_HORIZON)
  )
}
