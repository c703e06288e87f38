/**
 * The only batch that a Produce request may contain for a partition.
 *
 * Since magic 2 a producer puts all records for a partition into one batch. Bytes that are not a complete batch end the
 * search, as at the end of a file that is being written; bytes after a complete batch are dropped.
 *
 *   less than 12 bytes              no batch          length below 14    CORRUPT_MESSAGE
 *   no byte for the magic           no batch          magic not 0 to 2   CORRUPT_MESSAGE
 *   less than `length` bytes        no batch
 *
 * SOLE-BATCH-1  none, or more than one, or one of an older magic: INVALID_RECORD
 *
 * (ByteBufferLogInputStream.nextBatch, ProduceRequest.validateRecords)
 */
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { batchSizeAt, LOG_OVERHEAD, MAGIC_V2, magicAt } from './batch.ts'

/** The size of an empty record in the oldest format: no batch can be shorter. */
const LENGTH_MIN = 14
/** Bytes up to and including the magic. */
const UP_TO_MAGIC = 17

/** Size in bytes of the complete batch at `at`, 0 if there is none. Throws CORRUPT_MESSAGE with Kafka's message. */
export function wholeBatchAt(bytes: Uint8Array, at: number): number {
  const left = bytes.length - at
  if (left < LOG_OVERHEAD) return 0
  const size = batchSizeAt(bytes, at)
  const length = size - LOG_OVERHEAD
  if (length < LENGTH_MIN) {
    const message = `Record size ${length} is less than the minimum record overhead (${LENGTH_MIN})`
    throw new KafkaError(ErrorCode.CORRUPT_MESSAGE, message)
  }
  if (left < UP_TO_MAGIC) return 0
  const magic = magicAt(bytes, at)
  if (magic > MAGIC_V2) {
    const signed = (magic << 24) >> 24
    throw new KafkaError(ErrorCode.CORRUPT_MESSAGE, `Invalid magic found in record: ${signed}`)
  }
  return size <= left ? size : 0
}

/** The batch, without the bytes after it. Throws KafkaError (SOLE-BATCH-1). */
export function soleBatch(bytes: Uint8Array): Uint8Array {
  const size = wholeBatchAt(bytes, 0)
  if (size === 0) throw invalid('Produce requests must have one record batch per partition')
  if (magicAt(bytes, 0) !== MAGIC_V2)
    throw invalid('Produce requests are only allowed to contain record batches with magic version 2')
  if (wholeBatchAt(bytes, size) > 0)
    throw invalid('Produce requests must have exactly one record batch per partition')
  return size === bytes.length ? bytes : bytes.subarray(0, size)
}

function invalid(message: string): KafkaError {
  return new KafkaError(ErrorCode.INVALID_RECORD, message)
}
