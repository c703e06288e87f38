/** A full, broken or damaged disk: what is refused, what is kept, and what is logged. */
import { describe, expect, it } from 'vitest'
import { CHANGES, FaultyStorage } from '../../test/faulty-storage.ts'
import { contents, produce, TestClock, testLog } from '../../test/log-fixtures.ts'
import { StorageError } from '../core.ts'
import { MemoryStorage } from '../sim/memory-storage.ts'
import { finish } from '../turns.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { Int64 } from '../wire/int64.ts'
import { DiskTroubles, explain } from './disk-trouble.ts'
import type { PartitionLog } from './partition-log.ts'

const LOG = 't-0/00000000000000000000.log'

function faulty(): { storage: MemoryStorage; disk: FaultyStorage } {
  const storage = new MemoryStorage()
  return { storage, disk: new FaultyStorage(storage) }
}

function abort(log: PartitionLog, producerId: Int64): void {
  const end = { producerId, producerEpoch: 0, coordinatorEpoch: 0, committed: false, timestamp: 1000 }
  log.appendEndTxnMarker(end, { leaderEpoch: 0, transactionVersion: 1 })
}

describe('a full disk', () => {
  it('PARTITION-LOG-2: refuses a batch as a whole, even if a part of it was written, and accepts it when there is room', () => {
    for (const tornBytes of [0, 1, 30, 61]) {
      const { storage, disk } = faulty()
      const log = testLog({ storage: disk })
      produce(log, ['a'])
      disk.fail = ({ operation }) => (operation === 'append' ? 'ENOSPC' : undefined)
      disk.tornBytes = tornBytes
      expect(() => produce(log, ['b'])).toThrow(StorageError)
      expect([log.logEndOffset, contents(log)]).toEqual([1, ['0:a']])
      disk.fail = () => undefined
      expect(produce(log, ['b']).firstOffset).toBe(1)
      expect(contents(testLog({ storage }))).toEqual(['0:a', '1:b'])
    }
  })

  it('a producer that retries gets its record stored exactly once', () => {
    const { storage, disk } = faulty()
    const log = testLog({ storage: disk, config: { segmentBytes: 200 } })
    for (let i = 0; i < 20; i++) {
      let operations = i % 7
      disk.fail = ({ operation }) => (!CHANGES.includes(operation) || operations-- > 0 ? undefined : 'ENOSPC')
      const send = () => produce(log, [`${i}`], { producerId: 7, producerEpoch: 0, baseSequence: i })
      try {
        send()
      } catch (error) {
        expect(error).toBeInstanceOf(StorageError)
        disk.fail = () => undefined
        send()
      }
    }
    const expected = Array.from({ length: 20 }, (_, i) => `${i}:${i}`)
    expect(contents(log)).toEqual(expected)
    expect(contents(testLog({ storage }))).toEqual(expected)
  })

  it('does not stop retention from freeing space', () => {
    const { disk } = faulty()
    const clock = new TestClock()
    const log = testLog({ storage: disk, clock, config: { segmentBytes: 200, retentionMs: 1000 } })
    for (let i = 0; i < 9; i++) produce(log, [`${i}`], { timestamp: clock.time })
    log.highWatermark = log.logEndOffset
    clock.time += 2000
    disk.fail = ({ operation }) => (['append', 'write'].includes(operation) ? 'ENOSPC' : undefined)
    expect(log.maintain()).toBeGreaterThan(500)
    disk.fail = () => undefined
    expect(produce(log, ['next']).firstOffset).toBe(9)
  })

  it('TRANSACTION-INDEX-2: an index of aborted transactions that is not written to its file is still used', () => {
    const { storage, disk } = faulty()
    const log = testLog({ storage: disk })
    produce(log, ['x'], { producerId: 1, producerEpoch: 0, baseSequence: 0, transactional: true })
    disk.fail = ({ path }) => (path.endsWith('.txnindex') ? 'ENOSPC' : undefined)
    abort(log, 1)
    expect(log.abortedTransactions(0, 2)).toMatchObject([{ producerId: 1, firstOffset: 0 }])
    let flushed: Error | undefined
    log.flush((error) => {
      flushed = error
    })
    storage.finishFlushes()
    expect([flushed?.message, log.recoveryPoint]).toEqual([expect.stringContaining('ENOSPC'), 0])
    disk.fail = () => undefined
    log.flush(() => {})
    storage.finishFlushes()
    expect(log.recoveryPoint).toBe(2)
    log.close()
    expect(testLog({ storage, clean: true }).abortedTransactions(0, 2).length).toBe(1)
  })

  it('LEADER-EPOCHS-3: lets a new leader serve consumers; its first append needs room', () => {
    const { storage, disk } = faulty()
    const log = testLog({ storage: disk })
    produce(log, ['a'], { leaderEpoch: 1 })
    disk.fail = ({ path }) => (path.includes('leader-epoch') ? 'ENOSPC' : undefined)
    log.startLeaderEpoch(5)
    expect(contents(log)).toEqual(['0:a'])
    expect(() => produce(log, ['b'], { leaderEpoch: 5 })).toThrow(/ENOSPC/)
    disk.fail = () => undefined
    produce(log, ['b'], { leaderEpoch: 5 })
    expect(testLog({ storage, clean: true }).epochForOffset(1)).toBe(5)
  })
})

