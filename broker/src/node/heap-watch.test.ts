/** The heap's limit is logged, and a warning is logged before the heap is full. */
import { expect, test, vi } from 'vitest'
import { heapWarning, watchHeap } from './heap-watch.ts'

const MB = 2 ** 20

test('a heap that is 90 % full gets a warning with its size and what may help', () => {
  expect(heapWarning({ usedBytes: 899 * MB, limitBytes: 1000 * MB })).toBeUndefined()
  expect(heapWarning({ usedBytes: 900 * MB, limitBytes: 1000 * MB })).toMatch(
    /900 of 1000 MB.*max-old-space-size/,
  )
})

test('the limit is logged at the start, on level debug', () => {
  const told: string[] = []
  const stop = watchHeap(
    (level, message) => void told.push(`${level} ${message}`),
    () => ({ usedBytes: 1, limitBytes: 512 * MB }),
  )
  stop()
  expect(told).toEqual(['debug the heap may grow to 512 MB (NODE_OPTIONS=--max-old-space-size)'])
})

test('HEAP-WATCH-1: a warning is logged once a minute while the heap is nearly full, until the watch ends', () => {
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
