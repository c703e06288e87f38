/**
 * All checks of an append, before the log changes: first the batch itself, then its producer.
 *
 * The origin of an append decides which checks it gets:
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
import { finish, type Steps, type Wait } from '../turns.ts'
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
 * Checks a client's batch, the header at once and the records step by step, and rewrites it as the topic demands: with
 * the codec of compression.type, and the greatest timestamp of its records in the header. Call `step` until it returns
 * the batch. Most batches need one step only, so nothing is set up for more.
 */
export class BatchPreparation {
  private readonly bytes: Uint8Array
  private readonly header: BatchHeader
  private readonly rules: AppendRules
  private readonly checks: RecordChecks
  private readonly isPackedAnew: boolean
  private packing: Steps<Uint8Array> | undefined
  /** What the packing waits for. */
  private packingWaitsFor: Wait | undefined

  /** `bytes` may be changed. `now` in ms. Throws KafkaError. */
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

  /** What the next step waits for (record/large-openings.ts). */
  get waitsFor(): Wait | undefined {
    return this.packing ? this.packingWaitsFor : this.checks.waitsFor
  }

  /** Does some of the work. Returns undefined if there is more to do. Throws KafkaError, RecordsError. */
  step(): PreparedBatch | undefined {
    if (this.packing) return this.pack(this.packing)
    if (!this.checks.step()) return undefined
    if (!this.isPackedAnew) return this.withRightTime()
    this.packing = recompress(this.bytes, this.rules.compression!, this.rules)
    return undefined
  }

  /** Cancels the rest of the work. Idempotent. */
  close(): void {
    this.checks.close()
    this.packing?.return(NOTHING)
  }

  private pack(packing: Steps<Uint8Array>): PreparedBatch | undefined {
    const step = packing.next()
    if (step.done) return checkPacked(step.value, this.rules)
    this.packingWaitsFor = step.value
    return undefined
  }

  /** If the broker stamps its own time (LogAppendTime), the header gets it too. */
  private withRightTime(): PreparedBatch {
    const { bytes, header, rules } = this
    const { maxTimestamp } = this.checks
    const isRight = maxTimestamp === header.maxTimestamp && !isLogAppendTime(header)
    if (isRight || rules.timestampType === 'LogAppendTime') return { bytes, header }
    stampCreateTime(bytes, 0, maxTimestamp)
    return { bytes, header: readBatchHeader(bytes) }
  }
}

/** All steps in one call. Throws KafkaError, RecordsError. */
export function prepareAtOnce(preparation: BatchPreparation): PreparedBatch {
  for (;;) {
    const prepared = preparation.step()
    if (prepared) return prepared
  }
}

/** Checks a batch that the broker itself has built; its records are not checked. Throws KafkaError. */
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

/** Returns the batch that this one duplicates, or undefined if it is new. Throws if its producer may not append it. */
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
