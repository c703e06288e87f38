/** What a crash does to a log: missing bytes, wrong bytes, and wrong indexes. */
import { describe, expect, it } from 'vitest'
import { batchOf, contents, produce, testLog } from '../../../test/log-fixtures.ts'
import { MemoryStorage } from '../../sim/memory-storage.ts'
import { SeededRandom } from '../../sim/seeded-random.ts'
import { SimulatedDisk } from '../../sim/simulated-disk.ts'
import { VirtualTime } from '../../sim/virtual-time.ts'

const LOG_FILE = 't-0/00000000000000000000.log'

/** Three batches in one segment, left by a killed broker. */
function crashedStorage(): { storage: MemoryStorage; size: number; lastBatch: number } {
  const storage = new MemoryStorage()
  const log = testLog({ storage })
  produce(log, ['a', 'b'])
  produce(log, ['c'])
  produce(log, ['last', 'batch'])
  const lastBatch = batchOf(['last', 'batch']).length
  return { storage, size: storage.readFile(LOG_FILE)!.length, lastBatch }
}

describe('recovery', () => {
  it('BATCH-READER-2: keeps the batches before the last one, wherever the last one is cut', () => {
    const { size, lastBatch } = crashedStorage()
    for (let left = size - lastBatch; left < size; left++) {
      const { storage } = crashedStorage()
      storage.open(LOG_FILE).truncate(left)
      const log = testLog({ storage })
      expect(contents(log)).toEqual(['0:a', '1:b', '2:c'])
      expect(storage.readFile(LOG_FILE)!.length).toBe(size - lastBatch)
      expect(produce(log, ['next']).firstOffset).toBe(3)
    }
  })

  it('RECOVERY-1: truncates at any wrong byte, in all fields that the checksum covers', () => {
    const { size, lastBatch } = crashedStorage()
    for (let at = size - lastBatch + 16; at < size; at++) {
      const { storage } = crashedStorage()
      const byte = storage.readFile(LOG_FILE)![at]!
      storage.open(LOG_FILE).write(at, Uint8Array.of(byte ^ 0xff))
      expect(contents(testLog({ storage }))).toEqual(['0:a', '1:b', '2:c'])
    }
  })

  it('truncates at zeroes', () => {
    const { storage, size } = crashedStorage()
    storage.open(LOG_FILE).truncate(size + 5000)
    expect(contents(testLog({ storage })).length).toBe(5)
    expect(storage.readFile(LOG_FILE)!.length).toBe(size)
  })

  it('LOAD-SEGMENTS-1: deletes the segments after a truncation, because offsets would be missing', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage, config: { segmentBytes: 200 } })
    for (let i = 0; i < 9; i++) produce(log, [`${i}`])
    expect(log.local.segments.all.length).toBeGreaterThan(3)
    const second = log.local.segments.all[1]!
    storage.open(`t-0/${String(second.baseOffset).padStart(20, '0')}.log`).truncate(second.size - 1)
    const after = testLog({ storage, config: { segmentBytes: 200 } })
    expect(after.local.segments.all.length).toBe(2)
    expect(contents(after)).toEqual(contents(log).slice(0, after.logEndOffset))
  })

  it('reads nothing below the recovery point: flushed data is trusted', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage, config: { segmentBytes: 200 } })
    for (let i = 0; i < 9; i++) produce(log, [`${i}`])
    storage.open(LOG_FILE).write(70, Uint8Array.of(255))
    expect(testLog({ storage, recoveryPoint: 9 }).logEndOffset).toBe(9)
    expect(testLog({ storage, recoveryPoint: 0 }).logEndOffset).toBeLessThan(9)
  })

  it('rebuilds lost indexes and leader epochs', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage, config: { indexIntervalBytes: 100 } })
    for (let i = 0; i < 50; i++) produce(log, [`${i}`], { timestamp: 1000 + i, leaderEpoch: i >> 4 })
    log.close()
    const names = ['00000000000000000000.index', '00000000000000000000.timeindex', 'leader-epoch-checkpoint']
    const before = names.map((name) => storage.readFile(`t-0/${name}`))
    for (const name of names) storage.remove(`t-0/${name}`)
    testLog({ storage, config: { indexIntervalBytes: 100 } }).close()
    expect(names.map((name) => storage.readFile(`t-0/${name}`))).toEqual(before)
  })

  it('PRODUCERS-1: restores the state of producers after a crash, and after a clean stop', () => {
    for (const clean of [true, false]) {
      const storage = new MemoryStorage()
      const config = { segmentBytes: 300, producerIdExpirationMs: 2 ** 53 }
      const log = testLog({ storage, config })
      for (let i = 0; i < 10; i++) produce(log, ['x'], { producerId: 7, producerEpoch: 2, baseSequence: i })
      produce(log, ['open'], { producerId: 8, producerEpoch: 0, baseSequence: 0, transactional: true })
      if (clean) log.close()
      const after = testLog({ storage, config, clean })
      expect(after.activeProducers()).toEqual(log.activeProducers())
      after.highWatermark = after.logEndOffset
      expect(after.lastStableOffset).toBe(10)
      expect(produce(after, ['x'], { producerId: 7, producerEpoch: 2, baseSequence: 9 }).duplicate).toBe(true)
    }
  })

  it('LOCAL-LOG-1, LOG-3: moves the recovery point only when the flush completes', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage })
    produce(log, ['a'])
    let done = false
    log.flush(() => {
      done = true
    })
    expect([done, log.recoveryPoint]).toEqual([false, 0])
    storage.finishFlushes()
    expect([done, log.recoveryPoint]).toEqual([true, 1])
  })

  it('LOCAL-LOG-2: begins at the log start if a crash has lost everything from there on', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage })
    for (let i = 0; i < 9; i++) produce(log, [`${i}`])
    storage.open(LOG_FILE).truncate(100)
    const after = testLog({ storage, logStartOffset: 8 })
    expect([after.logStartOffset, after.logEndOffset, contents(after)]).toEqual([8, 8, []])
    expect(produce(after, ['next']).firstOffset).toBe(8)
    expect(contents(testLog({ storage, logStartOffset: 8 }))).toEqual(['8:next'])
  })

  it('refuses the folder of another topic', () => {
    const storage = new MemoryStorage()
    testLog({ storage })
    storage.writeFileAtomic(
      't-0/partition.metadata',
      new TextEncoder().encode('version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ'),
    )
    expect(() => testLog({ storage })).toThrow(/topic id/)
  })
})

