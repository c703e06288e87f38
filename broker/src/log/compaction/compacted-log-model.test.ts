/**
 * A compacted log with transactions, compared with a model of a few lines: after any mix of writes, commits, aborts,
 * compactions, kills and full disks, a read_committed consumer sees the same table, and every producer can continue.
 *
 * The model is the history: all records, each with the state of its transaction (committed, aborted or open).
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FaultyStorage } from '../../../test/faulty-storage.ts'
import { TestClock, testLog } from '../../../test/log-fixtures.ts'
import { StorageError } from '../../core.ts'
import { batchPositions, isControl, isTransactional, readBatchHeader } from '../../record/batch.ts'
import { buildBatch } from '../../record/batch-builder.ts'
import { readControlBatch } from '../../record/control-record.ts'
import { readRecords } from '../../record/record.ts'
import { MemoryStorage } from '../../sim/memory-storage.ts'
import type { Int64 } from '../../wire/int64.ts'
import type { LogConfig } from '../log.ts'
import type { PartitionLog } from '../partition-log.ts'

const utf8 = new TextEncoder()
const text = new TextDecoder()
const config: Partial<LogConfig> = {
  cleanupPolicy: ['compact'],
  segmentBytes: 500,
  indexIntervalBytes: 100,
  minCleanableDirtyRatio: 0,
  deleteRetentionMs: 100,
  producerIdExpirationMs: 2 ** 53,
}
/** Producer 0 is idempotent, the others write in transactions. */
const PRODUCERS = 3

type Table = Record<string, string>
type Step =
  | { kind: 'put'; producer: number; key: string; value: string | null }
  | { kind: 'end'; producer: number; committed: boolean }
  | { kind: 'compact' }
  | { kind: 'wait' }
  | { kind: 'restart'; clean: boolean }
  /** The process dies after so many disk operations of the next step. */
  | { kind: 'kill'; changes: number; tornBytes: number }
  /** The disk is full after so many operations of the next step; then the step is repeated. */
  | { kind: 'full'; changes: number; tornBytes: number }

const producer = fc.nat(PRODUCERS - 1)
const changes = fc.nat(12)
const tornBytes = fc.nat(70)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      producer,
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      value: fc.option(fc.string({ maxLength: 8 }), { freq: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      producer: fc.integer({ min: 1, max: PRODUCERS - 1 }),
      committed: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'compact' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'wait' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), clean: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill' as const), changes, tornBytes }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('full' as const), changes, tornBytes }) },
)

interface ModelRecord {
  readonly offset: number
  readonly producer: number
  readonly key: string
  readonly value: string | null
  state: 'open' | 'committed' | 'aborted'
}

class Model {
  end = 0
  readonly records: ModelRecord[] = []
  readonly sequences = new Array<number>(PRODUCERS).fill(0)

  put(producer: number, key: string, value: string | null): void {
    const state = producer === 0 ? 'committed' : 'open'
    this.records.push({ offset: this.end++, producer, key, value, state })
    this.sequences[producer]!++
  }

  finish(producer: number, committed: boolean): void {
    for (const record of this.records)
      if (record.producer === producer && record.state === 'open')
        record.state = committed ? 'committed' : 'aborted'
    this.end++
  }

  isOpen(producer: number): boolean {
    return this.records.some((record) => record.producer === producer && record.state === 'open')
  }

  get lastStableOffset(): number {
    return this.records.find(({ state }) => state === 'open')?.offset ?? this.end
  }

  get table(): Table {
    const table: Table = {}
    for (const { offset, key, value, state } of this.records) {
      if (state !== 'committed' || offset >= this.lastStableOffset) continue
      if (value === null) delete table[key]
      else table[key] = value
    }
    return table
  }
}

