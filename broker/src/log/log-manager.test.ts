/** All logs of a folder: periodic tasks, and how an error in one log affects the others. */
import { describe, expect, it } from 'vitest'
import { FaultyStorage } from '../../test/faulty-storage.ts'
import { contents, produce, TOPIC_ID } from '../../test/log-fixtures.ts'
import type { Core, Storage } from '../core.ts'
import { buildBatch } from '../record/batch-builder.ts'
import { NO_CODECS } from '../record/compression.ts'
import { MemoryStorage } from '../sim/memory-storage.ts'
import { SeededRandom } from '../sim/seeded-random.ts'
import { VirtualTime } from '../sim/virtual-time.ts'
import { Turns } from '../turns.ts'
import { CheckpointName, readOffsets } from './checkpoints/checkpoints.ts'
import { DEFAULT_LOG_CONFIG, type LogConfig } from './log.ts'
import { LogManager } from './log-manager.ts'
import type { PartitionLog } from './partition-log.ts'
import { CLEAN_SHUTDOWN_FILE } from './recovery/clean-shutdown.ts'

const OTHER_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const utf8 = new TextEncoder()

interface Started {
  readonly manager: LogManager
  readonly told: string[]
  readonly lost: string[]
  open(topic: string, topicId?: string): PartitionLog
  /** Advances the clock by so many ms, and completes flushes. */
  pass(ms: number): void
  stop(): void
}

function start(memory: MemoryStorage, config: Partial<LogConfig> = {}, storage: Storage = memory): Started {
  const time = new VirtualTime()
  const told: string[] = []
  const lost: string[] = []
  const core: Core = {
    clock: time,
    timers: { set: (delayMs, fire) => time.after(delayMs, fire) },
    random: new SeededRandom(1),
    storage,
    log: (level, message) => void (level !== 'info' && told.push(message)),
  }
  const manager = new LogManager({
    core,
    turns: new Turns(core),
    settings: {
      fileDeleteDelayMs: 60_000,
      flushOffsetCheckpointIntervalMs: 60_000,
      retentionCheckIntervalMs: 300_000,
      producerIdExpirationCheckIntervalMs: 600_000,
      initialTaskDelayMs: 30_000,
      flushCheckIntervalMs: 2 ** 63,
    },
    cleaner: () => ({
      enabled: true,
      backoffMs: 15_000,
      ioBytesPerSecondMax: Number.MAX_VALUE,
      ioBufferBytes: 1000,
      keysMax: 1000,
    }),
    configOf: () => ({ ...DEFAULT_LOG_CONFIG, ...config }),
    codecs: NO_CODECS,
    onLost: ({ topic }, { message }) => void lost.push(`${topic}: ${message}`),
  })
  manager.start()
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 500) {
      time.run(Math.min(500, left))
      memory.finishFlushes()
    }
  }
  return {
    manager,
    told,
    lost,
    pass,
    open: (topic, topicId = TOPIC_ID) => manager.open(topic, 0, topicId) as PartitionLog,
    stop: () => {
      manager.close(() => {})
      memory.finishFlushes()
    },
  }
}

