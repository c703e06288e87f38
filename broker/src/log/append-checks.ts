/**
 * Everything that may refuse an append, before the log has changed: the batch itself, then its producer.
 *
 * Who appends decides how hard is looked:
 *
 *   origin        batch               records   sequence   epoch
 *   client        all rules           yes       yes        yes
 *   coordinator   checksum, size      no        no         yes, and markers
 *   raft          checksum            no        no         no producers there
 *
 * (UnifiedLog.analyzeAndValidateRecords and analyzeAndValidateProducerState; the rules: record/validation.ts)
 */
import {
  type BatchHeader,
  isControl,
  isLogAppendTime,
  isTransactional,
  NO_PRODUCER_ID,
  readBatchHeader,
  stampCreateTime,
} from '../record/batch.ts'
import type { Codecs } from '../record/compression.ts'
import { readControlBatch } from '../record/control-record.ts'
import { type CompressionTarget, needsRecompression, recompress } from '../record/recompress.ts'
import { checkClientRecords } from '../record/record-checks.ts'
import { checkBatch, checkClientBatch, checkSize, type ValidationRules } from '../record/validation.ts'
import { finish, type Steps } from '../turns.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import type { AppendOrigin, LogConfig, PreparedBatch } from './log.ts'
import { checkDataBatch, checkMarker, findDuplicate, type KnownBatch } from './producers/producer-state.ts'
import type { ProducerStateManager } from './producers/producer-state-manager.ts'

export interface AppendRules extends ValidationRules {
  readonly segmentBytes: number
  readonly compression: CompressionTarget | undefined
}

/** A topic's settings as rules; made once, not per append. `name` is `topic-partition`. */
export function appendRules(config: LogConfig, name: string, codecs: Codecs): AppendRules {
  return {
    name,
    maxMessageBytes: config.maxMessageBytes,
    segmentBytes: config.segmentBytes,
    compression: config.compression,
    compacted: config.cleanupPolicy.includes('compact'),
    timestampType: config.messageTimestampType,
    timestampBeforeMaxMs: config.messageTimestampBeforeMaxMs,
    timestampAfterMaxMs: config.messageTimestampAfterMaxMs,
    codecs,
  }
}

/**
 * Checks what a client has sent, the header at once and the records step by step, and makes it what the topic keeps: with
 * the codec of compression.type, and the greatest time of its records in its header. `bytes` may be changed; `now` in ms.
 * Throws KafkaError, RecordsError.
 */
export function* prepareClientBatch(
  bytes: Uint8Array,
  rules: AppendRules,
  now: number,
): Steps<PreparedBatch> {
  const header = checkClientBatch(bytes, rules)
  checkSegmentSize(header.size, rules)
  const isPackedAnew = needsRecompression(header, rules.compression, rules.codecs)
  const maxTimestamp = yield* checkClientRecords(bytes, header, rules, { now, isPackedAnew })
  if (isPackedAnew) return checkPacked(yield* recompress(bytes, rules.compression!, rules), rules)
  // Where the broker stamps its own time, the header is put right by that.
  const isRight = maxTimestamp === header.maxTimestamp && !isLogAppendTime(header)
  if (isRight || rules.timestampType === 'LogAppendTime') return { bytes, header }
  stampCreateTime(bytes, 0, maxTimestamp)
  return { bytes, header: readBatchHeader(bytes) }
}

/** Checks a batch of the broker's own: nobody doubts its records. Throws KafkaError. */
export function prepareOwnBatch(
  bytes: Uint8Array,
  origin: Exclude<AppendOrigin, 'client'>,
  rules: AppendRules,
): PreparedBatch {
  const header = checkBatch(bytes, 0, rules.name)
  if (header.size !== bytes.length) throw new Error(`log.append: ${bytes.length} bytes are not one batch`)
  if (origin === 'coordinator') {
    checkSize(bytes.length, rules)
    checkSegmentSize(header.size, rules)
  }
  if (!needsRecompression(header, rules.compression, rules.codecs)) return { bytes, header }
  return checkPacked(finish(recompress(bytes, rules.compression, rules)), rules)
}

function checkPacked(bytes: Uint8Array, rules: AppendRules): PreparedBatch {
  checkSize(bytes.length, rules)
  checkSegmentSize(bytes.length, rules)
  return { bytes, header: readBatchHeader(bytes) }
}

function checkSegmentSize(size: number, rules: AppendRules): void {
  if (size <= rules.segmentBytes) return
  throw new KafkaError(ErrorCode.RECORD_LIST_TOO_LARGE, `${size} bytes are more than segment.bytes`)
}

/** Gives the batch that this one repeats, undefined for a new one; throws when its producer may not write it. */
export function checkProducer(
  producers: ProducerStateManager,
  bytes: Uint8Array,
  header: BatchHeader,
  {
    origin,
    name,
    transactionVersion = 0,
  }: { origin: AppendOrigin; name: string; transactionVersion?: number },
): KnownBatch | undefined {
  if (header.producerId <= NO_PRODUCER_ID) return undefined
  const state = producers.stateOf(header.producerId)
  if (isControl(header)) {
    const { coordinatorEpoch = -1 } = readControlBatch(bytes) ?? {}
    checkMarker(state, { producerEpoch: header.producerEpoch, coordinatorEpoch, transactionVersion })
    return undefined
  }
  const known = origin === 'client' ? findDuplicate(state, header) : undefined
  const transactional = isTransactional(header)
  const lowestSequence = producers.tentative.lowestOf(header.producerId)
  if (!known)
    checkDataBatch(state, header, { origin, transactional, transactionVersion, lowestSequence, name })
  return known
}
