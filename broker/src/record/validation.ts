/**
 * What a broker checks of the records in a Produce request, before they get an offset.
 *
 * A bad batch that got in would be copied to every replica and break every consumer, for ever. So the leader
 * looks once, hard, and nobody after it looks again. In Kafka's order (ProduceRequest.validateRecords,
 * UnifiedLog.analyzeAndValidateRecords, LogValidator), first failure wins:
 *
 *    1  length and magic make sense                         CORRUPT_MESSAGE
 *    2  exactly one batch, whole, of magic 2                INVALID_RECORD
 *    3  base offset 0                                       INVALID_RECORD
 *    4  size <= max.message.bytes                           MESSAGE_TOO_LARGE
 *    5  checksum                                            CORRUPT_MESSAGE
 *    6  count > 0 and = last offset delta + 1               INVALID_RECORD
 *    7  no control batch                                    INVALID_RECORD
 *    8  a producer id comes with a sequence number          INVALID_RECORD
 *    9  the body holds `count` records                      INVALID_RECORD
 *   10  a key on a compacted topic                          INVALID_RECORD, and which records
 *   11  timestamps within bounds, not of type LogAppendTime INVALID_TIMESTAMP, and which records
 *
 * V1  refused as a whole or taken as a whole: one bad record refuses the batch (KIP-467)
 * V2  records are decoded only where 10 and 11 need it; the header's max timestamp decides for 11
 */
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import {
  type BatchHeader,
  batchSizeAt,
  codecOf,
  computeCrc,
  HEADER_SIZE,
  isControl,
  isLogAppendTime,
  MAGIC_V2,
  magicAt,
  NO_PRODUCER_ID,
  NO_TIMESTAMP,
  readBatchHeader,
} from './batch.ts'
import type { Codecs } from './compression.ts'
import { openedRecords } from './recompress.ts'
import { holdsRecords, type StoredRecord } from './record.ts'

/** Bytes below which nothing is a batch in any version of the format (LegacyRecord.RECORD_OVERHEAD_V0 + 12). */
const SIZE_MIN = 14 + 12

/** Which record of the batch is refused, and why (Produce v8+). */
export interface RecordError {
  readonly batchIndex: number
  readonly message: string
}

/** A batch refused for some of its records. The message is shown to the client, too. */
export class RecordsError extends KafkaError {
  readonly recordErrors: readonly RecordError[]
  constructor(code: ErrorCode, message: string, recordErrors: readonly RecordError[]) {
    super(code, message)
    this.recordErrors = recordErrors
  }
}

export interface ValidationRules {
  /** `topic-partition`, for messages. */
  readonly name: string
  readonly maxMessageBytes: number
  readonly compacted: boolean
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  /** How far in the past or future (ms) a record's time may be; 2^63 is no bound. */
  readonly timestampBeforeMaxMs: number
  readonly timestampAfterMaxMs: number
  readonly codecs: Codecs
}

/** Rules 1 and 5 of one batch at `at`, which all origins obey; throws CORRUPT_MESSAGE. Gives the header. */
export function checkBatch(bytes: Uint8Array, at: number, name: string): BatchHeader {
  const size = at + HEADER_SIZE <= bytes.length ? batchSizeAt(bytes, at) : 0
  if (size < HEADER_SIZE || at + size > bytes.length) throw corrupt(`batch of ${size} bytes in ${name}`)
  if (magicAt(bytes, at) !== MAGIC_V2) throw corrupt(`magic ${magicAt(bytes, at)} in ${name}`)
  const header = readBatchHeader(bytes, at)
  const computed = computeCrc(bytes, at)
  if (computed !== header.crc) {
    throw corrupt(`Record is corrupt (stored crc = ${header.crc}, computed crc = ${computed}) in ${name}`)
  }
  return header
}

/** Rules 1 to 8: the header of the one batch that a client sent. Throws KafkaError. */
export function checkClientBatch(bytes: Uint8Array, rules: ValidationRules): BatchHeader {
  checkOneBatch(bytes, rules.name)
  const { name } = rules
  const baseOffset = readBatchHeader(bytes).baseOffset
  if (baseOffset !== 0) {
    throw invalid(
      `The baseOffset of the record batch in the append to ${name} should be 0, but it is ${baseOffset}`,
    )
  }
  checkSize(bytes.length, rules)
  const header = checkBatch(bytes, 0, name)
  checkCounts(header, name)
  if (isControl(header)) {
    throw invalid(`Clients are not allowed to write control records in topic partition ${name}`)
  }
  if (header.producerId !== NO_PRODUCER_ID && header.baseSequence < 0) {
    throw invalid(
      `Invalid sequence number ${header.baseSequence} in record batch with producerId ${header.producerId}`,
    )
  }
  return header
}

/** Rule 4; what coordinators append is held to it as well. */
export function checkSize(size: number, rules: Pick<ValidationRules, 'name' | 'maxMessageBytes'>): void {
  if (size <= rules.maxMessageBytes) return
  throw new KafkaError(
    ErrorCode.MESSAGE_TOO_LARGE,
    `The record batch size in the append to ${rules.name} is ${size} bytes which exceeds the maximum configured value of ${rules.maxMessageBytes}.`,
  )
}

