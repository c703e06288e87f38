/**
 * The record batch, version 2 (KIP-98): what a producer sends, a log stores and a consumer gets.
 *
 * Records are sent in batches so that checksum, compression, offsets and the producer's sequence number are needed
 * once for many records. The broker works with the first 61 bytes. It reads the records behind them once, when a client
 * sends them (record-checks.ts), and later only for searches by timestamp and for compaction.
 *
 *    at  size  field
 *     0     8  baseOffset            assigned by the leader when it appends
 *     8     4  batchLength           bytes that follow, i.e. size - 12
 *    12     4  partitionLeaderEpoch  which leader appended it
 *    16     1  magic                 2
 *    17     4  crc                   CRC-32C of everything from byte 21 on
 *    21     2  attributes            bits 0-2 codec, 3 timestamp type, 4 transactional, 5 control, 6 delete horizon
 *    23     4  lastOffsetDelta       last offset = base offset + this
 *    27     8  baseTimestamp         of the first record; the delete horizon if bit 6 is set
 *    35     8  maxTimestamp
 *    43     8  producerId            -1: not idempotent
 *    51     2  producerEpoch
 *    53     4  baseSequence          of the first record
 *    57     4  recordCount
 *    61        records, compressed together or not
 *
 * BATCH-1  the checksum does not cover the first 21 bytes: offset and epoch are set without computing it again
 * BATCH-2  the checksum covers timestamps: LogAppendTime needs a second pass over the batch
 * BATCH-3  lastOffsetDelta is kept when compaction removes records: offsets never change, the count may
 */

import { exactInt64At, int16At, int32At, int64At, putInt16, putInt32, putInt64 } from '../wire/big-endian.ts'
import { crc32c } from '../wire/crc32c.ts'
import type { Int64 } from '../wire/int64.ts'

/** Bytes before the part that `batchLength` counts. */
export const LOG_OVERHEAD = 12
/** Size of the header in bytes: the records begin here. */
export const HEADER_SIZE = 61
export const MAGIC_V2 = 2
export const NO_PRODUCER_ID = -1
export const NO_PRODUCER_EPOCH = -1
export const NO_SEQUENCE = -1
export const NO_TIMESTAMP = -1

const LENGTH_AT = 8
const LEADER_EPOCH_AT = 12
const MAGIC_AT = 16
const CRC_AT = 17
const ATTRIBUTES_AT = 21
const LAST_OFFSET_DELTA_AT = 23
const BASE_TIMESTAMP_AT = 27
const MAX_TIMESTAMP_AT = 35
const PRODUCER_ID_AT = 43
const PRODUCER_EPOCH_AT = 51
const BASE_SEQUENCE_AT = 53
const RECORD_COUNT_AT = 57

/** Bits of `attributes`. */
export const Attribute = {
  CODEC: 0x07,
  LOG_APPEND_TIME: 0x08,
  TRANSACTIONAL: 0x10,
  CONTROL: 0x20,
  DELETE_HORIZON: 0x40,
} as const
/** Other bits have no meaning, and are kept until a timestamp is stamped. (DefaultRecordBatch.setMaxTimestamp) */
const KNOWN_ATTRIBUTES = 0x7f

/** The header's fields, and values derived from them. Offsets count records; `size` is bytes including the header. */
export interface BatchHeader {
  readonly size: number
  readonly baseOffset: number
  readonly lastOffset: number
  readonly partitionLeaderEpoch: number
  readonly magic: number
  readonly crc: number
  readonly attributes: number
  readonly lastOffsetDelta: number
  readonly baseTimestamp: Int64
  readonly maxTimestamp: Int64
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

/** The header of the batch at byte `at`, where at least HEADER_SIZE bytes must exist. It is not checked. */
export function readBatchHeader(bytes: Uint8Array, at = 0): BatchHeader {
  const baseOffset = int64At(bytes, at)
  const lastOffsetDelta = int32At(bytes, at + LAST_OFFSET_DELTA_AT)
  return {
    size: batchSizeAt(bytes, at),
    baseOffset,
    lastOffset: baseOffset + lastOffsetDelta,
    partitionLeaderEpoch: int32At(bytes, at + LEADER_EPOCH_AT),
    magic: bytes[at + MAGIC_AT]!,
    crc: crcAt(bytes, at),
    attributes: int16At(bytes, at + ATTRIBUTES_AT),
    lastOffsetDelta,
    baseTimestamp: exactInt64At(bytes, at + BASE_TIMESTAMP_AT),
    maxTimestamp: exactInt64At(bytes, at + MAX_TIMESTAMP_AT),
    producerId: exactInt64At(bytes, at + PRODUCER_ID_AT),
    producerEpoch: int16At(bytes, at + PRODUCER_EPOCH_AT),
    baseSequence: int32At(bytes, at + BASE_SEQUENCE_AT),
    recordCount: int32At(bytes, at + RECORD_COUNT_AT),
  }
}

/** Size in bytes of the batch at `at`, including its header; 12 bytes must exist. */
export function batchSizeAt(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + LENGTH_AT) + LOG_OVERHEAD
}

export function baseOffsetAt(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at)
}

/** The offset of the last record of the batch at `at`; 27 bytes must exist. */
export function lastOffsetAt(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at) + int32At(bytes, at + LAST_OFFSET_DELTA_AT)
}