describe('a failed fsync', () => {
  it('LOCAL-LOG-3: ends the appends of this log: pages may be lost, and a second fsync would not report it', () => {
    const { storage, disk } = faulty()
    const failures: string[] = []
    const log = testLog({ storage: disk, onFlushFailed: (error) => void failures.push(error.message) })
    produce(log, ['a'])
    disk.fail = ({ operation }) => (operation === 'flush' ? 'EIO' : undefined)
    log.flush(() => {})
    storage.finishFlushes()
    disk.fail = () => undefined
    expect(() => produce(log, ['b'])).toThrow(/fsync .*EIO/)
    expect(contents(log)).toEqual(['0:a'])
    let second: Error | undefined
    log.flush((error) => {
      second = error
    })
    storage.finishFlushes()
    expect([failures.length, second?.message, log.recoveryPoint]).toEqual([1, failures[0], 0])
    expect(produce(testLog({ storage }), ['b']).firstOffset).toBe(1)
  })
})

describe('damage that no crash explains', () => {
  /** Three segments of a cleanly closed log, and the log lines of the next start. */
  function closed(damage: (storage: MemoryStorage) => void, clean = true) {
    const storage = new MemoryStorage()
    const config = { segmentBytes: 300, indexIntervalBytes: 50 }
    const log = testLog({ storage, config })
    for (let i = 0; i < 9; i++) {
      const transactional = { producerId: 1, producerEpoch: 0, baseSequence: i, transactional: true }
      produce(log, [`${i}`], { ...transactional, timestamp: 1000 + i, leaderEpoch: i >> 2 })
    }
    log.highWatermark = log.logEndOffset
    abort(log, 1)
    const before = contents(log)
    log.flush(() => {})
    storage.finishFlushes()
    log.close()
    damage(storage)
    const told: string[] = []
    const opened = testLog({ storage, config, clean, log: (_, message) => void told.push(message) })
    return { storage, log: opened, before, told }
  }

  const flip = (path: string, at: number) => (storage: MemoryStorage) => {
    const byte = storage.readFile(path)![at]!
    storage.open(path).write(at, Uint8Array.of(byte ^ 0xff))
  }
  const last = (storage: MemoryStorage, suffix: string) =>
    `t-0/${storage.list('t-0').findLast((name) => name.endsWith(suffix))}`

  it('is not searched for after a clean stop', () => {
    const { log, before, told } = closed(() => {})
    expect([contents(log), told]).toEqual([before, []])
  })

  it('LOAD-SEGMENTS-3: at the end of the last segment is truncated, and the removed bytes are kept', () => {
    const { storage, log, before, told } = closed((storage) => {
      const path = last(storage, '.log')
      storage.open(path).write(storage.readFile(path)!.length - 78 + 8, Uint8Array.of(0x7f))
    })
    expect(contents(log)).toEqual(before.slice(0, log.logEndOffset))
    expect(log.logEndOffset).toBeLessThan(before.length)
    expect(told.join('\n')).toMatch(/last stop was clean.*\n.*kept in t-0\/0+\d+\.log\.damaged/)
    expect(storage.list('t-0').some((name) => name.endsWith('.log.damaged'))).toBe(true)
    const next = log.logEndOffset
    expect(produce(log, ['next']).firstOffset).toBe(next)
  })

  it('of an index is repaired from the batches', () => {
    for (const suffix of ['.index', '.timeindex']) {
      const { storage, log, before, told } = closed((storage) => {
        const first = `t-0/${storage.list('t-0').find((name) => name.endsWith(suffix))}`
        storage.open(first).write(storage.readFile(first)!.length - 12, new Uint8Array(12).fill(0x80))
      })
      expect(told).toEqual(['log t-0, segment 0: rebuilding its indexes'])
      expect(contents(log)).toEqual(before)
      expect(log.local.segments.first.maxTimestamp.timestamp).toBeGreaterThan(1000)
      expect(finish(log.maxTimestampOffset())).toMatchObject({ timestamp: 1008, offset: 8 })
      log.close()
      expect(storage.readFile('t-0/00000000000000000000.index')!.length % 8).toBe(0)
    }
  })

  it('of the index of aborted transactions is repaired from the batches', () => {
    const { log, before } = closed((storage) => flip(last(storage, '.txnindex'), 1)(storage))
    expect(contents(log)).toEqual(before)
    expect(log.abortedTransactions(0, 9)).toMatchObject([{ producerId: 1, firstOffset: 0, lastOffset: 9 }])
  })

  it('of a snapshot only makes the start slower', () => {
    const { log, told } = closed((storage) => flip(last(storage, '.snapshot'), 20)(storage))
    expect(told).toEqual(["log t-0: the producers' snapshot 10 is damaged: using an older one"])
    expect(log.activeProducers()).toMatchObject([{ producerId: 1, lastSequence: 8 }])
  })

  it('of leader epochs is repaired from the batches', () => {
    for (const damage of [flip('t-0/leader-epoch-checkpoint', 0), lose('t-0/leader-epoch-checkpoint')]) {
      const { log, told } = closed(damage)
      expect(told).toEqual([expect.stringContaining('leader-epoch-checkpoint is damaged or lost')])
      expect([0, 3, 4, 8].map((offset) => log.epochForOffset(offset))).toEqual([0, 0, 1, 2])
    }
  })

  it('of partition.metadata is repaired from the metadata log', () => {
    const { log, before, told } = closed(flip('t-0/partition.metadata', 12))
    expect([contents(log), told]).toEqual([
      before,
      [expect.stringContaining('partition.metadata is damaged')],
    ])
  })

  it('of a batch in the middle is found when the batch is read, not before', () => {
    const { log, before } = closed((storage) => storage.open(LOG).write(69 + 8, Uint8Array.of(0x7f)))
    const options = { maxBytes: 1000, minOneBatch: true, upTo: 10 }
    for (const read of [() => log.read(1, options), () => log.slice(1, options)])
      expect(read).toThrow(expect.objectContaining({ code: ErrorCode.CORRUPT_MESSAGE }))
    expect(contents(log, 4)).toEqual(before.slice(4))
  })

  it('of an inactive segment truncates the log there after a crash', () => {
    const { log, before, told } = closed(flip(LOG, 100), false)
    expect(contents(log)).toEqual(before.slice(0, 1))
    expect(told).toEqual(['log t-0 was truncated where its bytes are damaged'])
  })
})

