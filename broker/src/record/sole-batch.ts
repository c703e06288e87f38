/**
 * The one batch that a Produce request may hold for a partition.
 *
 * Since magic 2 a producer puts all records for a partition into one batch. Bytes that do not make up a whole batch
 * end the search, as at the end of a file that is still being written; what follows a whole batch is cut off.
 *
 *   12 bytes are not there          no batch          length below 14    CORRUPT_MESSAGE
 *   the magic is not there          no batch          magic not 0 to 2   CORRUPT_MESSAGE
 *   `length` bytes are not there    no batch
 *
 * SOLE-BATCH-1  none, or more than one, or one of an older magic: INVALID_RECORD
 *
 * (ByteBufferLogInputStream.nextBatch, ProduceRequest.validateRecords)
 */
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { batchSizeAt, LOG_OVERHEAD, MAGIC_V2, magicAt } from './batch.ts'

/** A record of the oldest format, empty: nothing that is shorter can be a batch. */
const LENGTH_MIN = 14
/** From here on the magic is there. */
const UP_TO_MAGIC = 17

/** Bytes of the whole batch at `at`, 0 when there is none. Throws CORRUPT_MESSAGE in Kafka's words. */
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

/** The batch, without what follows it. Throws KafkaError (SOLE-BATCH-1). */
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
