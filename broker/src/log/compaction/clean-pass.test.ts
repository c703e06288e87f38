/** When the cleaner starts a pass, how fast it works, and what ends a pass early. */
import { describe, expect, it } from 'vitest'
import { FaultyStorage } from '../../../test/faulty-storage.ts'
import { TestClock, testLog } from '../../../test/log-fixtures.ts'
import type { Core } from '../../core.ts'
import { Attribute, readBatchHeader, stampCrc } from '../../record/batch.ts'
import { type BatchOptions, buildBatch } from '../../record/batch-builder.ts'
import { MemoryStorage } from '../../sim/memory-storage.ts'
import { VirtualTime } from '../../sim/virtual-time.ts'
import type { LogConfig } from '../log.ts'
import type { PartitionLog } from '../partition-log.ts'
import { walkBatches } from '../segment/batch-reader.ts'
import { type CleanerSettings, keysIn, LogCleaner } from './cleaner.ts'

const utf8 = new TextEncoder()
const config: Partial<LogConfig> = {
  cleanupPolicy: ['compact'],
  segmentBytes: 400,
  minCleanableDirtyRatio: 0,
}
const limits = { keysMax: 1000, ioBytes: 200 }

function put(log: PartitionLog, key: string, options: BatchOptions & { timestamp?: number } = {}): void {
  const { timestamp = 1000, ...rest } = options
  const records = [{ key: utf8.encode(key), value: utf8.encode('value'), timestamp }]
  log.appendAsLeader(buildBatch(records, rest), { leaderEpoch: 0, origin: 'client' })
}

function close(log: PartitionLog): void {
  log.roll()
  log.highWatermark = log.logEndOffset
}

/** `base-last:records` of each batch in the files. */
function batches(log: PartitionLog): string[] {
  const found: string[] = []
  for (const segment of log.segments)
    walkBatches(segment.file, 0, segment.size, ({ header }) => {
      found.push(`${header.baseOffset}-${header.lastOffset}:${header.recordCount}`)
      return true
    })
  return found
}

describe('what is cleanable', () => {
  it('KIP-354: waits until max.compaction.lag.ms of the oldest dirty record, and no longer', () => {
    const clock = new TestClock()
    clock.time = 10_000
    const lag = { ...config, minCleanableDirtyRatio: 1, maxCompactionLagMs: 5000 }
    const log = testLog({ clock, config: lag })
    put(log, 'a', { timestamp: 6000 })
    put(log, 'a', { timestamp: 7000 })
    close(log)
    clock.time = 11_000
    expect(log.compaction.cleanable()).toBeUndefined()
    clock.time = 11_001
    expect(log.compaction.cleanable()).toMatchObject({
      firstDirtyOffset: 0,
      firstUncleanableOffset: 2,
      ratio: 1,
    })
  })

  it('CLEANABLE-1: ends before the first segment with a record younger than min.compaction.lag.ms', () => {
    const clock = new TestClock()
    clock.time = 10_000
    const log = testLog({ clock, config: { ...config, minCompactionLagMs: 3000 } })
    put(log, 'a', { timestamp: 1000 })
    log.roll()
    put(log, 'a', { timestamp: 8000 })
    log.roll()
    put(log, 'a', { timestamp: 1000 })
    close(log)
    expect(log.compaction.cleanable()).toMatchObject({ firstUncleanableOffset: 1 })
    clock.time = 11_000
    expect(log.compaction.cleanable()).toMatchObject({ firstUncleanableOffset: 3 })
  })

  it('ends before an open transaction', () => {
    const log = testLog({ config })
    put(log, 'a')
    log.roll()
    put(log, 'a', { producerId: 1, producerEpoch: 0, baseSequence: 0, transactional: true })
    log.roll()
    put(log, 'a')
    close(log)
    expect(log.compaction.cleanable()).toMatchObject({ firstUncleanableOffset: 1 })
  })

  it('CLEANABLE-2: starts from the log start if the checkpoint names an offset that the log does not have', () => {
    const log = testLog({ config })
    put(log, 'a')
    close(log)
    log.compaction.firstDirtyOffset = 99
    expect(log.compaction.cleanable()).toMatchObject({ firstDirtyOffset: 0 })
  })
})

