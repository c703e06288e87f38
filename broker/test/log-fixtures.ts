/**
 * For tests of the log: a log in memory with a stopped clock, and short functions that build batches.
 */

import type { Logger, Storage } from '../src/core.ts'
import { DEFAULT_LOG_CONFIG, type LogAppendInfo, type LogConfig } from '../src/log/log.ts'
import { openLog } from '../src/log/open-log.ts'
import type { PartitionLog } from '../src/log/partition-log.ts'
import { batchPositions } from '../src/record/batch.ts'
import { type BatchOptions, buildBatch } from '../src/record/batch-builder.ts'
import type { Codecs } from '../src/record/compression.ts'
import { readRecords } from '../src/record/record.ts'
import { MemoryStorage } from '../src/sim/memory-storage.ts'

export const TOPIC_ID = 'dLbxROfB-Kp08brOBDzXcg'
const utf8 = new TextEncoder()
const text = new TextDecoder()

/** A clock that a test sets. */
export class TestClock {
  time = 1_000_000
  now(): number {
    return this.time
  }
  monotonicMs(): number {
    return this.time
  }
}

export interface TestLogOptions {
  readonly storage?: Storage
  readonly clock?: TestClock
  readonly config?: Partial<LogConfig>
  readonly clean?: boolean
  readonly recoveryPoint?: number
  readonly logStartOffset?: number
  readonly codecs?: Codecs
  readonly log?: Logger
  readonly firstDirtyOffset?: number
  readonly onFlushFailed?: (error: Error) => void
  readonly removeLater?: (paths: readonly string[]) => void
}

/** Opens t-0; with the same storage this is a restart. */
export function testLog(options: TestLogOptions = {}): PartitionLog {
  return openLog({
    storage: options.storage ?? new MemoryStorage(),
    folder: 't-0',
    topic: 't',
    partition: 0,
    topicId: TOPIC_ID,
    config: { ...DEFAULT_LOG_CONFIG, ...options.config },
    clock: options.clock ?? new TestClock(),
    log: options.log ?? (() => {}),
    recoveryPoint: options.recoveryPoint ?? 0,
    hadCleanShutdown: options.clean ?? false,
    logStartOffset: options.logStartOffset,
    codecs: options.codecs,
    removeLater: options.removeLater,
    onFlushFailed: options.onFlushFailed,
    firstDirtyOffset: options.firstDirtyOffset ?? 0,
  })
}

/** A batch with a record for each of the values, all at `timestamp` (default 1000 ms). */
export function batchOf(
  values: readonly string[],
  options: BatchOptions & { timestamp?: number } = {},
): Uint8Array {
  const { timestamp = 1000, ...rest } = options
  return buildBatch(
    values.map((value) => ({ key: null, value: utf8.encode(value), timestamp })),
    rest,
  )
}

/** Appends as a client would. */
export function produce(
  log: PartitionLog,
  values: readonly string[],
  options: BatchOptions & { timestamp?: number; leaderEpoch?: number } = {},
): LogAppendInfo {
  return log.appendAsLeader(batchOf(values, options), {
    leaderEpoch: options.leaderEpoch ?? 0,
    origin: 'client',
  })
}

/** All records from `offset` on, as `offset:value`. */
export function contents(log: PartitionLog, offset = log.logStartOffset): string[] {
  const records: string[] = []
  for (let at = offset; at < log.logEndOffset; ) {
    const { bytes, nextOffset } = log.read(at, { maxBytes: 1000, minOneBatch: true, upTo: log.logEndOffset })
    if (bytes.length === 0) break
    for (const position of batchPositions(bytes)) {
      for (const record of readRecords(bytes, position)) {
        if (record.offset >= offset)
          records.push(`${record.offset}:${text.decode(record.value ?? undefined)}`)
      }
    }
    at = nextOffset
  }
  return records
}
