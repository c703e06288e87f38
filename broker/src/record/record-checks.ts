/**
 * Checks every single record of a batch: rules 9 to 12 of validation.ts. (LogValidator)
 *
 *    9  the body holds exactly `count` records              INVALID_RECORD; UNKNOWN_SERVER_ERROR if decompression fails
 *   10  a key, on a compacted topic                         INVALID_RECORD, and which records
 *   11  timestamps within bounds                            INVALID_TIMESTAMP, and which records
 *   12  compressed, and stored as it came: offset deltas are 0, 1, 2 …        UNKNOWN_SERVER_ERROR
 *
 * Kafka reads all records before it refuses any: a corrupt record hides errors in the records before it, and of the
 * refused ones all are listed. Rule 12 comes last; Kafka would rebuild such a batch, and fails because it has not kept
 * the records. Uncompressed batches need not obey it: their deltas are stored in any case.
 *
 * RECORD-CHECKS-1  records are checked one by one, and none is kept; the work pauses every few hundred of them
 * RECORD-CHECKS-2  timestamps in the header are not trusted: the greatest timestamp is that of the records. A batch marked
 *     as LogAppendTime is refused by a topic with LogAppendTime, and by other topics accepted as CreateTime with
 *     that time
 * RECORD-CHECKS-3  of the refused records the first RECORD_ERRORS_MAX are listed, and all are counted. Kafka lists all;
 *     nine million of them would make a response of a gigabyte
 */
import type { Wait } from '../turns.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { INT64_MAX, type Int64, minus, plus } from '../wire/int64.ts'
import { type BatchHeader, codecOf, isLogAppendTime, NO_TIMESTAMP } from './batch.ts'
import { Codec, type Codecs } from './compression.ts'
import { recordCursor } from './record.ts'
import type { RecordCursor } from './record-cursor.ts'

/** Which record of the batch is refused, and why (Produce v8+). */
export interface RecordError {
  readonly batchIndex: number
  readonly message: string
}

/** A batch that is refused because of some of its records. The client sees the message, too. */
export class RecordsError extends KafkaError {
  readonly recordErrors: readonly RecordError[]
  constructor(code: ErrorCode, message: string, recordErrors: readonly RecordError[]) {
    super(code, message)
    this.recordErrors = recordErrors
  }
}

export interface RecordRules {
  /** `topic-partition`, for messages. */
  readonly name: string
  readonly compacted: boolean
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  /** How far in the past or future (ms) a record's timestamp may be; 2^63 means no limit. */
  readonly timestampBeforeMaxMs: number
  readonly timestampAfterMaxMs: number
  readonly codecs: Codecs
}

/** RECORD-CHECKS-3. */
export const RECORD_ERRORS_MAX = 10_000
/** A job may be paused after this many records. */
const RECORDS_A_STEP = 500

/** Decompression of a client's bytes may fail in many ways: the client gets one error, the same as from Kafka. */
function openingFailed(name: string, error: unknown): KafkaError {
  if (error instanceof KafkaError) return error
  const cause = error instanceof Error ? error.message : error
  return new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR, `records of ${name} cannot be decompressed: ${cause}`)
}

/** The checks of one batch's records: call `step` until it returns true. */
export class RecordChecks {
  private readonly header: BatchHeader
  private readonly rules: RecordRules
  private readonly now: number
  private readonly isSkipped: boolean
  /** Undefined if the codec is missing: then nothing is checked. */
  private readonly cursor: RecordCursor | undefined
  /** The batch's timestamp, if its header declares it for all records (LogAppendTime). */
  private readonly stampedTime: Int64 | undefined
  /** Timestamps (ms) in this range are valid if they are safe integers; all others are checked exactly. */
  private readonly goodFrom: number
  private readonly goodTo: number
  private greatestTime: Int64 = NO_TIMESTAMP
  private areOffsetsInOrder = true
  private refused = 0
  private hasBadTime = false
  private readonly errors: RecordError[] = []

  /**
   * The batch is at byte 0 of `bytes`; `now` in ms. `isPackedAnew`: its records will be recompressed.
   * Throws KafkaError if they can't be decompressed.
   */
  constructor(
    bytes: Uint8Array,
    header: BatchHeader,
    rules: RecordRules,
    { now, isPackedAnew = false }: { now: number; isPackedAnew?: boolean },
  ) {
    const codec = codecOf(header)
    const isCompressed = codec !== Codec.NONE
    const canBeOpened = !isCompressed || codec > Codec.ZSTD || rules.codecs.has(codec)
    this.header = header
    this.rules = rules
    this.now = now
    this.isSkipped = isCompressed && !isPackedAnew
    this.stampedTime = isLogAppendTime(header) ? header.maxTimestamp : undefined
    const isLookedAtClosely = rules.timestampType === 'LogAppendTime' && this.stampedTime !== undefined
    const isAnyGood = rules.timestampType === 'LogAppendTime'
    this.goodFrom = isAnyGood ? Number.NEGATIVE_INFINITY : now - rules.timestampBeforeMaxMs
    this.goodTo = isLookedAtClosely
      ? Number.NEGATIVE_INFINITY
      : isAnyGood
        ? Number.POSITIVE_INFINITY
        : now + rules.timestampAfterMaxMs
    this.cursor = canBeOpened ? this.openedCursor(bytes) : undefined
  }

  private openedCursor(bytes: Uint8Array): RecordCursor {
    const { header, rules } = this
    try {
      const way = this.isSkipped ? 'skipped' : 'whole'
      return recordCursor(bytes, 0, header, rules.codecs, { way, inTurns: true })
    } catch (error) {
      throw openingFailed(rules.name, error)
    }
  }

