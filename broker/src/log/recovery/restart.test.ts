/**
 * State that a start must restore though only some of the files hold it. Each test was written for a change of the code
 * that no other test detected.
 */
import { describe, expect, it } from 'vitest'
import { contents, produce, testLog } from '../../../test/log-fixtures.ts'
import { MemoryStorage } from '../../sim/memory-storage.ts'
import { segmentFile } from '../files.ts'

const IDLE_FOR_EVER = { producerIdExpirationMs: 2 ** 53 }
const SMALL = { segmentBytes: 300, ...IDLE_FOR_EVER }
const EPOCHS = 't-0/leader-epoch-checkpoint'

const of = (baseSequence: number) => ({ producerId: 7, producerEpoch: 0, baseSequence })
const snapshotsIn = (storage: MemoryStorage) =>
  storage.list('t-0').filter((name) => name.endsWith('.snapshot'))
function removeSnapshots(storage: MemoryStorage): void {
  for (const name of snapshotsIn(storage)) storage.remove(`t-0/${name}`)
}

describe('producers', () => {
  it.each([
    ['clean', true],
    ['kill', false],
  ])('without any snapshot are restored from the batches after a %s stop', (_, clean) => {
    const storage = new MemoryStorage()
    const log = testLog({ storage, config: SMALL })
    for (let i = 0; i < 9; i++) produce(log, ['x'], of(i))
    produce(log, ['open'], { ...of(0), producerId: 8, transactional: true })
    const { logEndOffset } = log
    log.close()
    removeSnapshots(storage)
    const after = testLog({ storage, config: SMALL, clean, recoveryPoint: logEndOffset })
    expect(after.activeProducers()).toEqual(log.activeProducers())
    after.highWatermark = logEndOffset
    expect(after.lastStableOffset).toBe(9)
  })

  it('without the newest snapshot are restored from an older one and the batches after it, which are read once', () => {
    const storage = new MemoryStorage()
    let log = testLog({ storage, config: IDLE_FOR_EVER })
    for (let i = 0; i < 3; i++) produce(log, ['x'], of(i))
    log.close()
    log = testLog({ storage, config: IDLE_FOR_EVER, clean: true })
    produce(log, ['x'], of(3))
    log.close()
    storage.remove(`t-0/${segmentFile(4, 'snapshot')}`)
    const after = testLog({ storage, config: IDLE_FOR_EVER, clean: true })
    expect(produce(after, ['x'], of(3)).duplicate).toBe(true)
    // A snapshot has the last batch only: a retry of an earlier one is out of order.
    expect(() => produce(after, ['x'], of(1))).toThrow()
    expect(produce(after, ['x'], of(4)).firstOffset).toBe(4)
  })

  it('have a snapshot at the beginning of each segment that was recovered after a kill', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage, config: SMALL })
    for (let i = 0; i < 9; i++) produce(log, ['x'], of(i))
    const bases = log.segments.map(({ baseOffset }) => baseOffset)
    removeSnapshots(storage)
    testLog({ storage, config: SMALL })
    expect(snapshotsIn(storage)).toEqual(
      [...bases.slice(1), 9].map((offset) => segmentFile(offset, 'snapshot')),
    )
  })

  it('have snapshots of segments and the newest one only, however often the log was closed', () => {
    const storage = new MemoryStorage()
    for (let start = 0; start < 5; start++) {
      const log = testLog({ storage, clean: true, config: IDLE_FOR_EVER })
      produce(log, ['x'], of(start))
      log.close()
    }
    testLog({ storage, clean: true, config: IDLE_FOR_EVER })
    expect(snapshotsIn(storage)).toEqual([segmentFile(5, 'snapshot')])
  })
})

describe('leader epochs', () => {
  it('LEADER-EPOCHS-3: that were not written before a kill are rebuilt from the batches', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage })
    produce(log, ['a'], { leaderEpoch: 0 })
    const early = storage.readFile(EPOCHS)!.slice()
    produce(log, ['b'], { leaderEpoch: 4 })
    const late = storage.readFile(EPOCHS)!.slice()
    expect(late).not.toEqual(early)
    storage.writeFileAtomic(EPOCHS, early)
    testLog({ storage })
    expect(storage.readFile(EPOCHS)).toEqual(late)
  })

  it('of batches that a kill has lost are removed', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage })
    produce(log, ['a'], { leaderEpoch: 0 })
    const early = storage.readFile(EPOCHS)!.slice()
    produce(log, ['b'], { leaderEpoch: 4 })
    storage.open(`t-0/${segmentFile(0, 'log')}`).truncate(log.segments[0]!.size - 1)
    expect(testLog({ storage }).logEndOffset).toBe(1)
    expect(storage.readFile(EPOCHS)).toEqual(early)
  })
})

