/** The heap's limit is said, and a warning comes before it is reached. */
import { expect, test, vi } from 'vitest'
import { heapWarning, watchHeap } from './heap-watch.ts'

const MB = 2 ** 20

test('a heap is warned of from nine tenths on, with what it has and what may help', () => {
  expect(heapWarning({ usedBytes: 899 * MB, limitBytes: 1000 * MB })).toBeUndefined()
  expect(heapWarning({ usedBytes: 900 * MB, limitBytes: 1000 * MB })).toMatch(
    /900 of 1000 MB.*max-old-space-size/,
  )
})

test('the limit is said at the start, for those who want to know', () => {
  const told: string[] = []
  const stop = watchHeap(
    (level, message) => void told.push(`${level} ${message}`),
    () => ({ usedBytes: 1, limitBytes: 512 * MB }),
  )
  stop()
  expect(told).toEqual(['debug the heap may grow to 512 MB (NODE_OPTIONS=--max-old-space-size)'])
})

test('HEAP-WATCH-1: a heap that stays nearly full is warned of once a minute, until the watch ends', () => {
  vi.useFakeTimers()
  try {
    const told: string[] = []
    const log = (level: string): void => void (level === 'warn' && told.push(level))
    const stop = watchHeap(log, () => ({ usedBytes: 99, limitBytes: 100 }))
    vi.advanceTimersByTime(59_000)
    expect(told).toHaveLength(1)
    vi.advanceTimersByTime(120_000)
    expect(told).toHaveLength(3)
    stop()
    vi.advanceTimersByTime(120_000)
    expect(told).toHaveLength(3)
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
