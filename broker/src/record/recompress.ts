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
 * RECOMPRESS-1  records, their timestamps, the producer's sequence and the transaction's bits are the same afterwards
 * RECOMPRESS-2  offsets are 0, 1, 2 …: the log adds its own end to them, as to any batch of a client
 * RECOMPRESS-3  control batches are left alone: they are small, and every reader of the log must understand them
 * RECOMPRESS-4  without the codecs that it takes, a batch stays as it came (a broker in a page has none)
 * RECOMPRESS-5  records go from the one codec to the other as a stream, in turns; it ends when what comes out is too
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
import { BatchPacker } from './batch-packer.ts'
import { Codec, type Codecs } from './compression.ts'
import { recordCursor, timestampOf } from './record.ts'
import { encodeContent, isRegular } from './record-content.ts'

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

export interface PackingRules {
  /** `topic-partition`, for messages. */
  readonly name: string
  readonly codecs: Codecs
  readonly maxMessageBytes: number
}

/** After so many records the work may be interrupted. */
const RECORDS_A_STEP = 200

/** The batch at byte 0 with the target's codec; its records were checked. Throws KafkaError. */
export function* recompress(
  bytes: Uint8Array,
  target: CompressionTarget,
  rules: PackingRules,
): Steps<Uint8Array> {
  const header = readBatchHeader(bytes)
  if (!canBeWritten(header)) throw refused(`producer ${header.producerId} of ${rules.name}`)
  const cursor = recordCursor(bytes, 0, header, rules.codecs)
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
        packer.add(minus(timestamp, baseTimestamp), cursor.index, content)
        if (packer.size > rules.maxMessageBytes) throw tooLarge(rules)
      }
      if (progress === 'pause' || cursor.index % RECORDS_A_STEP === 0) yield
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

/** Kafka's builder of batches takes no producer that makes no sense. (MemoryRecordsBuilder.validateProducerState) */
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
