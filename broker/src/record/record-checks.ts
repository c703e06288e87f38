/**
 * What a broker checks of every single record of a batch: rules 9 to 12 of validation.ts. (LogValidator)
 *
 *    9  the body holds `count` records, and nothing else     INVALID_RECORD; UNKNOWN_SERVER_ERROR when no codec opens it
 *   10  a key on a compacted topic                           INVALID_RECORD, and which records
 *   11  timestamps within bounds                             INVALID_TIMESTAMP, and which records
 *   12  compressed, and stored as it came: offset deltas are 0, 1, 2 …        UNKNOWN_SERVER_ERROR
 *
 * Kafka walks over all records before it refuses any: a damaged record hides what was wrong with those before it, and of
 * refused ones all are named. Rule 12 comes last; Kafka would write such a batch anew, and has not kept what for. Plain
 * batches are not held to it: their deltas are stored whatever they are.
 *
 * RECORD-CHECKS-1  records are looked at one by one, and none is kept; the work pauses every few hundred of them
 * RECORD-CHECKS-2  what the header says of times is not believed: the greatest time is that of the records. A batch
 *     that says that the broker has stamped it is refused by a topic whose broker does, and taken for what it is by
 *     another
 * RECORD-CHECKS-3  of refused records the first RECORD_ERRORS_MAX are named, and all are counted. Kafka names all; nine
 *     million of them would make an answer of a gigabyte
 */
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

/** A batch refused for some of its records. The message is shown to the client, too. */
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
  /** How far in the past or future (ms) a record's time may be; 2^63 is no bound. */
  readonly timestampBeforeMaxMs: number
  readonly timestampAfterMaxMs: number
  readonly codecs: Codecs
}

/** RECORD-CHECKS-3. */
export const RECORD_ERRORS_MAX = 10_000
/** After so many records a job may be interrupted. */
const RECORDS_A_STEP = 500

/** Opening what a client has compressed may fail in any way: for the client it is one error, the one Kafka gives it. */
function openingFailed(name: string, error: unknown): KafkaError {
  if (error instanceof KafkaError) return error
  const cause = error instanceof Error ? error.message : error
  return new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR, `records of ${name} cannot be decompressed: ${cause}`)
}

/** The checks of one batch's records: `step` until it says that these were all. */
export class RecordChecks {
  private readonly header: BatchHeader
  private readonly rules: RecordRules
  private readonly now: number
  private readonly isSkipped: boolean
  /** Undefined when the codec is not at hand: then nothing is looked at. */
  private readonly cursor: RecordCursor | undefined
  /** The batch's time, when it says that all its records have that one. */
  private readonly stampedTime: Int64 | undefined
  /** Times (ms) from here to there are good, as long as they are safe integers; the others are looked at closely. */
  private readonly goodFrom: number
  private readonly goodTo: number
  private greatestTime: Int64 = NO_TIMESTAMP
  private areOffsetsInOrder = true
  private refused = 0
  private hasBadTime = false
  private readonly errors: RecordError[] = []

  /**
   * Of the batch at byte 0 of `bytes`; `now` in ms. `isPackedAnew`: its records will be compressed otherwise than they
   * are. Throws KafkaError when they can't be opened.
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
      return recordCursor(bytes, 0, header, rules.codecs, this.isSkipped ? 'skipped' : 'whole')
    } catch (error) {
      throw openingFailed(rules.name, error)
    }
  }

  /** Looks at the next few hundred records; true: these were all, and they are good. Throws KafkaError, RecordsError. */
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

  /** Gives up what is not looked at yet. Idempotent. */
  close(): void {
    this.cursor?.close()
  }

  /** Of the records, once `step` was true (RECORD-CHECKS-2); the header's when the codec is not at hand. */
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

  /** Differences wrap around at 64 bits, as Kafka's do. */
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

  /** As Kafka shows a record; of one that it has skipped it shows a length of -1 where there is nothing. */
  private shown({ offsetDelta, keyLength, valueLength }: RecordCursor, timestamp: Int64): string {
    const offset = plus(this.header.baseOffset, offsetDelta)
    const [what, least] = this.isSkipped
      ? ['PartialDefaultRecord', Number.NEGATIVE_INFINITY]
      : ['DefaultRecord', 0]
    const lengths = [keyLength, valueLength].map((length) => Math.max(length, least as number))
    return `${what}(offset=${offset}, timestamp=${timestamp}, key=${lengths[0]} bytes, value=${lengths[1]} bytes)`
  }

  /** Throws when records were refused. */
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

  /** Kafka's words, which clients print as they are. */
  private summary(): string {
    const shown = this.errors
      .slice(0, 3)
      .map((e) => `RecordError(batchIndex=${e.batchIndex}, message='${e.message}')`)
    return `One or more records have been rejected due to ${this.refused} record errors in total, and only showing the first three errors at most: [${shown.join(', ')}]`
  }
}

/** A bound of 2^63 stands for Long.MAX_VALUE, which a double does not hold. */
function bound(ms: number): Int64 {
  return ms >= 2 ** 63 ? INT64_MAX : ms
}
