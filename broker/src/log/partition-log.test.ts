/** Append, read and truncate, as single stories; log-model.test.ts covers their combinations. */
import { describe, expect, it } from 'vitest'
import { batchOf, contents, produce, TestClock, testLog } from '../../test/log-fixtures.ts'
import { batchPositions, readBatchHeader } from '../record/batch.ts'
import type { MemoryStorage } from '../sim/memory-storage.ts'
import { finish } from '../turns.ts'
import { ErrorCode } from '../wire/errors.ts'

const ALL = { maxBytes: 1_000_000, minOneBatch: true, upTo: Number.MAX_SAFE_INTEGER }

describe('append', () => {
  it('LOCAL-LOG-2: assigns consecutive offsets, and stamps offset and leader epoch into the bytes', () => {
    const log = testLog()
    expect(produce(log, ['a', 'b'])).toMatchObject({ firstOffset: 0, lastOffset: 1, logAppendTime: -1 })
    const bytes = batchOf(['c'])
    expect(log.appendAsLeader(bytes, { leaderEpoch: 7, origin: 'client' })).toMatchObject({
      firstOffset: 2,
      lastOffset: 2,
    })
    expect(readBatchHeader(bytes)).toMatchObject({ baseOffset: 2, partitionLeaderEpoch: 7 })
    expect(contents(log)).toEqual(['0:a', '1:b', '2:c'])
  })

  it('PARTITION-LOG-2: a refused batch leaves the log unchanged', () => {
    const log = testLog()
    produce(log, ['a'])
    const bad = batchOf(['b'])
    bad[bad.length - 1]! ^= 1
    expect(() => log.appendAsLeader(bad, { leaderEpoch: 0, origin: 'client' })).toThrow(/corrupt/)
    expect(contents(log)).toEqual(['0:a'])
    expect(log.logEndOffset).toBe(1)
  })

  it('with LogAppendTime gives every record the append time, and a new checksum', () => {
    const clock = new TestClock()
    const log = testLog({ clock, config: { messageTimestampType: 'LogAppendTime' } })
    clock.time = 777_000
    expect(produce(log, ['a'], { timestamp: 5 }).logAppendTime).toBe(777_000)
    expect(finish(log.offsetForTimestamp(777_000))).toEqual({ offset: 0, timestamp: 777_000, leaderEpoch: 0 })
    expect(contents(testLog({ storage: storageOf(log) }))).toEqual(['0:a'])
  })

  it('rolls when the next batch does not fit', () => {
    const size = batchOf(['a']).length
    const log = testLog({ config: { segmentBytes: 2 * size } })
    for (const value of ['a', 'b', 'c', 'd', 'e']) produce(log, [value])
    expect(log.local.segments.all.map((segment) => segment.baseOffset)).toEqual([0, 2, 4])
    expect(contents(log)).toEqual(['0:a', '1:b', '2:c', '3:d', '4:e'])
    expect(() => produce(log, ['x'.repeat(2 * size)])).toThrow(
      expect.objectContaining({ code: ErrorCode.RECORD_LIST_TOO_LARGE }),
    )
  })

  it('SEGMENT-4: rolls when an offset is 2^31 or more above the base', () => {
    const log = testLog()
    produce(log, ['a'])
    log.appendAsFollower(batchOf(['b'], { baseOffset: 2 ** 31 - 1 }))
    log.appendAsFollower(batchOf(['c'], { baseOffset: 2 ** 31 }))
    expect(log.local.segments.all.map((segment) => segment.baseOffset)).toEqual([0, 2 ** 31])
  })

  it('rolls when records are segment.ms younger than the first of the segment', () => {
    const log = testLog({ config: { segmentMs: 100 } })
    for (const timestamp of [1000, 1100, 1101, 1150]) produce(log, ['a'], { timestamp })
    expect(log.local.segments.all.map((segment) => segment.baseOffset)).toEqual([0, 2])
  })
})