describe('periodic tasks', () => {
  it('flush a log after flush.ms', () => {
    const { open, pass } = start(new MemoryStorage(), { flushMs: 5000 })
    const log = open('t')
    pass(4000)
    produce(log, ['a'])
    pass(500)
    expect(log.recoveryPoint).toBe(0)
    pass(2000)
    expect(log.recoveryPoint).toBe(1)
  })

  it('apply retention, first after log.initial.task.delay.ms', () => {
    const { open, pass } = start(new MemoryStorage(), { segmentBytes: 100, retentionBytes: 0 })
    const log = open('t')
    for (let i = 0; i < 5; i++) produce(log, [`${i}`])
    log.highWatermark = log.logEndOffset
    pass(29_500)
    expect(log.logStartOffset).toBe(0)
    pass(1000)
    expect(log.logStartOffset).toBe(5)
  })

  it('remove deleted segments after file.delete.delay.ms', () => {
    const memory = new MemoryStorage()
    const { open, pass } = start(memory, { segmentBytes: 100, retentionBytes: 0, fileDeleteDelayMs: 10_000 })
    const log = open('t')
    for (let i = 0; i < 5; i++) produce(log, [`${i}`])
    log.highWatermark = log.logEndOffset
    log.maintain()
    const deleted = () => memory.list('t-0').filter((name) => name.endsWith('.deleted')).length
    expect(deleted()).toBeGreaterThan(5)
    expect(log.logStartOffset).toBe(5)
    pass(9500)
    expect(deleted()).toBeGreaterThan(5)
    pass(1000)
    expect(deleted()).toBe(0)
  })

  it('CLEANER-3: compact, and checkpoint the compacted offset', () => {
    const memory = new MemoryStorage()
    const { open, pass } = start(memory, { cleanupPolicy: ['compact'], segmentBytes: 200 })
    const log = open('t')
    for (let i = 0; i < 9; i++) {
      const records = [{ key: utf8.encode('key'), value: utf8.encode(`${i}`), timestamp: 1000 }]
      log.appendAsLeader(buildBatch(records), { leaderEpoch: 0, origin: 'client' })
    }
    log.highWatermark = log.logEndOffset
    pass(20_000)
    expect(contents(log).length).toBeLessThan(4)
    expect(readOffsets(memory, CheckpointName.CLEANER)?.get('t-0')).toBe(log.compaction.firstDirtyOffset)
  })

  it('roll a segment up to segment.jitter.ms before segment.ms', () => {
    const rolledAt = (segmentJitterMs: number): number[] => {
      const { open } = start(new MemoryStorage(), { segmentMs: 1000, segmentJitterMs })
      const log = open('t')
      for (let timestamp = 1000; log.segments.length < 6; timestamp += 10)
        produce(log, ['x'], { timestamp, leaderEpoch: 0 })
      return log.segments.slice(1).map((segment) => Number(segment.firstBatchTimestamp))
    }
    const gaps = (times: number[]) => times.slice(1).map((time, i) => time - times[i]!)
    expect(gaps(rolledAt(0))).toEqual([1010, 1010, 1010, 1010])
    const early = gaps(rolledAt(900))
    expect(new Set(early).size).toBeGreaterThan(2)
    expect(Math.max(...early)).toBeLessThan(1010)
    expect(Math.min(...early)).toBeGreaterThanOrEqual(100)
  })
})

