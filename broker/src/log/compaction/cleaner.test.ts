/** Compaction: the last value of each key stays, older ones are removed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TestClock, testLog } from '../../../test/log-fixtures.ts'
import { batchPositions, readBatchHeader } from '../../record/batch.ts'
import { type BatchOptions, buildBatch } from '../../record/batch-builder.ts'
import { readRecords } from '../../record/record.ts'
import { MemoryStorage } from '../../sim/memory-storage.ts'
import type { LogConfig } from '../log.ts'
import type { PartitionLog } from '../partition-log.ts'

const utf8 = new TextEncoder()
const text = new TextDecoder()
const config: Partial<LogConfig> = {
  cleanupPolicy: ['compact'],
  segmentBytes: 400,
  minCleanableDirtyRatio: 0,
  deleteRetentionMs: 1000,
}

type Change = readonly [key: string, value: string | null]

function put(log: PartitionLog, changes: readonly Change[], options: BatchOptions = {}): void {
  const records = changes.map(([key, value]) => ({
    key: utf8.encode(key),
    value: value === null ? null : utf8.encode(value),
    timestamp: 1000,
  }))
  log.appendAsLeader(buildBatch(records, options), { leaderEpoch: 0, origin: 'client' })
}

/** All records, as `offset:key=value`. */
function rows(log: PartitionLog): string[] {
  const found: string[] = []
  for (let at = log.logStartOffset; at < log.logEndOffset; ) {
    const { bytes, nextOffset } = log.read(at, { maxBytes: 300, minOneBatch: true, upTo: log.logEndOffset })
    for (const position of batchPositions(bytes)) {
      if (readBatchHeader(bytes, position).attributes & 0x20) continue
      for (const { offset, key, value } of readRecords(bytes, position)) {
        if (offset >= at) found.push(`${offset}:${text.decode(key!)}=${value && text.decode(value)}`)
      }
    }
    if (nextOffset <= at) break
    at = nextOffset
  }
  return found
}

/** The active segment is never compacted, so the log is rolled first. */
function compact(log: PartitionLog): void {
  log.roll()
  log.highWatermark = log.logEndOffset
  log.compaction.compact()
}

describe('compaction', () => {
  it('CLEAN-FILTER-1: keeps the last record of each key, at its offset', () => {
    const log = testLog({ config })
    put(log, [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ])
    put(log, [['a', '4']])
    put(log, [
      ['b', '5'],
      ['a', '6'],
    ])
    compact(log)
    expect(rows(log)).toEqual(['2:c=3', '4:b=5', '5:a=6'])
    expect([log.logStartOffset, log.logEndOffset]).toEqual([0, 6])
  })

  it('CLEAN-PASS-1: gives every consumer the same table, whatever was written and however often it ran', () => {
    const change = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.option(fc.string({ maxLength: 5 })))
    const batches = fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(batches, fc.nat(5), fc.boolean(), (written, every, restart) => {
        const storage = new MemoryStorage()
        let log = testLog({ config, storage })
        const table = new Map<string, string | null>()
        written.forEach((changes, i) => {
          put(log, changes)
          for (const [key, value] of changes) table.set(key, value)
          if (i % (every + 1) === 0) compact(log)
        })
        compact(log)
        if (restart) log = testLog({ config, storage })
        const seen = new Map(
          rows(log).map((row) => row.replace(/^\d+:/, '').split(/=(.*)/s) as [string, string]),
        )
        const expected = [...table].map(([key, value]) => [key, String(value)] as const)
        expect(new Map([...seen].sort())).toEqual(new Map([...expected].sort()))
        expect(rows(log).length).toBe(table.size)
      }),
      { numRuns: 200 },
    )
  })

  it('keeps a tombstone for delete.retention.ms after its first visit, then removes it', () => {
    const clock = new TestClock()
    const log = testLog({ config, clock })
    put(log, [['a', '1']])
    put(log, [['a', null]])
    compact(log)
    expect(rows(log)).toEqual(['1:a=null'])
    for (const [ms, left] of [
      [999, 1],
      [1001, 0],
    ] as const) {
      clock.time += ms
      put(log, [['z', '1']])
      compact(log)
      expect(rows(log).filter((row) => row.includes('a=')).length).toBe(left)
    }
  })

  it('removes aborted records, and later the marker', () => {
    const clock = new TestClock()
    const log = testLog({ config, clock })
    const transactional = { producerId: 1, producerEpoch: 0, transactional: true }
    put(log, [['a', 'committed']])
    put(log, [['a', 'aborted']], { ...transactional, baseSequence: 0 })
    const end = { producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, committed: false, timestamp: 1000 }
    log.appendEndTxnMarker(end, { leaderEpoch: 0, transactionVersion: 1 })
    compact(log)
    expect(rows(log)).toEqual(['0:a=committed'])
    for (let i = 0; i < 3; i++) {
      clock.time += 2000
      put(log, [['z', '1']], { producerId: 1, producerEpoch: 0, baseSequence: 1 + i })
      compact(log)
    }
    const { bytes } = log.read(0, { maxBytes: 10_000, minOneBatch: true, upTo: 3 })
    expect([...batchPositions(bytes)].map((at) => readBatchHeader(bytes, at).baseOffset)).toEqual([0])
  })

  it('CLEAN-FILTER-2: keeps the last batch of a producer, without records, so that the producer can continue', () => {
    const storage = new MemoryStorage()
    const log = testLog({ config, storage })
    put(log, [['a', '1']], { producerId: 9, producerEpoch: 0, baseSequence: 0 })
    put(log, [['a', '2']])
    compact(log)
    for (const name of storage.list('t-0')) if (name.endsWith('.snapshot')) storage.remove(`t-0/${name}`)
    const again = testLog({ config: { ...config, producerIdExpirationMs: 2 ** 53 }, storage })
    expect(again.activeProducers()).toMatchObject([{ producerId: 9, lastSequence: 0 }])
    expect(rows(again)).toEqual(['1:a=2'])
  })

  it('ignores records that are not replicated, and waits until enough of the log is dirty', () => {
    const log = testLog({ config: { ...config, minCleanableDirtyRatio: 0.5 } })
    put(log, [['a', '1']])
    put(log, [['a', '2']])
    log.roll()
    expect(log.compaction.compact()).toBe(0)
    log.highWatermark = 2
    expect(log.compaction.compact()).toBeGreaterThan(0)
    put(log, [['b', '1']])
    log.roll()
    log.highWatermark = 3
    expect(log.compaction.compact()).toBe(0)
  })
})