describe('read', () => {
  it('BATCH-CHUNK-1: returns whole batches: the one that holds the offset, and the next ones that fit', () => {
    const log = testLog()
    produce(log, ['a', 'b', 'c'])
    produce(log, ['d'])
    produce(log, ['e'])
    const size = batchOf(['d']).length
    const first = batchOf(['a', 'b', 'c']).length
    expect(log.read(1, ALL).nextOffset).toBe(5)
    expect(log.read(1, { ...ALL, maxBytes: first + size }).nextOffset).toBe(4)
    expect(log.read(1, { ...ALL, maxBytes: first + size - 1 }).nextOffset).toBe(3)
    expect(log.read(1, { ...ALL, maxBytes: 1 })).toMatchObject({ nextOffset: 3 })
    expect(log.read(1, { ...ALL, maxBytes: 1, minOneBatch: false })).toMatchObject({ nextOffset: 1 })
    expect(log.read(1, { ...ALL, upTo: 4 }).nextOffset).toBe(4)
    expect(log.read(5, ALL).bytes.length).toBe(0)
  })

  it('refuses offsets outside the log', () => {
    const log = testLog()
    produce(log, ['a'])
    const outOfRange = expect.objectContaining({ code: ErrorCode.OFFSET_OUT_OF_RANGE })
    expect(() => log.read(2, ALL)).toThrow(outOfRange)
    expect(() => log.read(-1, ALL)).toThrow(outOfRange)
  })

  it('OFFSET-INDEX-2, SEGMENTS-2: finds every offset of a long log, whatever the index contains', () => {
    const log = testLog({ config: { indexIntervalBytes: 200, segmentBytes: 5000 } })
    for (let i = 0; i < 300; i++) produce(log, [`value ${i}`])
    expect(log.local.segments.all.length).toBeGreaterThan(3)
    expect(log.local.segments.first.offsetIndex.count).toBeGreaterThan(10)
    for (let offset = 0; offset < 300; offset++) {
      const { bytes } = log.read(offset, { ...ALL, maxBytes: 1 })
      expect([...batchPositions(bytes)].map((at) => readBatchHeader(bytes, at).baseOffset)).toEqual([offset])
    }
  })
})

describe('truncation at the end', () => {
  it('removes the batch that holds the offset and all after it, across segments', () => {
    const log = testLog({ config: { segmentBytes: 300 } })
    for (let i = 0; i < 12; i++) produce(log, [`${i}a`, `${i}b`])
    log.truncateTo(5)
    expect(contents(log)).toEqual(['0:0a', '1:0b', '2:1a', '3:1b'])
    expect(log.logEndOffset).toBe(4)
    produce(log, ['again'])
    expect(contents(log, 4)).toEqual(['4:again'])
  })

  it('restarts at any offset', () => {
    const log = testLog()
    produce(log, ['a'])
    log.truncateFullyAndStartAt(100)
    expect([log.logStartOffset, log.logEndOffset]).toEqual([100, 100])
    expect(produce(log, ['b']).firstOffset).toBe(100)
  })

  it('removes leader epochs, too', () => {
    const log = testLog()
    produce(log, ['a'], { leaderEpoch: 1 })
    produce(log, ['b'], { leaderEpoch: 3 })
    expect(log.endOffsetForEpoch(1)).toEqual({ epoch: 1, endOffset: 1 })
    expect(log.endOffsetForEpoch(2)).toEqual({ epoch: 1, endOffset: 1 })
    expect(log.endOffsetForEpoch(3)).toEqual({ epoch: 3, endOffset: 2 })
    expect(log.endOffsetForEpoch(4)).toBeUndefined()
    log.truncateTo(1)
    expect(log.latestEpoch).toBe(1)
  })
})

describe('deletion at the start', () => {
  it('moves the log start, and deletes whole segments', () => {
    const log = testLog({ config: { segmentBytes: 300, retentionMs: -1 } })
    for (let i = 0; i < 20; i++) produce(log, [`${i}`])
    log.highWatermark = 20
    log.deleteRecordsBefore(10)
    expect(log.logStartOffset).toBe(10)
    expect(() => log.read(9, ALL)).toThrow()
    expect(contents(log)[0]).toBe('10:10')
    log.maintain()
    expect(log.local.segments.first.baseOffset).toBeGreaterThan(5)
    expect(log.logStartOffset).toBe(10)
    expect(() => log.deleteRecordsBefore(21)).toThrow()
  })

  it('RETENTION-2: deletes segments whose records are all too old, never above the high watermark', () => {
    const clock = new TestClock()
    const log = testLog({ clock, config: { segmentBytes: 300, retentionMs: 1000 } })
    for (let i = 0; i < 20; i++) produce(log, [`${i}`], { timestamp: 1_000_000 + i * 100 })
    clock.time = 1_010_000
    log.highWatermark = 7
    log.maintain()
    expect(log.logStartOffset).toBeLessThanOrEqual(7)
    log.highWatermark = 20
    log.maintain()
    expect([log.logStartOffset, log.logEndOffset]).toEqual([20, 20])
    expect(produce(log, ['on']).firstOffset).toBe(20)
  })
})

function storageOf(log: { local: { storage: unknown } }): MemoryStorage {
  return log.local.storage as MemoryStorage
}