describe('an error in one log', () => {
  it('LOG-MANAGER-4, LOG-CHECKPOINTS-2: does not affect the others; its checkpoint entries are kept, and the stop is not marked as clean', () => {
    const memory = new MemoryStorage()
    const first = start(memory)
    for (const topic of ['bad', 'good']) {
      const log = first.open(topic)
      for (let i = 0; i < 4; i++) produce(log, [`${i}`])
      log.highWatermark = 4
      log.deleteRecordsBefore(2)
    }
    first.stop()
    expect(memory.exists(CLEAN_SHUTDOWN_FILE)).toBe(true)

    const second = start(memory)
    expect(() => second.open('bad', OTHER_ID)).toThrow(/another topic's folder/)
    expect(contents(second.open('good'))).toEqual(['2:2', '3:3'])
    second.manager.putStraysAside(() => true)
    second.stop()
    expect(memory.exists(CLEAN_SHUTDOWN_FILE)).toBe(false)
    expect(readOffsets(memory, CheckpointName.LOG_START)).toEqual(
      new Map([
        ['bad-0', 2],
        ['good-0', 2],
      ]),
    )
    expect(contents(start(memory).open('bad'))).toEqual(['2:2', '3:3'])
  })

  it('LOG-MANAGER-2: a new topic does not get the data of a deleted topic of the same name', () => {
    const memory = new MemoryStorage()
    const { manager, open, pass, stop } = start(memory)
    const log = open('t')
    produce(log, ['a', 'b'])
    log.highWatermark = 2
    log.deleteRecordsBefore(2)
    manager.delete(log)
    expect(open('t', OTHER_ID).logStartOffset).toBe(0)
    const deleted = () => memory.list('').filter((name) => name.endsWith('-delete')).length
    pass(59_500)
    expect(deleted()).toBe(1)
    pass(1000)
    expect(deleted()).toBe(0)
    stop()
    expect(readOffsets(memory, CheckpointName.LOG_START)).toEqual(new Map())
  })

  it('a failed fsync is logged once, and only ends the appends', () => {
    const memory = new MemoryStorage()
    const disk = new FaultyStorage(memory)
    const { open, pass, told, stop } = start(memory, { flushMs: 1000 }, disk)
    const [bad, good] = [open('bad'), open('good')]
    produce(bad, ['a'])
    disk.fail = ({ operation, path }) => (operation === 'flush' && path.startsWith('bad') ? 'EIO' : undefined)
    pass(5000)
    expect(() => produce(bad, ['b'])).toThrow(/EIO/)
    expect(produce(good, ['b']).firstOffset).toBe(0)
    expect(told.filter((line) => line.includes('bad-0 refuses appends'))).toHaveLength(1)
    stop()
    expect(memory.exists(CLEAN_SHUTDOWN_FILE)).toBe(false)
  })
})

describe('a checkpoint', () => {
  it('LOG-CHECKPOINTS-3: a damaged one is logged, and the logs are recovered', () => {
    const memory = new MemoryStorage()
    const first = start(memory)
    produce(first.open('t'), ['a', 'b'])
    first.stop()
    for (const name of Object.values(CheckpointName)) memory.writeFileAtomic(name, utf8.encode('garbage'))
    memory.remove(CLEAN_SHUTDOWN_FILE)
    const second = start(memory)
    expect(second.told.length).toBe(4)
    expect(second.told[0]).toMatch(/recovery-point-offset-checkpoint is damaged/)
    expect(contents(second.open('t'))).toEqual(['0:a', '1:b'])
    second.stop()
    expect(readOffsets(memory, CheckpointName.RECOVERY_POINT)).toEqual(new Map([['t-0', 2]]))
  })

  it('that finds the disk full is logged, and written when there is room', () => {
    const memory = new MemoryStorage()
    const disk = new FaultyStorage(memory)
    const { open, pass, told } = start(memory, {}, disk)
    produce(open('t'), ['a'])
    disk.fail = ({ operation }) => (operation === 'writeFileAtomic' ? 'ENOSPC' : undefined)
    pass(31_000)
    expect(told).toEqual([expect.stringMatching(/^disk, log directory: .*the disk is full/)])
    disk.fail = () => undefined
    pass(60_000)
    expect(readOffsets(memory, CheckpointName.HIGH_WATERMARK)?.size).toBe(1)
  })
})

describe('LOG-MANAGER-3: folders without a topic', () => {
  it('are renamed if they are partitions, and left unchanged if they only have such a name', () => {
    const memory = new MemoryStorage()
    const first = start(memory)
    for (const topic of ['known', 'gone']) produce(first.open(topic), ['x'])
    first.stop()
    for (const path of ['photos-2023/a.jpg', 'empty-7/notes', 'file-3'])
      memory.writeFileAtomic(path, new Uint8Array(1))
    const second = start(memory)
    second.open('known')
    second.manager.putStraysAside((topic) => topic === 'known')
    const stray = memory.list('').filter((name) => name.endsWith('-stray'))
    expect(stray).toEqual([expect.stringMatching(/^gone-0\.[0-9a-f]{32}-stray$/)])
    expect(memory.list(stray[0]!)).toContain('partition.metadata')
    expect(memory.list('')).toEqual(expect.arrayContaining(['photos-2023', 'empty-7', 'file-3', 'known-0']))
    expect(second.told).toEqual([`the folder gone-0 belongs to no topic: it was renamed to ${stray[0]}`])
  })
})

describe('LOG-MANAGER-5: a folder that is removed while its log is open', () => {
  it('is detected; its log is closed, the others continue, and the folder is not recreated', () => {
    const memory = new MemoryStorage()
    const { manager, open, lost, pass, stop } = start(memory)
    const [gone, kept] = [open('gone'), open('kept')]
    for (const log of [gone, kept]) produce(log, ['x'])
    memory.remove('gone-0')
    pass(4000)
    expect(lost).toEqual([])
    pass(2000)
    expect(lost).toEqual(['gone: look for gone-0: ENOENT'])
    expect(() => produce(gone, ['y'])).toThrow('EBADF')
    produce(kept, ['y'])
    pass(120_000)
    expect(lost).toHaveLength(1)
    expect(memory.exists('gone-0')).toBe(false)
    stop()
    expect(manager).toBeDefined()
    expect(contents(start(memory).open('kept'))).toEqual(['0:x', '1:y'])
  })

  it('is not recreated by a new segment', () => {
    const memory = new MemoryStorage()
    const { open } = start(memory, { segmentBytes: 200 })
    const log = open('gone')
    produce(log, ['x'])
    memory.remove('gone-0')
    expect(() => produce(log, ['y'.repeat(100)])).toThrow(/roll gone-0\/0{20}\.log: ENOENT/)
    expect(memory.list('gone-0')).not.toContain('00000000000000000001.log')
  })
})