describe('a power cut', () => {
  it('RECOVERY-2, SEGMENT-2: keeps what was flushed, including aborted transactions, and a prefix of the rest', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const time = new VirtualTime()
      const random = new SeededRandom(seed)
      const disk = new SimulatedDisk(random, (delayMs, happen) => void time.after(delayMs, happen))
      const config = { segmentBytes: 400, indexIntervalBytes: 100, producerIdExpirationMs: 2 ** 53 }
      let log = testLog({ storage: disk, config })
      for (let i = 0; i < 12; i++) {
        const transaction = { producerId: 1, producerEpoch: 0, transactional: true }
        produce(log, [`${i}`], { ...transaction, baseSequence: i })
        const end = { producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, committed: false, timestamp: 1 }
        log.appendEndTxnMarker(end, { leaderEpoch: 0, transactionVersion: 1 })
        time.run(random.int(20))
      }
      const { recoveryPoint } = log
      const before = { records: contents(log), aborted: log.abortedTransactions(0, log.logEndOffset) }
      disk.crash()
      log = testLog({ storage: disk, config, recoveryPoint })
      expect(log.logEndOffset).toBeGreaterThanOrEqual(recoveryPoint)
      expect(contents(log)).toEqual(before.records.slice(0, log.logEndOffset))
      const left = before.aborted.filter(({ lastOffset }) => lastOffset < log.logEndOffset)
      expect(log.abortedTransactions(0, log.logEndOffset)).toEqual(left)
    }
  })
})

describe('snapshots of producers', () => {
  it('do not accumulate: one per segment but the first, and the newest', () => {
    const storage = new MemoryStorage()
    for (let start = 0; start < 5; start++) {
      const log = testLog({ storage })
      produce(log, [`${start}`], { producerId: 7, producerEpoch: 0, baseSequence: start })
      log.close()
    }
    testLog({ storage })
    const snapshots = storage.list('t-0').filter((name) => name.endsWith('.snapshot'))
    expect(snapshots).toEqual(['00000000000000000005.snapshot'])
  })
})