/** The table that a consumer with isolation.level=read_committed builds from the log. */
function committedTable(log: PartitionLog): Table {
  const table: Table = {}
  const waiting = log.abortedTransactions(log.logStartOffset, log.lastStableOffset)
  waiting.sort((a, b) => a.firstOffset - b.firstOffset)
  const aborted = new Set<Int64>()
  for (let at = log.logStartOffset; at < log.lastStableOffset; ) {
    const upTo = log.lastStableOffset
    const { bytes, nextOffset } = log.read(at, { maxBytes: 200, minOneBatch: true, upTo })
    for (const position of batchPositions(bytes)) {
      const header = readBatchHeader(bytes, position)
      while (waiting[0] && waiting[0].firstOffset <= header.lastOffset)
        aborted.add(waiting.shift()!.producerId)
      if (isControl(header)) {
        if (readControlBatch(bytes, position)?.type === 0) aborted.delete(header.producerId)
        continue
      }
      if (isTransactional(header) && aborted.has(header.producerId)) continue
      for (const { key, value } of readRecords(bytes, position)) {
        if (value === null) delete table[text.decode(key!)]
        else table[text.decode(key!)] = text.decode(value)
      }
    }
    if (nextOffset <= at) break
    at = nextOffset
  }
  return table
}

class Run {
  readonly model = new Model()
  private readonly storage = new MemoryStorage()
  private readonly clock = new TestClock()
  private disk = new FaultyStorage(this.storage)
  private armed: Extract<Step, { kind: 'kill' | 'full' }> | undefined
  log = this.open(false)

  private open(clean: boolean): PartitionLog {
    this.disk = new FaultyStorage(this.storage)
    const log = testLog({ storage: this.disk, clock: this.clock, config, clean })
    log.highWatermark = log.logEndOffset
    return log
  }

  do(step: Step): void {
    this.clock.time += 10
    if (step.kind === 'kill' || step.kind === 'full') {
      this.armed = step
      return
    }
    const { armed } = this
    this.armed = undefined
    if (!armed) return this.now(step)
    this.disk.tornBytes = armed.tornBytes
    if (armed.kind === 'kill') this.disk.dieAfter(armed.changes)
    else this.disk.fillUpAfter(armed.changes)
    const endBefore = this.log.logEndOffset
    try {
      this.now(step)
      this.disk.fail = () => undefined
      if (armed.kind === 'kill') this.log = this.open(false)
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      this.recover(step, armed.kind, endBefore)
    }
  }

  /** A refused step had no effect and is repeated; a killed one may have had an effect. */
  private recover(step: Step, kind: 'kill' | 'full', endBefore: number): void {
    this.disk.fail = () => undefined
    this.log.compaction.abort()
    if (kind === 'kill' || step.kind === 'restart') this.log = this.open(false)
    if (kind === 'full') expect(this.log.logEndOffset).toBe(endBefore)
    const happened = this.log.logEndOffset > this.model.end
    if (!happened) return this.now(step)
    if (step.kind === 'put') this.model.put(step.producer, step.key, step.value)
    if (step.kind === 'end') this.model.finish(step.producer, step.committed)
  }

  private now(step: Step): void {
    const { log, model } = this
    switch (step.kind) {
      case 'put': {
        const { producer: producerId, key, value } = step
        const bytes = buildBatch(
          [
            {
              key: utf8.encode(key),
              value: value === null ? null : utf8.encode(value),
              timestamp: this.clock.time,
            },
          ],
          {
            producerId,
            producerEpoch: 0,
            baseSequence: model.sequences[producerId]!,
            transactional: producerId > 0,
          },
        )
        log.appendAsLeader(bytes, { leaderEpoch: 0, origin: 'client' })
        log.highWatermark = log.logEndOffset
        return model.put(producerId, key, value)
      }
      case 'end': {
        const { producer: producerId, committed } = step
        if (!model.isOpen(producerId)) return
        const end = {
          producerId,
          producerEpoch: 0,
          coordinatorEpoch: 0,
          committed,
          timestamp: this.clock.time,
        }
        log.appendEndTxnMarker(end, { leaderEpoch: 0, transactionVersion: 1 })
        log.highWatermark = log.logEndOffset
        return model.finish(producerId, committed)
      }
      case 'compact':
        log.roll()
        log.compaction.compact()
        return
      case 'wait':
        this.clock.time += 200
        return
      case 'restart':
        if (step.clean) log.close()
        this.log = this.open(step.clean)
    }
  }
}

describe('a compacted log and its model', () => {
  it('have the same table, and let every producer continue', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 80 }), (steps) => {
        const run = new Run()
        for (const one of steps) {
          run.do(one)
          const { log, model } = run
          expect([log.logEndOffset, log.lastStableOffset]).toEqual([model.end, model.lastStableOffset])
          expect(committedTable(log)).toEqual(model.table)
        }
      }),
      { numRuns: 400 },
    )
  })
})
