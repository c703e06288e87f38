import { describe, expect, test } from 'vitest'
import { valueBatch } from '../../test/quorum/lone-quorum.ts'
import { SimDisk, SimLog } from '../../test/quorum/sim-disk.ts'
import { FlushedLog } from './flushed-log.ts'

function start() {
  const flushes: ((error?: Error) => void)[] = []
  const log = new SimLog(new SimDisk(), (done) => flushes.push(done))
  const told: string[] = []
  const flushed = new FlushedLog(log, {
    onFlushed: () => told.push('flushed'),
    onFailure: ({ message }) => told.push(message),
  })
  const append = (epoch = 1) => log.appendAsLeader(valueBatch('v'), epoch)
  return { log, flushed, flushes, told, append }
}

describe('the flushed part of a log', () => {
  test('FLUSHED-LOG-1: one flush at a time; the next one begins when it ends', () => {
    const { flushed, flushes, append, told } = start()
    append()
    flushed.flush()
    append()
    flushed.flush()
    expect([flushes.length, flushed.flushedOffset]).toEqual([1, 0])
    flushes.shift()!()
    expect([flushes.length, flushed.flushedOffset]).toEqual([1, 1])
    flushes.shift()!()
    expect([flushes.length, flushed.flushedOffset]).toEqual([0, 2])
    flushed.flush()
    expect(flushes.length).toBe(0)
    expect(told).toEqual(['flushed', 'flushed'])
  })

  test('FLUSHED-LOG-2: a flush does not cover what was written in the place of truncated records', () => {
    const { log, flushed, flushes, append } = start()
    append()
    append()
    flushed.flush()
    log.truncateTo(1)
    flushed.truncated(1)
    append(2)
    flushes.shift()!()
    expect([flushed.flushedOffset, log.endOffset]).toEqual([1, 2])
    flushes.shift()!()
    expect(flushed.flushedOffset).toBe(2)
  })

  test('what was there at the start counts; nothing happens after close', () => {
    const { log, flushes, append } = start()
    append()
    const told: string[] = []
    const later = new FlushedLog(log, {
      onFlushed: () => told.push('flushed'),
      onFailure: (e) => told.push(e.message),
    })
    expect(later.flushedOffset).toBe(1)
    append()
    later.flush()
    later.close()
    flushes.shift()!()
    expect(told).toEqual([])
  })
})