describe('a pass', () => {
  it('keeps an entry in the index of aborted transactions as long as a batch of the transaction is left', () => {
    const clock = new TestClock()
    const log = testLog({ config: { ...config, deleteRetentionMs: 1000 }, clock })
    const transactional = { producerId: 1, producerEpoch: 0, transactional: true }
    put(log, 'a', { ...transactional, baseSequence: 0 })
    const end = { producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, committed: false, timestamp: 1000 }
    log.appendEndTxnMarker(end, { leaderEpoch: 0, transactionVersion: 1 })
    put(log, 'b')
    close(log)
    expect(log.abortedTransactions(0, 3).length).toBe(1)
    log.compaction.compact()
    // The producer's last batch is kept without records, and so is its marker.
    expect(batches(log)).toEqual(['0-0:0', '1-1:1', '2-2:1'])
    expect(log.abortedTransactions(0, 3).length).toBe(1)
    const left: string[][] = []
    for (const key of ['a', 'c', 'c']) {
      put(log, key, { producerId: 1, producerEpoch: 0, baseSequence: left.length + 1 })
      close(log)
      log.compaction.compact()
      left.push([...batches(log).slice(0, 2), `aborted: ${log.abortedTransactions(0, 9).length}`])
      clock.time += 1000
    }
    expect(left).toEqual([
      // This pass has visited the empty batch, and removed it.
      ['1-1:1', '2-2:1', 'aborted: 1'],
      // This pass has found no batch of the transaction: the marker gets its delete horizon.
      ['1-1:1', '2-2:1', 'aborted: 0'],
      ['2-2:1', '3-3:1', 'aborted: 0'],
    ])
  })

  it('keeps the last marker of a producer that has no other batches left', () => {
    const clock = new TestClock()
    const log = testLog({ config: { ...config, deleteRetentionMs: 0 }, clock })
    const end = { producerId: 1, producerEpoch: 3, coordinatorEpoch: 0, committed: true, timestamp: 1000 }
    log.appendEndTxnMarker(end, { leaderEpoch: 0, transactionVersion: 1 })
    for (let i = 0; i < 3; i++) {
      put(log, 'a')
      close(log)
      clock.time += 10
      log.compaction.compact()
    }
    expect(batches(log)[0]).toBe('0-0:0')
    expect(log.activeProducers()).toMatchObject([{ producerId: 1, producerEpoch: 3 }])
  })

  it('CLEAN-PASS-4: maps as many keys as allowed, keeps all records beyond, and the next pass continues there', () => {
    const log = testLog({ config: { ...config, segmentBytes: 100_000 } })
    for (let i = 0; i < 12; i++) put(log, 'abcdef'[i % 6]!)
    close(log)
    const steps = log.compaction.clean({ keysMax: 4, ioBytes: 10_000 })
    while (!steps.next().done);
    expect(log.compaction.firstDirtyOffset).toBe(4)
    expect(batches(log).length).toBe(12)
    log.compaction.compact()
    expect(batches(log).length).toBe(6)
  })

  it('BATCH-3, CLEAN-FILTER-1: a batch without its last record keeps its last offset', () => {
    const log = testLog({ config })
    const records = ['a', 'b'].map((key) => ({ key: utf8.encode(key), value: null, timestamp: 1000 }))
    log.appendAsLeader(buildBatch(records), { leaderEpoch: 0, origin: 'client' })
    put(log, 'b')
    close(log)
    log.compaction.compact()
    expect(batches(log)).toEqual(['0-1:1', '2-2:1'])
  })

  it('CLEAN-FILTER-3: a batch that keeps all its records keeps its bytes', () => {
    const log = testLog({ config })
    put(log, 'a')
    put(log, 'b')
    put(log, 'a')
    close(log)
    const bytesAt = (offset: number) => [
      ...log.read(offset, { maxBytes: 1, minOneBatch: true, upTo: 3 }).bytes,
    ]
    const before = [1, 2].map(bytesAt)
    log.compaction.compact()
    expect(batches(log)).toEqual(['1-1:1', '2-2:1'])
    expect([1, 2].map(bytesAt)).toEqual(before)
  })

  it('LOG-COMPACTION-1: during a pass, retention deletes no segment', () => {
    const log = testLog({ config: { ...config, cleanupPolicy: ['compact', 'delete'], retentionMs: 1 } })
    for (let i = 0; i < 12; i++) put(log, `key ${i}`)
    close(log)
    const steps = log.compaction.clean(limits)
    steps.next()
    expect(log.maintain()).toBe(0)
    for (let step = steps.next(); !step.done; step = steps.next())
      if (typeof step.value !== 'number') step.value.flush(() => {})
    expect(log.maintain()).toBeGreaterThan(0)
  })

  it('consists of steps, and reports what each has read and written', () => {
    const log = testLog({ config })
    for (let i = 0; i < 30; i++) put(log, `key ${i}`)
    close(log)
    const steps = [...log.compaction.clean(limits)].filter((step) => typeof step === 'number')
    expect(steps.length).toBeGreaterThan(30)
    expect(Math.max(...steps)).toBeLessThanOrEqual(2 * limits.ioBytes)
    expect(steps.reduce((sum, bytes) => sum + bytes)).toBe(3 * log.sizeBytes)
  })

  it('CLEAN-PASS-2: ends when the log is truncated, and leaves no files', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage, config })
    for (let i = 0; i < 30; i++) put(log, 'a')
    close(log)
    const steps = log.compaction.clean(limits)
    while (typeof steps.next().value === 'number');
    expect(storage.list('t-0').some((name) => name.endsWith('.cleaned'))).toBe(true)
    log.truncateTo(20)
    expect(steps.next().done).toBe(true)
    expect(storage.list('t-0').some((name) => name.endsWith('.cleaned'))).toBe(false)
    expect([log.logEndOffset, log.compaction.firstDirtyOffset]).toEqual([20, 0])
    expect(log.compaction.compact()).toBeGreaterThan(0)
  })

  it('CLEAN-PASS-3: names the batch that could not be read', () => {
    const memory = new MemoryStorage()
    const log = testLog({ storage: memory, config })
    put(log, 'a')
    put(log, 'b')
    // The length of the record is one too many, and the checksum is recomputed to match.
    const damaged = buildBatch([{ key: utf8.encode('c'), value: null, timestamp: 1000 }], { baseOffset: 2 })
    damaged[61]! += 2
    stampCrc(damaged, 0)
    log.appendAsFollower(damaged)
    close(log)
    expect(() => log.compaction.compact()).toThrow(
      /t-0: segment 0, byte \d+: the batch of offsets 2 to 2 can't be read/,
    )
    expect(batches(log)).toEqual(['0-0:1', '1-1:1', '2-2:1'])
  })

  it('CLEAN-PASS-4, CLEAN-PASS-5, CLEAN-FILTER-4: reads a batch of very many records in small steps, and stops within it when the map is full', () => {
    const count = 20_000
    const key = (i: number) => utf8.encode(`key ${i}`)
    const records = Array.from({ length: count }, (_, i) => ({ key: key(i), value: key(i), timestamp: 1000 }))
    const log = testLog({ config: { ...config, segmentBytes: 1 << 20, maxMessageBytes: 1 << 20 } })
    log.appendAsLeader(buildBatch(records), { leaderEpoch: 0, origin: 'client' })
    put(log, 'key 3')
    close(log)
    const steps = log.compaction.clean({ keysMax: 5000, ioBytes: 1 << 20 })
    let small = 0
    let step = steps.next()
    for (; !step.done; step = steps.next()) {
      if (step.value === 0) small++
      else if (typeof step.value !== 'number') step.value.flush(() => {})
    }
    expect(small).toBeGreaterThan(count / 200)
    expect(step.value.endOffset).toBeGreaterThan(0)
    expect(step.value.endOffset).toBeLessThan(count)
    for (let passes = 0; log.compaction.cleanable() && passes < 10; passes++) log.compaction.compact()
    // All records but the older one of key 3.
    expect(batches(log)).toEqual([`0-${count - 1}:${count - 1}`, `${count}-${count}:1`])
  })

  it('CLEAN-PASS-3: does not rewrite a damaged batch', () => {
    const storage = new MemoryStorage()
    const log = testLog({ storage, config })
    for (let i = 0; i < 8; i++) put(log, 'a')
    close(log)
    const [first] = log.segments
    first!.file.write(100, Uint8Array.of(0xff))
    const before = storage.readFile('t-0/00000000000000000000.log')
    expect(() => log.compaction.compact()).toThrow(/segment 0 is damaged at byte/)
    expect(storage.readFile('t-0/00000000000000000000.log')).toEqual(before)
  })

  it('KIP-534: sets one horizon for tombstones, and keeps it in later passes', () => {
    const clock = new TestClock()
    const log = testLog({ config: { ...config, deleteRetentionMs: 5000 }, clock })
    const records = [{ key: utf8.encode('a'), value: null, timestamp: 1000 }]
    log.appendAsLeader(buildBatch(records), { leaderEpoch: 0, origin: 'client' })
    close(log)
    for (let i = 0; i < 3; i++) {
      log.compaction.compact()
      const { bytes } = log.read(0, { maxBytes: 1, minOneBatch: true, upTo: 1 })
      const header = readBatchHeader(bytes)
      expect(header.attributes & Attribute.DELETE_HORIZON).not.toBe(0)
      expect(header.baseTimestamp).toBe(1_000_000 + 5000)
      clock.time += 1000
      put(log, 'b')
      close(log)
    }
  })
})

