/** The indexes of a segment: what they return, and what a killed Kafka may leave in them. */
import { describe, expect, it } from 'vitest'
import { StorageError } from '../../core.ts'
import { MemoryStorage } from '../../sim/memory-storage.ts'
import type { Int64 } from '../../wire/int64.ts'
import { OffsetIndex } from './offset-index.ts'
import { TimeIndex } from './time-index.ts'
import { TransactionIndex } from './transaction-index.ts'

const hex = (storage: MemoryStorage, path: string) => Buffer.from(storage.readFile(path)!).toString('hex')

describe('the offset index', () => {
  function filled(storage = new MemoryStorage()): OffsetIndex {
    const index = new OffsetIndex(storage, 'i', 1000)
    index.append(1010, 4200)
    index.append(1025, 9000)
    return index
  }

  it('returns a position at or before the batch', () => {
    const index = filled()
    expect([1000, 1009, 1010, 1024, 1025, 5000].map((offset) => index.lookup(offset))).toEqual([
      0, 0, 4200, 4200, 9000, 9000,
    ])
  })

  it('has eight bytes per entry: offset minus base, position', () => {
    const storage = new MemoryStorage()
    filled(storage).close()
    expect(hex(storage, 'i')).toBe(['0000000a', '00001068', '00000019', '00002328'].join(''))
  })

  it("INDEX-ENTRIES-2: ends before a killed Kafka's preallocated zeroes", () => {
    const storage = new MemoryStorage()
    filled(storage).close()
    storage.open('i').truncate(10_000)
    const index = new OffsetIndex(storage, 'i', 1000)
    expect([index.count, index.lastOffset, storage.readFile('i')!.length]).toEqual([2, 1025, 16])
  })

  it('OFFSET-INDEX-1: is truncated with the log, and refuses a lower offset', () => {
    const index = filled()
    expect(() => index.append(1025, 9999)).toThrow(/not above/)
    index.truncateTo(1025)
    expect(index.count).toBe(1)
    index.append(1020, 8000)
    expect(index.lookup(1021)).toBe(8000)
  })

  it('INDEX-ENTRIES-1: is written to the file by a flush, and never longer than its entries', () => {
    const storage = new MemoryStorage()
    const index = filled(storage)
    expect(hex(storage, 'i')).toBe('0000000a00001068')
    index.truncateTo(1025)
    index.append(1026, 9900)
    index.flush(() => {})
    expect(hex(storage, 'i')).toBe(['0000000a', '00001068', '0000001a', '000026ac'].join(''))
    index.truncateTo(1000)
    expect(hex(storage, 'i')).toBe('')
  })

  it('accepts entries while the disk is full, and writes them later', () => {
    const storage = new MemoryStorage()
    let full = true
    const open = storage.open.bind(storage)
    storage.open = (path) => {
      const file = open(path)
      const write = file.write.bind(file)
      file.write = (position, bytes) => {
        if (full) throw new StorageError('write', path, 'ENOSPC')
        write(position, bytes)
      }
      return file
    }
    const index = new OffsetIndex(storage, 'i', 0)
    for (let entry = 1; entry <= 600; entry++) index.append(entry, entry * 5000)
    expect(index.lookup(600)).toBe(3_000_000)
    expect(() => index.flush(() => {})).toThrow('ENOSPC')
    full = false
    index.close()
    expect(new OffsetIndex(storage, 'i', 0).lookup(600)).toBe(3_000_000)
  })

  it('returns the first offset beyond a position', () => {
    const index = filled()
    expect([0, 4200, 4201, 9000, 9001].map((position) => index.firstBeyond(position))).toEqual([
      1010,
      1010,
      1025,
      1025,
      undefined,
    ])
  })

  it('is full at segment.index.bytes', () => {
    expect([16, 23, 24].map((bytes) => filled().isFull(bytes))).toEqual([true, true, false])
  })
})

describe('the time index', () => {
  it('TIME-INDEX-1: adds an entry only for a greater timestamp, and returns the offset before which all records are older', () => {
    const storage = new MemoryStorage()
    const index = new TimeIndex(storage, 't', 1000)
    for (const [timestamp, offset] of [
      [50, 1003],
      [50, 1004],
      [40, 1005],
      [70, 1009],
    ] as const)
      index.maybeAppend(timestamp, offset)
    expect(index.count).toBe(2)
    expect([40, 50, 51, 70, 71].map((timestamp) => index.lookup(timestamp))).toEqual([
      1000, 1000, 1003, 1003, 1009,
    ])
    index.close()
    expect(hex(storage, 't')).toBe(['0000000000000032', '00000003', '0000000000000046', '00000009'].join(''))
    expect(new TimeIndex(storage, 't', 1000).lastEntry).toEqual({ timestamp: 70, offset: 1009 })
  })
})

describe('the transaction index', () => {
  const entry = (producerId: Int64, firstOffset: number, lastOffset: number, lastStableOffset: number) => ({
    producerId,
    firstOffset,
    lastOffset,
    lastStableOffset,
  })

  it('creates no file before the first abort, then 34 bytes for each', () => {
    const storage = new MemoryStorage()
    const index = new TransactionIndex(storage, 'x')
    expect(storage.exists('x')).toBe(false)
    index.append(entry(7, 10, 19, 12))
    expect(hex(storage, 'x')).toBe(
      ['0000', '0000000000000007', '000000000000000a', '0000000000000013', '000000000000000c'].join(''),
    )
  })

  it('TRANSACTION-INDEX-1: accepts markers in order only', () => {
    const index = new TransactionIndex(new MemoryStorage(), 'x')
    index.append(entry(1, 0, 9, 5))
    for (const lastOffset of [9, 8])
      expect(() => index.append(entry(2, 0, lastOffset, 5))).toThrow(/not above/)
    index.append(entry(2, 0, 10, 5))
    expect(index.entries.map(({ lastOffset }) => lastOffset)).toEqual([9, 10])
  })

  it('returns what overlaps, and stops when no later entry can', () => {
    const index = new TransactionIndex(new MemoryStorage(), 'x')
    for (const one of [entry(1, 0, 9, 5), entry(2, 5, 15, 16), entry(3, 20, 30, 31)]) index.append(one)
    const collect = (from: number, to: number) => {
      const found: { producerId: Int64 }[] = []
      return [index.collect(from, to, found as never), found.map(({ producerId }) => producerId)]
    }
    expect(collect(0, 4)).toEqual([true, [1]])
    expect(collect(0, 6)).toEqual([true, [1, 2]])
    expect(collect(10, 25)).toEqual([true, [2, 3]])
    expect(collect(16, 99)).toEqual([false, [3]])
  })
})
