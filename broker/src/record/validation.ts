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
 *    9  the body holds `count` records                      INVALID_RECORD; UNKNOWN_SERVER_ERROR when no codec opens it,
 *                                                           MESSAGE_TOO_LARGE when it opens to too much (V4)
 *   10  a key on a compacted topic                          INVALID_RECORD, and which records
 *   11  timestamps within bounds                            INVALID_TIMESTAMP, and which records
 *
 * V1  refused as a whole or taken as a whole: one bad record refuses the batch (KIP-467)
 * V2  records are decoded only where 10 and 11 need it; compressed ones are opened and walked over, and none is kept
 * V3  what the header says of times is not believed: the greatest time is that of the records. A batch that says that
 *     the broker has stamped it is refused by a topic whose broker does, and taken for what it is by another
 * V4  a batch may open to OPENED_FACTOR times what it may be closed. Kafka, which reads records as a stream and on many
 *     threads, has no such bound; here a megabyte that opens to a gigabyte would hold up everybody for seconds
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
import { Codec, type Codecs } from './compression.ts'
import { openedRecords } from './recompress.ts'
import { maxTimestampDelta, recordsIn, type StoredRecord, skimRecords } from './record.ts'
import { soleBatch } from './sole-batch.ts'

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

/** V4: what is compressed well is a tenth or a hundredth of what it was; only an attack is a thousandth. */
const OPENED_FACTOR = 64

/** How many bytes a batch may open to (V4). */
export function openedBytesMax({ maxMessageBytes }: Pick<ValidationRules, 'maxMessageBytes'>): number {
  return OPENED_FACTOR * Math.max(maxMessageBytes, 1 << 20)
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
  const { name } = rules
  if (soleBatch(bytes).length < bytes.length) throw corrupt(`bytes behind the batch in ${name}`)
  if (bytes.length < HEADER_SIZE) throw corrupt(`batch of ${bytes.length} bytes in ${name}`)
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
  if (header.producerId > NO_PRODUCER_ID && header.baseSequence < 0) {
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

/**
 * Rules 9 to 11 for the batch at byte 0 of `bytes`; `now` in ms. Gives the greatest time of its records (V3). Throws
 * KafkaError, RecordsError.
 */
export function checkClientRecords(
  bytes: Uint8Array,
  header: BatchHeader,
  rules: ValidationRules,
  now: number,
): number {
  const codec = codecOf(header)
  if (codec !== Codec.NONE && codec <= Codec.ZSTD && !rules.codecs.has(codec)) return header.maxTimestamp
  const opened = openedRecords(bytes, header, { ...rules, openedBytesMax: openedBytesMax(rules) })
  const { maxDelta, mayLackKeys } = lookAt(opened, header, rules)
  const max = isLogAppendTime(header) ? header.maxTimestamp : header.baseTimestamp + maxDelta
  if (!mayLackKeys && !mayHaveBadTimes(header, max, rules, now)) return Math.max(max, NO_TIMESTAMP)
  const records = recordsIn(opened, header)
  refuse(recordErrors(records, header, rules, now))
  return records.reduce((greatest, { timestamp }) => Math.max(greatest, timestamp), NO_TIMESTAMP)
}

/** Rule 9, and what tells whether 10 and 11 must be looked at record by record (V2). */
function lookAt(
  opened: Uint8Array,
  header: BatchHeader,
  { compacted }: ValidationRules,
): { maxDelta: number; mayLackKeys: boolean } {
  if (codecOf(header) !== Codec.NONE) {
    const { maxTimestampDelta: maxDelta, hasNullKey } = skimRecords(opened, header.recordCount)
    return { maxDelta, mayLackKeys: compacted && hasNullKey }
  }
  const maxDelta = maxTimestampDelta(opened, 0, opened.length, header.recordCount)
  if (maxDelta === undefined) throw invalid('Incorrect declared batch size')
  return { maxDelta, mayLackKeys: compacted }
}

/** V2: may one of the records break rule 11, the greatest of their times being `max`? */
function mayHaveBadTimes(header: BatchHeader, max: number, rules: ValidationRules, now: number): boolean {
  if (rules.timestampType === 'LogAppendTime') return isLogAppendTime(header)
  return max - now > rules.timestampAfterMaxMs || rules.timestampBeforeMaxMs < Number.MAX_SAFE_INTEGER
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
  if (rules.timestampType === 'LogAppendTime') {
    if (!isLogAppendTime(header)) return undefined
    const { offset, timestamp, key, value } = record
    const shown = `DefaultRecord(offset=${offset}, timestamp=${timestamp}, key=${key?.length ?? 0} bytes, value=${value?.length ?? 0} bytes)`
    return `Invalid timestamp type in message ${shown}. Producer should not set timestamp type to LogAppendTime.`
  }
  if (record.timestamp === NO_TIMESTAMP) return undefined
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
  const shown = errors
    .slice(0, 3)
    .map((e) => `RecordError(batchIndex=${e.batchIndex}, message='${e.message}')`)
  return `One or more records have been rejected due to ${errors.length} record errors in total, and only showing the first three errors at most: [${shown.join(', ')}]`
}

function corrupt(message: string): KafkaError {
  return new KafkaError(ErrorCode.CORRUPT_MESSAGE, message)
}

function invalid(message: string): KafkaError {
  return new KafkaError(ErrorCode.INVALID_RECORD, message)
}