const NO_DICE: Core['random'] = { bytes: (length) => new Uint8Array(length), int: () => 0 }

describe('the cleaner', () => {
  const settings: CleanerSettings = {
    enabled: true,
    backoffMs: 1000,
    ioBytesPerSecondMax: Number.MAX_VALUE,
    ioBufferBytes: 500,
    keysMax: 1000,
  }

  function cleaner(logs: PartitionLog[], storage: MemoryStorage, changed: Partial<CleanerSettings> = {}) {
    const time = new VirtualTime()
    const told: string[] = []
    const timers: Core['timers'] = { set: (delayMs, fire) => time.after(delayMs, fire) }
    const core: Core = { clock: time, timers, random: NO_DICE, storage, log: () => {} }
    const cleaned: number[] = []
    const one = new LogCleaner({
      core,
      settings: () => ({ ...settings, ...changed }),
      logs: () => logs,
      onCleaned: () => void cleaned.push(time.now()),
      onTrouble: (log, error) => void told.push(`${log.name}: ${error}`),
    })
    one.start()
    const run = (ms: number): void => {
      for (const end = time.now() + ms; time.now() < end; ) {
        time.run(Math.min(10, end - time.now()))
        storage.finishFlushes()
      }
    }
    return { cleaner: one, run, told, cleaned, time }
  }

  function dirty(storage: MemoryStorage | FaultyStorage): PartitionLog {
    const log = testLog({ storage, config })
    for (let i = 0; i < 30; i++) put(log, 'abc'[i % 3]!)
    close(log)
    return log
  }

  it('checks logs after log.cleaner.backoff.ms, and reports a finished log', () => {
    const storage = new MemoryStorage()
    const log = dirty(storage)
    const { run, cleaned, time } = cleaner([log], storage)
    const start = time.now()
    run(999)
    expect(batches(log).length).toBe(30)
    run(500)
    expect(batches(log).length).toBe(3)
    expect(cleaned.length).toBe(1)
    expect(cleaned[0]! - start).toBeGreaterThanOrEqual(1000)
  })

  it('slows down to log.cleaner.io.max.bytes.per.second', () => {
    const storage = new MemoryStorage()
    const log = dirty(storage)
    const bytes = log.sizeBytes
    const { run, cleaned, time } = cleaner([log], storage, { ioBytesPerSecondMax: 1000 })
    const start = time.now()
    run(60_000)
    expect(cleaned.length).toBe(1)
    expect(cleaned[0]! - start).toBeGreaterThan(1000 + 2 * bytes)
  })

  it('does nothing if it is disabled, or stopped in the middle of a pass', () => {
    const storage = new MemoryStorage()
    const log = dirty(storage)
    const off = cleaner([log], storage, { enabled: false })
    off.run(5000)
    const slow = cleaner([log], storage, { ioBytesPerSecondMax: 1000 })
    slow.run(3000)
    slow.cleaner.stop()
    slow.run(60_000)
    expect(batches(log).length).toBe(30)
    expect(log.compaction.isUnderWay).toBe(false)
  })

  it('CLEANER-2: does not clean a damaged log again, and continues with the others', () => {
    const storage = new MemoryStorage()
    const [bad, good] = [dirty(new MemoryStorage()), dirty(storage)]
    bad.segments[0]!.file.write(100, Uint8Array.of(0xff))
    const { run, told } = cleaner([bad, good], storage)
    run(10_000)
    expect(told).toEqual([expect.stringContaining('segment 0 is damaged')])
    expect([batches(bad).length, batches(good).length]).toEqual([30, 3])
  })

  it('CLEANER-1: runs one pass at a time, over one log', () => {
    const storage = new MemoryStorage()
    const other = new MemoryStorage()
    const logs = [dirty(storage), dirty(other)]
    const { run, cleaned } = cleaner(logs, storage, { ioBytesPerSecondMax: 2000 })
    let most = 0
    for (let step = 0; step < 3000 && cleaned.length < 2; step++) {
      run(20)
      other.finishFlushes()
      most = Math.max(most, logs.filter((log) => log.compaction.isUnderWay).length)
    }
    expect([most, cleaned.length]).toEqual([1, 2])
  })

  it('CLEANER-4: replaces segments only after the new segment is flushed', () => {
    const storage = new MemoryStorage()
    const log = dirty(storage)
    const { time } = cleaner([log], storage)
    time.run(60_000)
    expect(batches(log).length).toBe(30)
    expect(storage.list('t-0').some((name) => name.endsWith('.cleaned'))).toBe(true)
    for (let i = 0; i < 10; i++) {
      storage.finishFlushes()
      time.run(10)
    }
    expect(batches(log).length).toBe(3)
  })

  it('retries after the disk was full', () => {
    const storage = new MemoryStorage()
    const disk = new FaultyStorage(storage)
    const log = dirty(disk)
    disk.fail = ({ operation, path }) =>
      operation === 'append' && path.endsWith('.cleaned') ? 'ENOSPC' : undefined
    const { run, told } = cleaner([log], storage)
    run(3500)
    expect(told.length).toBe(3)
    expect(storage.list('t-0').some((name) => name.endsWith('.cleaned'))).toBe(false)
    disk.fail = () => undefined
    run(3000)
    expect(batches(log).length).toBe(3)
  })

  it('counts 24 bytes for a key, as Kafka does', () => {
    expect(keysIn(134_217_728, 0.9)).toBe(5_033_164)
    expect(keysIn(1, 0.9)).toBe(1)
  })
})