export function magicAt(bytes: Uint8Array, at: number): number {
  return bytes[at + MAGIC_AT]!
}

/** The stored checksum of the batch at `at`, unsigned. */
export function crcAt(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + CRC_AT) >>> 0
}

/** The computed checksum of the batch at `at` (BATCH-1); all its bytes must exist. */
export function computeCrc(bytes: Uint8Array, at: number): number {
  return crc32c(bytes, at + ATTRIBUTES_AT, at + batchSizeAt(bytes, at))
}

/**
 * Stamps the batch at `at` as appended at `baseOffset` by the leader of `leaderEpoch`; the checksum stays valid (BATCH-1).
 */
export function stampBatch(bytes: Uint8Array, at: number, baseOffset: number, leaderEpoch: number): void {
  putInt64(bytes, at, baseOffset)
  putInt32(bytes, at + LEADER_EPOCH_AT, leaderEpoch)
}

/** Stamps the append time into the batch, with a new checksum (BATCH-2; message.timestamp.type=LogAppendTime). */
export function stampLogAppendTime(bytes: Uint8Array, at: number, timestamp: Int64): void {
  stampTime(bytes, at, timestamp, Attribute.LOG_APPEND_TIME)
}

/** Marks the batch at `at` as CreateTime with this greatest timestamp (BATCH-2). */
export function stampCreateTime(bytes: Uint8Array, at: number, maxTimestamp: Int64): void {
  stampTime(bytes, at, maxTimestamp, 0)
}

function stampTime(bytes: Uint8Array, at: number, timestamp: Int64, type: number): void {
  const others = int16At(bytes, at + ATTRIBUTES_AT) & KNOWN_ATTRIBUTES & ~Attribute.LOG_APPEND_TIME
  putInt16(bytes, at + ATTRIBUTES_AT, others | type)
  putInt64(bytes, at + MAX_TIMESTAMP_AT, timestamp)
  stampCrc(bytes, at)
}

/** Computes and writes the checksum of the batch at `at`. */
export function stampCrc(bytes: Uint8Array, at: number): void {
  putInt32(bytes, at + CRC_AT, computeCrc(bytes, at))
}

/** Writes all 61 bytes of a header except `crc`: call `stampCrc` when the records are in place. */
export function writeBatchHeader(
  bytes: Uint8Array,
  at: number,
  header: Omit<BatchHeader, 'crc' | 'lastOffset'>,
): void {
  putInt64(bytes, at, header.baseOffset)
  putInt32(bytes, at + LENGTH_AT, header.size - LOG_OVERHEAD)
  putInt32(bytes, at + LEADER_EPOCH_AT, header.partitionLeaderEpoch)
  bytes[at + MAGIC_AT] = header.magic
  putInt16(bytes, at + ATTRIBUTES_AT, header.attributes)
  putInt32(bytes, at + LAST_OFFSET_DELTA_AT, header.lastOffsetDelta)
  putInt64(bytes, at + BASE_TIMESTAMP_AT, header.baseTimestamp)
  putInt64(bytes, at + MAX_TIMESTAMP_AT, header.maxTimestamp)
  putInt64(bytes, at + PRODUCER_ID_AT, header.producerId)
  putInt16(bytes, at + PRODUCER_EPOCH_AT, header.producerEpoch)
  putInt32(bytes, at + BASE_SEQUENCE_AT, header.baseSequence)
  putInt32(bytes, at + RECORD_COUNT_AT, header.recordCount)
}

/** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
export function codecOf(header: BatchHeader): number {
  return header.attributes & Attribute.CODEC
}
export function isLogAppendTime(header: BatchHeader): boolean {
  return (header.attributes & Attribute.LOG_APPEND_TIME) !== 0
}
export function isTransactional(header: BatchHeader): boolean {
  return (header.attributes & Attribute.TRANSACTIONAL) !== 0
}
export function isControl(header: BatchHeader): boolean {
  return (header.attributes & Attribute.CONTROL) !== 0
}
export function hasDeleteHorizon(header: BatchHeader): boolean {
  return (header.attributes & Attribute.DELETE_HORIZON) !== 0
}

/** The codec of the batch at `at`, without reading its whole header; 23 bytes must exist. */
export function codecAt(bytes: Uint8Array, at: number): number {
  return int16At(bytes, at + ATTRIBUTES_AT) & Attribute.CODEC
}
/** Batches of older formats do not have this bit. */
export function isTransactionalAt(bytes: Uint8Array, at: number): boolean {
  return (
    magicAt(bytes, at) === MAGIC_V2 && (int16At(bytes, at + ATTRIBUTES_AT) & Attribute.TRANSACTIONAL) !== 0
  )
}

/** The sequence number of the last record; 0 follows 2^31 - 1. */
export function lastSequenceOf(header: BatchHeader): number {
  if (header.baseSequence === NO_SEQUENCE) return NO_SEQUENCE
  return (header.baseSequence + header.lastOffsetDelta) & 0x7fff_ffff
}

/** The positions of all complete batches in `bytes[start..end)`; an incomplete one at the end is skipped. */
export function* batchPositions(bytes: Uint8Array, start = 0, end = bytes.length): Generator<number> {
  let at = start
  while (at + HEADER_SIZE <= end) {
    const size = batchSizeAt(bytes, at)
    if (size < HEADER_SIZE || at + size > end) return
    yield at
    at += size
  }
}