describe('whole batches lost in a crash', () => {
  it('LOAD-SEGMENTS-2: leave no gap: the batches after them are removed, too', () => {
    const storage = new MemoryStorage()
    const config = { segmentBytes: 200 }
    const log = testLog({ storage, config })
    for (let i = 0; i < 9; i++) produce(log, [`${i}`])
    const [, second, third] = log.segments
    const batchBytes = second!.size / (third!.baseOffset - second!.baseOffset)
    second!.file.truncate(second!.size - batchBytes)
    const told: string[] = []
    const after = testLog({ storage, config, log: (_, message) => void told.push(message) })
    expect(after.logEndOffset).toBe(third!.baseOffset - 1)
    expect(contents(after)).toEqual(Array.from({ length: after.logEndOffset }, (_, i) => `${i}:${i}`))
    expect(told).toEqual(['log t-0 was truncated where batches are missing'])
  })

  it('LOAD-SEGMENTS-2: may be missing in the compacted part', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage, config: { segmentBytes: 200 } })
    for (let i = 0; i < 9; i++) produce(log, [`${i}`])
    log.local.segments.all[1]!.file.truncate(0)
    for (const opened of [
      testLog({ storage, config: { segmentBytes: 200, cleanupPolicy: ['compact'] } }),
      testLog({ storage, config: { segmentBytes: 200 }, firstDirtyOffset: 9 }),
    ])
      expect(opened.logEndOffset).toBe(9)
  })
})

describe('log lines about the disk', () => {
  it('DISK-TROUBLE-2: say what failed, why, and what may help', () => {
    const line = explain(new StorageError('write', 'orders-0/00000000000000000000.log', 'ENOSPC'))
    expect(line).toMatch(/^write orders-0\/0+\.log: ENOSPC: the disk is full: .*retention/)
    expect(explain(new StorageError('write', 'x', 'EXOTIC'))).toBe('write x: EXOTIC')
  })

  it('DISK-TROUBLE-2: are not repeated for every request', () => {
    const clock = new TestClock()
    const told: unknown[] = []
    const troubles = new DiskTroubles(clock, (_, message, fields) => void told.push([message, fields]))
    for (let i = 0; i < 25; i++) {
      troubles.report('t-0', new StorageError('write', LOG, 'ENOSPC'))
      clock.time += 1000
    }
    troubles.report('t-1', new StorageError('write', LOG, 'EIO'))
    troubles.report('t-2', new StorageError('write', LOG, 'ENOSPC'))
    expect(told.length).toBe(4)
    expect(told[1]).toEqual([expect.stringContaining('disk, t-0: write'), { timesSince: 9 }])
  })
})

function lose(path: string) {
  return (storage: MemoryStorage) => storage.remove(path)
}
