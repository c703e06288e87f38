import { expect, test, vi } from 'vitest'
import { watchLoop } from './node-loop.ts'

test('NODE-LOOP-1: the delay of the loop is reported, whatever caused it', () => {
  vi.useFakeTimers()
  try {
    const told: number[] = []
    const end = watchLoop({ worked: (ms: number) => void told.push(Math.round(ms)) } as Parameters<
      typeof watchLoop
    >[0])
    vi.advanceTimersByTime(200)
    // The clock advances, and no timer fires: the loop is blocked.
    const now = performance.now()
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 700)
    vi.advanceTimersByTime(100)
    clock.mockRestore()
    expect(told).toEqual([0, 0, 600])
    end()
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