describe('indexes', () => {
  it('without a segment are removed', () => {
    const storage = new MemoryStorage()
    produce(testLog({ storage }), ['a'])
    for (const kind of ['index', 'timeindex', 'txnindex'] as const)
      storage.open(`t-0/${segmentFile(99, kind)}`)
    testLog({ storage })
    expect(
      storage.list('t-0').filter((name) => name.startsWith(segmentFile(99, 'log').slice(0, 20))),
    ).toEqual([])
  })

  it('SEGMENT-3: have entries for the same batches, whether or not the log was closed in between', () => {
    const indexOf = (closedAfter: number): Uint8Array => {
      const storage = new MemoryStorage()
      const config = { indexIntervalBytes: 500 }
      let log = testLog({ storage, config })
      for (let i = 0; i < 60; i++) {
        produce(log, ['some record'])
        if (i !== closedAfter) continue
        log.close()
        log = testLog({ storage, config, clean: true })
      }
      log.close()
      return storage.readFile(`t-0/${segmentFile(0, 'index')}`)!
    }
    const whole = indexOf(-1)
    for (let closedAfter = 0; closedAfter < 12; closedAfter++) expect(indexOf(closedAfter)).toEqual(whole)
  })

  it('keep the greatest timestamp of a rolled segment: retention needs it', () => {
    const log = testLog({ config: { segmentBytes: 200 } })
    for (let i = 0; i < 5; i++) produce(log, [`${i}`], { timestamp: 1000 + i })
    const [first, second] = log.segments
    expect(first!.timeIndex.lastEntry).toEqual({
      timestamp: 1000 + second!.baseOffset - 1,
      offset: second!.baseOffset - 1,
    })
  })

  it('give the greatest timestamp of what is left after a truncation', () => {
    const log = testLog()
    for (const timestamp of [1000, 5000, 2000]) produce(log, ['x'], { timestamp })
    log.local.truncateTo(2)
    expect(log.segments[0]!.maxTimestamp).toEqual({ timestamp: 5000, offset: 1 })
  })
})

describe('a truncated log', () => {
  it('LOCAL-LOG-1: has no recovery point beyond its end, whatever was flushed before', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage })
    for (const value of ['a', 'b', 'c']) produce(log, [value])
    log.flush(() => {})
    storage.finishFlushes()
    expect(log.recoveryPoint).toBe(3)
    log.local.truncateTo(1)
    produce(log, ['d'])
    expect([log.recoveryPoint, log.logEndOffset]).toEqual([1, 2])
  })

  it('has no entry of the time index, and no aborted transaction, at its end or beyond', () => {
    const log = testLog({ config: { indexIntervalBytes: 1 } })
    for (let i = 0; i < 4; i++) produce(log, ['x'], { timestamp: 1000 + i })
    const { transactionIndex, timeIndex } = log.segments[0]!
    const aborted = { producerId: 7, lastStableOffset: 4 }
    transactionIndex.append({ ...aborted, firstOffset: 0, lastOffset: 1 })
    transactionIndex.append({ ...aborted, firstOffset: 2, lastOffset: 3 })
    expect(timeIndex.lastEntry).toEqual({ timestamp: 1003, offset: 3 })
    log.local.truncateTo(3)
    expect(timeIndex.lastEntry).toEqual({ timestamp: 1002, offset: 2 })
    expect(transactionIndex.entries.map(({ lastOffset }) => lastOffset)).toEqual([1])
  })
})

describe('a compaction that was interrupted by a kill', () => {
  it('SEGMENT-SWAP-2: if the new segment was complete and the old ones still exist, the old ones are removed', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage, config: { segmentBytes: 200 } })
    for (let i = 0; i < 7; i++) produce(log, [`${i}`])
    const before = contents(log)
    const [first, second] = log.segments
    const swap = storage.open(`t-0/${segmentFile(0, 'log')}.swap`)
    for (const { file, size } of [first!, second!]) swap.append([file.read(0, size).slice()])
    const after = testLog({ storage, config: { segmentBytes: 200 } })
    expect(after.segments.map(({ baseOffset }) => baseOffset)).not.toContain(second!.baseOffset)
    expect(contents(after)).toEqual(before)
  })
})