function checkOneBatch(bytes: Uint8Array, name: string): void {
  const magic = bytes.length > 16 ? magicAt(bytes, 0) : MAGIC_V2
  const size = bytes.length >= 12 ? batchSizeAt(bytes, 0) : 0
  if (bytes.length >= 12 && size < SIZE_MIN) throw corrupt(`batch of ${size} bytes in ${name}`)
  if (magic > MAGIC_V2) throw corrupt(`Invalid magic found in record: ${magic}`)
  if (size === 0 || size > bytes.length)
    throw invalid('Produce requests must have one record batch per partition')
  if (magic !== MAGIC_V2)
    throw invalid('Produce requests are only allowed to contain record batches with magic version 2')
  if (size < HEADER_SIZE) throw corrupt(`batch of ${size} bytes in ${name}`)
  if (size < bytes.length) throw invalid('Produce requests must have exactly one record batch per partition')
}

function checkCounts({ recordCount, lastOffsetDelta }: BatchHeader, name: string): void {
  if (lastOffsetDelta < 0)
    throw invalid(`Batch has an invalid offset range: [0, ${lastOffsetDelta}] in topic partition ${name}`)
  if (recordCount <= 0)
    throw invalid(`Invalid reported count for record batch: ${recordCount} in topic partition ${name}`)
  if (recordCount !== lastOffsetDelta + 1) {
    throw invalid(
      `Inconsistent batch offset range [0, ${lastOffsetDelta}] and count of records ${recordCount} in topic partition ${name}`,
    )
  }
}

/** Rules 9 to 11 for the batch at byte 0 of `bytes`; `now` in ms. Throws KafkaError, RecordsError. */
export function checkClientRecords(
  bytes: Uint8Array,
  header: BatchHeader,
  rules: ValidationRules,
  now: number,
): void {
  if (codecOf(header) === 0 && !holdsRecords(bytes, HEADER_SIZE, header.size, header.recordCount)) {
    throw invalid('Incorrect declared batch size')
  }
  if (!needsRecords(header, rules, now)) return
  if (codecOf(header) !== 0 && !rules.codecs.has(codecOf(header))) return
  refuse(recordErrors(openedRecords(bytes, rules.codecs, rules.name), header, rules, now))
}

/** V2: may one of the records break rule 10 or 11? */
function needsRecords(header: BatchHeader, rules: ValidationRules, now: number): boolean {
  if (rules.compacted || isLogAppendTime(header)) return true
  if (rules.timestampType === 'LogAppendTime') return false
  return (
    header.maxTimestamp - now > rules.timestampAfterMaxMs ||
    rules.timestampBeforeMaxMs < Number.MAX_SAFE_INTEGER
  )
}

interface Refusal extends RecordError {
  readonly code: ErrorCode
}

function recordErrors(
  records: readonly StoredRecord[],
  header: BatchHeader,
  rules: ValidationRules,
  now: number,
): Refusal[] {
  const found: Refusal[] = []
  records.forEach((record, batchIndex) => {
    const keyless = rules.compacted && record.key === null
    const message = keyless
      ? `Compacted topic cannot accept message without key in topic partition ${rules.name}`
      : timestampError(record, header, rules, now)
    const code = keyless ? ErrorCode.INVALID_RECORD : ErrorCode.INVALID_TIMESTAMP
    if (message) found.push({ batchIndex, message, code })
  })
  return found
}

function timestampError(
  record: StoredRecord,
  header: BatchHeader,
  rules: ValidationRules,
  now: number,
): string | undefined {
  if (isLogAppendTime(header)) {
    // (Kafka takes such a batch on a CreateTime topic and clears the bit; no client sends it.)
    return 'Invalid timestamp type in message. Producer should not set timestamp type to LogAppendTime.'
  }
  if (rules.timestampType === 'LogAppendTime' || record.timestamp === NO_TIMESTAMP) return undefined
  const age = now - record.timestamp
  if (age <= rules.timestampBeforeMaxMs && -age <= rules.timestampAfterMaxMs) return undefined
  return `Timestamp ${record.timestamp} of message with offset ${record.offset} is out of range. The timestamp should be within [${now - rules.timestampBeforeMaxMs}, ${now + rules.timestampAfterMaxMs}]`
}

function refuse(errors: readonly Refusal[]): void {
  if (errors.length === 0) return
  const recordErrors = errors.map(({ batchIndex, message }) => ({ batchIndex, message }))
  if (errors.some((error) => error.code === ErrorCode.INVALID_TIMESTAMP)) {
    const message = 'One or more records have been rejected due to invalid timestamp'
    throw new RecordsError(ErrorCode.INVALID_TIMESTAMP, message, recordErrors)
  }
  throw new RecordsError(ErrorCode.INVALID_RECORD, summary(recordErrors), recordErrors)
}

/** Kafka's words, which clients print as they are. */
function summary(errors: readonly RecordError[]): string {
  const shown = errors.slice(0, 3).map((e) => `RecordError(batchIndex=${e.batchIndex}, message='${e.message}')`)
  return `One or more records have been rejected due to ${errors.length} record errors in total, and only showing the first three errors at most: [${shown.join(', ')}]`
}

function corrupt(message: string): KafkaError {
  return new KafkaError(ErrorCode.CORRUPT_MESSAGE, message)
}

function invalid(message: string): KafkaError {
  return new KafkaError(ErrorCode.INVALID_RECORD, message)
}
