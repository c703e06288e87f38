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
import {
  checkBatch,
  checkClientBatch,
  checkClientRecords,
  checkSize,
  openedBytesMax,
  type ValidationRules,
} from '../record/validation.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import type { AppendOrigin, LogConfig } from './log.ts'
import { checkDataBatch, checkMarker, findDuplicate, type KnownBatch } from './producer-state.ts'
import type { ProducerStateManager } from './producer-state-manager.ts'

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
 * The header of the one batch that `bytes` are; `now` in ms. What it said wrongly of its records' times is put right.
 * Throws KafkaError, RecordsError.
 */
export function checkAppend(
  bytes: Uint8Array,
  origin: AppendOrigin,
  rules: AppendRules,
  now: number,
): BatchHeader {
  const header = origin === 'client' ? checkClientBatch(bytes, rules) : checkBatch(bytes, 0, rules.name)
  if (header.size !== bytes.length) throw new Error(`log.append: ${bytes.length} bytes are not one batch`)
  if (origin === 'coordinator') checkSize(bytes.length, rules)
  if (origin !== 'raft') checkSegmentSize(header.size, rules)
  if (origin !== 'client') return header
  const maxTimestamp = checkClientRecords(bytes, header, rules, now)
  // Who stamps it, or packs it anew, does so with times of its own or the records'.
  if (rules.timestampType === 'LogAppendTime' || needsRecompression(header, rules.compression, rules.codecs))
    return header
  if (maxTimestamp === header.maxTimestamp && !isLogAppendTime(header)) return header
  stampCreateTime(bytes, 0, maxTimestamp)
  return readBatchHeader(bytes)
}

/**
 * The batch as the topic keeps it (compression.type), and its header: the one that came, or another one with the same
 * records. Its size is checked anew. Throws KafkaError.
 */
export function asTopicKeepsIt(
  bytes: Uint8Array,
  header: BatchHeader,
  rules: AppendRules,
): { bytes: Uint8Array; header: BatchHeader } {
  if (!needsRecompression(header, rules.compression, rules.codecs)) return { bytes, header }
  const packed = recompress(bytes, rules.compression, { ...rules, openedBytesMax: openedBytesMax(rules) })
  checkSize(packed.bytes.length, rules)
  checkSegmentSize(packed.header.size, rules)
  return packed
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
