/**
 * compression.type: how a topic keeps its records, whatever its producers have done. (LogValidator, KIP-390)
 *
 *   producer      as they came: the batch is not opened
 *   uncompressed  opened, and written plainly
 *   gzip …        opened, and closed again with the topic's codec and level; a batch that has the codec stays as it is
 *
 * It costs the broker what it otherwise leaves to clients, a decompression and a compression per batch. It pays off
 * where a log is read and copied far more often than written, or where old clients know no better codec.
 *
 * Z1  records, their timestamps, the producer's sequence and the transaction's bits are the same afterwards
 * Z2  offsets are 0, 1, 2 …: the log adds its own end to them, as to any batch of a client
 * Z3  control batches are left alone: they are small, and every reader of the log must understand them
 * Z4  without the codecs that it takes, a batch stays as it came (a broker in a page has none)
 */
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import {
  type BatchHeader,
  codecOf,
  isControl,
  isTransactional,
  NO_TIMESTAMP,
  readBatchHeader,
} from './batch.ts'
import { buildBatch } from './batch-builder.ts'
import { Codec, type Codecs, OpenedTooLargeError } from './compression.ts'
import { recordBytes, recordsIn } from './record.ts'

/** What compression.type asks for. `level`: compression.gzip.level and the like, where the codec has levels. */
export interface CompressionTarget {
  readonly codec: Codec
  readonly level?: number | undefined
}

/** Must the batch be opened and written anew? `target` undefined: the topic keeps what producers send. */
export function needsRecompression(
  header: BatchHeader,
  target: CompressionTarget | undefined,
  codecs: Codecs,
): target is CompressionTarget {
  if (target === undefined || target.codec === codecOf(header) || isControl(header)) return false
  return canUse(codecOf(header), codecs) && canUse(target.codec, codecs)
}

function canUse(codec: number, codecs: Codecs): boolean {
  return codec === Codec.NONE || codecs.has(codec)
}

/** The batch at byte 0 with the target's codec, and its header; `name` is `topic-partition`. Throws KafkaError. */
export function recompress(
  bytes: Uint8Array,
  { codec, level }: CompressionTarget,
  { codecs, name, openedBytesMax }: OpeningRules,
): { bytes: Uint8Array; header: BatchHeader } {
  const header = readBatchHeader(bytes)
  const records = recordsIn(openedRecords(bytes, header, { codecs, name, openedBytesMax }), header)
  if (records.some(({ timestamp }) => timestamp < NO_TIMESTAMP))
    throw new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR, `a time before 1970 in ${name}`)
  const packed = buildBatch(records, {
    producerId: header.producerId,
    producerEpoch: header.producerEpoch,
    baseSequence: header.baseSequence,
    transactional: isTransactional(header),
    codec,
    codecs,
    compressionLevel: level,
  })
  return { bytes: packed, header: readBatchHeader(packed) }
}

/** `name` is `topic-partition`; `openedBytesMax` how many bytes a client's batch may open to. */
export interface OpeningRules {
  readonly codecs: Codecs
  readonly name: string
  readonly openedBytesMax: number
}

/**
 * The bytes of the records of the batch at byte 0. Decompressing what a client sent may fail in any way: for the client
 * it is one error, the one Kafka gives it. That it opens to more than it may is another: MESSAGE_TOO_LARGE, upon
 * which a producer splits the batch and sends its parts.
 */
export function openedRecords(
  bytes: Uint8Array,
  header: BatchHeader,
  { codecs, name, openedBytesMax }: OpeningRules,
): Uint8Array {
  try {
    return recordBytes(bytes, 0, header, codecs, openedBytesMax)
  } catch (error) {
    if (error instanceof KafkaError) throw error
    const cause = error instanceof Error ? error.message : error
    if (error instanceof OpenedTooLargeError) {
      throw new KafkaError(
        ErrorCode.MESSAGE_TOO_LARGE,
        `The record batch in the append to ${name} is ${cause}`,
      )
    }
    throw new KafkaError(
      ErrorCode.UNKNOWN_SERVER_ERROR,
      `records of ${name} cannot be decompressed: ${cause}`,
    )
  }
}
