/**
 * compression.type: the codec in which a topic stores its records, whatever its producers use. (LogValidator, KIP-390)
 *
 *   producer      as they came: the batch is not decompressed
 *   uncompressed  decompressed, and stored plainly
 *   gzip …        decompressed, and compressed with the topic's codec and level; a batch with this codec is kept
 *
 * This costs the broker a decompression and a compression per batch, which clients do otherwise. It is worth it if a log
 * is read and copied far more often than written, or if old clients support no better codec.
 *
 * RECOMPRESS-1  records, their timestamps, the producer's sequence and the transaction's bits do not change
 * RECOMPRESS-2  offsets are 0, 1, 2 …: the log adds its end offset to them, as for any batch of a client
 * RECOMPRESS-3  control batches are kept unchanged: they are small, and every consumer must be able to read them
 * RECOMPRESS-4  if a codec is missing, a batch is stored as it came (a broker in a page has no codecs)
 * RECOMPRESS-5  records are streamed from one codec to the other, in turns; the work stops when the output is too
 *     large
 */
import type { Steps } from '../turns.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { greaterOf, type Int64, minus } from '../wire/int64.ts'
import {
  Attribute,
  type BatchHeader,
  codecOf,
  isControl,
  MAGIC_V2,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_TIMESTAMP,
  readBatchHeader,
} from './batch.ts'
import { BatchPacker, RECORD_BYTES_SMALL } from './batch-packer.ts'
import { Codec, type Codecs } from './compression.ts'
import { recordCursor, timestampOf } from './record.ts'
import { encodeContent, isRegular } from './record-content.ts'

/** The target of compression.type. `level`: compression.gzip.level and the like, if the codec has levels. */
export interface CompressionTarget {
  readonly codec: Codec
  readonly level?: number | undefined
}

/** Whether the batch must be recompressed. `target` undefined: the topic keeps what producers send. */
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

export interface PackingRules {
  /** `topic-partition`, for messages. */
  readonly name: string
  readonly codecs: Codecs
  readonly maxMessageBytes: number
}

/** The work may be paused after this many records. */
const RECORDS_A_STEP = 200

/** The batch at byte 0 with the target's codec; its records are already checked. Throws KafkaError. */
export function* recompress(
  bytes: Uint8Array,
  target: CompressionTarget,
  rules: PackingRules,
): Steps<Uint8Array> {
  const header = readBatchHeader(bytes)
  if (!canBeWritten(header)) throw refused(`producer ${header.producerId} of ${rules.name}`)
  const cursor = recordCursor(bytes, 0, header, rules.codecs, { inTurns: true })
  const packer = new BatchPacker(target.codec, rules.codecs, target.level)
  let baseTimestamp: Int64 | undefined
  let maxTimestamp: Int64 = NO_TIMESTAMP
  try {
    for (let progress = cursor.next(); progress !== 'end'; progress = cursor.next()) {
      if (progress === 'record') {
        const timestamp = timestampOf(header, cursor.timestampDelta)
        if (timestamp < NO_TIMESTAMP) throw refused(`a time before 1970 in ${rules.name}`)
        baseTimestamp ??= timestamp
        maxTimestamp = greaterOf(maxTimestamp, timestamp)
        const content = isRegular(cursor) ? cursor.content : yield* encodeContent(cursor)
        const delta = minus(timestamp, baseTimestamp)
        if (content.length <= RECORD_BYTES_SMALL) packer.add(delta, cursor.index, content)
        else yield* packer.addLarge(delta, cursor.index, content)
        if (packer.size > rules.maxMessageBytes) throw tooLarge(rules)
      }
      if (progress === 'pause' || cursor.index % RECORDS_A_STEP === 0) yield cursor.waitsFor
    }
    return packer.finish({
      baseOffset: 0,
      partitionLeaderEpoch: -1,
      magic: MAGIC_V2,
      attributes: target.codec | (header.attributes & Attribute.TRANSACTIONAL),
      lastOffsetDelta: packer.count - 1,
      baseTimestamp: baseTimestamp ?? NO_TIMESTAMP,
      maxTimestamp,
      producerId: header.producerId,
      producerEpoch: header.producerEpoch,
      baseSequence: header.baseSequence,
    })
  } finally {
    cursor.close()
  }
}

/** Kafka's builder of batches refuses invalid producer fields. (MemoryRecordsBuilder.validateProducerState) */
function canBeWritten({ producerId, producerEpoch, baseSequence, attributes }: BatchHeader): boolean {
  if (producerId === NO_PRODUCER_ID) return (attributes & Attribute.TRANSACTIONAL) === 0
  return producerEpoch !== NO_PRODUCER_EPOCH && baseSequence >= 0
}

function refused(message: string): KafkaError {
  return new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR, message)
}

function tooLarge({ name, maxMessageBytes }: PackingRules): KafkaError {
  return new KafkaError(
    ErrorCode.MESSAGE_TOO_LARGE,
    `The record batch in the append to ${name} is more than ${maxMessageBytes} bytes when it is packed anew.`,
  )
}
