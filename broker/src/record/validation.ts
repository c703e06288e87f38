/**
 * Validates the records of a Produce request, before they get offsets.
 *
 * A bad batch in the log would be copied to every replica and break every consumer, permanently. So the leader validates
 * it once, and later stages do not repeat this. In Kafka's order (ProduceRequest.validateRecords,
 * UnifiedLog.analyzeAndValidateRecords, LogValidator); the first failure is returned:
 *
 *    1  length and magic are valid                          CORRUPT_MESSAGE
 *    2  exactly one batch, whole, of magic 2                INVALID_RECORD
 *    3  base offset 0                                       INVALID_RECORD
 *    4  size <= max.message.bytes                           MESSAGE_TOO_LARGE
 *    5  checksum                                            CORRUPT_MESSAGE
 *       a known codec                                       UNKNOWN_SERVER_ERROR
 *    6  count > 0 and = last offset delta + 1               INVALID_RECORD
 *    7  no control batch                                    INVALID_RECORD
 *    8  a producer id comes with a sequence number          INVALID_RECORD
 *    9 to 12  its records                                    record-checks.ts
 *
 * VALIDATION-1  a batch is accepted or refused as a whole: one bad record refuses the batch (KIP-467)
 * VALIDATION-2  the header is checked at once; the records, of which there may be millions, in turns, and before
 *     anything is appended
 * VALIDATION-3  a batch may decompress to any size, as in Kafka: records are read as a stream. What must be held in memory
 *     for some time, one record or a recompressed batch, is limited (record-cursor.ts, recompress.ts)
 *     memory for some time, one record or a recompressed batch, is limited (record-cursor.ts, recompress.ts)
 */
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import {
  type BatchHeader,
  baseOffsetAt,
  batchSizeAt,
  codecOf,
  computeCrc,
  HEADER_SIZE,
  isControl,
  MAGIC_V2,
  magicAt,
  NO_PRODUCER_ID,
  readBatchHeader,
} from './batch.ts'
import { Codec } from './compression.ts'
import type { RecordRules } from './record-checks.ts'
import { soleBatch } from './sole-batch.ts'

export interface ValidationRules extends RecordRules {
  readonly maxMessageBytes: number
}

/** Rules 1 and 5 for the batch at `at`, which apply to all origins; throws CORRUPT_MESSAGE. Returns the header. */
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

/** Rules 1 to 8: the header of a client's batch. Throws KafkaError. */
export function checkClientBatch(bytes: Uint8Array, rules: ValidationRules): BatchHeader {
  const { name } = rules
  if (soleBatch(bytes).length < bytes.length) throw corrupt(`bytes behind the batch in ${name}`)
  if (bytes.length < HEADER_SIZE) throw corrupt(`batch of ${bytes.length} bytes in ${name}`)
  const baseOffset = baseOffsetAt(bytes, 0)
  if (baseOffset !== 0) {
    throw invalid(
      `The baseOffset of the record batch in the append to ${name} should be 0, but it is ${baseOffset}`,
    )
  }
  checkSize(bytes.length, rules)
  const header = checkBatch(bytes, 0, name)
  if (codecOf(header) > Codec.ZSTD)
    throw new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR, `Unknown compression type id: ${codecOf(header)}`)
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

/** Rule 4; it also applies to appends of coordinators. */
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

function corrupt(message: string): KafkaError {
  return new KafkaError(ErrorCode.CORRUPT_MESSAGE, message)
}

function invalid(message: string): KafkaError {
  return new KafkaError(ErrorCode.INVALID_RECORD, message)
}
