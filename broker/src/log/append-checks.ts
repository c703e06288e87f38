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
import { RecordChecks } from '../record/record-checks.ts'
import { checkBatch, checkClientBatch, checkSize, type ValidationRules } from '../record/validation.ts'
import { finish, type Steps } from '../turns.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import type { AppendOrigin, LogConfig, PreparedBatch } from './log.ts'
import { checkDataBatch, checkMarker, findDuplicate, type KnownBatch } from './producers/producer-state.ts'
import type { ProducerStateManager } from './producers/producer-state-manager.ts'

const NOTHING = new Uint8Array(0)

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
 * What a client has sent is checked, the header at once and the records step by step, and made what the topic keeps: with
 * the codec of compression.type, and the greatest time of its records in its header. `step` until it gives the batch:
 * nearly all are done in the first one, so nothing is set up for the others to be waited for.
 */
export class BatchPreparation {
  private readonly bytes: Uint8Array
  private readonly header: BatchHeader
  private readonly rules: AppendRules
  private readonly checks: RecordChecks
  private readonly isPackedAnew: boolean
  private packing: Steps<Uint8Array> | undefined

  /** `bytes` may be changed; `now` in ms. Throws KafkaError. */
  constructor(bytes: Uint8Array, rules: AppendRules, now: number) {
    const header = checkClientBatch(bytes, rules)
    checkSegmentSize(header.size, rules)
    const isPackedAnew = needsRecompression(header, rules.compression, rules.codecs)
    this.bytes = bytes
    this.header = header
    this.rules = rules
    this.isPackedAnew = isPackedAnew
    this.checks = new RecordChecks(bytes, header, rules, { now, isPackedAnew })
  }

  /** Some of the work; undefined: there is more to do. Throws KafkaError, RecordsError. */
  step(): PreparedBatch | undefined {
    if (this.packing) return this.pack(this.packing)
    if (!this.checks.step()) return undefined
    if (!this.isPackedAnew) return this.withRightTime()
    this.packing = recompress(this.bytes, this.rules.compression!, this.rules)
    return undefined
  }

  /** Gives up what is not done yet. Idempotent. */
  close(): void {
    this.checks.close()
    this.packing?.return(NOTHING)
  }

  private pack(packing: Steps<Uint8Array>): PreparedBatch | undefined {
    const step = packing.next()
    return step.done ? checkPacked(step.value, this.rules) : undefined
  }

  /** Where the broker stamps its own time, the header is put right by that. */
  private withRightTime(): PreparedBatch {
    const { bytes, header, rules } = this
    const { maxTimestamp } = this.checks
    const isRight = maxTimestamp === header.maxTimestamp && !isLogAppendTime(header)
    if (isRight || rules.timestampType === 'LogAppendTime') return { bytes, header }
    stampCreateTime(bytes, 0, maxTimestamp)
    return { bytes, header: readBatchHeader(bytes) }
  }
}

/** All of it at once. Throws KafkaError, RecordsError. */
export function prepareAtOnce(preparation: BatchPreparation): PreparedBatch {
  for (;;) {
    const prepared = preparation.step()
    if (prepared) return prepared
  }
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
