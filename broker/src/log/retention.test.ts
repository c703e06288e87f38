/** Which segments are deleted: by age, by size, and below the log start. */
import { describe, expect, it } from 'vitest'
import { batchOf, produce, TestClock, testLog } from '../../test/log-fixtures.ts'
import { DEFAULT_LOG_CONFIG, type LogConfig } from './log.ts'

const SIZE = batchOf(['v']).length
const START = 1_000_000

/** Ten batches, two per segment, one second apart. */
function tenBatches(config: Partial<LogConfig>) {
  const clock = new TestClock()
  clock.time = START + 10_000
  const log = testLog({ clock, config: { segmentBytes: 2 * SIZE, ...config } })
  for (let i = 0; i < 10; i++) produce(log, ['v'], { timestamp: START + 1000 * i })
  log.highWatermark = 10
  return { clock, log, bases: () => log.local.segments.all.map((segment) => segment.baseOffset) }
}

describe('retention', () => {
  it('RETENTION-1, RETENTION-3, SEGMENTS-1: by time deletes a segment when its youngest record is too old', () => {
    const { clock, log, bases } = tenBatches({ retentionMs: 9000 })
    expect(log.maintain()).toBe(0)
    clock.time++
    expect(log.maintain()).toBe(2 * SIZE)
    expect([bases(), log.logStartOffset]).toEqual([[2, 4, 6, 8], 2])
    clock.time += 1_000_000
    log.maintain()
    expect([bases(), log.logStartOffset]).toEqual([[10], 10])
  })

  it('RETENTION-1: by size deletes segments while the rest is still large enough', () => {
    const { log, bases } = tenBatches({ retentionMs: -1, retentionBytes: 5 * SIZE })
    log.maintain()
    expect([bases(), log.sizeBytes]).toEqual([[4, 6, 8], 6 * SIZE])
  })

  it('RETENTION-4: by time goes what lies behind a young segment that has gone by size', () => {
    const clock = new TestClock()
    clock.time = START + 10_000
    const config = { segmentBytes: 2 * SIZE, retentionMs: 5000, retentionBytes: 6 * SIZE }
    const log = testLog({ clock, config })
    for (const age of [1000, 9000, 2000, 9000])
      for (let i = 0; i < 2; i++) produce(log, ['v'], { timestamp: clock.time - age })
    log.highWatermark = 8
    log.maintain()
    expect(log.local.segments.all.map((segment) => segment.baseOffset)).toEqual([4, 6])
  })

  it('keeps everything of a compacted topic, except below the log start', () => {
    const { log, bases } = tenBatches({})
    const config = { ...DEFAULT_LOG_CONFIG, segmentBytes: 2 * SIZE, retentionMs: 1, retentionBytes: 1 }
    log.updateConfig({ ...config, cleanupPolicy: ['compact'] })
    log.maintain()
    expect(bases().length).toBe(5)
    log.deleteRecordsBefore(5)
    log.maintain()
    expect([bases(), log.logStartOffset]).toEqual([[4, 6, 8], 5])
  })

  it('removes all files of a segment, and snapshots older than the rest', () => {
    const { log } = tenBatches({ retentionMs: 1 })
    log.maintain()
    const files = log.local.storage.list('t-0').filter((name) => /^\d/.test(name))
    expect(files).toEqual(['00000000000000000010.log', '00000000000000000010.snapshot'])
  })
})