  /** Checks the next few hundred records. Returns true if these were all, and are valid. Throws KafkaError, RecordsError. */
  step(): boolean {
    const { cursor } = this
    if (!cursor) return true
    try {
      if (!this.lookAtSome(cursor)) return false
    } catch (error) {
      cursor.close()
      throw openingFailed(this.rules.name, error)
    }
    cursor.close()
    this.throwRefusals()
    return true
  }

  /** What the next step waits for, after one that returned false. */
  get waitsFor(): Wait | undefined {
    return this.cursor?.waitsFor
  }

  /** Cancels the rest. Idempotent. */
  close(): void {
    this.cursor?.close()
  }

  /** The greatest timestamp of the records, after `step` returned true (RECORD-CHECKS-2); the header's if the codec is missing. */
  get maxTimestamp(): Int64 {
    return this.cursor ? this.greatestTime : this.header.maxTimestamp
  }

  private lookAtSome(cursor: RecordCursor): boolean {
    for (let left = RECORDS_A_STEP; left > 0; left--) {
      const progress = cursor.next()
      if (progress === 'record') this.look(cursor)
      else return progress === 'end'
    }
    return false
  }

  private look(cursor: RecordCursor): void {
    const timestamp = this.stampedTime ?? plus(this.header.baseTimestamp, cursor.timestampDelta)
    if (timestamp > this.greatestTime) this.greatestTime = timestamp
    if (cursor.offsetDelta !== cursor.index) this.areOffsetsInOrder = false
    if (this.rules.compacted && cursor.keyLength < 0) this.refuse(cursor.index, () => this.keyless(), false)
    else if (!this.isPlainlyGood(timestamp) && this.isBadTime(timestamp))
      this.refuse(cursor.index, () => this.timeError(cursor, timestamp), true)
  }

  private isPlainlyGood(timestamp: Int64): boolean {
    const isSafe = typeof timestamp === 'number' && timestamp !== NO_TIMESTAMP
    return isSafe && timestamp >= this.goodFrom && timestamp <= this.goodTo
  }

  /** Differences wrap around at 64 bits, as in Kafka. */
  private isBadTime(timestamp: Int64): boolean {
    const { timestampType, timestampBeforeMaxMs, timestampAfterMaxMs } = this.rules
    if (timestampType === 'LogAppendTime' || timestamp === NO_TIMESTAMP) return this.stampedTime !== undefined
    const age = minus(this.now, timestamp)
    return age > timestampBeforeMaxMs || minus(0, age) > timestampAfterMaxMs
  }

  private refuse(batchIndex: number, message: () => string, isBadTime: boolean): void {
    this.refused++
    this.hasBadTime ||= isBadTime
    if (this.errors.length < RECORD_ERRORS_MAX) this.errors.push({ batchIndex, message: message() })
  }

  private keyless(): string {
    return `Compacted topic cannot accept message without key in topic partition ${this.rules.name}`
  }

  private timeError(cursor: RecordCursor, timestamp: Int64): string {
    const { timestampType, timestampBeforeMaxMs, timestampAfterMaxMs } = this.rules
    const offset = plus(this.header.baseOffset, cursor.offsetDelta)
    if (timestampType === 'LogAppendTime' || timestamp === NO_TIMESTAMP)
      return `Invalid timestamp type in message ${this.shown(cursor, timestamp)}. Producer should not set timestamp type to LogAppendTime.`
    const from = minus(this.now, bound(timestampBeforeMaxMs))
    const to = plus(this.now, bound(timestampAfterMaxMs))
    return `Timestamp ${timestamp} of message with offset ${offset} is out of range. The timestamp should be within [${from}, ${to}]`
  }

  /** Kafka's text form of a record; if it was skipped, missing parts have length -1. */
  private shown({ offsetDelta, keyLength, valueLength }: RecordCursor, timestamp: Int64): string {
    const offset = plus(this.header.baseOffset, offsetDelta)
    const [what, least] = this.isSkipped
      ? ['PartialDefaultRecord', Number.NEGATIVE_INFINITY]
      : ['DefaultRecord', 0]
    const lengths = [keyLength, valueLength].map((length) => Math.max(length, least as number))
    return `${what}(offset=${offset}, timestamp=${timestamp}, key=${lengths[0]} bytes, value=${lengths[1]} bytes)`
  }

  /** Throws if records were refused. */
  private throwRefusals(): void {
    if (this.hasBadTime) {
      const message = 'One or more records have been rejected due to invalid timestamp'
      throw new RecordsError(ErrorCode.INVALID_TIMESTAMP, message, this.errors)
    }
    if (this.refused > 0) throw new RecordsError(ErrorCode.INVALID_RECORD, this.summary(), this.errors)
    if (this.isSkipped && !this.areOffsetsInOrder) {
      const message = `offset deltas of compressed records of ${this.rules.name} are not 0, 1, 2 and so on`
      throw new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR, message)
    }
  }

  /** Kafka's text, which clients print. */
  private summary(): string {
    const shown = this.errors
      .slice(0, 3)
      .map((e) => `RecordError(batchIndex=${e.batchIndex}, message='${e.message}')`)
    return `One or more records have been rejected due to ${this.refused} record errors in total, and only showing the first three errors at most: [${shown.join(', ')}]`
  }
}

/** 2^63 means Long.MAX_VALUE, which a double can't hold. */
function bound(ms: number): Int64 {
  return ms >= 2 ** 63 ? INT64_MAX : ms
}
